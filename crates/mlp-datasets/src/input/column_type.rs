//! The types of columns in files that have no column types: each gets the one that fits all its cells.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::builder::{ListBuilder, MapBuilder, StringBuilder};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, DurationMicrosecondArray, Float64Array, Int64Array,
    LargeStringArray, NullArray, Time64MicrosecondArray, TimestampMicrosecondArray, UInt64Array,
};
use arrow_schema::{DataType, Field};

use super::ROWS_PER_CHUNK;
use super::cells::{Cell, MICROS_PER_DAY};

/// The metadata of a column of text that is text only because its file does not say what it is. Its
/// kind is inferred from its cells, as in a CSV file.
const UNTYPED: (&str, &str) = ("cells", "untyped");

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColumnType {
    /// No value was seen yet.
    Missing,
    Boolean,
    /// Integers from 0 on.
    Natural,
    Integer,
    /// Integers from 0 on, some of which are too large for `Integer`.
    Unsigned,
    Number,
    Date,
    Timestamp,
    Time,
    Duration,
    Text,
    List,
    Object,
}

impl ColumnType {
    /// The type of a column that holds nothing but such a cell.
    pub fn of(cell: &Cell) -> Self {
        match cell {
            Cell::Missing => Self::Missing,
            Cell::Boolean(_) => Self::Boolean,
            Cell::Integer(0..) => Self::Natural,
            Cell::Integer(_) => Self::Integer,
            Cell::Unsigned(_) => Self::Unsigned,
            Cell::Number(_) => Self::Number,
            Cell::Timestamp(micros) if micros % MICROS_PER_DAY == 0 => Self::Date,
            Cell::Timestamp(_) => Self::Timestamp,
            Cell::Time(0..MICROS_PER_DAY) => Self::Time,
            Cell::Time(_) => Self::Duration,
            Cell::Text(_) => Self::Text,
            Cell::List(_) => Self::List,
            Cell::Object(_) => Self::Object,
        }
    }

    /// The type for its cells and a further one.
    pub fn with(self, cell: &Cell) -> Self {
        self.or(Self::of(cell))
    }

    /// The type for the cells of both.
    fn or(self, other: Self) -> Self {
        use ColumnType as Type;

        let both = |a, b| (self == a && other == b) || (self == b && other == a);
        let is_number = |of: Self| {
            matches!(
                of,
                Type::Natural | Type::Integer | Type::Unsigned | Type::Number
            )
        };
        if self == other || other == Type::Missing {
            self
        } else if self == Type::Missing {
            other
        } else if both(Type::Natural, Type::Integer) {
            Type::Integer
        } else if both(Type::Natural, Type::Unsigned) {
            Type::Unsigned
        } else if is_number(self) && is_number(other) {
            Type::Number
        } else if both(Type::Date, Type::Timestamp) {
            Type::Timestamp
        } else if both(Type::Time, Type::Duration) {
            Type::Duration
        } else if [self, other]
            .iter()
            .any(|of| matches!(of, Type::List | Type::Object))
        {
            Type::List
        } else {
            Type::Text
        }
    }

    /// A column of cells of this type.
    pub fn array<'a>(self, cells: impl Iterator<Item = &'a Cell>) -> ArrayRef {
        match self {
            Self::Missing => Arc::new(NullArray::new(cells.count())),
            Self::Boolean => Arc::new(cells.map(Cell::boolean).collect::<BooleanArray>()),
            Self::Natural | Self::Integer => {
                Arc::new(cells.map(Cell::integer).collect::<Int64Array>())
            }
            Self::Unsigned => Arc::new(cells.map(Cell::unsigned).collect::<UInt64Array>()),
            Self::Number => Arc::new(cells.map(Cell::float).collect::<Float64Array>()),
            Self::Date => Arc::new(cells.map(Cell::days).collect::<Date32Array>()),
            Self::Timestamp => Arc::new(
                cells
                    .map(Cell::micros)
                    .collect::<TimestampMicrosecondArray>(),
            ),
            Self::Time => Arc::new(cells.map(Cell::micros).collect::<Time64MicrosecondArray>()),
            Self::Duration => Arc::new(
                cells
                    .map(Cell::micros)
                    .collect::<DurationMicrosecondArray>(),
            ),
            Self::Text => Arc::new(cells.map(Cell::text).collect::<LargeStringArray>()),
            Self::List => lists(cells),
            Self::Object => objects(cells),
        }
    }

    /// The column's name and type as Arrow knows them.
    pub fn field(self, name: &str) -> Field {
        let no_cells: [&Cell; 0] = [];
        let data_type = self.array(no_cells.into_iter()).data_type().clone();
        if self == Self::Text {
            untyped(name, data_type)
        } else {
            Field::new(name, data_type, true)
        }
    }
}

fn lists<'a>(cells: impl Iterator<Item = &'a Cell>) -> ArrayRef {
    let mut lists = ListBuilder::new(StringBuilder::new());
    for cell in cells {
        if let Cell::List(items) = cell {
            lists.append_value(items.iter().map(Some));
        } else if let Some(text) = cell.text() {
            lists.append_value([Some(text)]);
        } else {
            lists.append_null();
        }
    }
    Arc::new(lists.finish())
}

fn objects<'a>(cells: impl Iterator<Item = &'a Cell>) -> ArrayRef {
    let mut objects = MapBuilder::<StringBuilder, StringBuilder>::new(
        None,
        StringBuilder::new(),
        StringBuilder::new(),
    );
    for cell in cells {
        if let Cell::Object(fields) = cell {
            for (name, value) in fields {
                objects.keys().append_value(name);
                objects.values().append_value(value);
            }
        }
        let appended = objects.append(matches!(cell, Cell::Object(_)));
        appended.expect("each name has a value");
    }
    Arc::new(objects.finish())
}

/// A column of text whose kind is to be inferred from its cells.
pub(super) fn untyped(name: &str, data_type: DataType) -> Field {
    let (key, value) = UNTYPED;
    let metadata = HashMap::from([(key.to_owned(), value.to_owned())]);
    Field::new(name, data_type, true).with_metadata(metadata)
}

/// Whether the kind of a column is to be inferred from its cells rather than from its type.
pub(crate) fn is_untyped(field: &Field) -> bool {
    let (key, value) = UNTYPED;
    field
        .metadata()
        .get(key)
        .is_some_and(|found| found == value)
}

/// The number of rows that are in memory at a time; fewer if there are very many columns.
pub(super) fn rows_per_chunk(columns: usize) -> usize {
    const MAX_CELLS: usize = 1 << 24;
    (MAX_CELLS / columns.max(1)).clamp(1, ROWS_PER_CHUNK)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column_type(cells: &[Cell]) -> ColumnType {
        cells.iter().fold(ColumnType::Missing, ColumnType::with)
    }

    #[test]
    fn a_column_has_the_type_that_fits_all_its_cells() {
        let text = || Cell::Text("x".into());
        for (cells, expected) in [
            (vec![], ColumnType::Missing),
            (vec![Cell::Integer(1), Cell::Missing], ColumnType::Natural),
            (
                vec![Cell::Integer(1), Cell::Integer(-1)],
                ColumnType::Integer,
            ),
            (
                vec![Cell::Integer(1), Cell::Unsigned(u64::MAX)],
                ColumnType::Unsigned,
            ),
            (
                vec![Cell::Integer(-1), Cell::Unsigned(u64::MAX)],
                ColumnType::Number,
            ),
            (
                vec![Cell::Integer(1), Cell::Number(0.5)],
                ColumnType::Number,
            ),
            (
                vec![Cell::Timestamp(0), Cell::Timestamp(1)],
                ColumnType::Timestamp,
            ),
            (
                vec![Cell::Time(0), Cell::Time(MICROS_PER_DAY)],
                ColumnType::Duration,
            ),
            (vec![Cell::Integer(1), text()], ColumnType::Text),
            (
                vec![Cell::Boolean(true), Cell::Integer(1)],
                ColumnType::Text,
            ),
            (vec![text(), Cell::List(vec![])], ColumnType::List),
        ] {
            assert_eq!(column_type(&cells), expected, "{cells:?}");
            // Every cell finds a place in the column.
            assert_eq!(expected.array(cells.iter()).len(), cells.len());
        }
    }
}
