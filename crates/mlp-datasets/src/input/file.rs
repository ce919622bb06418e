//! Files that may be compressed.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use super::compression::decompress;
use super::zeros::ZeroByte;
use crate::error::Error;

/// Opens a file and decompresses it if needed.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Read>, Error> {
    File::open(path)
        .and_then(|file| decompress(BufReader::new(file)))
        .map_err(|source| cannot_read(path, source))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::compression::gzip;

    #[test]
    fn a_compressed_file_is_read_whatever_its_name_is_and_a_truncated_one_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let bytes = gzip(b"abc");
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(read(&path).unwrap(), b"abc");

        std::fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        let error = read(&path).unwrap_err();
        assert!(matches!(error, Error::Io { action: "read", .. }), "{error}");
    }
}
