use serde::{Deserialize, Serialize};

/// How a text file is read as a table. Files with column types, such as Parquet, only use
/// [`missing`](Self::missing).
///
/// A dialect is saved with the model that was fitted, so that other files are read like the one that
/// it was fitted on.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub struct Dialect {
    /// The byte between cells; `None` infers it from the first rows.
    #[serde(with = "delimiter", skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<u8>,
    /// Whether the first row has the names of the columns; `None` infers it from the first rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<bool>,
    /// Texts that mean a missing value, besides [`Dialect::MISSING`].
    pub missing: Vec<String>,
}

impl Dialect {
    /// Texts that always mean a missing value, in upper or lower case; so does an empty cell.
    pub const MISSING: [&str; 6] = ["NA", "N/A", "NaN", "null", "?", "-"];

    /// Whether a cell, without surrounding blanks, is a missing value.
    pub(crate) fn is_missing(&self, cell: &[u8]) -> bool {
        cell.is_empty()
            || Self::MISSING
                .iter()
                .any(|missing| missing.as_bytes().eq_ignore_ascii_case(cell))
            || self
                .missing
                .iter()
                .any(|missing| missing.as_bytes() == cell)
    }
}

/// A delimiter as a text of one character.
mod delimiter {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    // The signature that serde calls.
    #[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref)]
    pub fn serialize<S: Serializer>(
        delimiter: &Option<u8>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        delimiter.map(char::from).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
        let Some(character) = Option::<char>::deserialize(deserializer)? else {
            return Ok(None);
        };
        let byte = u8::try_from(character);
        let byte = byte.map_err(|_| D::Error::custom("the delimiter is not a single byte"))?;
        Ok(Some(byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_values_are_written_in_many_ways() {
        let dialect = Dialect {
            missing: vec!["999".into()],
            ..Dialect::default()
        };
        for cell in ["", "NA", "n/a", "nan", "NULL", "?", "-", "999"] {
            assert!(dialect.is_missing(cell.as_bytes()), "{cell}");
        }
        for cell in ["0", "none", "--", "99"] {
            assert!(!dialect.is_missing(cell.as_bytes()), "{cell}");
        }
    }

    #[test]
    fn dialects_are_saved_with_the_delimiter_as_a_character() {
        let dialect = Dialect {
            delimiter: Some(b'\t'),
            header: Some(false),
            missing: vec!["-999".into()],
        };
        let json = serde_json::to_string(&dialect).unwrap();
        assert_eq!(
            json,
            r#"{"delimiter":"\t","header":false,"missing":["-999"]}"#
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
