use serde::{Deserialize, Serialize};

use super::Split;

/// A part of a [`Split`].
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub enum SplitName {
    /// The rows that are learned from.
    Train,
    /// The rows that choose the best epoch.
    Valid,
    /// The rows that play no part.
    Test,
}

impl SplitName {
    /// Every part, in the order of a row's way.
    pub const ALL: [Self; 3] = [Self::Train, Self::Valid, Self::Test];

    /// The part that a word means, in any case of letters.
    pub fn from_name(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "train" | "training" => Some(Self::Train),
            "valid" | "validation" | "val" => Some(Self::Valid),
            "test" | "testing" => Some(Self::Test),
            _ => None,
        }
    }

    /// The part's rows.
    pub fn rows(self, split: &Split) -> &[usize] {
        match self {
            Self::Train => &split.train,
            Self::Valid => &split.valid,
            Self::Test => &split.test,
        }
    }

    /// The name, such as `train`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Valid => "valid",
            Self::Test => "test",
        }
    }
}
