//! Train neural networks for tables: the library behind the `trainer` program.
//!
//! A training is a [`TrainingConfig`], resolved from what a user said ([`TrainingOptions`]) and
//! from the data. [`train`] takes it the one way there is: rows are split, scaled, put on a
//! device and batched; Burn's learner does gradient descent; the best epoch's model is kept in a
//! run directory.

pub mod commands;
pub mod report;

mod backend;
mod clustering;
mod config;
mod cross_validation;
mod data;
mod display;
mod error;
mod learning;
mod model;
mod optimizer;
mod pictures;
mod run_directory;
mod run_files;
mod schedule;
mod summary;
mod threads;
mod training;

pub use backend::Backend;
pub use clustering::{ClusterCount, ClusteringConfig, ClusteringSummary, GridSize, cluster};
pub use config::{ClassWeights, ClusteringOptions, TableOptions, TrainingConfig, TrainingOptions};
pub use cross_validation::{CrossValidation, Spread, cross_validate};
pub use data::{built_in, load_dataset, load_to_judge};
pub use display::Progress;
pub use error::Error;
pub use mlp_datasets::SplitName;
pub use model::{LossKind, Model};
pub use optimizer::Optimizer;
pub use run_directory::RunDirectory;
pub use schedule::Schedule;
pub use summary::{Ending, Outcome, Summary};
pub use threads::{StayAwake, share_work};
pub use training::train;
