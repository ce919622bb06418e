use std::path::Path;
use std::sync::Arc;

use super::builder::{ColumnBuilder, InvalidCell};
use crate::column_report::OddCells;
use crate::error::Error;
use crate::input::{Dialect, Input, InputReader, TextReader, find_columns_of, in_windows_1252};
use crate::position::Position;

/// More different odd cells are not few.
const MAX_ODD_TEXTS: usize = 20;

/// Adds all rows of an input to the columns and returns their number. Odd cells are missing in the columns
/// that tolerate them.
pub(super) fn read_input(
    input: &Input,
    names: &[&String],
    builders: &mut [ColumnBuilder],
    odd: &mut [Option<OddCells>],
    dialect: &Dialect,
) -> Result<usize, Error> {
    let path = input.path();
    let mut reader = InputReader::open(input, dialect, names)?;
    let header = reader.header();
    let indices = find_columns_of(&path, names.iter().copied(), &reader)?;
    let mut num_rows = 0;
    match &mut reader {
        InputReader::Text(reader) => {
            while reader.advance()? {
                for ((builder, odd), &index) in builders.iter_mut().zip(&mut *odd).zip(&indices) {
                    let cell = reader.cell(index);
                    match (builder.push(cell), odd) {
                        (Ok(()), _) => {}
                        (Err(InvalidCell::Kind(_)), Some(odd)) => {
                            odd.add(&path, cell, reader.line());
                            builder.push_missing();
                        }
                        (Err(error), _) => return Err(locate(&path, reader, index, &error)),
                    }
                }
                num_rows += 1;
            }
        }
        InputReader::Batches(batches) => {
            let sheet = Arc::clone(&batches.sheet);
            for batch in batches {
                let batch = batch.map_err(|error| Error::damaged(&path, &error))?;
                let number = |row: usize| sheet.row_number(num_rows + row);
                for ((builder, odd), &index) in builders.iter_mut().zip(&mut *odd).zip(&indices) {
                    let mut tolerate = |row: usize, value: &str| {
                        let Some(odd) = odd else { return false };
                        odd.add(&path, value.as_bytes(), number(row) as u64);
                        true
                    };
                    builder
                        .extend_tolerating(batch.column(index), &mut tolerate)
                        .map_err(|error| error.locate(&path, number, &header[index]))?;
                }
                num_rows += batch.num_rows();
            }
        }
    }
    Ok(num_rows)
}

impl OddCells {
    fn add(&mut self, path: &Path, cell: &[u8], line: u64) {
        if self.count == 0 {
            (self.path, self.line) = (path.to_owned(), line);
        }
        self.count += 1;
        let text = String::from_utf8_lossy(cell);
        let is_new = !self.texts.iter().any(|known| *known == text);
        if is_new && self.texts.len() < MAX_ODD_TEXTS {
            self.texts.push(text.into_owned());
        }
    }
}

/// Adds a row of text to the columns.
pub(super) fn push_record(
    path: &Path,
    reader: &TextReader,
    indices: &[usize],
    builders: &mut [ColumnBuilder],
) -> Result<(), Error> {
    for (builder, &index) in builders.iter_mut().zip(indices) {
        let pushed = builder.push(reader.cell(index));
        pushed.map_err(|error| locate(path, reader, index, &error))?;
    }
    Ok(())
}

/// The error for a cell of the current row.
fn locate(path: &Path, reader: &TextReader, index: usize, error: &InvalidCell) -> Error {
    match *error {
        InvalidCell::Utf8 => Error::NotUtf8 {
            path: path.to_owned(),
            line: reader.line(),
            column: reader.header()[index].clone(),
            text: in_windows_1252(reader.cell(index)),
        },
        InvalidCell::Kind(expected) => Error::BadCell {
            path: path.to_owned(),
            position: Position::Line(reader.line()),
            column: reader.header()[index].clone(),
            value: String::from_utf8_lossy(reader.cell(index)).into_owned(),
            expected,
        },
    }
}
