//! The lines of a text, and the text of the row that is being read.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::rc::Rc;

use memchr::{memchr_iter, memchr2_iter};

use super::bounds::{MOST_CELLS, MOST_LINES, MOST_ROW_BYTES, TooLong};

/// The size from which the cells of a row are counted while it is read.
const LONG: usize = MOST_ROW_BYTES / 16;

/// What a row cannot tell: where lines end, and how it was written.
#[derive(Default)]
pub(super) struct Passed {
    /// The offsets of the line breaks that were read, but are at or behind the end of the last row.
    breaks: VecDeque<u64>,
    /// The text from an offset on that is not behind the beginning of the row.
    text: Vec<u8>,
    offset: u64,
    /// Where the row begins.
    row: u64,
    pub is_at_end: bool,
    /// Whether the last byte is a carriage return, which may be the first half of a line break.
    has_return: bool,
    /// The number of delimiters in the row behind its first bytes, if it is long.
    delimiters: usize,
}

impl Passed {
    /// Counts the line breaks before an offset that were not counted yet.
    pub fn count_breaks(&mut self, end: u64) -> u64 {
        let mut count = 0;
        while self.breaks.front().is_some_and(|&offset| offset < end) {
            self.breaks.pop_front();
            count += 1;
        }
        count
    }

    /// Sets where the next row begins, and counts the line breaks before it. The text before it is
    /// forgotten.
    pub fn begin_row(&mut self, offset: u64) -> u64 {
        self.row = offset;
        self.delimiters = 0;
        self.count_breaks(offset)
    }

    /// The text of the row that ends at an offset.
    pub fn row(&self, end: u64) -> &[u8] {
        let index = |offset: u64| usize::try_from(offset - self.offset).unwrap_or(usize::MAX);
        let end = index(end).min(self.text.len());
        &self.text[index(self.row).min(end)..end]
    }

    /// The number of line breaks with which the text of the row begins.
    pub fn blank_lines(&self) -> u64 {
        let text = self.row(u64::MAX);
        let blank = text.iter().take_while(|byte| b"\r\n".contains(byte));
        match blank.count() {
            // There is no row behind them.
            length if length == text.len() => 0,
            length => count_breaks(&text[..length]),
        }
    }

    /// Checks that the row, which the last bytes belong to, is not too long.
    fn check_length(&mut self, last: &[u8], delimiter: u8) -> Result<(), TooLong> {
        let end = self.offset + self.text.len() as u64;
        let length = usize::try_from(end - self.row).unwrap_or(usize::MAX);
        if length > LONG {
            self.delimiters += memchr_iter(delimiter, last).count();
        }
        if length > MOST_ROW_BYTES {
            Err(TooLong::RowBytes)
        } else if self.delimiters >= MOST_CELLS {
            Err(TooLong::RowCells)
        } else if self.breaks.len() > MOST_LINES {
            Err(TooLong::RowLines)
        } else {
            Ok(())
        }
    }

    fn push(&mut self, bytes: &[u8]) {
        let forget = usize::try_from(self.row - self.offset).unwrap_or(usize::MAX);
        let forget = forget.min(self.text.len());
        self.text.drain(..forget);
        self.offset += forget as u64;
        let start = self.offset + self.text.len() as u64;
        self.text.extend_from_slice(bytes);
        // A carriage return breaks a line if no newline follows. The csv crate counts lines too, but
        // its count is too small after lines that end in both, and after blank ones.
        if self.has_return && bytes.first() != Some(&b'\n') {
            self.breaks.push_back(start - 1);
        }
        self.has_return = bytes.last() == Some(&b'\r');
        for index in memchr2_iter(b'\n', b'\r', bytes) {
            let is_half =
                bytes[index] == b'\r' && matches!(bytes.get(index + 1), None | Some(b'\n'));
            if !is_half {
                self.breaks.push_back(start + index as u64);
            }
        }
    }
}

/// Passes bytes through and records them. A row that is too long is an error.
pub(super) struct Recorder<R> {
    pub input: R,
    /// What divides cells.
    pub delimiter: u8,
    pub passed: Rc<RefCell<Passed>>,
}

impl<R: Read> Read for Recorder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        let mut passed = self.passed.borrow_mut();
        if count > 0 {
            passed.push(&buffer[..count]);
            passed.check_length(&buffer[..count], self.delimiter)?;
        } else if !buffer.is_empty() {
            passed.is_at_end = true;
        }
        Ok(count)
    }
}

/// The number of line breaks within cells.
pub(super) fn count_breaks(cells: &[u8]) -> u64 {
    let is_break = |index: usize| match cells[index] {
        b'\n' => true,
        b'\r' => cells.get(index + 1) != Some(&b'\n'),
        _ => false,
    };
    (0..cells.len()).filter(|&index| is_break(index)).count() as u64
}
