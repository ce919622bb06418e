//! Batches in memory.

use std::sync::Arc;

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};

/// Batches that were read before. Copies share their memory.
#[derive(Clone, Debug)]
pub(super) struct MemoryBatches {
    schema: SchemaRef,
    batches: Arc<[RecordBatch]>,
    next: usize,
}

impl MemoryBatches {
    pub fn new(schema: SchemaRef, batches: impl Into<Arc<[RecordBatch]>>) -> Self {
        Self {
            schema,
            batches: batches.into(),
            next: 0,
        }
    }
}

impl Iterator for MemoryBatches {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.batches.get(self.next)?;
        self.next += 1;
        Some(Ok(batch.clone()))
    }
}

impl RecordBatchReader for MemoryBatches {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}
