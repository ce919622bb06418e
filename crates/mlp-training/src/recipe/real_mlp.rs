use burn::module::{Module, ParamGroup};
use burn::tensor::Device;
use mlp_datasets::{CategoryEncoding, Examples, Scaling, Task};
use mlp_models::activation::ActivationConfig;
use mlp_models::loss::LossKind;
use mlp_models::{Backbone, BackboneConfig, Network, NetworkConfig, RealMlpConfig};
use serde::{Deserialize, Serialize};

use super::{
    Criterion, NetworkInputs, NumericalKind, NumericalSettings, Selection, SupervisedData,
    SupervisedRecipe, SupervisedTraining, Ties,
};
use crate::optimization::{Hyperparameters, ParameterGroup};
use crate::{Annealing, Error, Problem, Schedule};

/// `RealMLP`, a multilayer perceptron with defaults that were tuned on many tables ([Holzmüller et al.
/// 2024](https://arxiv.org/abs/2407.04491)), or its simplified form.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct RealMlpRecipe {
    /// Whether it is the simplified form, by which the model is named.
    #[serde(skip)]
    pub is_simplified: bool,
    /// The network.
    pub model: RealMlpSettings,
    /// How it learns.
    pub training: SupervisedTraining,
    /// How rows become inputs.
    pub data: SupervisedData,
}

/// The layers of a [`RealMlp`](mlp_models::RealMlp).
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct RealMlpSettings {
    /// How many units each hidden layer has. Empty: a linear model.
    pub hidden: Vec<usize>,
    /// The activation of the hidden layers: a list of one.
    pub activation: Vec<ActivationConfig>,
    /// The probability, in `[0, 1)`, that a hidden unit is dropped in a training step.
    pub dropout: f64,
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

impl RealMlpRecipe {
    /// The defaults of the authors for a problem.
    pub fn new(is_simplified: bool, problem: Problem) -> Self {
        let is_regression = problem.task == Task::Regression;
        let data = SupervisedData::new(problem);
        let network = RealMlpConfig::new(1, 1);
        Self {
            is_simplified,
            model: RealMlpSettings {
                hidden: network.hidden_sizes,
                activation: vec![if is_regression {
                    ActivationConfig::Mish
                } else {
                    ActivationConfig::Selu
                }],
                dropout: if is_simplified { 0.0 } else { network.dropout },
                d_embedding: 8,
                numerical_embedding: if is_simplified {
                    NumericalKind::None
                } else {
                    NumericalKind::Pbld
                },
                d_numerical: 4,
                num_bins: None,
                num_frequencies: 16,
                frequency_scale: 0.1,
            },
            training: SupervisedTraining {
                betas: [0.9, 0.95],
                learning_rate: match (is_regression, is_simplified) {
                    (true, true) => 0.07,
                    (true, false) => 0.2,
                    (false, _) => 0.04,
                },
                schedule: Schedule::Coslog4,
                weight_decay: if is_simplified { 0.0 } else { 0.02 },
                decay_schedule: Some(Annealing::FlatCosine),
                dropout_schedule: Some(Annealing::FlatCosine),
                label_smoothing: if is_regression { 0.0 } else { 0.1 },
                epochs: 256,
                batch_size: match problem.num_rows {
                    0..1_600 => 64,
                    1_600..13_000 => 128,
                    13_000..47_000 => 256,
                    47_000..160_000 => 512,
                    _ => 1024,
                },
                ..SupervisedTraining::with_adamw(problem)
            },
            data: SupervisedData {
                scaling: if data.scaling == Scaling::Standard {
                    Scaling::Robust
                } else {
                    data.scaling
                },
                categories: if is_simplified {
                    CategoryEncoding::OneHot
                } else {
                    CategoryEncoding::Auto
                },
                ..data
            },
        }
    }
}

impl SupervisedRecipe for RealMlpRecipe {
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
        let [activation] = settings.activation[..] else {
            return Err(Error::invalid(
                "activation",
                format!("a list of {}", settings.activation.len()),
                "one for all hidden layers",
            ));
        };
        let network = RealMlpConfig::new(inputs.d_output(), d_output)
            .with_hidden_sizes(settings.hidden.clone())
            .with_activation(activation)
            .with_dropout(settings.dropout)
            .with_is_parametric(!self.is_simplified);
        Ok(NetworkConfig {
            inputs,
            backbone: BackboneConfig::RealMlp(network),
        })
    }

    fn init(&self, network: &NetworkConfig, sample: &Examples, device: &Device) -> Network {
        let network = network.init(device);
        let Backbone::RealMlp(backbone) = &network.backbone else {
            return network;
        };
        let backbone = if self.is_simplified {
            backbone.clone().with_zero_output()
        } else {
            let inputs = network
                .valid()
                .inputs(sample.features.clone(), sample.categories.clone());
            backbone.clone().fit(inputs)
        };
        Network {
            backbone: Backbone::RealMlp(backbone),
            ..network
        }
    }

    /// Scales learn faster, biases, activations and embeddings of numbers slower than weights. As in the
    /// authors' program, the factors count for the decay too.
    fn parameter_groups(&self) -> Vec<ParameterGroup> {
        let training = &self.training;
        let group = |path: &str, factor: f64, decays: bool| {
            #[expect(clippy::cast_possible_truncation)] // Of about 1.
            let decay = if decays { factor as f32 } else { 0.0 };
            ParameterGroup {
                parameters: ParamGroup::from_predicate(path),
                optimizer: training.optimizer,
                hyperparameters: Hyperparameters {
                    weight_decay: training.weight_decay * decay,
                    ..training.hyperparameters()
                },
                learning_rate: training.learning_rate * factor,
                schedule: training.schedule,
            }
        };
        vec![
            group("scale", 6.0, true),
            group("activation", 0.1, true),
            group("bias", 0.1, false),
            group("numerical", 0.1, true),
        ]
    }

    fn hidden_matrices(&self) -> Option<ParamGroup> {
        let has_hidden = !self.model.hidden.is_empty();
        has_hidden.then(|| ParamGroup::from_predicates(vec!["hidden.", "linear.weight"]))
    }

    /// As the authors do, by the accuracy if there are classes, and the last of equally good epochs.
    fn selection(&self) -> Selection {
        let training = &self.training;
        let of_loss = Selection::of(training);
        let is_for_classes = training.loss == LossKind::CrossEntropy;
        Selection {
            criterion: if is_for_classes && training.select.is_none() {
                Criterion::Accuracy
            } else {
                of_loss.criterion
            },
            ties: Ties::Last,
        }
    }

    fn drops_last_batch(&self) -> bool {
        true
    }
}
