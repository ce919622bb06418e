use bytes::Bytes;
use mlp_datasets::{Chunks, Source, Table, is_plain_text};

use super::Reading;
use crate::refusal::Refusal;

/// The rows of a text, read in the dialect of the training. An encoding that the request names goes before that of
/// the training.
pub fn tables_of_csv(
    reading: Reading,
    body: Bytes,
    encoding: Option<&str>,
) -> Result<Vec<Table>, Refusal> {
    if !is_plain_text(&body) {
        return Err(Refusal::malformed("the body is not CSV"));
    }
    let mut schema = reading.model.schema.clone();
    if let Some(encoding) = encoding {
        schema.dialect.encoding = Some(encoding.to_owned());
    }
    let source = Source::from_bytes("the body", body);
    let refusal = |error| reading.refusal(error, 0);
    let mut chunks = Chunks::open(&source, &schema).map_err(refusal)?;
    let mut tables = Vec::new();
    let mut num_rows = 0;
    while chunks.advance()? {
        let table = chunks.table();
        let rows_before = num_rows;
        num_rows += table.num_rows();
        if num_rows > reading.most_rows {
            return Err(Refusal::too_many_rows(reading.most_rows));
        }
        reading.check(table, rows_before)?;
        tables.push(table.clone());
    }
    if tables.is_empty() {
        return Err(Refusal::no_rows());
    }
    Ok(tables)
}
