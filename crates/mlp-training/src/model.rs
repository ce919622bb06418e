use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// Names a model and its learning rule. What each is made of and how it learns is its
/// [`Recipe`](super::Recipe).
#[derive(
    Serialize,
    Deserialize,
    Display,
    EnumMessage,
    EnumString,
    IntoStaticStr,
    VariantArray,
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Model {
    /// Neurons with a threshold and a step, trained by Rosenblatt's rule
    Perceptron,
    /// Linear neurons, trained by the Widrow-Hoff rule
    Adaline,
    /// Neurons with a sigmoid, trained on the cross-entropy
    Logistic,
    /// A multilayer perceptron
    Mlp,
    /// A self-organising map: clusters of the rows, on a grid
    Som,
    /// An autoencoder, with k-means on its codes
    Autoencoder,
    /// Deep embedded clustering: codes that form clusters
    Dec,
    /// DEC that also keeps the reconstruction loss
    Idec,
}

impl Model {
    /// Whether it finds clusters, rather than predicts.
    pub fn is_clustering(self) -> bool {
        match self {
            Self::Perceptron | Self::Adaline | Self::Logistic | Self::Mlp => false,
            Self::Som | Self::Autoencoder | Self::Dec | Self::Idec => true,
        }
    }
}
