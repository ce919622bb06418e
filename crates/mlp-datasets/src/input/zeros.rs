//! Zero bytes in a text: padding at its end, or damage.

use std::fmt;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use memchr::{memchr, memchr_iter};

use super::notes::Notes;

/// Passes a text on without the zero bytes at its end, which some devices fill files up with. Others are an
/// error.
pub(super) struct ZeroGuard<R> {
    input: R,
    path: PathBuf,
    notes: Notes,
    /// The line that is being read, from 1.
    line: u64,
    has_ended: bool,
}

/// The line, from 1, of a zero byte in a text.
#[derive(Debug)]
pub(super) struct ZeroByte {
    pub line: u64,
}

impl fmt::Display for ZeroByte {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "there is a zero byte in line {}", self.line)
    }
}

impl std::error::Error for ZeroByte {}

impl<R: Read> ZeroGuard<R> {
    pub fn new(input: R, path: &Path, notes: &Notes) -> Self {
        Self {
            input,
            path: path.to_owned(),
            notes: notes.clone(),
            line: 1,
            has_ended: false,
        }
    }

    /// Whether nothing but zero bytes and line breaks is left.
    fn is_padding(&mut self) -> io::Result<bool> {
        let mut rest = vec![0; 1 << 13];
        loop {
            let count = self.input.read(&mut rest)?;
            if count == 0 {
                return Ok(true);
            }
            if !is_padding(&rest[..count]) {
                return Ok(false);
            }
        }
    }
}

fn is_padding(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| b"\0\r\n".contains(byte))
}

impl<R: Read> Read for ZeroGuard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.has_ended {
            return Ok(0);
        }
        let count = self.input.read(buffer)?;
        let text = &buffer[..count];
        let zero = memchr(0, text);
        let end = zero.unwrap_or(count);
        self.line += memchr_iter(b'\n', &text[..end]).count() as u64;
        if zero.is_some() {
            if !is_padding(&text[end..]) || !self.is_padding()? {
                return Err(io::Error::other(ZeroByte { line: self.line }));
            }
            self.has_ended = true;
            self.notes.add(format!(
                "`{}` ends in zero bytes, which are ignored",
                self.path.display()
            ));
        }
        Ok(end)
    }
}

#[cfg(test)]
mod tests {
    use crate::error::Error;
    use crate::{ReadOptions, Source, read_dataset};

    fn read(text: &[u8]) -> Result<(usize, Vec<String>), Error> {
        let source = Source::from_bytes("x", text.to_vec());
        let dataset = read_dataset(&source, &ReadOptions::default())?;
        Ok((dataset.table.num_rows(), dataset.notes))
    }

    #[test]
    fn zero_bytes_at_the_end_of_a_text_are_ignored() {
        let padding = vec![0; 20_000];
        for text in [
            &b"a,b\n1,2.5\n3,4\n"[..],
            b"{\"a\": 1, \"b\": 2}\n{\"a\": 3, \"b\": 5}\n",
        ] {
            let (num_rows, notes) = read(&[text, &padding, b"\n"].concat()).unwrap();
            assert_eq!(num_rows, 2);
            assert_eq!(notes, ["`x` ends in zero bytes, which are ignored"]);
        }
    }

    #[test]
    fn a_zero_byte_within_a_text_is_an_error_with_its_line() {
        for text in [
            "a,b\n1,2\n3,21.5\0\0\n5,6\n",
            "a,b\r\n1,2\r\n3,4\0\r\n5,6\r\n",
            "{\"a\": 1}\n{\"a\": 2}\n{\"a\":\0 2}\n",
        ] {
            let error = read(text.as_bytes()).unwrap_err();
            assert_eq!(
                error.to_string(),
                "line 3 of `x` has a zero byte (NUL) in it"
            );
        }
    }
}
