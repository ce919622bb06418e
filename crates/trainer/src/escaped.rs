use std::io::{self, Stderr, Write};

/// A writer of text in which control characters are escaped, as `\u001b` for the one that commands to a
/// terminal begin with: names, cells and paths come from files of strangers. Line breaks are left as they are.
///
/// What is JSON stays JSON, since there these characters are within strings only.
#[derive(Debug)]
pub struct Escaped<W>(pub W);

/// The standard error for text.
pub fn stderr() -> Escaped<Stderr> {
    Escaped(io::stderr())
}

impl<W: Write> Write for Escaped<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Self(writer) = self;
        let mut start = 0;
        let mut index = 0;
        while let Some(&byte) = bytes.get(index) {
            // In UTF-8, those beyond ASCII are two bytes, of which the first is 0xc2.
            let (control, length) = match (byte, bytes.get(index + 1)) {
                (b'\n', _) => (None, 1),
                (0..0x20 | 0x7f, _) => (Some(byte), 1),
                (0xc2, Some(&second @ 0x80..0xa0)) => (Some(second), 2),
                _ => (None, 1),
            };
            if let Some(control) = control {
                writer.write_all(&bytes[start..index])?;
                write!(writer, "\\u{control:04x}")?;
                start = index + length;
            }
            index += length;
        }
        writer.write_all(&bytes[start..])
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut written = Vec::new();
        write!(Escaped(&mut written), "{text}").unwrap();
        String::from_utf8(written).unwrap()
    }

    #[test]
    fn commands_to_a_terminal_are_text() {
        assert_eq!(escaped("a\u{1b}]0;x\u{7}b\n"), "a\\u001b]0;x\\u0007b\n");
        assert_eq!(escaped("\u{9b}31m\r"), "\\u009b31m\\u000d");
        assert_eq!(escaped("\u{7f}"), "\\u007f");
    }

    #[test]
    fn other_text_is_left_as_it_is() {
        for text in ["", "größe — 大小 €\n", "§ ¢ \u{a0}"] {
            assert_eq!(escaped(text), text);
        }
    }

    #[test]
    fn json_stays_json() {
        let value = serde_json::json!({ "name\u{7f}": "\u{1b}[31m\u{85}" });
        let json = escaped(&value.to_string());
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&json).unwrap(),
            value
        );
    }
}
