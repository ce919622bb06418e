use burn::module::Module;
use burn::tensor::{Device, Int, Tensor};
use serde::{Deserialize, Serialize};

use crate::{InvalidConfig, Mlp, MlpConfig, Perceptron, PerceptronConfig, Tabular, TabularConfig};

/// Configuration of a [`Network`]: which kind it is, and its sizes.
#[derive(Serialize, Deserialize, Clone, Debug)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NetworkConfig {
    /// One layer of neurons.
    Perceptron(PerceptronConfig),
    /// Hidden layers of neurons.
    Mlp(MlpConfig),
    /// Hidden layers of neurons behind embeddings of categories.
    Tabular(TabularConfig),
}

impl NetworkConfig {
    /// Checks that the configuration describes a network.
    ///
    /// # Errors
    ///
    /// Names the first field that is out of range.
    pub fn check(&self) -> Result<(), InvalidConfig> {
        match self {
            Self::Perceptron(config) => config.check(),
            Self::Mlp(config) => config.check(),
            Self::Tabular(config) => config.check(),
        }
    }

    /// Initializes the module on a device.
    ///
    /// # Panics
    ///
    /// If [`check`](Self::check) finds an error.
    pub fn init(&self, device: &Device) -> Network {
        match self {
            Self::Perceptron(config) => Network::Perceptron(config.init(device)),
            Self::Mlp(config) => Network::Mlp(config.init(device)),
            Self::Tabular(config) => Network::Tabular(config.init(device)),
        }
    }

    /// How many numbers a row has.
    pub fn d_input(&self) -> usize {
        match self {
            Self::Perceptron(config) => config.d_input,
            Self::Mlp(config) => config.d_input,
            Self::Tabular(config) => config.d_input(),
        }
    }

    /// How many places each embedding has; none if there are no embeddings.
    pub fn cardinalities(&self) -> &[usize] {
        match self {
            Self::Perceptron(_) | Self::Mlp(_) => &[],
            Self::Tabular(config) => &config.embedding.cardinalities,
        }
    }

    /// How many outputs there are.
    pub fn d_output(&self) -> usize {
        match self {
            Self::Perceptron(config) => config.d_output,
            Self::Mlp(config) => config.d_output,
            Self::Tabular(config) => config.backbone.d_output,
        }
    }
}

/// Any network of this crate, for programs that learn only at run time which one they have.
#[derive(Module, Debug)]
pub enum Network {
    /// One layer of neurons.
    Perceptron(Perceptron),
    /// Hidden layers of neurons.
    Mlp(Mlp),
    /// Hidden layers of neurons behind embeddings of categories.
    Tabular(Tabular),
}

impl Network {
    /// The logits (the net input, for a perceptron), or the predicted numbers.
    ///
    /// # Shapes
    ///
    /// - numbers: `[batch_size, d_input]`
    /// - categories: `[batch_size, num_embeddings]`, for a network with embeddings
    /// - output: `[batch_size, d_output]`
    ///
    /// # Panics
    ///
    /// If a network with embeddings is given no categories.
    pub fn forward(&self, numbers: Tensor<2>, categories: Option<Tensor<2, Int>>) -> Tensor<2> {
        match (self, categories) {
            (Self::Perceptron(perceptron), _) => perceptron.net_input(numbers),
            (Self::Mlp(mlp), _) => mlp.forward(numbers),
            (Self::Tabular(tabular), Some(categories)) => tabular.forward(numbers, categories),
            (Self::Tabular(_), None) => panic!("a network with embeddings needs categories"),
        }
    }
}
