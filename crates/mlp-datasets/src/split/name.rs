use serde::{Deserialize, Serialize};

use crate::error::Error;

/// A part of a [`Split`](crate::Split).
///
/// Parsing ignores case and also takes `training`, `validation`, `val` and `testing`.
#[derive(
    Serialize,
    Deserialize,
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    strum::Display,
    strum::EnumMessage,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(ascii_case_insensitive, parse_err_ty = Error, parse_err_fn = unknown)]
pub enum SplitName {
    /// Rows to train on.
    #[strum(to_string = "train", serialize = "training")]
    Train,
    /// Rows to select the best epoch with.
    #[strum(to_string = "valid", serialize = "validation", serialize = "val")]
    Valid,
    /// Rows that training never sees.
    #[strum(to_string = "test", serialize = "testing")]
    Test,
}

impl SplitName {
    /// The name, such as `train`.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

fn unknown(name: &str) -> Error {
    Error::unknown::<SplitName>("part of a split", name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray;

    #[test]
    fn parts_are_parsed_in_any_case_and_from_their_synonyms() {
        for (name, part) in [
            ("train", SplitName::Train),
            ("Training", SplitName::Train),
            ("val", SplitName::Valid),
            ("VALIDATION", SplitName::Valid),
            ("testing", SplitName::Test),
        ] {
            assert_eq!(name.parse::<SplitName>().unwrap(), part);
        }
        assert_eq!(
            "tset".parse::<SplitName>().unwrap_err().to_string(),
            "`tset` is not a known part of a split; choose from `train`, `valid`, `test`"
        );
    }

    #[test]
    fn parts_have_the_same_name_in_text_and_in_json() {
        for part in SplitName::VARIANTS {
            let json = serde_json::to_string(part).unwrap();
            assert_eq!(json, format!("\"{part}\""));
            assert_eq!(part.name(), part.to_string());
        }
    }
}
