//! Perceptrons and multilayer perceptrons as [Burn](burn) modules, with their losses.
//!
//! A neuron multiplies its inputs by weights, subtracts a threshold and applies an
//! [activation](activation::Activation). A [`Perceptron`] is one layer of such neurons, and an
//! [`Mlp`] stacks hidden layers of them. A [`Network`] puts an [input front end](InputsConfig), which
//! turns categories into vectors, before one of these backbones. A [`Loss`](loss::Loss) measures how
//! wrong the outputs are. [`clustering`] contains networks that group unlabelled rows.
//!
//! Every network learns the same way: gradient descent by backpropagation, with whichever optimizer
//! and training loop the program chooses.
//!
//! Configurations implement serde's traits and have a `check` method that names the first field that
//! is out of range. Modules are initialized on a [`Device`](burn::tensor::Device) and run wherever
//! that device is. By default the crate depends only on `burn`, `serde` and `strum`, and selects no
//! backend.
//!
//! # Features
//!
//! - `flex`: computes each layer of an [`Mlp`] as a single operation when its tensors belong to Burn's
//!   CPU backend flex. A training step then takes an eighth to a third less time.
//!
//! ```
//! use burn::tensor::{Device, Tensor};
//! use mlp_models::MlpConfig;
//! use mlp_models::activation::ActivationConfig;
//!
//! let device = Device::flex();
//! let mlp = MlpConfig::new(4, vec![16, 16], 3)
//!     .with_activations(vec![ActivationConfig::Tanh])
//!     .init(&device);
//!
//! let logits = mlp.forward(Tensor::zeros([8, 4], &device));
//! assert_eq!(logits.dims(), [8, 3]);
//! ```

pub mod activation;
mod backbone;
pub mod clustering;
mod dense;
mod drawn;
mod embedding;
#[cfg(feature = "flex")]
mod flex;
mod inputs;
mod invalid_config;
pub mod loss;
mod mlp;
mod network;
mod numerical_inputs;
mod perceptron;
mod real_mlp;
mod resnet;
mod tabm;

pub use backbone::{Backbone, BackboneConfig};
pub use embedding::{
    EntityEmbedding, EntityEmbeddingConfig, NumericalEmbedding, NumericalEmbeddingConfig,
    PbldEmbedding, PbldEmbeddingConfig, PeriodicEmbedding, PeriodicEmbeddingConfig,
    PiecewiseLinearEmbedding, PiecewiseLinearEmbeddingConfig,
};
pub use inputs::InputsConfig;
pub use invalid_config::InvalidConfig;
pub use mlp::{HiddenLayer, Mlp, MlpConfig, NormalizationKind};
pub use network::{Network, NetworkConfig};
pub use numerical_inputs::{NumericalInputs, NumericalInputsConfig};
pub use perceptron::{Perceptron, PerceptronConfig};
pub use real_mlp::{
    HiddenActivation, NtpLinear, ParametricActivation, RealMlp, RealMlpConfig, RealMlpLayer,
};
pub use resnet::{ResNet, ResNetConfig, ResidualBlock};
pub use tabm::{
    BatchEnsembleLinear, EnsembleLinear, SharedLayers, TabM, TabMConfig, TabMLayers, TabMVariant,
};

/// The bare matrix product, which benchmarks compare with a whole training step. Not part of the
/// stable interface.
#[cfg(feature = "bench")]
#[doc(hidden)]
pub mod bench {
    pub use crate::flex::{Matrix, product};
}

// Compiles and runs the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
