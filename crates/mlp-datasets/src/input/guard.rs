//! Damaged files on which a library panics.
//!
//! The readers of Arrow files and of old workbooks trust the offsets in a file, and panic if one is out of
//! range. For a caller that is a damaged file like any other.

use std::path::Path;

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};

use crate::error::Error;
use crate::quietly;

const REASON: &str = "its content contradicts itself";

/// Opens a file; a panic is an error.
pub(super) fn guarded<T>(path: &Path, open: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    quietly(open).unwrap_or_else(|_| Err(Error::damaged(path, &REASON)))
}

/// Batches of a file that may be damaged; they end with an error where the reader panics.
pub(super) struct Guarded {
    batches: Box<dyn RecordBatchReader>,
    has_ended: bool,
}

impl Guarded {
    pub fn new(batches: Box<dyn RecordBatchReader>) -> Self {
        Self {
            batches,
            has_ended: false,
        }
    }
}

impl Iterator for Guarded {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_ended {
            return None;
        }
        quietly(|| self.batches.next()).unwrap_or_else(|_| {
            self.has_ended = true;
            Some(Err(ArrowError::ParseError(REASON.to_owned())))
        })
    }
}

impl RecordBatchReader for Guarded {
    fn schema(&self) -> SchemaRef {
        self.batches.schema()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error() {
        let opened: Result<(), Error> = guarded(Path::new("x"), || panic!("out of range"));
        assert_eq!(
            opened.unwrap_err().to_string(),
            "`x` is damaged: its content contradicts itself"
        );
        assert_eq!(guarded(Path::new("x"), || Ok(1)).unwrap(), 1);
    }
}
