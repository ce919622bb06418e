use std::path::Path;
use std::sync::Arc;

use arrow_schema::{DataType, Field};
use burn::tensor::Device;
use mlp_datasets::arrow_array::{ArrayRef, Float32Array, Float64Array, StringArray, UInt64Array};
use mlp_datasets::{Schema, Surprise, Table};
use mlp_inference::{ClusterModel, Clusters, Predictions, Purpose, SavedModel};

use crate::Error;

/// The model of a run, whatever it says of rows.
pub enum Predictor {
    /// Classes or numbers.
    Model(Box<SavedModel>),
    /// Clusters, with the codes if `embed` is set.
    Clusters {
        model: Box<ClusterModel>,
        embed: bool,
    },
}

/// A column of predictions.
pub enum Column {
    Names(Vec<String>),
    Counts(Vec<u64>),
    Singles(Vec<f32>),
    Doubles(Vec<f64>),
}

impl Predictor {
    /// Loads the model of a run.
    ///
    /// # Errors
    ///
    /// If there is none, or codes are asked for of one that has none.
    pub fn load(run: &Path, device: &Device, embed: bool) -> Result<Self, Error> {
        match Purpose::of(run)? {
            Purpose::Clustering => Ok(Self::Clusters {
                model: Box::new(ClusterModel::load(run, device)?),
                embed,
            }),
            Purpose::Prediction if embed => Err(Error::Mismatch {
                what: format!(
                    "`--embed` is for a clustering, and `{}` is none",
                    run.display()
                ),
                hint: "leave it out".to_owned(),
            }),
            Purpose::Prediction => Ok(Self::Model(Box::new(SavedModel::load(run, device)?))),
        }
    }

    /// The columns that rows must have.
    pub fn schema(&self) -> Schema {
        match self {
            Self::Model(model) => model.schema(),
            Self::Clusters { model, .. } => model.schema(),
        }
    }

    /// The columns that [`predict`](Self::predict) gives.
    pub fn fields(&self) -> Vec<Field> {
        let field = |name: &str, data_type| Field::new(name, data_type, false);
        match self {
            Self::Model(model) => match (model.classes(), model.target_names().as_slice()) {
                (Some(classes), _) => {
                    let mut fields = vec![field("prediction", DataType::Utf8)];
                    if model.has_probabilities() {
                        fields.extend(classes.iter().map(|class| {
                            field(&format!("probability_{class}"), DataType::Float64)
                        }));
                    }
                    fields
                }
                (None, [_]) => vec![field("prediction", DataType::Float32)],
                (None, targets) => targets
                    .iter()
                    .map(|target| field(&format!("prediction_{target}"), DataType::Float32))
                    .collect(),
            },
            Self::Clusters { model, embed } => {
                let error = match model.grid() {
                    Some(_) => "quantization_error",
                    None => "reconstruction_error",
                };
                let mut fields = vec![
                    field("cluster", DataType::UInt64),
                    field("probability", DataType::Float64),
                    field(error, DataType::Float64),
                ];
                if *embed {
                    let codes = 1..=model.d_code();
                    fields.extend(codes.map(|i| field(&format!("code_{i}"), DataType::Float32)));
                }
                fields
            }
        }
    }

    /// What the model says of rows, column by column.
    pub fn predict(
        &self,
        table: &Table,
        surprises: &mut Vec<Surprise>,
    ) -> Result<Vec<Column>, Error> {
        Ok(match self {
            Self::Model(model) => {
                columns(&model.predict_noting(table, surprises)?, model.classes())
            }
            Self::Clusters { model, embed } => {
                let found = model.predict_noting(table, surprises)?;
                let codes = embed.then(|| codes(&found));
                let clusters = found.clusters.iter().map(|&cluster| cluster as u64);
                let mut columns = vec![
                    Column::Counts(clusters.collect()),
                    Column::Doubles(found.probabilities),
                    Column::Doubles(found.errors),
                ];
                columns.extend(codes.into_iter().flatten());
                columns
            }
        })
    }
}

fn columns(predictions: &Predictions, classes: Option<&[String]>) -> Vec<Column> {
    match predictions {
        Predictions::Numbers {
            values,
            num_outputs,
        } => (0..*num_outputs)
            .map(|output| Column::Singles(strided(values, output, *num_outputs)))
            .collect(),
        Predictions::Classes {
            labels,
            probabilities,
            num_classes,
        } => {
            let classes = classes.unwrap_or_default();
            let names = labels.iter().map(|&label| classes[label].clone());
            let mut columns = vec![Column::Names(names.collect())];
            if let Some(probabilities) = probabilities {
                columns.extend(
                    (0..*num_classes)
                        .map(|class| Column::Doubles(strided(probabilities, class, *num_classes))),
                );
            }
            columns
        }
    }
}

fn codes(found: &Clusters) -> Vec<Column> {
    (0..found.d_code)
        .map(|i| Column::Singles(strided(&found.codes, i, found.d_code)))
        .collect()
}

/// A column of numbers that stand row by row.
fn strided<T: Copy>(numbers: &[T], column: usize, num_columns: usize) -> Vec<T> {
    let numbers = numbers.iter().skip(column).step_by(num_columns);
    numbers.copied().collect()
}

impl Column {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Names(names) => names.len(),
            Self::Counts(counts) => counts.len(),
            Self::Singles(numbers) => numbers.len(),
            Self::Doubles(numbers) => numbers.len(),
        }
    }

    /// The column as Parquet takes it.
    pub fn into_array(self) -> ArrayRef {
        match self {
            Self::Names(names) => Arc::new(StringArray::from_iter_values(names)),
            Self::Counts(counts) => Arc::new(UInt64Array::from(counts)),
            Self::Singles(numbers) => Arc::new(Float32Array::from(numbers)),
            Self::Doubles(numbers) => Arc::new(Float64Array::from(numbers)),
        }
    }
}
