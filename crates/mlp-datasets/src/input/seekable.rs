use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::file;
use crate::error::Error;

/// What can be read at any position.
pub(super) trait ReadSeek: Read + Seek {}

impl<R: Read + Seek> ReadSeek for R {}

/// A file that can be read at any position, or its bytes.
pub(super) enum Seekable {
    File(PathBuf),
    Bytes(Bytes),
}

impl Seekable {
    /// Opens it from its beginning.
    pub fn open(&self, path: &Path) -> Result<Box<dyn ReadSeek>, Error> {
        Ok(match self {
            Self::File(file) => Box::new(BufReader::new(open_file(path, file)?)),
            Self::Bytes(bytes) => Box::new(Cursor::new(bytes.clone())),
        })
    }
}

pub(super) fn open_file(path: &Path, file: &Path) -> Result<File, Error> {
    File::open(file).map_err(|source| file::cannot_read(path, source))
}
