use std::borrow::Cow;
use std::fmt;

use axum::http::StatusCode;
use mlp_datasets::{ColumnKind, TableBuilder};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::names::shortened;
use crate::refusal::{Document, Refusal};

/// A value of a row in JSON.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'a> {
    Missing,
    Boolean(bool),
    Integer(i64),
    /// A whole number beyond those of 64 bits with a sign.
    Unsigned(u64),
    Number(f64),
    Text(Cow<'a, str>),
    /// A list or an object.
    Other(&'static str),
}

impl Cell<'_> {
    /// Adds the value to a column.
    ///
    /// # Errors
    ///
    /// If it is none of the column's kind; what was expected.
    pub fn push(
        &self,
        builder: &mut TableBuilder,
        column: usize,
        kind: ColumnKind,
    ) -> Result<(), &'static str> {
        let is_number = kind == ColumnKind::Numeric;
        match self {
            Self::Missing => {
                builder.push_missing(column);
                Ok(())
            }
            Self::Boolean(value) => {
                builder.push_text(column, if *value { "true" } else { "false" })
            }
            Self::Integer(value) if is_number => builder.push_number(column, *value as f64),
            Self::Unsigned(value) if is_number => builder.push_number(column, *value as f64),
            // All their digits.
            Self::Integer(value) => builder.push_text(column, &value.to_string()),
            Self::Unsigned(value) => builder.push_text(column, &value.to_string()),
            Self::Number(value) => builder.push_number(column, *value),
            Self::Text(text) => builder.push_text(column, text),
            Self::Other(_) => Err(match kind {
                ColumnKind::Numeric => "number",
                ColumnKind::Categorical => "text",
                ColumnKind::Boolean => "boolean",
                ColumnKind::Date => "date",
                ColumnKind::Drop => "value",
            }),
        }
    }

    /// That a row has the value in a column that cannot have it.
    pub fn refused(&self, row: usize, column: &str, expected: &str) -> Refusal {
        let value = shortened(&self.shown());
        let error = if let Self::Other(what) = self {
            format!(
                "row {row} has {what} as `{column}`; a cell is a string, a number, a boolean or null"
            )
        } else {
            format!("row {row} has `{value}` as `{column}`, where a {expected} was expected")
        };
        Refusal::with(
            StatusCode::UNPROCESSABLE_ENTITY,
            Document {
                error,
                row: Some(row),
                column: Some(column.to_owned()),
                value: Some(value),
                allowed: Some(format!("a {expected}, or null if it is missing")),
                line: None,
            },
        )
    }

    /// The value in a message.
    fn shown(&self) -> String {
        match self {
            Self::Missing => "null".to_owned(),
            Self::Boolean(value) => value.to_string(),
            Self::Integer(value) => value.to_string(),
            Self::Unsigned(value) => value.to_string(),
            // Without hundreds of zeros.
            Self::Number(value) if value.abs() >= 1e16 => format!("{value:e}"),
            Self::Number(value) => value.to_string(),
            Self::Text(text) => text.to_string(),
            Self::Other(what) => (*what).to_owned(),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Cell<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CellVisitor)
    }
}

struct CellVisitor;

impl<'de> Visitor<'de> for CellVisitor {
    type Value = Cell<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Cell<'de>, E> {
        Ok(Cell::Missing)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Cell<'de>, E> {
        Ok(Cell::Boolean(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Cell<'de>, E> {
        Ok(Cell::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Cell<'de>, E> {
        Ok(i64::try_from(value).map_or(Cell::Unsigned(value), Cell::Integer))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Cell<'de>, E> {
        Ok(Cell::Number(value))
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Cell<'de>, A::Error> {
        while values.next_element::<serde::de::IgnoredAny>()?.is_some() {}
        Ok(Cell::Other("a JSON array"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Cell<'de>, A::Error> {
        while map
            .next_entry::<serde::de::IgnoredAny, serde::de::IgnoredAny>()?
            .is_some()
        {}
        Ok(Cell::Other("a JSON object"))
    }
}

/// The values of a column: each one as it is, or in an array of its own.
#[derive(Debug)]
pub struct Column<'a>(pub Vec<Cell<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Column<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values = Vec::<Datum>::deserialize(deserializer)?;
        Ok(Self(values.into_iter().map(|Datum(cell)| cell).collect()))
    }
}

struct Datum<'a>(Cell<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Datum<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DatumVisitor).map(Self)
    }
}

struct DatumVisitor;

impl<'de> Visitor<'de> for DatumVisitor {
    type Value = Cell<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value, or an array of one")
    }

    fn visit_unit<E: Error>(self) -> Result<Cell<'de>, E> {
        CellVisitor.visit_unit()
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Cell<'de>, E> {
        CellVisitor.visit_bool(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Cell<'de>, E> {
        CellVisitor.visit_i64(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Cell<'de>, E> {
        CellVisitor.visit_u64(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Cell<'de>, E> {
        CellVisitor.visit_f64(value)
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Cell<'de>, E> {
        CellVisitor.visit_borrowed_str(value)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Cell<'de>, E> {
        CellVisitor.visit_str(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Cell<'de>, A::Error> {
        let first = values.next_element()?;
        let mut num_values = usize::from(first.is_some());
        while values.next_element::<serde::de::IgnoredAny>()?.is_some() {
            num_values += 1;
        }
        first
            .filter(|_| num_values == 1)
            .ok_or_else(|| A::Error::invalid_length(num_values, &self))
    }
}
