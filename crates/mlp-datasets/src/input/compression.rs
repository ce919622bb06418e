//! Compressed contents, which are detected from their first bytes.

use std::io::{self, BufRead, Read};

use bzip2::bufread::MultiBzDecoder;

use super::gzip::GzipParts;

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    Gzip,
    Zstandard,
    Bzip2,
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

/// The bytes of an input, decompressed if needed.
pub(crate) fn decompress<'a>(mut input: impl BufRead + 'a) -> io::Result<Box<dyn Read + 'a>> {
    let compression = Compression::detect(input.fill_buf()?);
    decompress_with(compression, input)
}

/// The bytes of an input that is compressed in a known way, or not at all. An archive may have several
/// parts, as `cat a.gz b.gz` writes them.
pub(super) fn decompress_with<'a>(
    compression: Option<Compression>,
    input: impl BufRead + 'a,
) -> io::Result<Box<dyn Read + 'a>> {
    Ok(match compression {
        Some(Compression::Gzip) => Box::new(GzipParts::new(input)),
        Some(Compression::Zstandard) => Box::new(zstd::Decoder::with_buffer(input)?),
        Some(Compression::Bzip2) => Box::new(MultiBzDecoder::new(input)),
        None => Box::new(input),
    })
}

/// Bytes compressed with gzip.
#[cfg(test)]
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;

    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[cfg(test)]
pub(crate) mod tests {
    use std::io::Write;

    use super::*;

    pub fn zstandard(bytes: &[u8]) -> Vec<u8> {
        zstd::encode_all(bytes, 1).unwrap()
    }

    pub fn bzip2(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn decompressed(bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut content = Vec::new();
        decompress(bytes)?.read_to_end(&mut content)?;
        Ok(content)
    }

    #[test]
    fn compressed_bytes_are_detected_by_their_content() {
        assert_eq!(decompressed(b"abc").unwrap(), b"abc");
        for compress in [gzip, zstandard, bzip2] {
            assert_eq!(decompressed(&compress(b"abc")).unwrap(), b"abc");
        }
        assert_eq!(Compression::detect(b"BZh,x\n"), None);
    }

    #[test]
    fn an_archive_of_several_parts_is_read_to_its_end() {
        for compress in [gzip, zstandard, bzip2] {
            let parts = [compress(b"abc"), compress(b"def")].concat();
            assert_eq!(decompressed(&parts).unwrap(), b"abcdef");
        }
    }

    #[test]
    fn zero_bytes_behind_the_parts_of_an_archive_are_padding() {
        let padding = vec![0; 1 << 17];
        let parts = [gzip(b"abc"), padding.clone(), gzip(b"def"), padding].concat();
        assert_eq!(decompressed(&parts).unwrap(), b"abcdef");
    }

    #[test]
    fn a_truncated_archive_is_an_error() {
        let content: Vec<u8> = (0..4000_u32)
            .flat_map(|i| i.wrapping_mul(i).to_le_bytes())
            .collect();
        for compress in [gzip, zstandard, bzip2] {
            let bytes = compress(&content);
            for missing in [1, 5, 9, bytes.len() / 2] {
                let truncated = decompressed(&bytes[..bytes.len() - missing]);
                assert!(truncated.is_err(), "{missing}");
            }
        }
    }
}
