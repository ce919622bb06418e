use std::path::Path;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use super::batches::Batches;
use super::dialect::Dialect;
use super::input::{Content, Input};
use super::text::TextReader;
use super::workbook::SheetFacts;
use crate::error::Error;

/// An input that is being read: rows of text, or batches of typed columns.
pub(crate) enum InputReader {
    Text(Box<TextReader>),
    Batches(Batches),
}

impl InputReader {
    /// Opens an input. The header of a text is the row with all given names, if there is one.
    pub fn open(input: &Input, dialect: &Dialect, names: &[&String]) -> Result<Self, Error> {
        // Columns of partitions are not in the file.
        let of_keys = |name: &&&String| input.keys().iter().any(|(key, _)| key == **name);
        let names = names.iter().filter(|name| !of_keys(name)).copied();
        let names: Vec<&String> = names.collect();
        Ok(match input.open(dialect, &names)? {
            Content::Text { text, keys } => {
                let reader = TextReader::new(&input.path(), text, dialect, &names, input.notes())?;
                Self::Text(Box::new(reader.with_keys(keys)))
            }
            Content::Batches(batches) => Self::Batches(batches),
        })
    }

    /// Whether there are no rows. If there are, the first one is skipped, or the first batch.
    pub fn has_no_rows(&mut self, path: &Path) -> Result<bool, Error> {
        match self {
            Self::Text(text) => Ok(!text.advance()?),
            Self::Batches(batches) => {
                let is_empty = |batch: &RecordBatch| batch.num_rows() == 0;
                match batches.find(|batch| !batch.as_ref().is_ok_and(is_empty)) {
                    Some(Err(error)) => Err(Error::damaged(path, &error)),
                    batch => Ok(batch.is_none()),
                }
            }
        }
    }

    /// How the input is read, if it is a text.
    pub fn dialect(&self) -> Option<&Dialect> {
        match self {
            Self::Text(text) => Some(text.dialect()),
            Self::Batches(_) => None,
        }
    }

    /// The names of the columns.
    pub fn header(&self) -> Vec<String> {
        match self {
            Self::Text(reader) => reader.header().to_vec(),
            Self::Batches(batches) => column_names(&batches.schema()),
        }
    }

    /// The sheet of a workbook that is read, and those that are not.
    pub fn sheet(&self) -> Option<&SheetFacts> {
        match self {
            Self::Text(_) => None,
            Self::Batches(batches) => Some(&batches.sheet),
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
