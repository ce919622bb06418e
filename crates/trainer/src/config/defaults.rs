use mlp_datasets::{Dataset, Scaling, Task};
use mlp_models::ActivationConfig;

use crate::{LossKind, Model, Optimizer, Schedule};

/// Tables of fewer rows are small.
const SMALL_TABLE: usize = 5_000;

/// The values that suit a model and the data.
pub(super) struct Defaults {
    pub hidden: Vec<usize>,
    pub activation: Vec<ActivationConfig>,
    pub loss: LossKind,
    pub optimizer: Optimizer,
    pub learning_rate: f64,
    pub schedule: Schedule,
    pub weight_decay: f32,
    pub epochs: usize,
    pub batch_size: usize,
    pub valid_size: f64,
    pub scaling: Scaling,
}

impl Defaults {
    pub fn of(model: Model, task: Task, dataset: &Dataset) -> Self {
        let rows = dataset.table.num_rows();
        let is_small = rows < SMALL_TABLE;
        let epochs = match (rows, task) {
            (0..SMALL_TABLE, _) => 100,
            (SMALL_TABLE..20_000, _) | (20_000..50_000, Task::Regression) => 50,
            _ => 20,
        };
        let batch_size = match rows {
            0..1_000 => 32,
            1_000..10_000 => 64,
            _ => 128,
        };
        let neuron = Self {
            hidden: Vec::new(),
            activation: vec![ActivationConfig::Relu],
            loss: LossKind::MeanSquaredError,
            optimizer: Optimizer::Sgd,
            learning_rate: 0.01,
            schedule: Schedule::Constant,
            weight_decay: 0.0,
            epochs,
            batch_size,
            // A tenth of a large table is enough to choose by.
            valid_size: if is_small { 0.2 } else { 0.1 },
            scaling: dataset.scaling,
        };
        match model {
            // Rosenblatt's rule as he wrote it: one row at a time, by whole inputs.
            Model::Perceptron => Self {
                loss: LossKind::PerceptronCriterion,
                learning_rate: 1.0,
                batch_size: 1,
                ..neuron
            },
            // Those that find groups have a configuration of their own.
            Model::Adaline | Model::Som | Model::Autoencoder | Model::Dec | Model::Idec => neuron,
            Model::Logistic => Self {
                loss: LossKind::BinaryCrossEntropy,
                optimizer: Optimizer::AdamW,
                learning_rate: 0.1,
                schedule: Schedule::Cosine,
                weight_decay: 0.01,
                ..neuron
            },
            // A function of many rows has room for detail, and outliers would hide it.
            Model::Mlp if task == Task::Regression && !is_small => Self {
                hidden: vec![128, 128],
                learning_rate: 0.005,
                weight_decay: 0.1,
                scaling: match dataset.scaling {
                    Scaling::Standard => Scaling::Quantile,
                    other => other,
                },
                optimizer: Optimizer::AdamW,
                schedule: Schedule::Cosine,
                ..neuron
            },
            // The strong decay is what keeps tables from being learned by heart; small ones also
            // need a smooth function.
            Model::Mlp => Self {
                hidden: vec![64, 64],
                activation: vec![if is_small {
                    ActivationConfig::Tanh
                } else {
                    ActivationConfig::Relu
                }],
                loss: match task {
                    Task::Classification => LossKind::CrossEntropy,
                    Task::Regression | Task::Clustering => LossKind::MeanSquaredError,
                },
                optimizer: Optimizer::AdamW,
                learning_rate: if is_small { 0.003 } else { 0.001 },
                schedule: Schedule::Cosine,
                weight_decay: 1.0,
                ..neuron
            },
        }
    }
}
