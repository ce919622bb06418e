use serde::{Deserialize, Serialize};

use super::Experiment;

/// What the program says to a page.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Response {
    /// There is something to choose from. The first message of a connection.
    Welcome {
        /// The data sets, models, activations and so on.
        options: OptionLists,
    },
    /// An experiment is ready.
    Configured(Box<Configured>),
    /// How far a training is.
    Progress(Progress),
    /// A row's way through the network, and back.
    Trace(Box<Trace>),
    /// What is wrong with a network, if anything.
    Diagnosis(Diagnosis),
    /// A request could not be carried out.
    Failed(Failure),
}

/// What a page lets its user choose from, in the order in which to show it.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OptionLists {
    /// The version of the program.
    pub version: String,
    /// The data sets that are built in.
    pub datasets: Vec<DatasetInfo>,
    /// The models that a page can show.
    pub models: Vec<String>,
    /// The activations.
    pub activations: Vec<String>,
    /// The normalisations.
    pub normalizations: Vec<String>,
    /// The losses for classes.
    pub class_losses: Vec<String>,
    /// The losses for numbers.
    pub number_losses: Vec<String>,
    /// The optimizers.
    pub optimizers: Vec<String>,
    /// The schedules.
    pub schedules: Vec<String>,
    /// How many hidden layers there may be.
    pub max_layers: usize,
    /// How many units a hidden layer may have.
    pub max_units: usize,
    /// How large a file may be, in bytes.
    pub max_file_size: usize,
}

/// A built-in data set.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DatasetInfo {
    /// Its name.
    pub name: String,
    /// What it is, in a sentence.
    pub description: String,
    /// Whether it is generated: it has a number of rows and noise.
    pub is_generated: bool,
    /// Whether classes are predicted rather than numbers.
    pub is_classification: bool,
}

/// An experiment that is ready, and paused.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct Configured {
    /// Counts the experiments of a connection, from 1.
    pub number: usize,
    /// The experiment with every setting that applies to the model; the others are `None`.
    pub experiment: Experiment,
    /// The columns of the table that the network uses.
    pub columns: Vec<ColumnInfo>,
    /// The columns of the file, from which the target is chosen; empty for a built-in data set.
    pub file_columns: Vec<String>,
    /// The columns that can be inputs, in the table's order, those that are not used too.
    pub input_columns: Vec<String>,
    /// The features that can be derived from columns, those that are not used too.
    pub derivable: Vec<String>,
    /// The column that is predicted.
    pub target: String,
    /// The classes; empty if a number is predicted.
    pub classes: Vec<String>,
    /// How many rows there are of each kind.
    pub rows: RowCounts,
    /// Some of the rows, to be drawn.
    pub points: Points,
    /// The network.
    pub network: NetworkInfo,
    /// What there is to draw in place of the network, if it finds clusters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clustering: Option<ClusteringInfo>,
    /// The command that trains the same network.
    pub command: String,
    /// A program that trains the same network.
    pub rust: String,
    /// How many steps an epoch has.
    pub steps_per_epoch: usize,
}

/// A column that a network uses.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct ColumnInfo {
    /// Its name.
    pub name: String,
    /// The range to draw if it is one of numbers, somewhat wider than that of its values; else it can be no
    /// axis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub axis: Option<Axis>,
}

/// The range of an axis.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Axis {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// How many rows are for what.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RowCounts {
    /// Rows that the network learns from.
    pub train: usize,
    /// Rows that select the best epoch.
    pub valid: usize,
    /// Rows of the final test.
    pub test: usize,
}

/// Rows to be drawn, at most 2,000, evenly spaced among all.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Points {
    /// The number of each row in the table.
    pub rows: Vec<usize>,
    /// What each row is for: 0 training, 1 validation, 2 test.
    pub splits: Vec<u8>,
    /// The class of each row, from 0, or its number.
    pub targets: Vec<f64>,
    /// The values of each column of numbers, by its place among [`Configured::columns`]; `null` if missing,
    /// and an empty list for other columns.
    pub values: Vec<Vec<Option<f64>>>,
}

/// A network, as it is drawn.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NetworkInfo {
    /// The names of the inputs: columns, or the categories of one.
    pub inputs: Vec<String>,
    /// The layers, the last of which is that of the outputs.
    pub layers: Vec<LayerInfo>,
    /// The names of the outputs: classes, or what is predicted.
    pub outputs: Vec<String>,
    /// The number of all parameters, those of normalisations included.
    pub num_parameters: usize,
    /// Whether maps show probabilities of classes.
    pub has_probabilities: bool,
}

/// A network that finds clusters, as it is drawn.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ClusteringInfo {
    /// Whether rows are drawn by their codes, in a plane of their own, rather than by their columns.
    pub has_codes: bool,
    /// The units of a map between which lines are drawn.
    pub edges: Vec<[usize; 2]>,
}

/// A layer of neurons.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LayerInfo {
    /// How many neurons it has.
    pub units: usize,
    /// Its activation; `identity` for outputs.
    pub activation: String,
}

/// How far a training is.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Progress {
    /// Which experiment of the connection this is about.
    pub number: usize,
    /// Whether it is trained.
    pub state: State,
    /// The epochs that are over.
    pub epoch: usize,
    /// The steps that were taken.
    pub step: usize,
    /// Steps per second, while it plays.
    pub steps_per_second: f64,
    /// The epochs since the last message.
    pub curve: Vec<CurvePoint>,
    /// The epoch with the lowest validation loss so far; 0 before the first.
    pub best_epoch: usize,
}

/// What a training does.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It waits.
    Paused,
    /// It learns.
    Playing,
    /// All its epochs are over, or it has converged.
    Complete,
    /// Its loss is no longer finite.
    Diverged,
}

/// The measurements of an epoch.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct CurvePoint {
    /// The epoch, from 1.
    pub epoch: usize,
    /// The mean loss of the training rows while they were learned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub train_loss: Option<f64>,
    /// The mean loss of the validation rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_loss: Option<f64>,
    /// The share of training rows that were classified correctly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub train_accuracy: Option<f64>,
    /// The share of validation rows that are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_accuracy: Option<f64>,
    /// The mean learning rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub learning_rate: Option<f64>,
}

/// A row's way through a network and back: the five steps of backpropagation.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Trace {
    /// Which experiment of the connection this is about.
    pub number: usize,
    /// The steps that were taken.
    pub step: usize,
    /// The row of the table.
    pub row: usize,
    /// The inputs as the network gets them: scaled.
    pub inputs: Vec<f64>,
    /// The neurons of each layer, the last of which is that of the outputs.
    pub layers: Vec<Vec<NeuronTrace>>,
    /// The outputs as they are read: probabilities of classes, scores if there are none, or numbers.
    pub outputs: Vec<f64>,
    /// The true class, from 0, or the true number.
    pub target: f64,
    /// The loss of the row.
    pub loss: f64,
    /// The learning rate of plain gradient descent, for which updates are given.
    pub learning_rate: f64,
}

/// A neuron on the way there and back.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NeuronTrace {
    /// What the weights make of the inputs: `Σ w·x`.
    pub weighted_sum: f64,
    /// The threshold θ, which is minus the bias.
    pub threshold: f64,
    /// The output `f(Σ w·x − θ)`.
    pub activation: f64,
    /// The derivative `f′` there.
    pub slope: f64,
    /// How the loss changes with the net input: `δ`.
    pub delta: f64,
    /// How it changes with each weight: `δ·x`.
    pub gradients: Vec<f64>,
    /// How it changes with the bias: `δ`.
    pub bias_gradient: f64,
}

/// How the layers of a network are.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Diagnosis {
    /// Which experiment of the connection this is about.
    pub number: usize,
    /// Each layer, the last of which is that of the outputs.
    pub layers: Vec<LayerDiagnosis>,
}

/// How a layer is.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LayerDiagnosis {
    /// The root mean square of the gradient of the training loss with respect to its weights.
    pub gradient: f64,
    /// The units whose slope is 0 for each training row, so that they learn nothing more.
    pub dead: Vec<usize>,
    /// The units whose slope is below a twentieth of the activation's steepest one for nine rows of ten.
    pub saturated: Vec<usize>,
}

/// Why a request could not be carried out.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct Failure {
    /// What is wrong, and with which value.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The columns to choose a target from, if that is what is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choose_target: Option<Selection>,
}

/// Columns to choose from.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Selection {
    /// Their names.
    pub columns: Vec<String>,
}
