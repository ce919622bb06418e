use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Error;

/// How many clusters are to be found.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(try_from = "NumberOrName", into = "NumberOrName")]
pub enum ClusterCount {
    /// As many as give the best silhouette.
    Auto,
    /// So many, at least 2.
    Exactly(usize),
}

/// How a [`ClusterCount`] is written in a file.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum NumberOrName {
    Number(usize),
    Name(String),
}

impl TryFrom<NumberOrName> for ClusterCount {
    type Error = String;

    fn try_from(value: NumberOrName) -> Result<Self, String> {
        match value {
            NumberOrName::Number(number) => Ok(Self::Exactly(number)),
            NumberOrName::Name(name) => name.parse(),
        }
    }
}

impl From<ClusterCount> for NumberOrName {
    fn from(count: ClusterCount) -> Self {
        match count {
            ClusterCount::Auto => Self::Name("auto".to_owned()),
            ClusterCount::Exactly(number) => Self::Number(number),
        }
    }
}

impl FromStr for ClusterCount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.parse()) {
            ("auto", _) => Ok(Self::Auto),
            (_, Ok(number)) => Ok(Self::Exactly(number)),
            _ => Err(format!(
                "`{text}` is not a valid number of clusters: give a whole number of 2 or more, or `auto`"
            )),
        }
    }
}

impl fmt::Display for ClusterCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.pad("auto"),
            Self::Exactly(number) => number.fmt(f),
        }
    }
}

impl ClusterCount {
    pub(super) fn check(self) -> Result<(), Error> {
        match self {
            Self::Exactly(count @ (0 | 1)) => {
                Err(Error::invalid("clusters", count, "2 or more, or `auto`"))
            }
            Self::Auto | Self::Exactly(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_a_number_or_auto() {
        assert_eq!("auto".parse(), Ok(ClusterCount::Auto));
        assert_eq!("7".parse(), Ok(ClusterCount::Exactly(7)));
        assert!("few".parse::<ClusterCount>().is_err());
        for count in [ClusterCount::Auto, ClusterCount::Exactly(3)] {
            let json = serde_json::to_string(&count).unwrap();
            assert_eq!(serde_json::from_str::<ClusterCount>(&json).unwrap(), count);
        }
    }
}
