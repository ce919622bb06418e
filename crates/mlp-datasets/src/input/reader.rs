use arrow_array::RecordBatchReader;
use arrow_schema::SchemaRef;

use super::dialect::Dialect;
use super::input::{Content, Input};
use super::text::TextReader;
use crate::error::Error;

/// An input that is being read: rows of text, or batches of typed columns.
pub(crate) enum InputReader {
    Text(Box<TextReader>),
    Batches(Box<dyn RecordBatchReader>),
}

impl InputReader {
    pub fn open(input: &Input, dialect: &Dialect) -> Result<Self, Error> {
        Ok(match input.open(dialect)? {
            Content::Text { text, keys } => {
                let reader = TextReader::new(&input.path(), text, dialect)?;
                Self::Text(Box::new(reader.with_keys(keys)))
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

    /// The types of the columns, if the file has types.
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
