use std::cell::RefCell;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use csv::{ByteRecord, ErrorKind, ReaderBuilder};

use super::blanks::BlankRemover;
use super::dialect::Dialect;
use super::encoding::{decode, in_windows_1252};
use super::file;
use super::lines::{Passed, Recorder, count_breaks};
use super::partitions::Key;
use super::scan::{Fault, Format, Scanner};
use super::sniff::{Layout, Sample, sniff};
use super::source::Notes;
use super::zeros::ZeroGuard;
use crate::error::Error;

/// The bytes at the beginning of a text from which it is inferred how it is read.
const SAMPLE_SIZE: usize = 1 << 16;
/// The sample grows until it has so many lines, up to a size.
const SAMPLE_LINES: usize = 5;
const MOST_SAMPLE_SIZE: usize = 1 << 23;

/// The rows of a CSV text below its header, one at a time, with errors that say where they are.
pub(crate) struct TextReader {
    path: PathBuf,
    header: Vec<String>,
    dialect: Dialect,
    format: Format,
    reader: csv::Reader<Recorder<Box<dyn Read>>>,
    record: ByteRecord,
    /// What the columns behind those of the text hold in each row.
    keys: Vec<String>,
    passed: Rc<RefCell<Passed>>,
    /// The number of line breaks before the end of the last row, and how many of them are within cells.
    num_breaks: u64,
    breaks_in_cells: u64,
}

impl TextReader {
    /// Opens a text. What the dialect leaves open is inferred from its beginning. The row with all given
    /// names is the header.
    pub fn new(
        path: &Path,
        mut input: Box<dyn Read>,
        dialect: &Dialect,
        names: &[&String],
        notes: &Notes,
    ) -> Result<Self, Error> {
        let cannot_read = |source| file::cannot_read(path, source);
        let mut start = Vec::new();
        read_more(&mut input, SAMPLE_SIZE, &mut start).map_err(cannot_read)?;
        let input = decode(start, input, dialect)?;
        let mut input: Box<dyn Read> = Box::new(ZeroGuard::new(input, path, notes));
        let mut sample = Vec::new();
        let is_whole = read_sample(&mut input, &mut sample).map_err(cannot_read)?;
        let text = Sample {
            text: &sample,
            is_whole,
        };
        let layout = sniff(text, dialect, names).ok_or_else(|| Error::EmptyFile {
            path: path.to_owned(),
        })?;
        sample.drain(..layout.start);
        Self::start(path, sample, input, layout)
    }

    fn start(
        path: &Path,
        sample: Vec<u8>,
        rest: Box<dyn Read>,
        layout: Layout,
    ) -> Result<Self, Error> {
        let Layout {
            format,
            line,
            has_header,
            dialect,
            ..
        } = layout;
        let text = Cursor::new(sample).chain(rest);
        let input: Box<dyn Read> = if format.delimiter == b' ' || format.blanks_before_quotes {
            Box::new(BlankRemover::new(text, format))
        } else {
            Box::new(text)
        };
        let passed = Rc::default();
        let input = Recorder {
            input,
            passed: Rc::clone(&passed),
        };
        let reader = ReaderBuilder::new()
            .delimiter(format.delimiter)
            .quoting(format.quote.is_some())
            .quote(format.quote.unwrap_or_default())
            .escape(format.escape)
            .has_headers(has_header)
            .from_reader(input);
        let mut text = Self {
            path: path.to_owned(),
            header: Vec::new(),
            dialect,
            format,
            reader,
            record: ByteRecord::new(),
            keys: Vec::new(),
            passed,
            num_breaks: line,
            breaks_in_cells: 0,
        };
        let first = text.reader.byte_headers().cloned();
        text.check_quotes(line, text.reader.position().byte())?;
        let first = first.map_err(|error| locate(path, error, line + 1))?;
        for (i, cell) in first.iter().enumerate() {
            let cell = cell.trim_ascii();
            let numbered = format!("column_{}", i + 1);
            let name = str::from_utf8(cell).map_err(|_| Error::NotUtf8 {
                path: path.to_owned(),
                line: line + 1,
                column: numbered.clone(),
                text: in_windows_1252(cell),
            })?;
            text.header.push(if has_header && !name.is_empty() {
                name.to_owned()
            } else {
                numbered
            });
        }
        if text.header.is_empty() {
            return Err(Error::EmptyFile {
                path: path.to_owned(),
            });
        }
        Ok(text)
    }

    /// Adds columns that have the same value in all rows. A column that the text has too is taken from the
    /// text.
    pub fn with_keys(mut self, keys: Vec<Key>) -> Self {
        for (name, value) in keys {
            if !self.header.contains(&name) {
                self.header.push(name);
                self.keys.push(value.unwrap_or_default());
            }
        }
        self
    }

    /// The names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The dialect with what was inferred.
    pub fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// Moves to the next row; `false` after the last one.
    pub fn advance(&mut self) -> Result<bool, Error> {
        let start = self.reader.position().byte();
        let before = self.passed.borrow_mut().begin_row(start);
        self.num_breaks += before;
        let lines = self.num_breaks;
        let read = self.reader.read_byte_record(&mut self.record);
        let end = self.reader.position().byte();
        let mut passed = self.passed.borrow_mut();
        // The last byte of a row is the newline that ends it, a carriage return before one, or no
        // newline.
        let count = passed.count_breaks(end.saturating_sub(1));
        self.num_breaks += count;
        let is_last = passed.is_at_end;
        drop(passed);
        self.breaks_in_cells = 0;
        // A row in one line has no open quote, unless it is the last one.
        if before + count > 1 || is_last {
            self.breaks_in_cells = count_breaks(self.record.as_slice());
            self.check_quotes(lines, end)?;
        }
        let has_row = read.map_err(|error| locate(&self.path, error, self.line()))?;
        for key in self.keys.iter().filter(|_| has_row) {
            self.record.push_field(key.as_bytes());
        }
        Ok(has_row)
    }

    /// The row's text, cell by cell.
    pub fn record(&self) -> &ByteRecord {
        &self.record
    }

    /// A cell of the row, without surrounding blanks.
    pub fn cell(&self, column: usize) -> &[u8] {
        self.record[column].trim_ascii()
    }

    /// The line in which the row begins, from 1.
    pub fn line(&self) -> u64 {
        1 + self.num_breaks - self.breaks_in_cells
    }

    /// Checks that no quote of the row that ends at an offset encloses other rows. `lines` is the number
    /// of line breaks before its text.
    fn check_quotes(&self, lines: u64, end: u64) -> Result<(), Error> {
        if self.format.quote.is_none() {
            return Ok(());
        }
        let passed = self.passed.borrow();
        let text = passed.row(end);
        let is_odd = |fault: Option<Fault>| fault.is_some_and(Fault::swallows_rows);
        let mut cells =
            Scanner::within(text, self.format).flat_map(|row| row.cells.into_iter().enumerate());
        let Some((index, cell)) = cells.find(|(_, cell)| is_odd(cell.fault)) else {
            return Ok(());
        };
        let value = text[cell.range].split(|byte| b"\r\n".contains(byte)).next();
        let column = self.header.get(index).cloned();
        Err(Error::OpenQuote {
            path: self.path.clone(),
            line: 1 + lines + cell.line,
            column: column.unwrap_or_else(|| format!("column_{}", index + 1)),
            value: String::from_utf8_lossy(value.unwrap_or_default()).into_owned(),
        })
    }
}

/// Reads bytes until there are so many, or no more.
fn read_more(input: &mut dyn Read, size: usize, bytes: &mut Vec<u8>) -> io::Result<()> {
    let missing = size.saturating_sub(bytes.len()) as u64;
    input.take(missing).read_to_end(bytes)?;
    Ok(())
}

/// Reads the beginning of a text, and tells whether it is the whole text.
fn read_sample(input: &mut dyn Read, sample: &mut Vec<u8>) -> io::Result<bool> {
    let mut size = SAMPLE_SIZE;
    loop {
        read_more(input, size, sample)?;
        let is_whole = sample.len() < size;
        let breaks = sample.iter().filter(|byte| b"\r\n".contains(byte));
        if is_whole || size >= MOST_SAMPLE_SIZE || breaks.take(SAMPLE_LINES).count() == SAMPLE_LINES
        {
            return Ok(is_whole);
        }
        size *= 4;
    }
}

// `ErrorKind` is another crate's and may grow; its other kinds do not occur when bytes are read.
#[allow(clippy::wildcard_enum_match_arm)]
fn locate(path: &Path, error: csv::Error, line: u64) -> Error {
    let path = path.to_owned();
    match error.into_kind() {
        ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => Error::RaggedRow {
            path,
            line,
            found: len,
            expected: expected_len,
        },
        ErrorKind::Io(source) => file::cannot_read(&path, source),
        other => file::cannot_read(&path, io::Error::other(format!("{other:?}"))),
    }
}

#[cfg(test)]
mod tests;
