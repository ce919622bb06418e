use burn::module::ParamGroup;
use mlp_datasets::Scaling;
use mlp_models::{BackboneConfig, InputsConfig, NetworkConfig, ResNetConfig};
use serde::{Deserialize, Serialize};

use super::{NetworkInputs, SupervisedData, SupervisedRecipe, SupervisedTraining};
use crate::optimization::{Hyperparameters, ParameterGroup};
use crate::{Error, Problem};

/// A residual network behind embeddings of categories ([Gorishniy et al.
/// 2021](https://arxiv.org/abs/2106.11959)).
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct ResNetRecipe {
    /// The network.
    pub model: ResNetSettings,
    /// How it learns.
    pub training: SupervisedTraining,
    /// How rows become inputs.
    pub data: SupervisedData,
}

/// The blocks of a [`ResNet`](mlp_models::ResNet).
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct ResNetSettings {
    /// How many residual blocks there are, at least 1.
    pub num_blocks: usize,
    /// The width of the input and the output of each block, at least 1.
    pub d_block: usize,
    /// How many hidden units each block has, at least 1.
    pub d_hidden: usize,
    /// The probability, in `[0, 1)`, that a hidden unit of a block is dropped in a training step.
    pub hidden_dropout: f64,
    /// The probability, in `[0, 1)`, that an output of a block is dropped in a training step.
    pub residual_dropout: f64,
    /// How many numbers an embedded category becomes, at least 1.
    pub d_embedding: usize,
}

impl ResNetRecipe {
    /// The defaults for a problem: the network of the authors' package, and their weight decay.
    pub fn new(problem: Problem) -> Self {
        let network = ResNetConfig::new(1, 1);
        let data = SupervisedData::new(problem);
        Self {
            model: ResNetSettings {
                num_blocks: network.num_blocks,
                d_block: network.d_block,
                d_hidden: network.d_hidden,
                hidden_dropout: network.hidden_dropout,
                residual_dropout: network.residual_dropout,
                d_embedding: 8,
            },
            training: SupervisedTraining {
                weight_decay: 1e-5,
                ..SupervisedTraining::with_adamw(problem)
            },
            data: SupervisedData {
                // Outliers would hide the detail of a function.
                scaling: if data.scaling == Scaling::Standard {
                    Scaling::Quantile
                } else {
                    data.scaling
                },
                ..data
            },
        }
    }
}

impl SupervisedRecipe for ResNetRecipe {
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
        let spec = inputs.spec;
        let inputs = InputsConfig::new(spec.width(), &spec.cardinalities, settings.d_embedding);
        let resnet = ResNetConfig::new(inputs.d_output(), d_output)
            .with_num_blocks(settings.num_blocks)
            .with_d_block(settings.d_block)
            .with_d_hidden(settings.d_hidden)
            .with_hidden_dropout(settings.hidden_dropout)
            .with_residual_dropout(settings.residual_dropout);
        Ok(NetworkConfig {
            inputs,
            backbone: BackboneConfig::ResNet(resnet),
        })
    }

    /// Biases and normalisations are not decayed.
    fn parameter_groups(&self) -> Vec<ParameterGroup> {
        let training = &self.training;
        vec![ParameterGroup {
            parameters: ParamGroup::from_any_predicates(vec!["bias", "normalization"]),
            optimizer: training.optimizer,
            hyperparameters: Hyperparameters {
                weight_decay: 0.0,
                ..training.hyperparameters()
            },
            learning_rate: training.learning_rate,
            schedule: training.schedule,
        }]
    }

    fn hidden_matrices(&self) -> Option<ParamGroup> {
        let of_blocks = ParamGroup::from_predicates(vec!["blocks.", ".weight"]);
        Some(of_blocks.fuse(&ParamGroup::from_predicate("input.weight")))
    }
}
