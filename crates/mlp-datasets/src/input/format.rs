//! What a file is, by its first bytes.

use super::compression::Compression;
use super::json::{Shape, shape};
use super::not_a_table::{NoTable, identify, is_text};

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
    /// Something that is not read.
    NoTable(NoTable),
    /// What was compressed more than once.
    CompressedTwice,
}

const FORMATS: [(&[u8], Format); 6] = [
    (b"PAR1", Format::Parquet),
    (b"ARROW1", Format::ArrowFile),
    // The continuation marker of a stream; no text in UTF-8 begins like that.
    (&[0xff; 4], Format::ArrowStream),
    (b"PK\x03\x04", Format::Zip),
    (b"PK\x05\x06", Format::Zip),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format::CompoundFile),
];

impl Format {
    /// The format of a file by its first bytes, which may be all there are.
    pub fn detect(sample: &[u8]) -> Self {
        // A text may begin with these letters too.
        let is_known = |magic: &[u8]| sample.starts_with(magic) && !is_text(sample, magic);
        if let Some((_, format)) = FORMATS.iter().find(|(magic, _)| is_known(magic)) {
            return *format;
        }
        if let Some(no_table) = identify(sample) {
            return Self::NoTable(no_table);
        }
        shape(sample).map_or(Self::Text, Self::Json)
    }
}

/// Whether bytes are read as a text of rows and cells, such as CSV: they are not compressed, not JSON, and no
/// other format that is recognised by its first bytes.
pub fn is_plain_text(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(SAMPLE_SIZE)];
    Compression::detect(sample).is_none() && Format::detect(sample) == Format::Text
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
            (b"PK\x03\x04\x14\0", Format::Zip),
            (b"PK,x\n", Format::Text),
            (b"{\"a\": 1}\n", Format::Json(Shape::Lines)),
            (b"", Format::Text),
        ] {
            assert_eq!(Format::detect(sample), format, "{sample:?}");
        }
        assert!(is_plain_text(b"a,b\n1,2\n"));
        for other in [&b"{\"a\": 1}"[..], b"PAR1\x15\x04", b"\x1f\x8b\x08\0"] {
            assert!(!is_plain_text(other));
        }
    }
}
