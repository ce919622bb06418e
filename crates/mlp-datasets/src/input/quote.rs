use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What encloses a cell that contains a delimiter or a line break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    /// A character, such as `"`.
    Character(u8),
    /// Nothing: quotes are text like any other.
    None,
}

impl Quote {
    pub(super) fn byte(self) -> Option<u8> {
        match self {
            Self::Character(byte) => Some(byte),
            Self::None => None,
        }
    }
}

impl fmt::Display for Quote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Character(byte) => write!(f, "{}", char::from(*byte)),
            Self::None => write!(f, "none"),
        }
    }
}

impl FromStr for Quote {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.as_bytes() {
            b"none" => Ok(Self::None),
            [byte] if byte.is_ascii_punctuation() => Ok(Self::Character(*byte)),
            _ => Err("a quote is one ASCII character, such as `'`, or `none`".to_owned()),
        }
    }
}

impl Serialize for Quote {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Quote {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
