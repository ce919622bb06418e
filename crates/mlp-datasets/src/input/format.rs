//! What a file is, by its first bytes.

use super::json_shape::{self, Shape};

/// How many bytes are looked at: enough for the first records of a text.
pub(super) const SAMPLE_SIZE: usize = 1 << 16;

/// The format of a file that is not compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Parquet,
    ArrowFile,
    ArrowStream,
    /// A zip archive, which a workbook may be.
    Zip,
    /// A workbook of Excel as it was until 2003, or a new one with a password.
    CompoundFile,
    Json(Shape),
    Text,
    /// A format that is not read, and what it is called.
    Unsupported(&'static str),
}

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    Gzip,
    Zstandard,
    Bzip2,
}

const FORMATS: [(&[u8], Format); 20] = [
    (b"PAR1", Format::Parquet),
    (b"ARROW1", Format::ArrowFile),
    // The continuation marker of a stream; no text in UTF-8 begins like that.
    (&[0xff; 4], Format::ArrowStream),
    (b"PK\x03\x04", Format::Zip),
    (b"PK\x05\x06", Format::Zip),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format::CompoundFile),
    (b"PARE", Format::Unsupported("an encrypted Parquet file")),
    (b"FEA1", Format::Unsupported("a Feather file of version 1")),
    (b"ORC", Format::Unsupported("an ORC file")),
    (b"Obj\x01", Format::Unsupported("an Avro file")),
    (b"\x89HDF\r\n\x1a\n", Format::Unsupported("an HDF5 file")),
    (
        b"SQLite format 3\0",
        Format::Unsupported("a SQLite database"),
    ),
    (
        b"\xfd7zXZ\0",
        Format::Unsupported("a file compressed with xz"),
    ),
    (b"7z\xbc\xaf\x27\x1c", Format::Unsupported("a 7z archive")),
    (b"Rar!\x1a\x07", Format::Unsupported("a RAR archive")),
    (
        b"\x04\x22\x4d\x18",
        Format::Unsupported("a file compressed with lz4"),
    ),
    (b"%PDF-", Format::Unsupported("a PDF document")),
    (b"$FL2@(#)", Format::Unsupported("an SPSS file")),
    (b"<stata_dta>", Format::Unsupported("a Stata file")),
    (b"RDX3\n", Format::Unsupported("an R workspace")),
];

impl Format {
    /// The format of a file by its first bytes, which may be all there are.
    pub fn detect(sample: &[u8]) -> Self {
        let known = FORMATS.iter().find(|(magic, _)| sample.starts_with(magic));
        match known {
            // A text may begin with these letters too.
            Some((magic, _)) if magic.is_ascii() && is_text(sample, magic) => Self::text(sample),
            Some((_, format)) => *format,
            None => Self::text(sample),
        }
    }

    fn text(sample: &[u8]) -> Self {
        json_shape::shape(sample).map_or(Self::Text, Self::Json)
    }
}

/// Whether a file that begins with a word goes on as text, as a table with a column `ORC` does.
fn is_text(sample: &[u8], magic: &[u8]) -> bool {
    let start = &sample[..sample.len().min(64)];
    // The end may be within a character.
    let is_utf8 = str::from_utf8(start).map_or_else(|error| error.error_len().is_none(), |_| true);
    let is_control = |byte: &u8| byte.is_ascii_control() && !b"\r\n\t".contains(byte);
    magic.iter().all(u8::is_ascii_alphanumeric)
        && sample.len() > magic.len()
        && is_utf8
        && !start.iter().any(is_control)
}

impl Compression {
    /// How a file is compressed, by its first bytes.
    pub fn detect(sample: &[u8]) -> Option<Self> {
        match sample {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            // A file may begin with a frame that holds no data.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => {
                Some(Self::Zstandard)
            }
            // The size of the blocks, then the digits of pi or, if there are no blocks, of its root.
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, ..]
            | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, ..] => Some(Self::Bzip2),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_detected_by_content() {
        for (sample, format) in [
            (&b"PAR1\x15\x04"[..], Format::Parquet),
            (b"PAR1,x\n1,2\n", Format::Text),
            (b"ORC,elf\n1,2\n", Format::Text),
            (b"ORC\x0a\x03\x00", Format::Unsupported("an ORC file")),
            (b"PK\x03\x04\x14\0", Format::Zip),
            (b"PK,x\n", Format::Text),
            (b"{\"a\": 1}\n", Format::Json(Shape::Lines)),
            (b"", Format::Text),
        ] {
            assert_eq!(Format::detect(sample), format, "{sample:?}");
        }
        assert_eq!(Compression::detect(b"BZh,x\n"), None);
    }
}
