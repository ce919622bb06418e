use mlp_datasets::CategoryEncoding;
use mlp_models::activation::ActivationConfig;
use mlp_models::loss::LossKind;
use mlp_models::{BackboneConfig, InputsConfig, NetworkConfig, PerceptronConfig};
use serde::{Deserialize, Serialize};

use super::require::require;
use super::{NetworkInputs, SupervisedData, SupervisedRecipe, SupervisedTraining};
use crate::{Error, Optimizer, Problem, Schedule};

/// One layer of neurons, one for each class or number, by one of three learning rules.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct NeuronRecipe {
    /// The learning rule, by which the model is named.
    #[serde(skip)]
    pub rule: LearningRule,
    /// There is nothing to choose about the network.
    pub model: NeuronSettings,
    /// How it learns.
    pub training: SupervisedTraining,
    /// How rows become inputs.
    pub data: SupervisedData,
}

/// The settings of a layer of neurons: none.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NeuronSettings {}

/// By which rule neurons learn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LearningRule {
    /// Rosenblatt's (1958): the gradient of the perceptron criterion.
    #[default]
    Rosenblatt,
    /// That of Widrow and Hoff (1960): the gradient of the squared error.
    WidrowHoff,
    /// The gradient of the cross-entropy behind a sigmoid.
    Logistic,
}

impl NeuronRecipe {
    /// The defaults for a problem.
    pub fn new(rule: LearningRule, problem: Problem) -> Self {
        let training = SupervisedTraining::new(problem);
        Self {
            rule,
            model: NeuronSettings {},
            training: match rule {
                // As Rosenblatt wrote it: one row at a time, by whole inputs.
                LearningRule::Rosenblatt => SupervisedTraining {
                    loss: LossKind::PerceptronCriterion,
                    learning_rate: 1.0,
                    batch_size: 1,
                    ..training
                },
                LearningRule::WidrowHoff => training,
                LearningRule::Logistic => SupervisedTraining {
                    loss: LossKind::BinaryCrossEntropy,
                    optimizer: Optimizer::AdamW,
                    learning_rate: 0.1,
                    schedule: Schedule::Cosine,
                    weight_decay: 0.01,
                    ..training
                },
            },
            data: SupervisedData {
                // There is no layer behind which an embedding could be learned.
                categories: CategoryEncoding::OneHot,
                ..SupervisedData::new(problem)
            },
        }
    }
}

impl SupervisedRecipe for NeuronRecipe {
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
        let width = inputs.spec.width();
        let activation = match self.rule {
            LearningRule::Rosenblatt => ActivationConfig::Step,
            LearningRule::WidrowHoff => ActivationConfig::Identity,
            LearningRule::Logistic => ActivationConfig::Sigmoid,
        };
        let neurons = PerceptronConfig::new(width)
            .with_d_output(d_output)
            .with_activation(activation);
        Ok(NetworkConfig {
            inputs: InputsConfig::new(width, &[], 1),
            backbone: BackboneConfig::Perceptron(neurons),
        })
    }

    /// There is no layer behind which an embedding could be learned.
    fn check(&self) -> Result<(), Error> {
        require(
            matches!(
                self.data.categories,
                CategoryEncoding::OneHot | CategoryEncoding::Target
            ),
            "categories",
            self.data.categories,
            "`one_hot` or `target` for a single layer of neurons",
        )
    }

    fn is_single_layer(&self) -> bool {
        true
    }
}
