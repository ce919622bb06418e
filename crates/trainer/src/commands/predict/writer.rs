use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use mlp_datasets::arrow_array::{ArrayRef, Float32Array, Float64Array, RecordBatch, StringArray};
use mlp_datasets::{Chunks, InputRows};
use mlp_inference::{Predictions, SavedModel};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::Error;

/// Writes rows with what is predicted of them, some thousand at a time: as Parquet if the file is
/// called so, else as CSV.
pub struct PredictionWriter<W: Write> {
    sink: Sink<W>,
    /// The input's columns that are written too.
    header: Vec<String>,
    columns: PredictionColumns,
}

enum Sink<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Parquet {
        writer: Box<ArrowWriter<W>>,
        schema: SchemaRef,
    },
}

/// The columns of predictions.
struct PredictionColumns {
    /// The names of the classes, if there are classes.
    classes: Option<Vec<String>>,
    names: Vec<String>,
}

impl PredictionColumns {
    fn of(model: &SavedModel) -> Self {
        let classes = model.classes().map(<[String]>::to_vec);
        let names = match (&classes, model.target_names().as_slice()) {
            (Some(classes), _) if model.has_probabilities() => {
                let probabilities = classes.iter().map(|class| format!("probability_{class}"));
                ["prediction".to_owned()]
                    .into_iter()
                    .chain(probabilities)
                    .collect()
            }
            (Some(_), _) | (None, [_]) => vec!["prediction".to_owned()],
            (None, targets) => targets
                .iter()
                .map(|target| format!("prediction_{target}"))
                .collect(),
        };
        Self { classes, names }
    }

    fn fields(&self) -> impl Iterator<Item = Field> + '_ {
        self.names.iter().enumerate().map(|(i, name)| {
            let data_type = match (&self.classes, i) {
                (Some(_), 0) => DataType::Utf8,
                (Some(_), _) => DataType::Float64,
                (None, _) => DataType::Float32,
            };
            Field::new(name, data_type, false)
        })
    }

    fn arrays(&self, predictions: &Predictions) -> Vec<ArrayRef> {
        match predictions {
            Predictions::Numbers {
                values,
                num_outputs,
            } => (0..*num_outputs)
                .map(|output| {
                    let column = values.iter().skip(output).step_by(*num_outputs).copied();
                    Arc::new(Float32Array::from_iter_values(column)) as ArrayRef
                })
                .collect(),
            Predictions::Classes {
                labels,
                probabilities,
                num_classes,
            } => {
                let classes = self.classes.as_deref().unwrap_or_default();
                let names = labels.iter().map(|&label| &classes[label]);
                let mut arrays: Vec<ArrayRef> =
                    vec![Arc::new(StringArray::from_iter_values(names))];
                for class in 0..probabilities.as_ref().map_or(0, |_| *num_classes) {
                    let column = probabilities
                        .iter()
                        .flatten()
                        .skip(class)
                        .step_by(*num_classes);
                    arrays.push(Arc::new(Float64Array::from_iter_values(column.copied())));
                }
                arrays
            }
        }
    }
}

impl<W: Write + Send> PredictionWriter<W> {
    /// Begins to write. With `only_predictions`, the input's columns are left out.
    ///
    /// # Errors
    ///
    /// If the input has a column of a name that predictions have, or cannot be written to.
    pub fn new(
        out: W,
        parquet: bool,
        chunks: &Chunks,
        model: &SavedModel,
        only_predictions: bool,
    ) -> anyhow::Result<Self> {
        let columns = PredictionColumns::of(model);
        let header = if only_predictions {
            Vec::new()
        } else {
            chunks.header().to_vec()
        };
        if let Some(name) = header.iter().find(|name| columns.names.contains(name)) {
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
                // A text states no types.
                None => header
                    .iter()
                    .map(|name| Arc::new(Field::new(name, DataType::Utf8, false)))
                    .collect(),
            };
            fields.extend(columns.fields().map(Arc::new));
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
            writer.write_record(header.iter().chain(&columns.names))?;
            Sink::Csv(Box::new(writer))
        };
        Ok(Self {
            sink,
            header,
            columns,
        })
    }

    /// Writes rows with their predictions.
    ///
    /// # Errors
    ///
    /// If they cannot be written.
    pub fn write(&mut self, rows: InputRows, predictions: &Predictions) -> anyhow::Result<()> {
        let num_columns = self.header.len();
        match &mut self.sink {
            Sink::Csv(writer) => {
                let mut numbers = ryu::Buffer::new();
                let batch = match rows {
                    InputRows::Batch(batch) if num_columns > 0 => Some(in_utc(batch)?),
                    _ => None,
                };
                let formatters = batch.as_ref().map_or(Ok(Vec::new()), formatters)?;
                for row in 0..predictions.len() {
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
                    match predictions {
                        Predictions::Numbers {
                            values,
                            num_outputs,
                        } => {
                            for &number in &values[row * num_outputs..][..*num_outputs] {
                                writer.write_field(numbers.format(number))?;
                            }
                        }
                        Predictions::Classes {
                            labels,
                            probabilities,
                            num_classes,
                        } => {
                            let classes = self.columns.classes.as_deref().unwrap_or_default();
                            writer.write_field(&classes[labels[row]])?;
                            if let Some(probabilities) = probabilities {
                                for &share in &probabilities[row * num_classes..][..*num_classes] {
                                    writer.write_field(numbers.format(share))?;
                                }
                            }
                        }
                    }
                    writer.write_record(None::<&[u8]>)?;
                }
            }
            Sink::Parquet { writer, schema } => {
                let mut arrays: Vec<ArrayRef> = match rows {
                    _ if num_columns == 0 => Vec::new(),
                    InputRows::Batch(batch) => batch.columns().to_vec(),
                    InputRows::Text(records) => (0..num_columns)
                        .map(|column| {
                            let cells = records
                                .iter()
                                .map(|record| String::from_utf8_lossy(&record[column]));
                            Arc::new(StringArray::from_iter_values(cells)) as ArrayRef
                        })
                        .collect(),
                };
                arrays.extend(self.columns.arrays(predictions));
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

/// What writes each column's values as text; nothing where one is missing.
fn formatters(batch: &RecordBatch) -> anyhow::Result<Vec<ArrayFormatter<'_>>> {
    const OPTIONS: FormatOptions = FormatOptions::new().with_null("");
    let columns = batch.columns().iter();
    let formatters = columns.map(|column| ArrayFormatter::try_new(column.as_ref(), &OPTIONS));
    Ok(formatters.collect::<Result<_, _>>()?)
}

/// The same points in time, told in UTC: the names of other zones are in no table here.
fn in_utc(batch: &RecordBatch) -> anyhow::Result<RecordBatch> {
    let mut fields = Vec::with_capacity(batch.num_columns());
    let mut columns = Vec::with_capacity(batch.num_columns());
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        let (field, column) = match field.data_type() {
            DataType::Timestamp(unit, Some(_)) => {
                let utc = DataType::Timestamp(*unit, Some("+00:00".into()));
                let column = arrow_cast::cast(column, &utc)?;
                (Arc::new(field.as_ref().clone().with_data_type(utc)), column)
            }
            _ => (field.clone(), column.clone()),
        };
        fields.push(field);
        columns.push(column);
    }
    Ok(RecordBatch::try_new(
        Arc::new(Schema::new(fields)),
        columns,
    )?)
}

/// A file that appears whole or not at all, unless it is a device or a pipe, which is written to.
pub struct PartFile {
    path: PathBuf,
    /// Where it is written for now, if it is a file.
    part: Option<PathBuf>,
}

impl PartFile {
    /// Opens a file beside the one that is to appear.
    ///
    /// # Errors
    ///
    /// If it cannot be written to.
    pub fn create(path: &Path) -> Result<(Self, BufWriter<File>), Error> {
        let io = |source| Error::Io {
            action: "write",
            path: path.to_owned(),
            source,
        };
        let is_device = path
            .metadata()
            .is_ok_and(|known| !known.is_file() && !known.is_dir());
        // A link is followed, so that it goes on being one.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let part = (!is_device).then(|| path.with_added_extension("part"));
        let file = match &part {
            Some(part) => File::create(part),
            None => File::options().write(true).open(&path),
        };
        let file = BufWriter::with_capacity(1 << 17, file.map_err(io)?);
        Ok((Self { path, part }, file))
    }

    /// Where it is written for now, if it is a file.
    pub fn part(&self) -> Option<&Path> {
        self.part.as_deref()
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    ///
    /// If it cannot be moved.
    pub fn keep(mut self) -> Result<(), Error> {
        if let Some(part) = &self.part {
            std::fs::rename(part, &self.path).map_err(|source| Error::Io {
                action: "write",
                path: self.path.clone(),
                source,
            })?;
        }
        self.part = None;
        Ok(())
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if let Some(part) = &self.part {
            // Nothing more can be done about a file that cannot be removed.
            let _ = std::fs::remove_file(part);
        }
    }
}
