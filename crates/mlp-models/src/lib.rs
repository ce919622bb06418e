//! Perceptrons and multilayer perceptrons as [Burn](burn) modules.
//!
//! A neuron multiplies its inputs by weights, subtracts a threshold and applies an
//! [activation](Activation); a [`Perceptron`] is one layer of such neurons, and an [`Mlp`] stacks
//! hidden layers of them. A [`Tabular`] network takes categories beside numbers. What a network
//! should learn is a [`Loss`]. How it learns is always the same: gradient descent by
//! backpropagation, with whatever optimizer and loop the program uses.
//!
//! A module is made for a [`Device`](burn::tensor::Device) and runs wherever that device is. By default
//! the crate depends on `burn` alone and names no backend. With the feature `flex`, the layers of an
//! [`Mlp`] are one operation each where their tensors are those of flex, on the CPU, and a training step
//! takes an eighth to a third less time.
//!
//! ```
//! use burn::tensor::{Device, Tensor};
//! use mlp_models::{ActivationConfig, MlpConfig};
//!
//! let device = Device::flex();
//! let mlp = MlpConfig::new(4, vec![16, 16], 3)
//!     .with_activations(vec![ActivationConfig::Tanh])
//!     .init(&device);
//!
//! let logits = mlp.forward(Tensor::zeros([8, 4], &device));
//! assert_eq!(logits.dims(), [8, 3]);
//! ```

mod activation;
mod clustering;
mod dense;
mod entity_embedding;
#[cfg(feature = "flex")]
pub mod flex;
mod invalid_config;
mod loss;
mod mlp;
mod network;
mod perceptron;
mod tabular;

pub use activation::{Activation, ActivationConfig, Step, UnknownActivation};
pub use clustering::{
    Autoencoder, AutoencoderConfig, Clustered, Clusterer, ClustererConfig, Decoder,
    DeepEmbeddedClustering, DeepEmbeddedClusteringConfig, Grid, Neighbourhood, SelfOrganisingMap,
    SelfOrganisingMapConfig, TiedDecoder, Topology, neighbour_contrast, target_distribution,
};
pub use entity_embedding::{EntityEmbedding, EntityEmbeddingConfig};
pub use invalid_config::InvalidConfig;
pub use loss::{Loss, LossConfig, PerceptronCriterion, PinballLoss, SoftmaxCrossEntropy, Targets};
pub use mlp::{HiddenLayer, Mlp, MlpConfig, NormalizationKind};
pub use network::{Network, NetworkConfig};
pub use perceptron::{Perceptron, PerceptronConfig};
pub use tabular::{Tabular, TabularConfig};
