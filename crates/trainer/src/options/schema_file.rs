use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use mlp_datasets::{ColumnFormat, ColumnKind};
use serde::de::value::MapAccessDeserializer;
use serde::de::{IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::read_toml;
use crate::Error;

/// A file of kinds of columns and how they are written.
#[derive(Debug, Default)]
pub struct SchemaFile {
    /// The kinds.
    pub kinds: BTreeMap<String, ColumnKind>,
    /// The formats that are not the usual ones.
    pub formats: BTreeMap<String, ColumnFormat>,
}

/// A column in a file: its kind, or a table with its kind and how it is written.
#[derive(Serialize)]
#[serde(untagged)]
pub enum ColumnEntry {
    /// A column that is written the usual way.
    Kind(ColumnKind),
    /// Another one.
    Written(WrittenColumn),
}

/// A column with how it is written.
#[derive(Serialize, Deserialize)]
pub struct WrittenColumn {
    /// Its kind.
    pub kind: ColumnKind,
    /// How it is written.
    #[serde(flatten)]
    pub format: ColumnFormat,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    columns: BTreeMap<String, ColumnEntry>,
}

impl SchemaFile {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or is not a file of kinds.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let content: Content = read_toml(path)?;
        let mut file = Self::default();
        for (name, entry) in content.columns {
            let (kind, format) = match entry {
                ColumnEntry::Kind(kind) => (kind, None),
                ColumnEntry::Written(WrittenColumn { kind, format }) => (kind, Some(format)),
            };
            if let Some(format) = format {
                file.formats.insert(name.clone(), format);
            }
            file.kinds.insert(name, kind);
        }
        Ok(file)
    }
}

impl<'de> Deserialize<'de> for ColumnEntry {
    /// By hand, so that an error says which kind is unknown.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entry;

        impl<'de> Visitor<'de> for Entry {
            type Value = ColumnEntry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a kind of column, or a table with `kind` and how it is written")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                ColumnKind::deserialize(text.into_deserializer()).map(ColumnEntry::Kind)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let written = WrittenColumn::deserialize(MapAccessDeserializer::new(map));
                written.map(ColumnEntry::Written)
            }
        }

        deserializer.deserialize_any(Entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_has_a_kind_or_a_kind_and_a_format() {
        let text = "[columns]\na = \"numeric\"\nb = { kind = \"date\", dates = \"dmy\" }\n";
        let content: Content = toml::from_str(text).unwrap();
        assert!(matches!(
            content.columns["a"],
            ColumnEntry::Kind(ColumnKind::Numeric)
        ));
        let ColumnEntry::Written(written) = &content.columns["b"] else {
            panic!("`b` has a format");
        };
        assert_eq!(
            written.format.dates,
            Some(mlp_datasets::DateFormat::DayFirst)
        );
        let error = toml::from_str::<Content>("[columns]\na = \"number\"\n")
            .err()
            .unwrap();
        assert!(
            error.to_string().contains("unknown variant `number`"),
            "{error}"
        );
    }
}
