use burn::module::Module;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use crate::{InvalidConfig, Mlp, MlpConfig, Perceptron, PerceptronConfig};

/// Configuration of a [`Network`]: which kind it is, and its sizes.
#[derive(Serialize, Deserialize, Clone, Debug)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NetworkConfig {
    /// One layer of neurons.
    Perceptron(PerceptronConfig),
    /// Hidden layers of neurons.
    Mlp(MlpConfig),
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
        }
    }

    /// How many features a row has.
    pub fn d_input(&self) -> usize {
        match self {
            Self::Perceptron(config) => config.d_input,
            Self::Mlp(config) => config.d_input,
        }
    }

    /// How many outputs there are.
    pub fn d_output(&self) -> usize {
        match self {
            Self::Perceptron(config) => config.d_output,
            Self::Mlp(config) => config.d_output,
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
}

impl Network {
    /// The logits (the net input, for a perceptron), or the predicted numbers.
    ///
    /// # Shapes
    ///
    /// - input: `[batch_size, d_input]`
    /// - output: `[batch_size, d_output]`
    pub fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Perceptron(perceptron) => perceptron.net_input(input),
            Self::Mlp(mlp) => mlp.forward(input),
        }
    }
}
