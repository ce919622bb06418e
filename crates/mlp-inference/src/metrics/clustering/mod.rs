//! How good clusters are.

mod cluster_metrics;
mod contingency;
mod external;
mod groups;
mod internal;

pub use cluster_metrics::{ClusterMetrics, MAX_SILHOUETTE_ROWS};
