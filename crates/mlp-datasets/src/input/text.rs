use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use csv::{ByteRecord, ErrorKind, ReaderBuilder};

use super::dialect::Dialect;
use super::file;
use super::partitions::Key;
use crate::error::Error;

/// The bytes at the beginning of a text from which delimiter and header are inferred.
const SAMPLE_SIZE: usize = 1 << 16;
const SAMPLE_ROWS: usize = 20;
const DELIMITERS: [u8; 4] = *b",;\t|";

/// The rows of a CSV text below its header, one at a time, with errors that say where they are.
pub(crate) struct TextReader {
    path: PathBuf,
    header: Vec<String>,
    reader: csv::Reader<Newlines>,
    record: ByteRecord,
    /// What the columns behind those of the text hold in each row.
    keys: Vec<String>,
    /// The offsets of the newlines that were read, but are at or behind the end of the last row.
    newlines: Rc<RefCell<VecDeque<u64>>>,
    /// The number of newlines before the end of the last row.
    passed: u64,
}

/// Passes bytes through and records the offsets of newlines. The csv crate counts lines too, but its
/// count is too small after lines that end in a carriage return as well, and after blank ones.
struct Newlines {
    input: Box<dyn Read>,
    offset: u64,
    found: Rc<RefCell<VecDeque<u64>>>,
}

impl Read for Newlines {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        let bytes = (self.offset..).zip(&buffer[..count]);
        let newlines = bytes.filter(|(_, byte)| **byte == b'\n');
        self.found
            .borrow_mut()
            .extend(newlines.map(|(offset, _)| offset));
        self.offset += count as u64;
        Ok(count)
    }
}

/// The bytes at the beginning of some UTF-8 texts.
const BYTE_ORDER_MARK: &[u8] = &[0xef, 0xbb, 0xbf];

impl TextReader {
    /// Opens a text. What the dialect leaves open is inferred from its beginning.
    pub fn new(path: &Path, mut input: Box<dyn Read>, dialect: &Dialect) -> Result<Self, Error> {
        let mut sample = Vec::new();
        let read = input.by_ref().take(SAMPLE_SIZE as u64);
        { read }
            .read_to_end(&mut sample)
            .map_err(|source| file::cannot_read(path, source))?;
        if sample.starts_with(BYTE_ORDER_MARK) {
            sample.drain(..BYTE_ORDER_MARK.len());
        }
        let delimiter = dialect.delimiter.unwrap_or_else(|| delimiter(&sample));
        let rows = first_rows(&sample, delimiter);
        let Some(first) = rows.first() else {
            // A single cell may be longer than the sample.
            if sample.len() == SAMPLE_SIZE {
                return Self::start(path, sample, input, delimiter, true);
            }
            return Err(Error::EmptyFile {
                path: path.to_owned(),
            });
        };
        let has_header = dialect
            .header
            .unwrap_or_else(|| is_header(first, &rows[1..]));
        Self::start(path, sample, input, delimiter, has_header)
    }

    fn start(
        path: &Path,
        sample: Vec<u8>,
        rest: Box<dyn Read>,
        delimiter: u8,
        has_header: bool,
    ) -> Result<Self, Error> {
        let newlines = Rc::default();
        let whole = Newlines {
            input: Box::new(Cursor::new(sample).chain(rest)),
            offset: 0,
            found: Rc::clone(&newlines),
        };
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(has_header)
            .from_reader(whole);
        let headers = reader.byte_headers();
        let first = headers.map_err(|error| locate(path, error, 1))?;
        let mut header = Vec::with_capacity(first.len());
        for (i, cell) in first.iter().enumerate() {
            let name = str::from_utf8(cell.trim_ascii()).map_err(|_| Error::NotUtf8 {
                path: path.to_owned(),
                line: 1,
            })?;
            header.push(if has_header && !name.is_empty() {
                name.to_owned()
            } else {
                format!("column_{}", i + 1)
            });
        }
        if header.is_empty() {
            return Err(Error::EmptyFile {
                path: path.to_owned(),
            });
        }
        Ok(Self {
            path: path.to_owned(),
            header,
            reader,
            record: ByteRecord::new(),
            keys: Vec::new(),
            newlines,
            passed: 0,
        })
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

    /// Moves to the next row; `false` after the last one.
    pub fn advance(&mut self) -> Result<bool, Error> {
        let read = self.reader.read_byte_record(&mut self.record);
        // The last byte of a row is the newline that ends it, a carriage return before one, or no
        // newline.
        let last = self.reader.position().byte().saturating_sub(1);
        let mut newlines = self.newlines.borrow_mut();
        while newlines.front().is_some_and(|&newline| newline < last) {
            newlines.pop_front();
            self.passed += 1;
        }
        drop(newlines);
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
        let within = self.record.as_slice().iter().filter(|&&byte| byte == b'\n');
        (1 + self.passed).saturating_sub(within.count() as u64)
    }
}

/// The delimiter that splits all first rows into the same number of cells, if that is more than one.
fn delimiter(sample: &[u8]) -> u8 {
    let evenness = |delimiter: u8| {
        let rows = first_rows(sample, delimiter);
        let cells = rows.first().map_or(0, ByteRecord::len);
        if cells < 2 {
            return 0.0;
        }
        let even = rows.iter().filter(|row| row.len() == cells).count();
        let share = even as f64 / rows.len() as f64;
        // Evenness comes first; of the even ones, the delimiter that gives more cells.
        if even == rows.len() {
            cells as f64
        } else {
            share
        }
    };
    let mut best = (DELIMITERS[0], 0.0);
    for delimiter in DELIMITERS {
        let evenness = evenness(delimiter);
        if evenness > best.1 {
            best = (delimiter, evenness);
        }
    }
    best.0
}

fn first_rows(sample: &[u8], delimiter: u8) -> Vec<ByteRecord> {
    let reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(sample);
    let records = reader.into_byte_records().take(SAMPLE_ROWS + 1);
    let mut rows: Vec<ByteRecord> = records.flatten().collect();
    // A full sample ends within a row.
    if rows.len() <= SAMPLE_ROWS && sample.len() >= SAMPLE_SIZE {
        rows.pop();
    }
    rows
}

/// Whether the first row names the columns: not if it has a number above numbers, unless another
/// column has text above numbers.
fn is_header(first: &ByteRecord, below: &[ByteRecord]) -> bool {
    let is_number = |cell: &[u8]| {
        let text = str::from_utf8(cell.trim_ascii());
        text.is_ok_and(|text| text.parse::<f64>().is_ok())
    };
    let mut has_number = false;
    for (i, cell) in first.iter().enumerate() {
        let mut cells = below
            .iter()
            .filter_map(|row| row.get(i))
            .filter(|cell| !cell.trim_ascii().is_empty())
            .peekable();
        if cells.peek().is_none() || !cells.all(is_number) {
            continue;
        }
        if !is_number(cell) && !cell.trim_ascii().is_empty() {
            return true;
        }
        has_number |= is_number(cell);
    }
    !has_number
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
mod tests {
    use super::*;

    fn open(content: &str) -> Result<TextReader, Error> {
        let input = Box::new(Cursor::new(content.as_bytes().to_vec()));
        TextReader::new(Path::new("x"), input, &Dialect::default())
    }

    #[test]
    fn the_delimiter_is_inferred_from_the_first_rows() {
        for content in [
            "a,b\n1,2\n",
            "a;b\n1,5;2\n3;4,5\n",
            "a\tb\n1\t2\n",
            "a|b\n\"x,y,z\"|2\n",
        ] {
            assert_eq!(open(content).unwrap().header(), ["a", "b"], "{content}");
        }
        assert_eq!(open("a\n1\n").unwrap().header(), ["a"]);
    }

    #[test]
    fn a_first_row_of_numbers_above_numbers_is_not_a_header() {
        let mut reader = open("5.1,setosa\n4.9,setosa\n").unwrap();
        assert_eq!(reader.header(), ["column_1", "column_2"]);
        assert!(reader.advance().unwrap());
        assert_eq!(reader.cell(0), b"5.1");

        // A year names a column if other columns have names.
        assert_eq!(
            open("land,2010\nx,1\n").unwrap().header(),
            ["column_1", "column_2"]
        );
        assert_eq!(open("size,2010\n1,1\n").unwrap().header(), ["size", "2010"]);
        assert_eq!(open("a,b\nx,y\n").unwrap().header(), ["a", "b"]);
    }

    #[test]
    fn blank_lines_and_all_line_endings_are_counted() {
        for (content, lines) in [
            ("a,b\n1,2\n3,4\n", [2, 3]),
            ("a,b\r\n1,2\r\n3,4\r\n", [2, 3]),
            ("a,b\r\n1,2\r\n3,4", [2, 3]),
            ("a,b\n\n1,2\n\n\n3,4", [3, 6]),
            ("\u{feff}a,b\r\n\r\n1,2\r\n\r\n3,4\r\n", [3, 5]),
            ("a,b\r\n\"x\r\ny\",2\r\n3,4\r\n", [2, 4]),
            ("1,2\r\n3,4\r\n", [1, 2]),
        ] {
            let mut reader = open(content).unwrap();
            for line in lines {
                assert!(reader.advance().unwrap());
                assert_eq!(reader.line(), line, "{content:?}");
            }
        }
        // The line of a row that is too short is right as well.
        let mut reader = open("a,b\r\n1,2\r\n3\r\n").unwrap();
        reader.advance().unwrap();
        assert!(matches!(
            reader.advance(),
            Err(Error::RaggedRow { line: 3, .. })
        ));
    }

    #[test]
    fn lines_within_cells_are_counted() {
        let mut reader = open("a,b\n\"x\ny\",1\n2, 3 \n").unwrap();
        assert!(reader.advance().unwrap());
        assert_eq!(reader.line(), 2);
        assert!(reader.advance().unwrap());
        assert_eq!((reader.line(), reader.cell(1)), (4, &b"3"[..]));
        assert!(!reader.advance().unwrap());
    }
}
