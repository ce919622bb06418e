use mlp_training::{ObservedClustering, ObservedTraining};

/// A training that is watched.
#[allow(clippy::large_enum_variant)] // There is one for each experiment.
pub enum Observed {
    /// Of a network that predicts.
    Prediction(ObservedTraining),
    /// Of one that finds clusters.
    Clustering(ObservedClustering),
}
