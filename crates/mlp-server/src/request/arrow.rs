use bytes::Bytes;
use mlp_datasets::{ArrowStream, Table};

use super::Reading;
use crate::refusal::Refusal;

/// How many times as long as its body a stream may be before it was compressed.
const MOST_UNPACKED: u64 = 16;

/// The rows of an Arrow stream.
pub fn tables_of_arrow(
    reading: Reading,
    body: Bytes,
    most_bytes: usize,
) -> Result<Vec<Table>, Refusal> {
    let most_bytes = MOST_UNPACKED.saturating_mul(most_bytes as u64);
    let mut tables = Vec::new();
    let mut num_rows = 0;
    for batch in ArrowStream::open("the body", body, most_bytes)? {
        let batch = batch?;
        let rows_before = num_rows;
        num_rows += batch.num_rows();
        if num_rows > reading.most_rows {
            return Err(Refusal::too_many_rows(reading.most_rows));
        }
        if batch.num_rows() == 0 {
            continue;
        }
        let table = Table::from_batch(&batch, &reading.model.schema);
        let table = table.map_err(|error| reading.refusal(error, rows_before))?;
        reading.check(&table, rows_before)?;
        tables.push(table);
    }
    if tables.is_empty() {
        return Err(Refusal::no_rows());
    }
    Ok(tables)
}
