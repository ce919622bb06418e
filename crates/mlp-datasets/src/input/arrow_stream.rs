use std::io::{Cursor, Read};
use std::path::PathBuf;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int16Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatch, RunArray};
use bytes::Bytes;

use super::arrow_claims::CheckedStream;
use super::guard::{Guarded, guarded};
use super::typed;
use crate::error::Error;

/// The batches of an Arrow IPC stream in memory that someone else has made.
///
/// What the stream claims about itself is looked at before memory is reserved for it, and a stream that
/// contradicts itself is an error, not a panic.
///
/// ```
/// use mlp_datasets::ArrowStream;
///
/// let error = ArrowStream::open("the body", &b"not Arrow"[..], 1 << 20).err().unwrap();
/// assert!(error.to_string().starts_with("`the body` is damaged"));
/// ```
pub struct ArrowStream {
    path: PathBuf,
    batches: Guarded,
    most_bytes: u64,
}

impl ArrowStream {
    /// Opens a stream whose columns have at most so many bytes, before compression and when each value of a
    /// dictionary or a run is written for each of its rows. The name is used in messages.
    ///
    /// # Errors
    ///
    /// If it does not begin like a stream.
    pub fn open(name: &str, bytes: impl Into<Bytes>, most_bytes: u64) -> Result<Self, Error> {
        let path = PathBuf::from(name);
        let stream = Cursor::new(bytes.into());
        let batches = guarded(&path, || {
            let stream: Box<dyn Read> = Box::new(stream);
            typed::open_stream(&path, CheckedStream::new(stream).with_at_most(most_bytes))
        })?;
        Ok(Self {
            path,
            batches: Guarded::new(batches),
            most_bytes,
        })
    }
}

impl Iterator for ArrowStream {
    type Item = Result<RecordBatch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = match self.batches.next()? {
            Ok(batch) => batch,
            Err(error) => return Some(Err(Error::damaged(&self.path, &error))),
        };
        if batch.columns().iter().map(expanded_bytes).sum::<u64>() > self.most_bytes {
            let reason = "it unpacks to more than is read";
            return Some(Err(Error::damaged(&self.path, &reason)));
        }
        Some(Ok(batch))
    }
}

/// The most bytes that the texts of a column can have once each row has a text of its own.
fn expanded_bytes(array: &ArrayRef) -> u64 {
    let values = if let Some(dictionary) = array.as_any_dictionary_opt() {
        Some(dictionary.values())
    } else if let Some(runs) = array.as_run_opt::<Int16Type>() {
        Some(runs.values())
    } else if let Some(runs) = array.as_run_opt::<Int32Type>() {
        Some(runs.values())
    } else {
        array.as_run_opt::<Int64Type>().map(RunArray::values)
    };
    values.map_or(0, |values| {
        (array.len() as u64).saturating_mul(longest(values))
    })
}

/// The length of the longest text of an array.
fn longest(values: &ArrayRef) -> u64 {
    let lengths = if let Some(texts) = values.as_string_opt::<i32>() {
        texts.offsets().lengths().max()
    } else if let Some(texts) = values.as_string_opt::<i64>() {
        texts.offsets().lengths().max()
    } else if let Some(texts) = values.as_string_view_opt() {
        texts.lengths().max().map(|length| length as usize)
    } else {
        // Numbers and the like.
        None
    };
    lengths.unwrap_or(0) as u64
}
