//! Rows and cells of a text with what is odd about their quotes. This is slower than the csv crate, which
//! reads the table; it looks at the first rows, and at rows of several lines.

use std::ops::Range;

/// How a text is divided into cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Format {
    /// The delimiter; a blank stands for any number of blanks and tabs.
    pub delimiter: u8,
    pub quote: Option<u8>,
    /// What makes the next quote part of the cell, besides a second quote.
    pub escape: Option<u8>,
    /// Whether blanks may precede a quote.
    pub blanks_before_quotes: bool,
}

/// A row of a text.
pub(super) struct Row {
    /// Where it begins, in bytes from the beginning of the text.
    pub offset: usize,
    /// Where its first cell begins, behind the mark of a comment.
    pub first_cell: usize,
    /// The number of lines before it.
    pub line: u64,
    pub cells: Vec<Cell>,
    /// Whether it is one of the first lines, and marked as a comment by `#` or `//`.
    pub is_comment: bool,
    /// Whether blanks precede a quote.
    pub blanks_before_quotes: bool,
    /// Whether it ends with a line break.
    pub is_complete: bool,
}

/// A cell of a row.
pub(super) struct Cell {
    /// The text, without quotes around it; those within it are still escaped.
    pub range: Range<usize>,
    pub is_quoted: bool,
    /// The number of lines before the one in which it begins.
    pub line: u64,
    pub fault: Option<Fault>,
}

/// What is wrong with the quotes of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The text ends before the quote is closed.
    Open,
    /// Text follows the closing quote, in the line in which the quote was opened or in a later one.
    TextBehind { other_line: bool },
}

impl Fault {
    /// Whether other rows are in the cell.
    pub fn swallows_rows(self) -> bool {
        match self {
            Self::Open => true,
            Self::TextBehind { other_line } => other_line,
        }
    }
}

/// Reads the rows of a text one by one.
pub(super) struct Scanner<'a> {
    text: &'a [u8],
    format: Format,
    position: usize,
    line: u64,
    /// Whether all rows up to here are comments.
    within_comments: bool,
}

impl<'a> Scanner<'a> {
    pub fn new(text: &'a [u8], format: Format) -> Self {
        Self {
            text,
            format,
            position: 0,
            line: 0,
            within_comments: true,
        }
    }

    /// For a part of a text that has no comments.
    pub fn within(text: &'a [u8], format: Format) -> Self {
        Self {
            within_comments: false,
            ..Self::new(text, format)
        }
    }

    fn at(&self, position: usize) -> Option<u8> {
        self.text.get(position).copied()
    }

    fn is_blank(&self, byte: u8) -> bool {
        byte == b' ' || byte == b'\t' && self.format.delimiter != b'\t'
    }

    fn is_delimiter(&self, byte: u8) -> bool {
        byte == self.format.delimiter || byte == b'\t' && self.format.delimiter == b' '
    }

    fn after_blanks(&self, from: usize) -> usize {
        let blanks = self.text[from..].iter();
        from + blanks.take_while(|&&byte| self.is_blank(byte)).count()
    }

    /// The length of the line break at a position, if there is one.
    fn line_break(&self, position: usize) -> Option<usize> {
        match self.at(position) {
            Some(b'\r') if self.at(position + 1) == Some(b'\n') => Some(2),
            Some(b'\n' | b'\r') => Some(1),
            Some(_) | None => None,
        }
    }

    /// Reads a cell and moves to the delimiter or line break behind it.
    fn cell(&mut self, quote: Option<u8>, blanks_before_quotes: &mut bool) -> Cell {
        let mut start = self.position;
        let aligned = self.format.delimiter == b' ';
        if aligned || self.format.blanks_before_quotes {
            let behind = self.after_blanks(start);
            if aligned || quote.is_some() && self.at(behind) == quote {
                *blanks_before_quotes |= behind > start && !aligned;
                start = behind;
            }
        }
        let line = self.line;
        let is_quoted = quote.is_some() && self.at(start) == quote;
        self.position = start;
        let mut end = None;
        let mut fault = None;
        if is_quoted {
            start += 1;
            self.position = start;
            let closed = self.close(quote);
            end = Some(self.position - usize::from(closed));
            if !closed {
                fault = Some(Fault::Open);
            } else if !aligned {
                self.position = self.after_blanks(self.position);
            }
        }
        let behind = self.position;
        while let Some(byte) = self.at(self.position) {
            if self.is_delimiter(byte) || byte == b'\n' || byte == b'\r' {
                break;
            }
            self.position += 1;
        }
        if is_quoted && self.position > behind {
            let other_line = self.line > line;
            fault = fault.or(Some(Fault::TextBehind { other_line }));
        }
        Cell {
            range: start..end.unwrap_or(self.position),
            is_quoted,
            line,
            fault,
        }
    }

    /// Moves behind the closing quote, or to the end if there is none.
    fn close(&mut self, quote: Option<u8>) -> bool {
        while let Some(byte) = self.at(self.position) {
            if self.format.escape == Some(byte) && self.position + 1 < self.text.len() {
                self.position += 2;
            } else if quote == Some(byte) {
                self.position += 1;
                if self.at(self.position) != quote {
                    return true;
                }
                self.position += 1;
            } else if let Some(length) = self.line_break(self.position) {
                self.position += length;
                self.line += 1;
            } else {
                self.position += 1;
            }
        }
        false
    }

    /// Whether a row ends here, with a line break, which is passed, or with the text.
    fn ends(&mut self, row: &mut Row) -> bool {
        let Some(length) = self.line_break(self.position) else {
            return self.position == self.text.len();
        };
        self.position += length;
        self.line += 1;
        row.is_complete = true;
        true
    }
}

impl Iterator for Scanner<'_> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        let aligned = self.format.delimiter == b' ';
        let mut offset = self.position;
        let mut text = self.after_blanks(offset);
        // Lines without anything are no rows; nor are blank ones if blanks only separate.
        while let Some(length) = self.line_break(if aligned { text } else { offset }) {
            offset = if aligned { text } else { offset } + length;
            self.line += 1;
            text = self.after_blanks(offset);
        }
        self.position = offset;
        if offset == self.text.len() || aligned && text == self.text.len() {
            return None;
        }
        let mark = comment_mark(&self.text[text..]).filter(|_| self.within_comments);
        let is_comment = mark.is_some();
        self.within_comments = is_comment;
        if let Some(mark) = mark {
            // The mark is a cell of its own if a delimiter follows.
            let behind = self.after_blanks(text + mark);
            let is_cell = !aligned && self.at(behind) == Some(self.format.delimiter);
            self.position = if is_cell { offset } else { behind };
        }
        // The quotes of a comment need not be closed.
        let quote = self.format.quote.filter(|_| !is_comment);
        let mut row = Row {
            offset,
            first_cell: self.position,
            line: self.line,
            cells: Vec::new(),
            is_comment,
            blanks_before_quotes: false,
            is_complete: false,
        };
        loop {
            let cell = self.cell(quote, &mut row.blanks_before_quotes);
            row.cells.push(cell);
            if self.ends(&mut row) {
                return Some(row);
            }
            self.position += 1;
            if aligned {
                // Blanks at the end of a line separate nothing.
                self.position = self.after_blanks(self.position);
                if self.ends(&mut row) {
                    return Some(row);
                }
            }
        }
    }
}

/// The length of the mark of a comment, if there is one.
fn comment_mark(line: &[u8]) -> Option<usize> {
    if line.starts_with(b"//") {
        return Some(2);
    }
    let num_marks = line.iter().take_while(|&&byte| byte == b'#').count();
    (num_marks > 0).then_some(num_marks)
}

#[cfg(test)]
mod tests;
