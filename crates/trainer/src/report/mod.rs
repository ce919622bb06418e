//! What commands print for the user.

mod aligned;
mod clustering;
mod confusion;
pub(crate) mod explanation;
mod folds;
pub(crate) mod inspection;
mod lines;
mod metrics;
mod phrases;
pub(crate) mod run_contents;
pub(crate) mod table;
pub(crate) mod trace;
mod training;
pub(crate) mod warnings;

pub(crate) use aligned::{Aligned, cut, one_line, widest};
pub use clustering::{write_cluster_metrics, write_clustering};
pub use confusion::write_confusion;
pub use folds::{FoldMetrics, write_folds, write_out_of_fold};
pub(crate) use lines::Lines;
pub(crate) use metrics::{heading, is_worth_a_column, significant, written};
pub use metrics::{shortcomings, write_metrics, write_targets};
pub(crate) use phrases::{counted, quoted};
pub(crate) use training::kept;
pub use training::write_training;
