//! Files that may be compressed, which is detected from their first bytes.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use bzip2::bufread::MultiBzDecoder;
use sha2::{Digest, Sha256};

use super::format::Compression;
use super::gzip::GzipParts;
use super::zeros::ZeroByte;
use crate::error::Error;

/// Opens a file and decompresses it if needed.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Read>, Error> {
    File::open(path)
        .and_then(|file| decompress(BufReader::new(file)))
        .map_err(|source| cannot_read(path, source))
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

/// The whole content of a file, decompressed.
#[cfg(any(test, feature = "download"))]
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let mut content = Vec::new();
    match open(path)?.read_to_end(&mut content) {
        Ok(_) => Ok(content),
        Err(source) => Err(cannot_read(path, source)),
    }
}

pub(crate) fn cannot_read(path: &Path, source: io::Error) -> Error {
    let inner = source.get_ref();
    if let Some(ZeroByte { line }) = inner.and_then(|inner| inner.downcast_ref()) {
        return Error::ZeroByte {
            path: path.to_owned(),
            line: *line,
        };
    }
    Error::Io {
        action: "read",
        path: path.to_owned(),
        source,
    }
}

/// The SHA-256 of some bytes in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Bytes as two digits each.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // A string can always grow.
        let _ = write!(text, "{byte:02x}");
    }
    text
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

    fn written(bytes: &[u8]) -> Result<Vec<u8>, Error> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, bytes).unwrap();
        read(&path)
    }

    #[test]
    fn compressed_files_are_detected_by_their_content() {
        assert_eq!(written(b"abc").unwrap(), b"abc");
        for compress in [gzip, zstandard, bzip2] {
            assert_eq!(written(&compress(b"abc")).unwrap(), b"abc");
        }
    }

    #[test]
    fn an_archive_of_several_parts_is_read_to_its_end() {
        for compress in [gzip, zstandard, bzip2] {
            let parts = [compress(b"abc"), compress(b"def")].concat();
            assert_eq!(written(&parts).unwrap(), b"abcdef");
        }
    }

    #[test]
    fn zero_bytes_behind_the_parts_of_an_archive_are_padding() {
        let padding = vec![0; 1 << 17];
        let parts = [gzip(b"abc"), padding.clone(), gzip(b"def"), padding].concat();
        assert_eq!(written(&parts).unwrap(), b"abcdef");
    }

    #[test]
    fn a_truncated_archive_is_an_error() {
        let content: Vec<u8> = (0..4000_u32)
            .flat_map(|i| i.wrapping_mul(i).to_le_bytes())
            .collect();
        for compress in [gzip, zstandard, bzip2] {
            let bytes = compress(&content);
            for missing in [1, 5, 9, bytes.len() / 2] {
                let read = written(&bytes[..bytes.len() - missing]);
                assert!(
                    matches!(read, Err(Error::Io { action: "read", .. })),
                    "{missing}"
                );
            }
        }
    }

    #[test]
    fn sha256_is_written_as_sha256sum_writes_it() {
        // printf abc | sha256sum
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), expected);
    }
}
