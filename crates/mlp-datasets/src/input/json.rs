//! JSON: an object for each row, one after the other or in an array.

use std::collections::HashMap;
use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, Schema, SchemaRef};

use super::cells::Cell;
use super::column_type::{ColumnType, rows_per_chunk};
use super::file;
use super::json_record::parse_record;
use super::json_shape::{BYTE_ORDER_MARK, Shape};
use crate::error::Error;

/// The columns of all records and their types.
pub(super) type Columns = Arc<[(String, ColumnType)]>;

/// The records of a text, one at a time.
pub(super) struct Records<R> {
    path: PathBuf,
    input: R,
    shape: Shape,
    /// The line that is being read, from 1.
    line: u64,
    num_read: usize,
    has_ended: bool,
    /// The text of the current record.
    text: Vec<u8>,
}

impl<R: BufRead> Records<R> {
    pub fn new(path: &Path, mut input: R, shape: Shape) -> Result<Self, Error> {
        let mut start = || -> io::Result<()> {
            if input.fill_buf()?.starts_with(BYTE_ORDER_MARK) {
                input.consume(BYTE_ORDER_MARK.len());
            }
            Ok(())
        };
        start().map_err(|source| file::cannot_read(path, source))?;
        let mut records = Self {
            path: path.to_owned(),
            input,
            shape,
            line: 1,
            num_read: 0,
            has_ended: false,
            text: Vec::new(),
        };
        if shape == Shape::Array {
            records.next_byte()?;
            records.input.consume(1);
        }
        Ok(records)
    }

    /// The fields of the next record; `None` after the last one.
    pub fn advance(&mut self) -> Result<Option<Vec<(String, Cell)>>, Error> {
        if self.has_ended {
            return Ok(None);
        }
        let mut next = self.next_byte()?;
        if self.shape == Shape::Array {
            if next == Some(b',') && self.num_read > 0 {
                self.input.consume(1);
                next = self.next_byte()?;
            } else if next == Some(b']') {
                self.input.consume(1);
                next = self.next_byte()?;
                self.has_ended = true;
                return match next {
                    None => Ok(None),
                    Some(_) => Err(self.error(self.line, "there is text behind the array")),
                };
            } else if self.num_read > 0 && next.is_some() {
                return Err(self.error(self.line, "a comma is missing between two objects"));
            }
        }
        match next {
            Some(b'{') => {}
            None if self.shape == Shape::Lines => {
                self.has_ended = true;
                return Ok(None);
            }
            None => return Err(self.error(self.line, "the array has no end")),
            Some(_) => {
                return Err(self.error(self.line, "an object was expected, such as {\"name\": 1}"));
            }
        }
        let first_line = self.line;
        self.read_object()?;
        self.num_read += 1;
        parse_record(&self.text).map(Some).map_err(|error| {
            let line = first_line + (error.line() as u64).saturating_sub(1);
            // Without the position within the record, which the message ends with.
            let reason = error.to_string();
            let reason = reason.split(" at line ").next().unwrap_or(&reason);
            self.error(line, reason)
        })
    }

    /// The next byte that is no blank.
    fn next_byte(&mut self) -> Result<Option<u8>, Error> {
        loop {
            let buffer = self.input.fill_buf();
            let buffer = buffer.map_err(|source| file::cannot_read(&self.path, source))?;
            if buffer.is_empty() {
                return Ok(None);
            }
            let blanks = buffer
                .iter()
                .take_while(|byte| byte.is_ascii_whitespace())
                .count();
            self.line += count_newlines(&buffer[..blanks]);
            let next = buffer.get(blanks).copied();
            self.input.consume(blanks);
            if next.is_some() {
                return Ok(next);
            }
        }
    }

    /// Reads up to the brace that closes the object.
    fn read_object(&mut self) -> Result<(), Error> {
        let first_line = self.line;
        self.text.clear();
        let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
        loop {
            let buffer = self.input.fill_buf();
            let buffer = buffer.map_err(|source| file::cannot_read(&self.path, source))?;
            if buffer.is_empty() {
                return Err(self.error(first_line, "the object that begins here has no end"));
            }
            let mut length = buffer.len();
            for (index, byte) in buffer.iter().enumerate() {
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' if in_string => escaped = true,
                    b'"' => in_string = !in_string,
                    b'{' if !in_string => depth += 1,
                    b'}' if !in_string => {
                        depth -= 1;
                        if depth == 0 {
                            length = index + 1;
                            break;
                        }
                    }
                    _ => {}
                }
            }
            self.line += count_newlines(&buffer[..length]);
            self.text.extend_from_slice(&buffer[..length]);
            self.input.consume(length);
            if depth == 0 {
                return Ok(());
            }
        }
    }

    fn error(&self, line: u64, reason: &str) -> Error {
        Error::BadJson {
            path: self.path.clone(),
            line,
            reason: reason.to_owned(),
        }
    }
}

fn count_newlines(bytes: &[u8]) -> u64 {
    let newlines = bytes.iter().filter(|&&byte| byte == b'\n');
    newlines.count() as u64
}

/// The columns that all records have together, and the types that fit their values.
pub(super) fn columns(path: &Path, input: impl BufRead, shape: Shape) -> Result<Columns, Error> {
    let mut records = Records::new(path, input, shape)?;
    let mut columns: Vec<(String, ColumnType)> = Vec::new();
    let mut index_of: HashMap<String, usize> = HashMap::new();
    while let Some(record) = records.advance()? {
        for (name, cell) in record {
            let index = if let Some(index) = index_of.get(&name) {
                *index
            } else {
                index_of.insert(name.clone(), columns.len());
                columns.push((name, ColumnType::Missing));
                columns.len() - 1
            };
            let column_type = &mut columns[index].1;
            *column_type = column_type.with(&cell);
        }
    }
    if columns.is_empty() {
        return Err(match records.num_read {
            0 => Error::NoRows {
                path: path.to_owned(),
            },
            _ => records.error(1, "its objects have no fields"),
        });
    }
    let is_nested =
        |(_, of): &(String, ColumnType)| matches!(of, ColumnType::List | ColumnType::Object);
    if records.num_read == 1 && columns.iter().all(is_nested) {
        return Err(records.error(
            1,
            "it is one object of whole columns, rather than an object for each row",
        ));
    }
    Ok(columns.into())
}

/// The records as batches.
pub(super) struct JsonBatches {
    records: Records<io::BufReader<Box<dyn Read>>>,
    columns: Columns,
    index_of: HashMap<String, usize>,
    schema: SchemaRef,
}

impl JsonBatches {
    /// Batches of records whose columns are known.
    pub fn new(
        path: &Path,
        input: Box<dyn Read>,
        shape: Shape,
        columns: Columns,
    ) -> Result<Self, Error> {
        let fields = columns.iter().map(|(name, of)| of.field(name));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let names = columns.iter().map(|(name, _)| name.clone());
        Ok(Self {
            records: Records::new(path, io::BufReader::with_capacity(1 << 17, input), shape)?,
            index_of: names.zip(0..).collect(),
            columns,
            schema,
        })
    }

    fn next_batch(&mut self) -> Result<Option<RecordBatch>, ArrowError> {
        let mut rows: Vec<Vec<Cell>> = vec![Vec::new(); self.columns.len()];
        let mut num_rows = 0;
        while num_rows < rows_per_chunk(self.columns.len()) {
            let record = self.records.advance();
            let Some(record) = record.map_err(|error| ArrowError::JsonError(error.to_string()))?
            else {
                break;
            };
            for column in &mut rows {
                column.push(Cell::Missing);
            }
            for (name, cell) in record {
                // A column that appeared after the types were inferred is not asked for.
                if let Some(&index) = self.index_of.get(&name) {
                    rows[index][num_rows] = cell;
                }
            }
            num_rows += 1;
        }
        if num_rows == 0 {
            return Ok(None);
        }
        let columns = self.columns.iter().zip(&rows);
        let arrays = columns.map(|((_, of), cells)| of.array(cells.iter()));
        RecordBatch::try_new(self.schema.clone(), arrays.collect()).map(Some)
    }
}

impl Iterator for JsonBatches {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_batch().transpose()
    }
}

impl RecordBatchReader for JsonBatches {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}

#[cfg(test)]
mod tests;
