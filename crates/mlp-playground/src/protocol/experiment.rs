use mlp_datasets::Derivation;
use serde::{Deserialize, Serialize};

/// A network, the data that it learns from, and how: the whole state of a page but for its view.
///
/// What is `None` has the default of the model for the table. Names are those of the command line.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields, default)]
pub struct Experiment {
    /// What it learns from.
    pub data: DataChoice,
    /// `mlp`, `perceptron`, `adaline`, `logistic`, `som`, `dec` or `idec`; `mlp` if `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The number of units of each hidden layer, of an `mlp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<Vec<usize>>,
    /// The activation of each hidden layer, or one for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activation: Option<Vec<String>>,
    /// The probability, in `[0, 1)`, that a hidden unit is dropped in a step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dropout: Option<f64>,
    /// `none`, `batch` or `layer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub normalization: Option<String>,
    /// What is minimised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss: Option<String>,
    /// How gradients become steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub optimizer: Option<String>,
    /// The highest learning rate, above 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub learning_rate: Option<f64>,
    /// How the learning rate changes over the training.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule: Option<String>,
    /// How strongly weights are pulled towards zero.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight_decay: Option<f64>,
    /// How many rows each step takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_size: Option<usize>,
    /// How many passes over the training rows there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epochs: Option<usize>,
    /// The units of a map: rows and columns, such as `8x8`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grid: Option<String>,
    /// How the units of a map are arranged: `rectangular` or `hexagonal`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topology: Option<String>,
    /// The radius, above 0, within which the units of a map learn together in the last steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_radius: Option<f64>,
    /// How many clusters there are, of a model that finds them; as many as suit the data if `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clusters: Option<usize>,
    /// How many passes over the rows there are before the codes of an autoencoder are grouped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pretraining_epochs: Option<usize>,
    /// The seed of data, split, weights, order of rows and dropout; 0 if `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub seed: Option<u64>,
}

/// A table, and which of its columns and rows are for what.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields, default)]
pub struct DataChoice {
    /// A built-in data set, or the name of a file that was given to the page; `circles` if `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The number of rows of a generated data set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub samples: Option<usize>,
    /// The noise of a generated data set, 0 or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub noise: Option<f64>,
    /// The column to predict, of a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The columns that are no inputs; features may be derived from them all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drop: Option<Vec<String>>,
    /// The features that are derived from columns of numbers, such as `x*y`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub derive: Option<Vec<String>>,
    /// The share of the rows, in (0, 1), that is kept for the final test.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_size: Option<f64>,
    /// The share of the rows, in (0, 1), by which the best epoch is selected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_size: Option<f64>,
}

impl DataChoice {
    /// The columns that are not used at all, and those from which features are derived, but which are no inputs
    /// themselves.
    pub fn dropped(&self) -> (Vec<&String>, Vec<&String>) {
        let derived = self.derive.iter().flatten();
        let readings: Vec<Derivation> = derived
            .flat_map(|text| Derivation::readings(text))
            .collect();
        let is_used = |name: &&String| {
            let mut columns = readings.iter().flat_map(Derivation::columns);
            columns.any(|column| column == **name)
        };
        let dropped = self.drop.iter().flatten();
        let (used, unused) = dropped.partition(is_used);
        (unused, used)
    }
}
