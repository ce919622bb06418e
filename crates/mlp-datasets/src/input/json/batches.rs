//! The records of a JSON text as batches.

use std::collections::HashMap;
use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::Arc;

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, Schema, SchemaRef};

use super::Records;
use super::Shape;
use super::layout::{Columns, Inner, Layout};
use crate::error::Error;
use crate::input::cells::Cell;
use crate::input::column_type::rows_per_chunk;

/// The records as batches.
pub(in crate::input) struct JsonBatches {
    records: Records<io::BufReader<Box<dyn Read>>>,
    columns: Columns,
    index_of: HashMap<String, usize>,
    schema: SchemaRef,
}

impl JsonBatches {
    /// Batches of records whose columns are known.
    pub fn new(
        path: &Path,
        input: Box<dyn Read>,
        shape: Shape,
        layout: Layout,
    ) -> Result<Self, Error> {
        let Layout { columns, inner } = layout;
        let (input, shape, line) = match inner {
            Some(Inner { text, line, .. }) => (
                Box::new(Cursor::new(text)) as Box<dyn Read>,
                Shape::Array,
                line,
            ),
            None => (input, shape, 1),
        };
        let input = io::BufReader::with_capacity(1 << 17, input);
        let fields = columns.iter().map(|(name, of)| of.field(name));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let names = columns.iter().map(|(name, _)| name.clone());
        Ok(Self {
            records: Records::new(path, input, shape, line)?,
            index_of: names.zip(0..).collect(),
            columns,
            schema,
        })
    }

    fn next_batch(&mut self) -> Result<Option<RecordBatch>, ArrowError> {
        let mut rows: Vec<Vec<Cell>> = vec![Vec::new(); self.columns.len()];
        let mut num_rows = 0;
        while num_rows < rows_per_chunk(self.columns.len()) {
            let record = self.records.advance();
            let Some(record) = record.map_err(|error| ArrowError::JsonError(error.to_string()))?
            else {
                break;
            };
            for column in &mut rows {
                column.push(Cell::Missing);
            }
            for (name, cell) in record {
                // A column that appeared after the types were inferred is not asked for.
                if let Some(&index) = self.index_of.get(&name) {
                    rows[index][num_rows] = cell;
                }
            }
            num_rows += 1;
        }
        if num_rows == 0 {
            return Ok(None);
        }
        let columns = self.columns.iter().zip(&rows);
        let arrays = columns.map(|((_, of), cells)| of.array(cells.iter()));
        RecordBatch::try_new(self.schema.clone(), arrays.collect()).map(Some)
    }
}

impl Iterator for JsonBatches {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_batch().transpose()
    }
}

impl RecordBatchReader for JsonBatches {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}
