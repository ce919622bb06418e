use std::sync::Arc;

use arrow_ipc::writer::StreamWriter;
use mlp_inference::arrow_array::{ArrayRef, RecordBatch};
use mlp_inference::arrow_schema::{ArrowError, Schema};

use super::Answer;

/// An Arrow stream with a batch of all rows.
///
/// # Errors
///
/// If Arrow cannot write it.
pub fn arrow(answer: Answer) -> Result<Vec<u8>, ArrowError> {
    let schema = Arc::new(Schema::new(answer.model.fields.clone()));
    let (start, length) = (answer.rows().start, answer.rows().len());
    let columns = answer.columns().iter();
    let columns: Vec<ArrayRef> = columns
        .map(|column| column.clone().into_array().slice(start, length))
        .collect();
    let batch = RecordBatch::try_new(schema.clone(), columns)?;
    let mut writer = StreamWriter::try_new(Vec::new(), &schema)?;
    writer.write(&batch)?;
    writer.into_inner()
}
