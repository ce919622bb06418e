//! Load a trained model and predict with it.
//!
//! A [`SavedModel`] is a network together with what it needs to be used on raw rows: how features
//! become inputs, what its outputs mean and what the classes are called. On disk it is a folder with
//! `model.json` and `model.safetensors`, written by the trainer, which can be moved to another
//! place and loaded on another backend.
//!
//! ```no_run
//! use std::path::Path;
//!
//! use burn::tensor::Device;
//! use mlp_inference::{Predictions, SavedModel};
//!
//! let model = SavedModel::load(Path::new("runs/iris-mlp-1"), &Device::flex())?;
//! let flowers = mlp_datasets::Source::new("flowers.csv")?;
//! let flowers = mlp_datasets::read_table(&flowers, &model.schema())?;
//!
//! if let Predictions::Classes { labels, .. } = model.predict(&flowers)? {
//!     println!("{}", model.classes().unwrap()[labels[0]]);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Rows may also come as an Arrow batch or as structs of one's own: see
//! [`SavedModel::predict_batch`] and [`SavedModel::predict_records`].

mod cluster_model;
mod clusters;
mod description;
mod error;
mod metrics;
mod output;
mod predictions;
mod saved_model;
mod weights;

pub use cluster_model::{ClusterDescription, ClusterModel};
pub use clusters::Clusters;
pub use description::{Description, FORMAT_VERSION, Purpose};
pub use error::Error;
pub use metrics::{
    ClusterMetrics, Evaluation, MAX_SILHOUETTE_ROWS, Metric, Metrics, UnknownMetric,
};
pub use output::OutputKind;
pub use predictions::Predictions;
pub use saved_model::SavedModel;
