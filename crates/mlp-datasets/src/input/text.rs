mod quotes;

use std::cell::RefCell;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use csv::{ByteRecord, ErrorKind, ReaderBuilder};

use super::blanks::BlankRemover;
use super::bounds::{MOST_CELL_BYTES, MOST_CELLS, TooLong};
use super::cell_text::plain;
use super::dialect::Dialect;
use super::encoding::{Decoded, decode, in_windows_1252};
use super::file;
use super::lines::{Passed, Recorder, count_breaks};
use super::notes::Notes;
use super::partitions::Key;
use super::scan::Format;
use super::sniff::{Layout, Sample, sniff};
use super::surplus::{ROW_NAMES, Surplus};
use super::zeros::ZeroGuard;
use crate::error::Error;
use crate::names::{index_of_numbered_column, numbered_column};

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
    surplus: Surplus,
    /// The number of cells of each row.
    width: usize,
    /// Whether the first row names the columns, so that it may be there once more, as where files were joined.
    has_header: bool,
    /// Whether the next row was read already, since the first row was looked at for names and has none.
    is_at_first: bool,
    /// The encoding, if it is not UTF-8.
    encoding: Option<String>,
    notes: Notes,
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
        let Decoded { text, encoding } = decode(start, input, dialect)?;
        let mut input: Box<dyn Read> = Box::new(ZeroGuard::new(text, path, notes));
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
        let mut reader = Self::start(path, sample, input, layout)?;
        reader.encoding = encoding;
        reader.notes = notes.clone();
        Ok(reader)
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
            surplus,
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
            delimiter: format.delimiter,
            passed: Rc::clone(&passed),
        };
        let reader = ReaderBuilder::new()
            .delimiter(format.delimiter)
            .quoting(format.quote.is_some())
            .quote(format.quote.unwrap_or_default())
            .escape(format.escape)
            .has_headers(has_header)
            .flexible(surplus != Surplus::None)
            .from_reader(input);
        let mut text = Self {
            path: path.to_owned(),
            header: Vec::new(),
            dialect,
            format,
            reader,
            record: ByteRecord::new(),
            surplus,
            width: 0,
            has_header,
            is_at_first: !has_header,
            encoding: None,
            notes: Notes::default(),
            keys: Vec::new(),
            passed,
            num_breaks: line,
            breaks_in_cells: 0,
        };
        let first = text.reader.byte_headers().cloned();
        text.check_quotes(line, text.reader.position().byte())?;
        let first = first.map_err(|error| locate(path, error, line + 1))?;
        if first.len() > MOST_CELLS {
            return Err(TooLong::RowCells.error(path, line + 1));
        } else if is_cell_too_long(&first) {
            return Err(TooLong::CellBytes.error(path, line + 1));
        }
        for (i, cell) in first.iter().enumerate() {
            let cell = plain(cell);
            let numbered = numbered_column(i);
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
        text.width = surplus.num_cells(text.header.len());
        match surplus {
            Surplus::None | Surplus::LastOfRow => {}
            Surplus::RowNames => text.header.insert(0, ROW_NAMES.to_owned()),
            Surplus::LastOfHeader => text.header.truncate(text.width),
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
        loop {
            if !self.advance_by_one()? {
                return Ok(false);
            }
            if !self.is_header_again() {
                return Ok(true);
            }
            self.notes.add(format!(
                "line {} of `{}` repeats the header, and is left out",
                self.line(),
                self.path.display()
            ));
        }
    }

    fn advance_by_one(&mut self) -> Result<bool, Error> {
        if std::mem::take(&mut self.is_at_first) {
            // The reader is behind the row already.
            let lines = self.num_breaks;
            let read = self.reader.read_byte_record(&mut self.record);
            let has_row = read.map_err(|error| locate(&self.path, error, lines + 1))?;
            if has_row {
                self.finish_row()?;
            }
            return Ok(has_row);
        }
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
            self.check_lines_in_cells()?;
        }
        let has_row = read.map_err(|error| match too_long(&error) {
            Some(of) => {
                let line = lines + 1 + self.passed.borrow().blank_lines();
                of.error(&self.path, line)
            }
            None => locate(&self.path, error, self.line()),
        })?;
        if has_row {
            self.finish_row()?;
        }
        Ok(has_row)
    }

    /// Checks a row, and gives it the cells that the header has.
    fn finish_row(&mut self) -> Result<(), Error> {
        if is_cell_too_long(&self.record) {
            return Err(TooLong::CellBytes.error(&self.path, self.line()));
        }
        if self.surplus != Surplus::None && self.record.len() != self.width {
            return Err(Error::RaggedRow {
                path: self.path.clone(),
                line: self.line(),
                found: self.record.len() as u64,
                expected: self.width as u64,
            });
        }
        if self.surplus == Surplus::LastOfRow {
            self.record.truncate(self.header.len() - self.keys.len());
        }
        if let Some(encoding) = &self.encoding
            && has_replacement(self.record.as_slice())
        {
            return Err(Error::NotInEncoding {
                path: self.path.clone(),
                line: self.line(),
                encoding: encoding.clone(),
            });
        }
        for key in &self.keys {
            self.record.push_field(key.as_bytes());
        }
        Ok(())
    }

    /// Whether the row is the header, as where files were joined.
    fn is_header_again(&self) -> bool {
        let mut names = self.header.iter().zip(&self.record).enumerate();
        // Of most rows, the first cell is enough.
        self.has_header
            && self.surplus != Surplus::RowNames
            && names.all(|(index, (name, cell))| {
                let cell = plain(cell);
                let is_unnamed = || index_of_numbered_column(name) == Some(index);
                cell == name.as_bytes() || cell.is_empty() && is_unnamed()
            })
    }

    /// The row's text, cell by cell.
    pub fn record(&self) -> &ByteRecord {
        &self.record
    }

    /// A cell of the row, without surrounding blanks.
    pub fn cell(&self, column: usize) -> &[u8] {
        plain(&self.record[column])
    }

    /// The line in which the row begins, from 1.
    pub fn line(&self) -> u64 {
        1 + self.num_breaks - self.breaks_in_cells
    }
}

/// Whether a text has the character that stands for bytes that are not in an encoding.
fn has_replacement(text: &[u8]) -> bool {
    text.windows(3).any(|bytes| bytes == "\u{fffd}".as_bytes())
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
        size = MOST_SAMPLE_SIZE.min(4 * size);
    }
}

/// What is too long, if that is why a row cannot be read.
fn too_long(error: &csv::Error) -> Option<TooLong> {
    let ErrorKind::Io(source) = error.kind() else {
        return None;
    };
    TooLong::in_error(source)
}

/// Whether a cell of a row is too long.
fn is_cell_too_long(record: &ByteRecord) -> bool {
    // Of most rows, the length of the whole is enough.
    record.as_slice().len() > MOST_CELL_BYTES
        && record.iter().any(|cell| cell.len() > MOST_CELL_BYTES)
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
        ErrorKind::Io(source) => match TooLong::in_error(&source) {
            Some(of) => of.error(&path, line),
            None => file::cannot_read(&path, source),
        },
        other => file::cannot_read(&path, io::Error::other(format!("{other:?}"))),
    }
}

#[cfg(test)]
mod tests;
