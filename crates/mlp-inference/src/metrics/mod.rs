//! How good predictions and clusters are.

mod baseline;
mod calibration;
mod class_metrics;
mod classification;
mod clustering;
mod confusion;
mod evaluation;
mod metric;
#[allow(clippy::module_inception)] // `Metrics` is what the folder is about.
mod metrics;
mod ranking;
mod regression;
mod rows;

pub use baseline::{ClassBaseline, NumberBaseline};
pub use class_metrics::ClassMetrics;
pub use clustering::{ClusterMetrics, MAX_SILHOUETTE_ROWS};
pub use evaluation::Evaluation;
pub use metric::{Metric, UnknownMetric};
pub use metrics::Metrics;
