use std::path::Path;

use arrow_schema::ArrowError;

use crate::error::{Error, Position};

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
    /// The error for an array whose first value is in the given row of a file.
    pub fn locate(self, path: &Path, first_row: usize, column: &str) -> Error {
        match self {
            Self::Value {
                row,
                value,
                expected,
            } => Error::BadCell {
                path: path.to_owned(),
                position: Position::Row(first_row + row + 1),
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
