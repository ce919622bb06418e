use burn::module::ParamGroup;
use mlp_datasets::{Scaling, Task};
use mlp_models::activation::ActivationConfig;
use mlp_models::{BackboneConfig, MlpConfig, NetworkConfig, NormalizationKind};
use serde::{Deserialize, Serialize};

use super::{
    NetworkInputs, NumericalKind, NumericalSettings, SupervisedData, SupervisedRecipe,
    SupervisedTraining,
};
use crate::{Error, Problem};

/// A multilayer perceptron behind embeddings of categories.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct MlpRecipe {
    /// The embeddings of numbers by which the model is named.
    #[serde(skip)]
    pub named_for: NumericalKind,
    /// The network.
    pub model: MlpSettings,
    /// How it learns.
    pub training: SupervisedTraining,
    /// How rows become inputs.
    pub data: SupervisedData,
}

/// The hidden layers of an [`Mlp`](mlp_models::Mlp).
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct MlpSettings {
    /// How many units each hidden layer has. Empty: a linear model.
    pub hidden: Vec<usize>,
    /// One activation for all hidden layers, or one for each.
    pub activation: Vec<ActivationConfig>,
    /// The probability, in `[0, 1)`, that a hidden unit is dropped in a training step.
    pub dropout: f64,
    /// What normalises the hidden layers.
    pub normalization: NormalizationKind,
    /// How many numbers an embedded category becomes, at least 1.
    pub d_embedding: usize,
    /// How numbers become vectors.
    pub numerical_embedding: NumericalKind,
    /// The length of the vector of each number, at least 1.
    pub d_numerical: usize,
    /// How many bins of `piecewise_linear` there are at most, at least 1. `None`: 128, or fewer of a small
    /// table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub num_bins: Option<usize>,
    /// How many frequencies of `periodic` and `pbld` each number has, at least 1.
    pub num_frequencies: usize,
    /// The standard deviation of these frequencies at the start, above 0.
    pub frequency_scale: f64,
}

impl MlpRecipe {
    /// The defaults for a problem.
    ///
    /// A strong weight decay keeps tables from being memorised: MNIST (512-512) reached 98.56 %
    /// with a decay of 1 and 98.10 % with 0.01. Small tables also need a smooth function, hence
    /// tanh: with relu and 0.01, iris fell from 0.97 to 0.90 over ten seeds, and diabetes from an
    /// R² of 0.51 to 0.43. Regression on many rows is different: quantile scaling, 128-128 units
    /// and a weak decay give California housing an RMSE of 0.49, against 0.58 with the settings of
    /// small tables.
    pub fn new(problem: Problem) -> Self {
        let is_small = problem.is_small();
        let is_large_regression = problem.task == Task::Regression && !is_small;
        let data = SupervisedData::new(problem);
        Self {
            named_for: NumericalKind::None,
            model: MlpSettings {
                hidden: if is_large_regression {
                    vec![128, 128]
                } else {
                    vec![64, 64]
                },
                activation: vec![if is_small {
                    ActivationConfig::Tanh
                } else {
                    ActivationConfig::Relu
                }],
                dropout: 0.0,
                normalization: NormalizationKind::None,
                d_embedding: 8,
                numerical_embedding: NumericalKind::None,
                d_numerical: 16,
                num_bins: None,
                num_frequencies: 48,
                frequency_scale: 0.01,
            },
            training: SupervisedTraining {
                learning_rate: match (is_small, is_large_regression) {
                    (true, _) => 0.003,
                    (false, true) => 0.005,
                    (false, false) => 0.001,
                },
                weight_decay: if is_large_regression { 0.1 } else { 1.0 },
                ..SupervisedTraining::with_adamw(problem)
            },
            data: SupervisedData {
                // Outliers would hide the detail of a function of many rows.
                scaling: if is_large_regression && data.scaling == Scaling::Standard {
                    Scaling::Quantile
                } else {
                    data.scaling
                },
                ..data
            },
        }
    }

    /// The defaults with embeddings of numbers, of which those of the authors are 24 numbers for
    /// `periodic` ones and 16 for the others.
    pub fn with_numerical_embedding(kind: NumericalKind, problem: Problem) -> Self {
        let mut recipe = Self::new(problem);
        recipe.named_for = kind;
        recipe.model = MlpSettings {
            numerical_embedding: kind,
            d_numerical: if kind == NumericalKind::Periodic {
                24
            } else {
                16
            },
            hidden: vec![256, 256],
            activation: vec![ActivationConfig::Relu],
            dropout: 0.1,
            ..recipe.model
        };
        recipe.training.learning_rate = 0.001;
        recipe.training.weight_decay = 0.01;
        if recipe.data.scaling == Scaling::Standard {
            recipe.data.scaling = Scaling::Quantile;
        }
        recipe
    }
}

impl SupervisedRecipe for MlpRecipe {
    fn settings(&self) -> &dyn erased_serde::Serialize {
        &self.model
    }

    fn data(&self) -> &SupervisedData {
        &self.data
    }

    fn training(&self) -> &SupervisedTraining {
        &self.training
    }

    fn training_mut(&mut self) -> &mut SupervisedTraining {
        &mut self.training
    }

    fn network(&self, inputs: NetworkInputs, d_output: usize) -> Result<NetworkConfig, Error> {
        let settings = &self.model;
        let numerical = NumericalSettings {
            kind: settings.numerical_embedding,
            d_numerical: settings.d_numerical,
            num_bins: settings.num_bins,
            num_frequencies: settings.num_frequencies,
            frequency_scale: settings.frequency_scale,
        };
        let inputs = numerical.inputs(inputs, settings.d_embedding)?;
        let mlp = MlpConfig::new(inputs.d_output(), settings.hidden.clone(), d_output)
            .with_activations(settings.activation.clone())
            .with_dropout(settings.dropout)
            .with_normalization(settings.normalization);
        Ok(NetworkConfig {
            inputs,
            backbone: BackboneConfig::Mlp(mlp),
        })
    }

    fn hidden_matrices(&self) -> Option<ParamGroup> {
        let has_hidden = !self.model.hidden.is_empty();
        has_hidden.then(|| ParamGroup::from_predicates(vec!["hidden.", "linear.weight"]))
    }
}
