use std::io::Write;
use std::sync::Arc;

use arrow_cast::cast;
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use csv::ByteRecord;
use mlp_datasets::arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use mlp_datasets::{Chunks, Column, ColumnKind, InputRows, Values};
use mlp_inference::PredictionColumn;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::digits::SixDigits;
use crate::Error;

/// Writes rows with their predictions, some thousand at a time, as Parquet or as CSV.
pub struct PredictionWriter<W: Write> {
    sink: Sink<W>,
    /// The input's columns that are written too.
    header: Vec<String>,
}

enum Sink<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Parquet {
        writer: Box<ArrowWriter<W>>,
        schema: SchemaRef,
    },
}

impl<W: Write + Send> PredictionWriter<W> {
    /// Begins to write, once the first rows have been read. With `only_predictions`, the input's columns
    /// are left out.
    ///
    /// # Errors
    ///
    /// If the input has a column of a name that predictions have, or cannot be written to.
    pub fn new(
        out: W,
        parquet: bool,
        chunks: &Chunks,
        predicted: Vec<Field>,
        only_predictions: bool,
    ) -> anyhow::Result<Self> {
        let header = if only_predictions {
            Vec::new()
        } else {
            chunks.header().to_vec()
        };
        if let Some(name) = header
            .iter()
            .find(|name| predicted.iter().any(|field| field.name() == *name))
        {
            return Err(Error::Mismatch {
                what: format!("the table has a column `{name}`, as the predictions have"),
                hint: "write the predictions alone with `--only-predictions`".to_owned(),
            }
            .into());
        }
        let sink = if parquet {
            let mut fields: Vec<Arc<Field>> = match chunks.types() {
                _ if only_predictions => Vec::new(),
                Some(types) => types.fields().iter().cloned().collect(),
                None => header
                    .iter()
                    .map(|name| Arc::new(text_field(name, chunks)))
                    .collect(),
            };
            fields.extend(predicted.into_iter().map(Arc::new));
            let schema = Arc::new(Schema::new(fields));
            let properties = WriterProperties::builder()
                .set_compression(Compression::ZSTD(ZstdLevel::default()))
                .build();
            Sink::Parquet {
                writer: Box::new(ArrowWriter::try_new(out, schema.clone(), Some(properties))?),
                schema,
            }
        } else {
            let mut writer = csv::Writer::from_writer(out);
            let names = predicted.iter().map(Field::name);
            writer.write_record(header.iter().chain(names))?;
            Sink::Csv(Box::new(writer))
        };
        Ok(Self { sink, header })
    }

    /// Writes the rows of a chunk with their predictions.
    ///
    /// # Errors
    ///
    /// If they cannot be written.
    pub fn write(
        &mut self,
        chunks: &Chunks,
        predictions: Vec<PredictionColumn>,
    ) -> anyhow::Result<()> {
        let num_columns = self.header.len();
        let rows = chunks.rows();
        match &mut self.sink {
            Sink::Csv(writer) => {
                let (mut numbers, mut six_digits) = (ryu::Buffer::new(), SixDigits::default());
                let batch = match rows {
                    InputRows::Batch(batch) if num_columns > 0 => Some(in_utc(batch)?),
                    InputRows::Text(_) | InputRows::Batch(_) => None,
                };
                let formatters = batch.as_ref().map_or(Ok(Vec::new()), formatters)?;
                for row in 0..predictions.first().map_or(0, PredictionColumn::len) {
                    match rows {
                        _ if num_columns == 0 => {}
                        InputRows::Text(records) => {
                            for cell in &records[row] {
                                writer.write_field(cell)?;
                            }
                        }
                        InputRows::Batch(_) => {
                            for formatter in &formatters {
                                writer.write_field(formatter.value(row).to_string())?;
                            }
                        }
                    }
                    for column in &predictions {
                        match column {
                            column if column.is_null(row) => writer.write_field("")?,
                            PredictionColumn::Classes { names, labels } => {
                                let name = labels[row].map_or("", |label| names[label].as_str());
                                writer.write_field(name)?;
                            }
                            PredictionColumn::Integers(integers) => {
                                writer.write_field(integers[row].to_string())?;
                            }
                            PredictionColumn::Singles(singles) => {
                                writer.write_field(numbers.format(singles[row]))?;
                            }
                            PredictionColumn::Numbers(predicted) => {
                                writer.write_field(numbers.format(predicted[row]))?;
                            }
                            PredictionColumn::Doubles(doubles) => {
                                writer.write_field(six_digits.format(doubles[row]))?;
                            }
                        }
                    }
                    writer.write_record(None::<&[u8]>)?;
                }
            }
            Sink::Parquet { writer, schema } => {
                let mut arrays: Vec<ArrayRef> = match rows {
                    _ if num_columns == 0 => Vec::new(),
                    // A column may have another type in another file, such as whole numbers.
                    InputRows::Batch(batch) => {
                        let columns = batch.columns().iter().zip(schema.fields());
                        columns
                            .map(|(column, field)| cast(column, field.data_type()))
                            .collect::<Result<_, _>>()?
                    }
                    InputRows::Text(records) => {
                        let names = self.header.iter().enumerate();
                        names
                            .map(|(column, name)| text_array(records, column, name, chunks))
                            .collect()
                    }
                };
                arrays.extend(predictions.into_iter().map(PredictionColumn::into_array));
                writer.write(&RecordBatch::try_new(schema.clone(), arrays)?)?;
            }
        }
        Ok(())
    }

    /// Writes what is left to write.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn finish(self) -> anyhow::Result<()> {
        match self.sink {
            Sink::Csv(mut writer) => writer.flush()?,
            Sink::Parquet { writer, .. } => {
                writer.into_inner()?.flush()?;
            }
        }
        Ok(())
    }
}

/// The numbers of a column of text, if the model takes it as numbers.
fn numbers<'a>(name: &str, chunks: &'a Chunks) -> Option<&'a [f64]> {
    match chunks.table().column(name) {
        Some(Column {
            values: Values::Numbers(numbers),
            ..
        }) => Some(numbers),
        Some(_) | None => None,
    }
}

/// The type of a column of text. The types of those that the model does not take are not known.
fn text_field(name: &str, chunks: &Chunks) -> Field {
    let mut columns = chunks.schema().columns.iter();
    let is_numeric =
        columns.any(|column| column.name == name && column.kind == ColumnKind::Numeric);
    if is_numeric {
        Field::new(name, DataType::Float64, true)
    } else {
        Field::new(name, DataType::Utf8, false)
    }
}

/// The values of a column of text, of the type of its [field](text_field).
fn text_array(records: &[ByteRecord], column: usize, name: &str, chunks: &Chunks) -> ArrayRef {
    let cells = records
        .iter()
        .map(|record| String::from_utf8_lossy(&record[column]));
    let Some(numbers) = numbers(name, chunks) else {
        return Arc::new(StringArray::from_iter_values(cells));
    };
    let numbers = numbers.iter().copied();
    let values = numbers.map(|number| (!number.is_nan()).then_some(number));
    Arc::new(values.collect::<Float64Array>())
}

/// What writes the values of each column as text; nothing where one is missing.
fn formatters(batch: &RecordBatch) -> anyhow::Result<Vec<ArrayFormatter<'_>>> {
    const OPTIONS: FormatOptions = FormatOptions::new().with_null("");
    let columns = batch.columns().iter();
    let formatters = columns.map(|column| ArrayFormatter::try_new(column.as_ref(), &OPTIONS));
    Ok(formatters.collect::<Result<_, _>>()?)
}

/// The same points in time in UTC: other zones would need a time zone database.
fn in_utc(batch: &RecordBatch) -> anyhow::Result<RecordBatch> {
    let mut fields = Vec::with_capacity(batch.num_columns());
    let mut columns = Vec::with_capacity(batch.num_columns());
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        let (field, column) = if let DataType::Timestamp(unit, Some(_)) = field.data_type() {
            let utc = DataType::Timestamp(*unit, Some("+00:00".into()));
            let column = arrow_cast::cast(column, &utc)?;
            (Arc::new(field.as_ref().clone().with_data_type(utc)), column)
        } else {
            (field.clone(), column.clone())
        };
        fields.push(field);
        columns.push(column);
    }
    Ok(RecordBatch::try_new(
        Arc::new(Schema::new(fields)),
        columns,
    )?)
}
