use serde::{Deserialize, Serialize};

/// What a saved model is for.
#[derive(
    Serialize, Deserialize, strum::Display, strum::IntoStaticStr, Clone, Copy, Debug, PartialEq, Eq,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Purpose {
    /// Predicting classes or numbers.
    Prediction,
    /// Finding clusters.
    Clustering,
}
