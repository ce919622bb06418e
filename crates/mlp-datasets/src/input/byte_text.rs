//! Columns of bytes that hold text, as Impala and others write it.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{BinaryType, LargeBinaryType};
use arrow_array::{ArrayRef, LargeStringArray, RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};

/// The indices of the columns of bytes.
pub(super) fn columns_of_bytes(schema: &Schema) -> Vec<usize> {
    let fields = schema.fields().iter().enumerate();
    let of_bytes = fields.filter(|(_, field)| is_bytes(field.data_type()));
    of_bytes.map(|(index, _)| index).collect()
}

fn is_bytes(data_type: &DataType) -> bool {
    matches!(
        data_type,
        DataType::Binary
            | DataType::LargeBinary
            | DataType::BinaryView
            | DataType::FixedSizeBinary(_)
    )
}

/// Which columns of some batches hold nothing but UTF-8.
pub(super) fn are_text(
    batches: impl Iterator<Item = Result<RecordBatch, ArrowError>>,
    num_columns: usize,
) -> Result<Vec<bool>, ArrowError> {
    let mut are_text = vec![true; num_columns];
    for batch in batches {
        let batch = batch?;
        for (is_text, column) in are_text.iter_mut().zip(batch.columns()) {
            *is_text = *is_text && as_text(column).is_ok();
        }
        if !are_text.contains(&true) {
            break;
        }
    }
    Ok(are_text)
}

/// Bytes as text. Those of a fixed size are filled up with zeros, which are no part of the text.
fn as_text(column: &ArrayRef) -> Result<LargeStringArray, ArrowError> {
    let values: Box<dyn Iterator<Item = Option<&[u8]>>> =
        if let Some(bytes) = column.as_bytes_opt::<BinaryType>() {
            Box::new(bytes.iter())
        } else if let Some(bytes) = column.as_bytes_opt::<LargeBinaryType>() {
            Box::new(bytes.iter())
        } else if let Some(bytes) = column.as_binary_view_opt() {
            Box::new(bytes.iter())
        } else {
            let bytes = column.as_fixed_size_binary();
            Box::new(bytes.iter().map(|value| {
                let value = value?;
                let zeros = value.iter().rev().take_while(|byte| **byte == 0).count();
                Some(&value[..value.len() - zeros])
            }))
        };
    let texts = values.map(|value| value.map(str::from_utf8).transpose());
    let texts = texts.collect::<Result<LargeStringArray, _>>();
    texts.map_err(|error| ArrowError::CastError(error.to_string()))
}

/// Batches in which some columns of bytes are text.
pub(super) struct BytesAsText<R> {
    batches: R,
    columns: Vec<usize>,
    schema: SchemaRef,
}

impl<R: RecordBatchReader> BytesAsText<R> {
    pub fn new(batches: R, columns: Vec<usize>) -> Self {
        let schema = batches.schema();
        let fields = schema.fields().iter().enumerate().map(|(index, field)| {
            if columns.contains(&index) {
                Arc::new(Field::new(field.name(), DataType::LargeUtf8, true))
            } else {
                field.clone()
            }
        });
        Self {
            schema: Arc::new(Schema::new(fields.collect::<Vec<_>>())),
            batches,
            columns,
        }
    }
}

impl<R: RecordBatchReader> Iterator for BytesAsText<R> {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.batches.next()?;
        Some(batch.and_then(|batch| {
            let mut columns = batch.columns().to_vec();
            for &index in &self.columns {
                columns[index] = Arc::new(as_text(&columns[index])?);
            }
            RecordBatch::try_new(self.schema.clone(), columns)
        }))
    }
}

impl<R: RecordBatchReader> RecordBatchReader for BytesAsText<R> {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}
