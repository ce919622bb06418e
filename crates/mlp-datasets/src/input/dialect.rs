use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::quote::Quote;
use crate::format::{ColumnFormat, DateFormat, MissingTexts, USUALLY_MISSING, is_usually_missing};

/// How a text file is read as a table. Sheets use [`header`](Self::header) and
/// [`skip_lines`](Self::skip_lines) too, and files with column types, such as Parquet, only
/// [`missing`](Self::missing).
///
/// A dialect is saved with the model that was fitted, so that other files are read like the one that
/// it was fitted on.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub struct Dialect {
    /// The byte between cells, where a blank stands for any number of blanks and tabs; `None` infers it
    /// from the first rows.
    #[serde(with = "character", skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<u8>,
    /// What encloses a cell that contains the delimiter; `None` infers it from the first rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<Quote>,
    /// The byte that makes the next quote part of the cell, besides a second quote; `None` infers it
    /// from the first rows.
    #[serde(with = "character", skip_serializing_if = "Option::is_none")]
    pub escape: Option<u8>,
    /// Whether the first row has the names of the columns; `None` infers it from the first rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<bool>,
    /// The number of lines, or rows of a sheet, before the first row; `None` finds the first row below
    /// comments and notes, for each file anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip_lines: Option<u64>,
    /// The encoding, as a label of the [WHATWG standard](https://encoding.spec.whatwg.org), such as
    /// `windows-1252`; `None` is UTF-8, or UTF-16 if the file looks like it. A byte order mark decides
    /// in any case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// Texts that mean a missing value, besides [`Dialect::MISSING`].
    pub missing: Vec<String>,
    /// Texts that are values, though they are among [`Dialect::MISSING`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub present: Vec<String>,
    /// The character before decimals, a point or a comma, where a column can be read either way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<char>,
    /// The order of day and month, where dates can be read either way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dates: Option<DateFormat>,
    /// How the columns are written that are not written the usual way, by their names. Columns that are
    /// not here are inferred when a table is read to train on.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, ColumnFormat>,
}

impl Dialect {
    /// Texts that mean a missing value, in upper or lower case, as pandas, R, SAS, Excel and databases
    /// write them; so does an empty cell.
    pub const MISSING: [&str; 43] = USUALLY_MISSING;

    /// Whether a text, without surrounding blanks, is a missing value in all columns.
    pub(crate) fn means_missing(&self, text: &str) -> bool {
        let is = |texts: &[String]| texts.iter().any(|known| known == text);
        text.is_empty()
            || is_usually_missing(text.as_bytes()) && !is(&self.present)
            || is(&self.missing)
    }

    /// Which cells of a column are missing values.
    pub(crate) fn missing_texts(&self, column: &ColumnFormat) -> MissingTexts {
        MissingTexts::new(&self.missing, &self.present, column)
    }

    /// How a column is written.
    pub(crate) fn column(&self, name: &str) -> ColumnFormat {
        self.columns.get(name).cloned().unwrap_or_default()
    }
}

/// A byte as a text of one character.
mod character {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    // The signature that serde calls.
    #[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref)]
    pub fn serialize<S: Serializer>(byte: &Option<u8>, serializer: S) -> Result<S::Ok, S::Error> {
        byte.map(char::from).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
        let Some(character) = Option::<char>::deserialize(deserializer)? else {
            return Ok(None);
        };
        let byte = u8::try_from(character);
        let byte =
            byte.map_err(|_| D::Error::custom("a delimiter or escape is not a single byte"))?;
        Ok(Some(byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dialects_are_saved_with_the_delimiter_as_a_character() {
        let dialect = Dialect {
            delimiter: Some(b'\t'),
            quote: Some(Quote::None),
            escape: Some(b'\\'),
            header: Some(false),
            skip_lines: Some(2),
            encoding: Some("windows-1252".into()),
            missing: vec!["-999".into()],
            ..Dialect::default()
        };
        let json = serde_json::to_string(&dialect).unwrap();
        assert_eq!(
            json,
            r#"{"delimiter":"\t","quote":"none","escape":"\\","header":false,"skip_lines":2,"encoding":"windows-1252","missing":["-999"]}"#
        );
        assert_eq!(serde_json::from_str::<Dialect>(&json).unwrap(), dialect);
    }

    #[test]
    fn every_field_of_a_saved_dialect_has_a_default() {
        assert_eq!(
            serde_json::from_str::<Dialect>("{}").unwrap(),
            Dialect::default()
        );
        let json = serde_json::to_string(&Dialect::default()).unwrap();
        assert_eq!(
            serde_json::from_str::<Dialect>(&json).unwrap(),
            Dialect::default()
        );
        let message = serde_json::from_str::<Dialect>(r#"{"delimiter": "→"}"#).unwrap_err();
        assert!(
            message.to_string().contains("not a single byte"),
            "{message}"
        );
    }
}
