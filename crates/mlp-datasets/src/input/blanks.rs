//! Blanks that the csv crate cannot read: several that divide cells, and those before a quote.

use std::io::{self, Read};

use super::bounds::{MOST_ROW_BYTES, TooLong};
use super::scan::Format;

/// Passes a text on with one blank for each run of blanks between cells, or without the blanks before
/// quotes. Blanks within quotes stay, and so do line breaks.
pub(super) struct BlankRemover<R> {
    input: R,
    format: Format,
    state: State,
    /// The blanks since the last other byte.
    blanks: Vec<u8>,
    buffer: Vec<u8>,
    output: Vec<u8>,
    passed_on: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    LineStart,
    CellStart,
    Cell,
    Quoted,
    Escaped,
    /// Behind a closing quote, which another one opens again.
    Closed,
}

impl<R: Read> BlankRemover<R> {
    pub fn new(input: R, format: Format) -> Self {
        Self {
            input,
            format,
            state: State::LineStart,
            blanks: Vec::new(),
            buffer: vec![0; 1 << 13],
            output: Vec::new(),
            passed_on: 0,
        }
    }

    fn push(&mut self, byte: u8) {
        let aligned = self.format.delimiter == b' ';
        match self.state {
            State::Escaped => self.state = State::Quoted,
            State::Quoted => {
                if self.format.escape == Some(byte) {
                    self.state = State::Escaped;
                } else if self.format.quote == Some(byte) {
                    self.state = State::Closed;
                }
            }
            State::LineStart | State::CellStart | State::Cell | State::Closed => {
                let is_tab = byte == b'\t' && self.format.delimiter != b'\t';
                if byte == b' ' || is_tab {
                    self.blanks.push(byte);
                    return;
                }
                self.push_outside(byte, aligned);
                return;
            }
        }
        self.output.push(byte);
    }

    /// Takes a byte outside of quotes that is not blank.
    fn push_outside(&mut self, byte: u8, aligned: bool) {
        let is_break = byte == b'\n' || byte == b'\r';
        let had_blanks = !self.blanks.is_empty();
        if aligned && had_blanks {
            if self.state != State::LineStart && !is_break {
                self.output.push(b' ');
                self.state = State::CellStart;
            }
            self.blanks.clear();
        }
        let is_quote = self.format.quote == Some(byte);
        let at_start = match self.state {
            State::LineStart | State::CellStart => true,
            State::Closed => !had_blanks,
            State::Cell | State::Quoted | State::Escaped => false,
        };
        if is_quote && at_start {
            self.blanks.clear();
            self.state = State::Quoted;
        } else if is_break {
            self.state = State::LineStart;
        } else if byte == self.format.delimiter {
            self.state = State::CellStart;
        } else {
            self.state = State::Cell;
        }
        self.output.append(&mut self.blanks);
        self.output.push(byte);
    }
}

impl<R: Read> Read for BlankRemover<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.passed_on == self.output.len() {
            self.output.clear();
            self.passed_on = 0;
            let count = self.input.read(&mut self.buffer)?;
            if count == 0 {
                return Ok(0);
            }
            for i in 0..count {
                self.push(self.buffer[i]);
            }
            if self.blanks.len() > MOST_ROW_BYTES {
                return Err(TooLong::RowBytes.into());
            }
        }
        let rest = &self.output[self.passed_on..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.passed_on += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a byte at a time, so that any state must be kept between two reads.
    struct Slow<'a>(&'a [u8]);
    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.0.len().min(1);
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn removed(text: &str, delimiter: u8) -> String {
        let format = Format {
            delimiter,
            quote: Some(b'"'),
            escape: None,
            blanks_before_quotes: true,
        };
        let mut output = String::new();
        let mut remover = BlankRemover::new(Slow(text.as_bytes()), format);
        remover.read_to_string(&mut output).unwrap();
        output
    }

    #[test]
    fn runs_of_blanks_become_one() {
        assert_eq!(
            removed("  a \t b  \n\n 1  \"x  y\" \n2 3", b' '),
            "a b\n\n1 \"x  y\"\n2 3"
        );
    }

    #[test]
    fn blanks_before_quotes_are_removed() {
        assert_eq!(
            removed("a,  \"b, \"\"c\"\"\", d e ,f\n \"x\" , y", b','),
            "a,\"b, \"\"c\"\"\", d e ,f\n\"x\" , y"
        );
    }
}
