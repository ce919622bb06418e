use std::path::Path;

use arrow_schema::ArrowError;

use crate::error::Error;
use crate::position::Position;

/// Why a cell cannot be added to a column.
#[derive(Debug)]
pub enum InvalidCell {
    /// It has another kind; what was expected, such as `number`.
    Kind(&'static str),
    Utf8,
}

/// Why an array cannot be added to a column: a value of another kind, or a type that cannot be cast.
pub enum InvalidArray {
    Value {
        row: usize,
        value: String,
        expected: &'static str,
    },
    Array(ArrowError),
    /// The type cannot be used; what its values are called.
    Type(&'static str),
}

impl InvalidArray {
    /// The error for an array. A function tells the number of the row, from 1, in which a value is.
    pub fn locate(self, path: &Path, number: impl Fn(usize) -> usize, column: &str) -> Error {
        match self {
            Self::Value {
                row,
                value,
                expected,
            } => Error::BadCell {
                path: path.to_owned(),
                position: Position::Row(number(row)),
                column: column.to_owned(),
                value,
                expected,
            },
            Self::Array(error) => Error::damaged(path, &error),
            Self::Type(data_type) => Error::UnsupportedColumn {
                path: path.to_owned(),
                column: column.to_owned(),
                data_type,
            },
        }
    }
}
