use mlp_inference::Metric;
use serde::{Deserialize, Serialize};

use super::plan::Cell;

/// What was measured of one training.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Measurement {
    /// How many rows trained and validated.
    pub train_rows: usize,
    /// How many rows were predicted.
    pub test_rows: usize,
    /// How many epochs were trained.
    pub epochs: usize,
    /// The metric by which models are compared.
    pub metric: Metric,
    /// Its value on the test rows.
    pub value: f64,
    /// The area under the ROC curve, of classes.
    pub roc_auc: Option<f64>,
    /// The share of the variance that is explained, of numbers.
    pub r2: Option<f64>,
    /// The logarithmic loss, of classes.
    pub log_loss: Option<f64>,
    /// How long training took, in seconds.
    pub seconds: f64,
    /// How many rows of a table in memory were predicted in a second.
    pub rows_per_second: f64,
    /// The most memory that the process used, in megabytes (10⁶ bytes); only on Linux.
    pub peak_mb: Option<f64>,
}

/// A line of the results: one training, or one line of a peer. What is not known is empty.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The name of the data set.
    pub data: String,
    /// The name of the model.
    pub model: String,
    /// The seed.
    pub seed: Option<u64>,
    /// The metric by which models are compared.
    pub metric: Option<Metric>,
    /// Its value on the test rows.
    pub value: Option<f64>,
    /// The area under the ROC curve, of classes.
    pub roc_auc: Option<f64>,
    /// The share of the variance that is explained, of numbers.
    pub r2: Option<f64>,
    /// The logarithmic loss, of classes.
    pub log_loss: Option<f64>,
    /// How long training took, in seconds.
    pub seconds: Option<f64>,
    /// How many rows were predicted in a second.
    pub rows_per_second: Option<f64>,
    /// The most memory that the process used, in megabytes.
    pub peak_mb: Option<f64>,
    /// How many rows trained and validated.
    pub train_rows: Option<usize>,
    /// How many rows were predicted.
    pub test_rows: Option<usize>,
    /// How many epochs were trained.
    pub epochs: Option<usize>,
    /// Why there is no value, on one line.
    pub error: Option<String>,
    /// The [settings](Cell::settings) of the training.
    pub settings: String,
    /// The [digest](Cell::digest) of the files.
    pub digest: String,
}

impl Record {
    /// The result of a training: what was measured, or why it failed.
    pub fn new(cell: &Cell, result: Result<Measurement, String>) -> Self {
        let record = Self {
            data: cell.data.clone(),
            model: cell.model.clone(),
            seed: Some(cell.seed),
            settings: cell.settings.clone(),
            digest: cell.digest.clone(),
            ..Self::default()
        };
        match result {
            Ok(found) => Self {
                metric: Some(found.metric),
                value: Some(found.value),
                roc_auc: found.roc_auc,
                r2: found.r2,
                log_loss: found.log_loss,
                seconds: Some(found.seconds),
                rows_per_second: Some(found.rows_per_second),
                peak_mb: found.peak_mb,
                train_rows: Some(found.train_rows),
                test_rows: Some(found.test_rows),
                epochs: Some(found.epochs),
                ..record
            },
            Err(error) => Self {
                error: Some(error.split_whitespace().collect::<Vec<_>>().join(" ")),
                ..record
            },
        }
    }

    /// Whether it is the result of a training, whatever data set and model were called then.
    pub fn is_of(&self, cell: &Cell) -> bool {
        let is_same_data = if cell.digest.is_empty() {
            self.digest.is_empty() && self.data == cell.data
        } else {
            self.digest == cell.digest
        };
        is_same_data && self.seed == Some(cell.seed) && self.settings == cell.settings
    }
}
