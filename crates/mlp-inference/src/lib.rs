#![doc = include_str!("../README.md")]

mod clustering_model;
mod column;
pub mod digest;
mod ensemble;
mod error;
mod format;
mod members;
mod metrics;
mod network_layer;
mod output;
mod prediction_model;
mod predictions;
mod purpose;
mod rows;
mod saved_model;
mod trained_network;
mod weights;
pub mod whole_file;

pub use burn::tensor::Device;
pub use clustering_model::ClusteringModel;
pub use error::Error;
pub use format::{Description, FORMAT_VERSION, ModelDescription};
pub use metrics::{
    ClassBaseline, ClassMetrics, ClusterMetrics, Evaluation, MAX_SILHOUETTE_ROWS, Metric, Metrics,
    NumberBaseline, UnknownMetric,
};
pub use mlp_datasets::{UnseenValues, arrow_array, arrow_schema};
pub use network_layer::{LayerTensor, NetworkLayer};
pub use output::OutputKind;
pub use predictions::{Classes, Clusters, Numbers, PredictedValues, PredictionColumn, Predictions};
pub use purpose::Purpose;
pub use saved_model::SavedModel;
pub use trained_network::TrainedNetwork;
