//! Files whose columns have types: Parquet and Arrow.

use std::io::Read;
use std::path::Path;
use std::sync::OnceLock;

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_schema::ArrowError;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::basic::Compression;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::ChunkReader;

use super::ROWS_PER_CHUNK;
use super::arrow_claims::{CheckedStream, check_file};
use super::byte_text::{BytesAsText, are_text, columns_of_bytes};
use super::format::Format;
use super::memory::MemoryBatches;
use super::parquet_footer::has_endless_list;
use super::seekable::{Seekable, open_file};
use crate::error::Error;

type Batches = Box<dyn RecordBatchReader>;

/// Opens a Parquet or an Arrow file. Which of its columns of bytes hold text is found out once.
pub(super) fn open(
    path: &Path,
    format: Format,
    whole: &Seekable,
    texts: &OnceLock<Vec<usize>>,
) -> Result<Batches, Error> {
    if format == Format::Parquet {
        let open = |columns: Option<&[usize]>| match whole {
            Seekable::File(file) => parquet(path, open_file(path, file)?, columns),
            Seekable::Bytes(bytes) => parquet(path, bytes.clone(), columns),
        };
        open_with_texts(path, open, texts)
    } else {
        check_file(&mut whole.open(path)?).map_err(|error| Error::damaged(path, &error))?;
        let open = |columns: Option<&[usize]>| {
            let reader = FileReader::try_new(whole.open(path)?, columns.map(<[_]>::to_vec));
            reader.map_err(|error| Error::damaged(path, &error))
        };
        open_with_texts(path, open, texts)
    }
}

fn parquet(
    path: &Path,
    file: impl ChunkReader + 'static,
    columns: Option<&[usize]>,
) -> Result<ParquetRecordBatchReader, Error> {
    if has_endless_list(&file) {
        return Err(Error::damaged(path, &"a list in its footer is too long"));
    }
    let mut unsupported = None;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).and_then(|builder| {
        let groups = builder.metadata().row_groups().iter();
        let mut columns_of_groups = groups.flat_map(RowGroupMetaData::columns);
        unsupported =
            columns_of_groups.find_map(|column| unsupported_compression(column.compression()));
        let builder = builder.with_batch_size(ROWS_PER_CHUNK);
        let Some(columns) = columns else {
            return builder.build();
        };
        let mask = ProjectionMask::roots(builder.parquet_schema(), columns.iter().copied());
        builder.with_projection(mask).build()
    });
    match unsupported {
        Some(format) => Err(Error::UnsupportedFormat {
            path: path.to_owned(),
            format,
        }),
        None => reader.map_err(|error| Error::damaged(path, &error)),
    }
}

/// What a Parquet file is whose columns are compressed in a way that cannot be read.
fn unsupported_compression(compression: Compression) -> Option<&'static str> {
    match compression {
        Compression::BROTLI(_) => Some("a Parquet file compressed with Brotli"),
        Compression::LZO => Some("a Parquet file compressed with LZO"),
        Compression::UNCOMPRESSED
        | Compression::SNAPPY
        | Compression::GZIP(_)
        | Compression::LZ4
        | Compression::ZSTD(_)
        | Compression::LZ4_RAW => None,
    }
}

/// Opens a stream of Arrow batches. It is read once only, so it must be in memory before its columns of
/// bytes can be checked.
pub(super) fn open_stream(
    path: &Path,
    stream: CheckedStream<impl Read + 'static>,
) -> Result<Batches, Error> {
    let damaged = |error: ArrowError| Error::damaged(path, &error);
    let stream = StreamReader::try_new(stream, None).map_err(damaged)?;
    let schema = stream.schema();
    let columns = columns_of_bytes(&schema);
    if columns.is_empty() {
        return Ok(Box::new(stream));
    }
    let batches = { stream }.collect::<Result<Vec<_>, _>>().map_err(damaged)?;
    let of_bytes = batches.iter().map(|batch| batch.project(&columns));
    let texts = texts(of_bytes, columns.clone()).map_err(damaged)?;
    Ok(with_texts(MemoryBatches::new(schema, batches), texts))
}

fn open_with_texts<R: RecordBatchReader + 'static>(
    path: &Path,
    open: impl Fn(Option<&[usize]>) -> Result<R, Error>,
    known: &OnceLock<Vec<usize>>,
) -> Result<Batches, Error> {
    let reader = open(None)?;
    let columns = columns_of_bytes(&reader.schema());
    if columns.is_empty() {
        return Ok(Box::new(reader));
    }
    let found = match known.get() {
        Some(found) => found.clone(),
        None => {
            texts(open(Some(&columns))?, columns).map_err(|error| Error::damaged(path, &error))?
        }
    };
    Ok(with_texts(reader, known.get_or_init(|| found).clone()))
}

/// Those of some columns of bytes that hold text.
fn texts(
    batches: impl Iterator<Item = Result<RecordBatch, ArrowError>>,
    columns: Vec<usize>,
) -> Result<Vec<usize>, ArrowError> {
    let are_text = are_text(batches, columns.len())?;
    let columns = columns.into_iter().zip(are_text);
    Ok(columns
        .filter_map(|(column, is_text)| is_text.then_some(column))
        .collect())
}

fn with_texts(batches: impl RecordBatchReader + 'static, texts: Vec<usize>) -> Batches {
    if texts.is_empty() {
        Box::new(batches)
    } else {
        Box::new(BytesAsText::new(batches, texts))
    }
}

#[cfg(test)]
mod tests {
    use parquet::basic::BrotliLevel;

    use super::*;

    #[test]
    fn compressions_that_cannot_be_read_are_named() {
        let brotli = unsupported_compression(Compression::BROTLI(BrotliLevel::default()));
        assert_eq!(brotli, Some("a Parquet file compressed with Brotli"));
        assert_eq!(unsupported_compression(Compression::SNAPPY), None);
    }
}
