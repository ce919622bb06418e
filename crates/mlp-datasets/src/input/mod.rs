//! Where a table lies, and its rows as they stand there.

mod dialect;
pub(crate) mod file;
mod source;
mod text;

use arrow_array::RecordBatchReader;
use arrow_schema::SchemaRef;

pub use dialect::Dialect;
use source::Content;
pub(crate) use source::Input;
pub use source::Source;
pub(crate) use text::{TextReader, find_columns};

use crate::Error;

/// An input that is being read: rows of text, or batches of typed columns.
pub(crate) enum InputReader {
    Text(Box<TextReader>),
    Batches(Box<dyn RecordBatchReader>),
}

impl InputReader {
    pub fn open(input: &Input, dialect: &Dialect) -> Result<Self, Error> {
        Ok(match input.open()? {
            Content::Text(text) => {
                Self::Text(Box::new(TextReader::new(&input.path(), text, dialect)?))
            }
            Content::Batches(batches) => Self::Batches(batches),
        })
    }

    /// The names of the columns.
    pub fn header(&self) -> Vec<String> {
        match self {
            Self::Text(reader) => reader.header().to_vec(),
            Self::Batches(batches) => column_names(&batches.schema()),
        }
    }

    /// The types of the columns, if they are stated.
    pub fn types(&self) -> Option<SchemaRef> {
        match self {
            Self::Text(_) => None,
            Self::Batches(batches) => Some(batches.schema()),
        }
    }
}

/// The names of typed columns.
pub(crate) fn column_names(types: &SchemaRef) -> Vec<String> {
    let fields = types.fields().iter();
    fields.map(|field| field.name().clone()).collect()
}
