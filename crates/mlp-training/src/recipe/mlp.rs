use burn::module::ParamGroup;
use mlp_datasets::{InputSpec, Scaling, Task};
use mlp_models::activation::ActivationConfig;
use mlp_models::{BackboneConfig, InputsConfig, MlpConfig, NetworkConfig, NormalizationKind};
use serde::{Deserialize, Serialize};

use super::{SupervisedData, SupervisedRecipe, SupervisedTraining};
use crate::Problem;

/// A multilayer perceptron behind embeddings of categories.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct MlpRecipe {
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

    fn network(&self, inputs: &InputSpec, d_output: usize) -> NetworkConfig {
        let settings = &self.model;
        let inputs = InputsConfig::new(inputs.width(), &inputs.cardinalities, settings.d_embedding);
        let mlp = MlpConfig::new(inputs.d_output(), settings.hidden.clone(), d_output)
            .with_activations(settings.activation.clone())
            .with_dropout(settings.dropout)
            .with_normalization(settings.normalization);
        NetworkConfig {
            inputs,
            backbone: BackboneConfig::Mlp(mlp),
        }
    }

    fn hidden_matrices(&self) -> Option<ParamGroup> {
        let has_hidden = !self.model.hidden.is_empty();
        has_hidden.then(|| ParamGroup::from_predicates(vec!["hidden.", "linear.weight"]))
    }
}
