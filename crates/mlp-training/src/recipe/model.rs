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
    /// A residual network for tables (Gorishniy et al. 2021)
    #[serde(rename = "resnet")]
    #[strum(serialize = "resnet")]
    ResNet,
    /// A multilayer perceptron behind periodic embeddings of numbers (Gorishniy et al. 2022)
    #[serde(rename = "mlp-plr")]
    #[strum(to_string = "mlp-plr")]
    MlpPlr,
    /// A multilayer perceptron behind piecewise-linear embeddings of numbers (Gorishniy et al. 2022)
    #[serde(rename = "mlp-pl")]
    #[strum(to_string = "mlp-pl")]
    MlpPl,
    /// `RealMLP`, a multilayer perceptron with well-tuned defaults (Holzmüller et al. 2024)
    #[serde(rename = "real-mlp")]
    #[strum(to_string = "real-mlp")]
    RealMlp,
    /// The simplified form of `RealMLP`
    #[serde(rename = "real-mlp-s")]
    #[strum(to_string = "real-mlp-s")]
    RealMlpS,
    /// An ensemble of perceptrons that share their weights (Gorishniy et al. 2024)
    #[serde(rename = "tabm")]
    #[strum(to_string = "tabm")]
    TabM,
    /// `TabM` whose members differ in the scales of their inputs and their outputs alone
    #[serde(rename = "tabm-mini")]
    #[strum(to_string = "tabm-mini")]
    TabMMini,
    /// `TabM` whose members share nothing: networks that are trained together
    #[serde(rename = "tabm-packed")]
    #[strum(to_string = "tabm-packed")]
    TabMPacked,
    /// The mean of several networks of these models
    Ensemble,
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
            Self::Perceptron
            | Self::Adaline
            | Self::Logistic
            | Self::Mlp
            | Self::ResNet
            | Self::MlpPlr
            | Self::MlpPl
            | Self::RealMlp
            | Self::RealMlpS
            | Self::TabM
            | Self::TabMMini
            | Self::TabMPacked
            | Self::Ensemble => false,
            Self::Som | Self::Autoencoder | Self::Dec | Self::Idec => true,
        }
    }
}
