use std::fmt;
use std::io::{self, Write};

use super::one_line;

/// A writer each of whose formatted texts is one line, whatever names are in it: one with a line break would forge
/// another line.
pub struct Lines<W>(pub W);

impl<W: Write> Write for Lines<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }

    fn write_fmt(&mut self, text: fmt::Arguments<'_>) -> io::Result<()> {
        let text = text.to_string();
        let (line, end) = match text.strip_suffix('\n') {
            Some(line) => (line, "\n"),
            None => (text.as_str(), ""),
        };
        self.0.write_all(one_line(line).as_bytes())?;
        self.0.write_all(end.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_break_within_a_line_is_escaped() {
        let mut written = Vec::new();
        let name = "a\nb";
        writeln!(Lines(&mut written), "{name} and more").unwrap();
        assert_eq!(written, b"a\\u000ab and more\n");
    }
}
