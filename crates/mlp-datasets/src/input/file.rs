//! Files that may be compressed with gzip, which is detected from their first bytes.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::error::Error;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Opens a file and decompresses it if needed.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Read>, Error> {
    File::open(path)
        .and_then(|file| decompress(BufReader::new(file)))
        .map_err(|source| cannot_read(path, source))
}

/// The bytes of an input, decompressed if needed.
pub(crate) fn decompress<'a>(mut input: impl BufRead + 'a) -> io::Result<Box<dyn Read + 'a>> {
    Ok(if input.fill_buf()?.starts_with(&GZIP_MAGIC) {
        Box::new(MultiGzDecoder::new(input))
    } else {
        Box::new(input)
    })
}

/// The whole content of a file, decompressed.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let mut content = Vec::new();
    match open(path)?.read_to_end(&mut content) {
        Ok(_) => Ok(content),
        Err(source) => Err(cannot_read(path, source)),
    }
}

pub(crate) fn cannot_read(path: &Path, source: io::Error) -> Error {
    Error::Io {
        action: "read",
        path: path.to_owned(),
        source,
    }
}

/// The SHA-256 of some bytes in hexadecimal.
#[cfg(any(test, feature = "download"))]
pub(crate) fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    use std::fmt::Write;

    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").expect("a string can always grow");
            text
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
mod tests {
    use super::*;

    #[test]
    fn compressed_files_are_detected_by_their_content() {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in [
            ("plain.gz", b"abc".to_vec()),
            ("compressed.csv", gzip(b"abc")),
        ] {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(read(&path).unwrap(), b"abc");
        }
    }

    #[test]
    fn a_truncated_archive_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gz");
        let bytes = gzip(&[7; 1000]);
        std::fs::write(&path, &bytes[..bytes.len() - 9]).unwrap();
        assert!(matches!(read(&path), Err(Error::Io { action: "read", .. })));
    }

    #[test]
    fn sha256_is_written_as_sha256sum_writes_it() {
        // printf abc | sha256sum
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), expected);
    }
}
