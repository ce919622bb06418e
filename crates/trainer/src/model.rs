use std::fmt;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// Which network is trained, and by which textbook's rule.
#[derive(ValueEnum, Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum Model {
    /// Neurons with a threshold and a step, trained by Rosenblatt's rule.
    Perceptron,
    /// Linear neurons, trained by the Widrow-Hoff rule.
    Adaline,
    /// Neurons with a sigmoid, trained on the cross-entropy.
    Logistic,
    /// A multilayer perceptron.
    Mlp,
    /// A self-organising map: groups of rows, on a grid.
    Som,
    /// An autoencoder, with k-means on its codes.
    Autoencoder,
    /// Deep embedded clustering: codes that lie in clusters.
    Dec,
    /// The same, with the reconstruction kept.
    Idec,
}

impl Model {
    /// Whether it finds groups, rather than predicts.
    pub fn is_clustering(self) -> bool {
        matches!(self, Self::Som | Self::Autoencoder | Self::Dec | Self::Idec)
    }
}

/// What the network should learn. Formulas stand at `mlp_models::LossConfig`.
#[derive(ValueEnum, Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum LossKind {
    /// Softmax cross-entropy.
    CrossEntropy,
    /// Sigmoid cross-entropy, each output for itself.
    BinaryCrossEntropy,
    /// Mean squared error; classes become one-hot targets.
    #[value(alias = "mse")]
    #[serde(alias = "mse")]
    MeanSquaredError,
    /// Mean absolute error.
    #[value(alias = "mae")]
    #[serde(alias = "mae")]
    MeanAbsoluteError,
    /// Squared near zero, absolute far from it.
    Huber,
    /// Least at a quantile.
    Pinball,
    /// How far misclassified rows lie on the wrong side.
    PerceptronCriterion,
}

impl LossKind {
    /// Whether the loss has no meaning but for classes.
    pub fn needs_classes(self) -> bool {
        matches!(
            self,
            Self::CrossEntropy | Self::BinaryCrossEntropy | Self::PerceptronCriterion
        )
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.to_possible_value().expect("no variant is skipped");
        f.pad(name.get_name())
    }
}

impl fmt::Display for LossKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.to_possible_value().expect("no variant is skipped");
        f.pad(name.get_name())
    }
}
