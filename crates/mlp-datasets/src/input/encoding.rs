//! The encoding of a text, which is UTF-8 when it is read further.

use std::io::{Cursor, Read};

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use encoding_rs_io::DecodeReaderBytesBuilder;

use super::dialect::Dialect;
use crate::error::Error;

const UTF_8_MARK: &[u8] = &[0xef, 0xbb, 0xbf];
const UTF_16LE_MARK: &[u8] = &[0xff, 0xfe];
const UTF_16BE_MARK: &[u8] = &[0xfe, 0xff];

impl Dialect {
    /// Whether a label is that of an encoding in which texts can be read.
    pub fn is_encoding(label: &str) -> bool {
        Encoding::for_label(label.as_bytes()).is_some()
    }
}

/// A text in UTF-8 without a byte order mark.
pub(super) struct Decoded {
    pub text: Box<dyn Read>,
    /// The name of the encoding that it was in, if it was another one.
    pub encoding: Option<String>,
}

/// A text from its beginning and the rest in any encoding.
pub(super) fn decode(
    mut start: Vec<u8>,
    rest: Box<dyn Read>,
    dialect: &Dialect,
) -> Result<Decoded, Error> {
    let (mark, encoding) = if start.starts_with(UTF_8_MARK) {
        (UTF_8_MARK, UTF_8)
    } else if start.starts_with(UTF_16LE_MARK) {
        (UTF_16LE_MARK, UTF_16LE)
    } else if start.starts_with(UTF_16BE_MARK) {
        (UTF_16BE_MARK, UTF_16BE)
    } else if let Some(label) = &dialect.encoding {
        let encoding = Encoding::for_label(label.as_bytes());
        let encoding = encoding.ok_or_else(|| Error::InvalidOption {
            option: "encoding",
            value: format!("`{label}`"),
            allowed: "an encoding such as `utf-8`, `utf-16le` or `windows-1252`".to_owned(),
        })?;
        // A file that a model is applied to may be in UTF-8, though that of the training was not.
        let is_utf_8 = encoding.is_single_byte() && is_beyond_ascii(&start);
        (&[][..], if is_utf_8 { UTF_8 } else { encoding })
    } else {
        (&[][..], utf_16_without_mark(&start).unwrap_or(UTF_8))
    };
    start.drain(..mark.len());
    let text = Cursor::new(start).chain(rest);
    // UTF-8 is checked cell by cell, where an error can say in which one.
    if encoding == UTF_8 {
        return Ok(Decoded {
            text: Box::new(text),
            encoding: None,
        });
    }
    let decoder = DecodeReaderBytesBuilder::new()
        .encoding(Some(encoding))
        .build(text);
    Ok(Decoded {
        text: Box::new(decoder),
        encoding: Some(encoding.name().to_lowercase()),
    })
}

/// Whether bytes are UTF-8 with characters beyond ASCII, which texts in encodings of single bytes hardly ever are.
fn is_beyond_ascii(bytes: &[u8]) -> bool {
    !bytes.is_ascii()
        && match str::from_utf8(bytes) {
            Ok(_) => true,
            // The last character may be cut.
            Err(error) => error.error_len().is_none() && error.valid_up_to() > 0,
        }
}

/// The beginning of a text in UTF-16 with a byte order mark, in UTF-8.
pub(super) fn in_utf_8(start: &[u8]) -> Option<String> {
    let encoding = if start.starts_with(UTF_16LE_MARK) {
        UTF_16LE
    } else if start.starts_with(UTF_16BE_MARK) {
        UTF_16BE
    } else {
        return None;
    };
    Some(encoding.decode_with_bom_removal(start).0.into_owned())
}

/// In UTF-16, one byte of each ASCII character is zero. Line breaks and delimiters show which one,
/// so letters need not be Latin.
fn utf_16_without_mark(start: &[u8]) -> Option<&'static Encoding> {
    let (mut little, mut big) = (0, 0);
    for pair in start.chunks_exact(2) {
        little += usize::from(pair[0] != 0 && pair[1] == 0);
        big += usize::from(pair[0] == 0 && pair[1] != 0);
    }
    // A text has no zero character but behind its end.
    let end = start
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |end| end + 1);
    if start[..end].chunks_exact(2).any(|pair| pair == [0, 0]) {
        return None;
    }
    // A few may be damage.
    let enough = (start.len() / 2 / 20).max(2);
    if little > enough.max(big * 20) {
        Some(UTF_16LE)
    } else if big > enough.max(little * 20) {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// How bytes that are not UTF-8 read in the most frequent other encoding.
pub(crate) fn in_windows_1252(bytes: &[u8]) -> String {
    WINDOWS_1252
        .decode_without_bom_handling(bytes)
        .0
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8], label: Option<&str>) -> String {
        let dialect = Dialect {
            encoding: label.map(str::to_owned),
            ..Dialect::default()
        };
        let (start, rest) = bytes.split_at(bytes.len().min(24));
        let rest = Box::new(Cursor::new(rest.to_vec()));
        let mut text = String::new();
        let mut decoded = decode(start.to_vec(), rest, &dialect).unwrap();
        decoded.text.read_to_string(&mut text).unwrap();
        text
    }

    fn little(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn big(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_be_bytes).collect()
    }

    #[test]
    fn texts_are_read_in_their_encoding_with_and_without_a_mark() {
        for text in [
            "städte;größe\nköln;1\n",
            "город;a\nМосква;1\nТверь;2\n",
            // One byte of this character is zero too.
            "a character;一\n1;2\n2;3\n3;4\n4;5\n",
        ] {
            let marked = format!("\u{feff}{text}");
            for bytes in [
                text.as_bytes().to_vec(),
                marked.as_bytes().to_vec(),
                little(text),
                little(&marked),
                big(text),
                big(&marked),
            ] {
                assert_eq!(decoded(&bytes, None), text, "{bytes:?}");
            }
            // A mark decides, whatever encoding was given.
            for bytes in [marked.as_bytes().to_vec(), little(&marked), big(&marked)] {
                assert_eq!(decoded(&bytes, Some("latin1")), text);
            }
        }
        assert_eq!(decoded(b"K\xf6ln \x80", Some("windows-1252")), "Köln €");
        assert_eq!(decoded("Köln".as_bytes(), Some("utf-8")), "Köln");
        assert_eq!(decoded("Köln".as_bytes(), Some("windows-1252")), "Köln");
    }

    #[test]
    fn an_unknown_encoding_is_an_error() {
        let dialect = Dialect {
            encoding: Some("utf-7".into()),
            ..Dialect::default()
        };
        let error = decode(b"a".to_vec(), Box::new(std::io::empty()), &dialect);
        assert!(matches!(error, Err(Error::InvalidOption { .. })));
        assert!(!Dialect::is_encoding("utf-7"));
        assert!(Dialect::is_encoding("Latin1"));
    }
}
