//! JSON: an object for each row, one after the other or in an array.

mod batches;
mod layout;
mod record;
mod shape;
mod words;
mod wrapper;

use std::io::{self, BufRead};
use std::path::{Path, PathBuf};

pub(super) use batches::JsonBatches;
pub(super) use layout::{Layout, layout};

use super::bounds::{MOST_ROW_BYTES, MOST_VALUES, TooLong};
use super::cells::Cell;
use super::file;
use crate::error::Error;
use record::parse_row;
use shape::BYTE_ORDER_MARK;
pub(super) use shape::{Shape, shape};

/// The records of a text, one at a time.
pub(super) struct Records<R> {
    path: PathBuf,
    input: R,
    shape: Shape,
    /// The line that is being read, from 1.
    line: u64,
    /// The line in which the last record begins.
    first_line: u64,
    num_read: usize,
    has_ended: bool,
    /// The text of the current record, and whether a capital letter is in it outside of strings.
    text: Vec<u8>,
    has_words: bool,
}

impl<R: BufRead> Records<R> {
    fn new(path: &Path, mut input: R, shape: Shape, line: u64) -> Result<Self, Error> {
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
            line,
            first_line: line,
            num_read: 0,
            has_ended: false,
            text: Vec::new(),
            has_words: false,
        };
        if shape == Shape::Arrays {
            let reason = "its rows are lists, whose values have no names";
            return Err(records.error(line, reason));
        }
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
        } else if next == Some(b',') && self.num_read > 0 {
            // Lines that were cut out of an array.
            self.input.consume(1);
            next = self.next_byte()?;
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
        self.first_line = first_line;
        self.read_object()?;
        self.num_read += 1;
        let infinite = if self.has_words {
            words::replace(&mut self.text)
        } else {
            None
        };
        let record = parse_row(&self.text).map_err(|error| {
            let line = first_line + (error.line() as u64).saturating_sub(1);
            // Without the position within the record, which the message ends with.
            let reason = error.to_string();
            let reason = reason.split(" at line ").next().unwrap_or(&reason);
            self.error(line, reason)
        })?;
        let is_infinite = |cell: &Cell| matches!(cell, Cell::Text(text) if text == words::INFINITE);
        if let Some(breaks) = infinite
            && let Some((name, _)) = record.iter().find(|(_, cell)| is_infinite(cell))
        {
            let reason = format!("`{name}` is infinite");
            return Err(self.error(first_line + breaks, &reason));
        }
        Ok(Some(record))
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
        self.has_words = false;
        let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
        let mut commas = 0;
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
                    b'N' | b'I' if !in_string => self.has_words = true,
                    b',' if !in_string => commas += 1,
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
            let too_long = if self.text.len() > MOST_ROW_BYTES {
                Some(TooLong::RowBytes)
            } else if commas >= MOST_VALUES {
                Some(TooLong::RowValues)
            } else {
                None
            };
            if let Some(too_long) = too_long {
                return Err(too_long.error(&self.path, first_line));
            }
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

#[cfg(test)]
mod tests;
