//! How cells are written: numbers, dates and missing values, where they are not written the usual way.

mod date;
mod look;
mod missing;
mod number_format;
mod number_votes;
mod same_value;
mod usually_missing;

use std::fmt;

pub use date::DateFormat;
pub(crate) use date::{DateVotes, NumberDates};
pub use look::looks_like_number;
pub(crate) use missing::MissingTexts;
pub use number_format::NumberFormat;
pub(crate) use number_format::whole_number;
pub(crate) use number_votes::{NumberVotes, Reading, Shape};
pub(crate) use same_value::Meaning;
pub use same_value::{find_same, first_alike, first_of_other_case};
use serde::{Deserialize, Serialize};
pub(crate) use usually_missing::{USUALLY_MISSING, is_usually_missing};

/// How the cells of a column are written, where that is not the usual way.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub struct ColumnFormat {
    /// How numbers are written; as in `-1234.5` or `1e3` if `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numbers: Option<NumberFormat>,
    /// How dates are written; the year first if `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dates: Option<DateFormat>,
    /// Texts that mean a missing value in this column.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// Texts that are values in this column, though elsewhere they mean a missing one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub present: Vec<String>,
}

impl ColumnFormat {
    /// Whether nothing is unusual.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for ColumnFormat {
    /// In words, such as `decimal comma`; nothing if nothing is unusual.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = Vec::new();
        parts.extend(self.numbers.as_ref().map(ToString::to_string));
        parts.extend(self.dates.map(|dates| dates.to_string()));
        let quoted = |texts: &[String]| format!("`{}`", texts.join("`, `"));
        if !self.missing.is_empty() {
            let are = if self.missing.len() == 1 { "is" } else { "are" };
            parts.push(format!("{} {are} missing", quoted(&self.missing)));
        }
        if !self.present.is_empty() {
            let are = if self.present.len() == 1 {
                "is a value"
            } else {
                "are values"
            };
            parts.push(format!("{} {are}", quoted(&self.present)));
        }
        f.pad(&parts.join(", "))
    }
}
