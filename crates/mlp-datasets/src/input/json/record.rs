//! One JSON object as cells.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::input::bounds::MOST_CELLS;
use crate::input::cells::Cell;

/// The fields of an object.
fn parse_record(text: &[u8]) -> serde_json::Result<Vec<(String, Cell)>> {
    serde_json::from_slice::<Record>(text).map(|record| record.0)
}

/// The fields of a record, or those of the document in a hit of Elasticsearch.
pub(super) fn parse_row(text: &[u8]) -> serde_json::Result<Vec<(String, Cell)>> {
    let record = parse_record(text)?;
    let has_index = record.iter().any(|(name, _)| name == "_index");
    let is_document =
        |(name, cell): &(String, Cell)| name == "_source" && matches!(cell, Cell::Object(_));
    if has_index && record.iter().any(is_document) {
        return serde_json::from_slice::<Hit>(text).map(|hit| hit.document.0);
    }
    Ok(record)
}

#[derive(serde::Deserialize)]
struct Hit {
    #[serde(rename = "_source")]
    document: Record,
}

struct Record(Vec<(String, Cell)>);

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RecordVisitor)
    }
}

struct RecordVisitor;

impl<'de> Visitor<'de> for RecordVisitor {
    type Value = Record;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            check_number(fields.len())?;
            fields.push(field);
        }
        Ok(Record(fields))
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CellVisitor)
    }
}

struct CellVisitor;

impl<'de> Visitor<'de> for CellVisitor {
    type Value = Cell;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Cell, E> {
        Ok(Cell::Missing)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Cell, E> {
        Ok(Cell::Boolean(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Cell, E> {
        Ok(Cell::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Cell, E> {
        Ok(i64::try_from(value).map_or(Cell::Unsigned(value), Cell::Integer))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Cell, E> {
        Ok(Cell::number(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Cell, E> {
        self.visit_string(value.to_owned())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Cell, E> {
        Ok(Cell::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Cell, A::Error> {
        let mut items = Vec::new();
        while let Some(value) = values.next_element::<Value>()? {
            check_number(items.len())?;
            items.push(plain(value));
        }
        Ok(Cell::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Cell, A::Error> {
        let mut fields = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            check_number(fields.len())?;
            fields.push((name, plain(value)));
        }
        Ok(Cell::Object(fields))
    }
}

/// Checks that a list or an object with so many values may have one more.
fn check_number<E: Error>(found: usize) -> Result<(), E> {
    if found < MOST_CELLS {
        return Ok(());
    }
    Err(E::custom(format!(
        "a list or an object has more than {MOST_CELLS} values"
    )))
}

/// A value as text, without the quotes of a string.
fn plain(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            value.to_string()
        }
    }
}
