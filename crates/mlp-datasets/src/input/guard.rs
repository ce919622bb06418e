//! Damaged files on which a library panics.
//!
//! The readers of Arrow files and of old workbooks trust the offsets in a file, and panic if one is out of
//! range. For a caller that is a damaged file like any other.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Once;

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};

use crate::error::Error;

const REASON: &str = "its content contradicts itself";

thread_local! {
    /// Whether panics of this thread are turned into errors, so that nothing is printed about them.
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Opens a file; a panic is an error.
pub(super) fn guarded<T>(path: &Path, open: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch(open).unwrap_or_else(|| Err(Error::damaged(path, &REASON)))
}

/// What a function returns, or `None` if it panics.
fn catch<T>(function: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !IS_GUARDED.get() {
                previous(info);
            }
        }));
    });
    let was_guarded = IS_GUARDED.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(function));
    IS_GUARDED.set(was_guarded);
    result.ok()
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
        catch(|| self.batches.next()).unwrap_or_else(|| {
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
        assert_eq!(catch(|| 1), Some(1));
    }
}
