use std::sync::Arc;

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};

use super::workbook::SheetFacts;

/// Batches of typed columns, and where their rows are if they are those of a sheet.
pub(crate) struct Batches {
    pub batches: Box<dyn RecordBatchReader>,
    pub sheet: Arc<SheetFacts>,
}

impl Batches {
    pub fn schema(&self) -> SchemaRef {
        self.batches.schema()
    }
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.batches.next()
    }
}
