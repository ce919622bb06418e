//! Finding groups where there are no labels.

mod centroids;
mod config;
mod count;
mod defaults;
mod drawings;
mod k_means;
mod neighbours;
mod objective;
mod phase;
mod principal;
mod summary;
mod training;

pub use config::ClusteringConfig;
pub(crate) use config::is_clustering;
pub use count::{ClusterCount, GridSize};
pub use summary::ClusteringSummary;
pub use training::cluster;
