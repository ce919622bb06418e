use mlp_inference::{OutputKind, SavedModel, TrainedNetwork};
use serde::Serialize;

/// What is explained of a prediction.
#[derive(Serialize, strum::Display, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Quantity {
    /// The probability of a class, in `[0, 1]`.
    Probability,
    /// The score of a class of a model without probabilities: the class with the highest one is predicted.
    Score,
    /// A predicted number, in the units of the target.
    Number,
}

impl Quantity {
    /// What a model that predicts classes or numbers gives.
    pub fn of(model: &SavedModel) -> Self {
        match model.trained_network() {
            TrainedNetwork::Prediction { output, .. } => match output {
                OutputKind::Softmax | OutputKind::Sigmoid => Self::Probability,
                OutputKind::Scores => Self::Score,
                OutputKind::Numbers => Self::Number,
            },
            TrainedNetwork::Ensemble { members, .. } => {
                members.first().map_or(Self::Number, Self::of)
            }
            TrainedNetwork::Clustering { .. } => Self::Number,
        }
    }
}

/// The names of what a model predicts: its classes, or its targets.
pub(crate) fn outputs(model: &SavedModel) -> Vec<String> {
    match model.classes() {
        Some(classes) => classes.to_vec(),
        None => model.target_names(),
    }
}
