use std::path::{Path, PathBuf};

use mlp_datasets::{
    CategoryEncoding, Dataset, LoadOptions, Preprocessor, PreprocessorConfig, Scaling, Split,
    SplitConfig, Table, Task,
};
use mlp_inference::{Metric, OutputKind};
use mlp_models::{
    ActivationConfig, EntityEmbeddingConfig, LossConfig, MlpConfig, NetworkConfig,
    NormalizationKind, PerceptronConfig, TabularConfig,
};
use serde::{Deserialize, Serialize};

use super::check::check_model_options;
use super::defaults::Defaults;
use super::{ClassWeights, TableOptions, TrainingOptions};
use crate::{Backend, Error, LossKind, Model, Optimizer, Schedule, run_files};

/// A training with every value settled. What is `None` is switched off.
///
/// Written to a file, it is a configuration file that gives the same training again.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // Each field is described at `TrainingOptions`.
pub struct TrainingConfig {
    pub dataset: String,
    pub model: Model,
    pub hidden: Vec<usize>,
    pub activation: Vec<ActivationConfig>,
    pub dropout: f64,
    pub normalization: NormalizationKind,
    pub loss: LossKind,
    pub huber_delta: f32,
    pub quantile: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class_weights: Option<ClassWeights>,
    pub label_smoothing: f32,
    pub optimizer: Optimizer,
    pub learning_rate: f64,
    pub schedule: Schedule,
    pub weight_decay: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clip_norm: Option<f32>,
    pub epochs: usize,
    pub batch_size: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patience: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub select: Option<Metric>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folds: Option<usize>,
    /// Which of the folds, from 1, for the run of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fold: Option<usize>,
    pub seed: u64,
    pub backend: Backend,
    pub scaling: Scaling,
    pub categories: CategoryEncoding,
    pub min_category_count: usize,
    pub d_embedding: usize,
    pub test_size: f64,
    pub valid_size: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub samples: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub noise: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_dir: Option<PathBuf>,
    #[serde(default, skip_serializing)]
    pub download: bool,
    #[serde(default, skip_serializing)]
    pub mirror: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub table: TableOptions,
}

fn is_default(table: &TableOptions) -> bool {
    table.first_given().is_none()
}

impl TrainingConfig {
    /// The data set that is trained on when none is named.
    pub const DEFAULT_DATASET: &str = "iris";

    /// Settles every value: what was said, else a default that suits the model and the data.
    ///
    /// # Errors
    ///
    /// If a value is out of range, or two do not fit each other or the data.
    pub fn resolve(options: TrainingOptions, dataset: &Dataset) -> Result<Self, Error> {
        let table = &dataset.table;
        let task = task(table)?;
        let model = options.model.unwrap_or(Model::Mlp);
        if let Some(option) = options.clustering.first_given() {
            return Err(Error::Mismatch {
                what: format!("`--{option}` is for a clustering"),
                hint: "ask for one with `--task clustering`".to_owned(),
            });
        }
        check_model_options(model, &options)?;

        let defaults = Defaults::of(model, task, dataset);
        let optimizer = options.optimizer.unwrap_or(defaults.optimizer);
        // A learning rate belongs to its optimizer, so another optimizer's is no default.
        let default_learning_rate = if optimizer == defaults.optimizer {
            defaults.learning_rate
        } else {
            optimizer.default_learning_rate()
        };
        let split = SplitConfig::default();
        let preprocessor = PreprocessorConfig::default();
        let config = Self {
            dataset: options
                .dataset
                .unwrap_or_else(|| Self::DEFAULT_DATASET.to_owned()),
            model,
            hidden: options.hidden.unwrap_or(defaults.hidden),
            activation: options.activation.unwrap_or(defaults.activation),
            dropout: options.dropout.unwrap_or(0.0),
            normalization: options.normalization.unwrap_or_default(),
            loss: options.loss.unwrap_or(defaults.loss),
            huber_delta: options.huber_delta.unwrap_or(1.0),
            quantile: options.quantile.unwrap_or(0.5),
            class_weights: options.class_weights,
            label_smoothing: options.label_smoothing.unwrap_or(0.0),
            optimizer,
            learning_rate: options.learning_rate.unwrap_or(default_learning_rate),
            schedule: options.schedule.unwrap_or(defaults.schedule),
            weight_decay: options.weight_decay.unwrap_or(defaults.weight_decay),
            clip_norm: options.clip_norm,
            epochs: options.epochs.unwrap_or(defaults.epochs),
            batch_size: options.batch_size.unwrap_or(defaults.batch_size),
            patience: options.patience,
            select: options.select,
            folds: options.folds,
            fold: None,
            seed: options.seed.unwrap_or(0),
            backend: options.backend.map_or_else(Backend::preferred, Ok)?,
            scaling: options.scaling.unwrap_or(defaults.scaling),
            // A single neuron has no layer behind which an embedding could be learned.
            categories: options.categories.unwrap_or(match model {
                Model::Mlp => preprocessor.categories,
                _ => CategoryEncoding::OneHot,
            }),
            min_category_count: options
                .min_category_count
                .unwrap_or(preprocessor.min_category_count),
            d_embedding: options.d_embedding.unwrap_or(8),
            test_size: options.test_size.unwrap_or(split.test_size),
            valid_size: options.valid_size.unwrap_or(defaults.valid_size),
            samples: options.samples,
            noise: options.noise,
            data_dir: options.data_dir,
            download: options.download,
            mirror: options.mirror,
            table: options.table,
        };
        config.check(task)?;
        Ok(config)
    }

    /// Reads `config.toml` of a run.
    ///
    /// # Errors
    ///
    /// If it is missing or damaged.
    pub fn load(run: &Path) -> Result<Self, Error> {
        run_files::load_config(run)
    }

    /// Writes `config.toml` into a run's folder.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn save(&self, run: &Path) -> Result<(), Error> {
        run_files::save_config(self, run)
    }

    /// How the data set is loaded.
    pub fn load_options(&self) -> LoadOptions {
        LoadOptions {
            seed: self.seed,
            samples: self.samples,
            noise: self.noise,
            data_dir: self.data_dir.clone(),
            download: self.download,
            mirror: self.mirror.clone(),
        }
    }

    /// Which rows train, choose and test.
    ///
    /// # Errors
    ///
    /// If there are too few rows.
    pub fn split(&self, dataset: &Dataset) -> Result<Split, Error> {
        match self.fold {
            None => {
                let (table, partition) = (&dataset.table, &dataset.partition);
                Ok(Split::new(table, partition, &self.split_config())?)
            }
            Some(fold) => self
                .folds(dataset)?
                .into_iter()
                .nth(fold - 1)
                .ok_or_else(|| Error::InvalidOption {
                    option: "fold",
                    value: fold.to_string(),
                    allowed: "one of the folds".to_owned(),
                }),
        }
    }

    /// The splits of a cross-validation.
    ///
    /// # Errors
    ///
    /// If there are too few rows, or which rows test is given otherwise.
    pub fn folds(&self, dataset: &Dataset) -> Result<Vec<Split>, Error> {
        let (table, partition) = (&dataset.table, &dataset.partition);
        let num_folds = self.folds.unwrap_or(1);
        Ok(Split::folds(
            table,
            partition,
            &self.split_config(),
            num_folds,
        )?)
    }

    fn split_config(&self) -> SplitConfig {
        SplitConfig {
            test_size: self.test_size,
            valid_size: self.valid_size,
            seed: self.seed,
        }
    }

    /// How rows become inputs.
    pub fn preprocessor(&self) -> PreprocessorConfig {
        PreprocessorConfig {
            scaling: self.scaling,
            categories: self.categories,
            min_category_count: self.min_category_count,
        }
    }

    /// The network for inputs and targets as a preprocessor makes them.
    pub fn network_for(&self, preprocessor: &Preprocessor) -> NetworkConfig {
        let d_output = match preprocessor.classes() {
            Some(classes) => self.num_outputs(classes.len()),
            None => preprocessor.target.names().len(),
        };
        let cardinalities = preprocessor.cardinalities();
        self.network(preprocessor.width(), &cardinalities, d_output)
    }

    /// The network for rows of so many numbers, and categories of so many places.
    pub(super) fn network(
        &self,
        width: usize,
        cardinalities: &[usize],
        d_output: usize,
    ) -> NetworkConfig {
        let neuron = |activation| {
            NetworkConfig::Perceptron(
                PerceptronConfig::new(width)
                    .with_d_output(d_output)
                    .with_activation(activation),
            )
        };
        let mlp = |d_input| {
            MlpConfig::new(d_input, self.hidden.clone(), d_output)
                .with_activations(self.activation.clone())
                .with_dropout(self.dropout)
                .with_normalization(self.normalization)
        };
        match self.model {
            Model::Perceptron => neuron(ActivationConfig::Step),
            Model::Adaline => neuron(ActivationConfig::Identity),
            Model::Logistic => neuron(ActivationConfig::Sigmoid),
            _ if cardinalities.is_empty() => NetworkConfig::Mlp(mlp(width)),
            _ => {
                let embedding = EntityEmbeddingConfig::new(cardinalities.to_vec())
                    .with_d_embedding(self.d_embedding);
                let backbone = mlp(width + embedding.d_output());
                NetworkConfig::Tabular(TabularConfig::new(embedding, backbone))
            }
        }
    }

    /// One output for each class, but a single one where it can tell two classes apart.
    fn num_outputs(&self, num_classes: usize) -> usize {
        let single = match self.loss {
            LossKind::CrossEntropy => false,
            LossKind::BinaryCrossEntropy | LossKind::PerceptronCriterion => true,
            LossKind::MeanSquaredError
            | LossKind::MeanAbsoluteError
            | LossKind::Huber
            | LossKind::Pinball => self.model != Model::Mlp,
        };
        if num_classes == 2 && single {
            1
        } else {
            num_classes
        }
    }

    /// What the network should learn.
    pub fn loss(&self) -> LossConfig {
        match self.loss {
            LossKind::CrossEntropy => LossConfig::CrossEntropy {
                class_weights: None,
                label_smoothing: self.label_smoothing,
            },
            LossKind::BinaryCrossEntropy => LossConfig::BinaryCrossEntropy {
                label_smoothing: self.label_smoothing,
            },
            LossKind::MeanSquaredError => LossConfig::MeanSquaredError,
            LossKind::MeanAbsoluteError => LossConfig::MeanAbsoluteError,
            LossKind::Huber => LossConfig::Huber {
                delta: self.huber_delta,
            },
            LossKind::Pinball => LossConfig::Pinball {
                quantile: self.quantile,
            },
            LossKind::PerceptronCriterion => LossConfig::PerceptronCriterion,
        }
    }

    /// What the network's outputs will mean.
    pub fn output(&self, task: Task) -> OutputKind {
        match (task, self.loss) {
            (Task::Regression | Task::Clustering, _) => OutputKind::Numbers,
            (Task::Classification, LossKind::CrossEntropy) => OutputKind::Softmax,
            (Task::Classification, LossKind::BinaryCrossEntropy) => OutputKind::Sigmoid,
            (Task::Classification, _) => OutputKind::Scores,
        }
    }
}

/// The task that the data set's target sets.
fn task(table: &Table) -> Result<Task, Error> {
    table.task().ok_or_else(|| Error::Mismatch {
        what: "the data set has no target to learn".to_owned(),
        hint: "name the column to predict with `--target COLUMN`".to_owned(),
    })
}
