//! Train neural networks for tables.
//!
//! A [`Recipe`] says what a model is made of and how it learns; [`Training`] trains it on a data set
//! and gives a [`Fitted`] model, which evaluates, predicts and is saved. Progress goes to whatever
//! implements [`Progress`], and a [`StopHandle`] stops a training.
//!
//! ```
//! use burn::tensor::Device;
//! use mlp_datasets::{ReadOptions, Source, SplitName, read_dataset};
//! use mlp_training::{MlpRecipe, Problem, Training};
//!
//! let csv = "size,colour,ripe\n1,red,yes\n5,green,no\n2,red,yes\n6,green,no\n".repeat(20);
//! let options = ReadOptions { target: vec!["ripe".into()], ..ReadOptions::default() };
//! let fruit = read_dataset(&Source::from_bytes("fruit.csv", csv), &options)?;
//!
//! let recipe = MlpRecipe::new(Problem::of(&fruit)?);
//! let fitted = Training::new(recipe).fit(&fruit, &Device::flex())?;
//!
//! let test = fitted.evaluation(SplitName::Test).unwrap();
//! assert_eq!(test.metrics.accuracy, Some(1.0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A recipe decides how inputs are prepared, which network is trained on which loss, how its
//! parameters are optimized, and how the best epoch is selected. The rest is one
//! [`fit`](Training::fit) for all of them, on Burn's learner. So adding a model takes a module in
//! `mlp-models` and a recipe here.

mod clustering;
mod divergence;
mod error;
mod fit;
mod fitted;
#[cfg(feature = "flex")]
mod flex_tensor;
mod learner;
mod observer;
mod optimization;
mod problem;
mod progress;
mod recipe;
mod spread;
mod supervised;
mod threads;
mod trace;

pub use burn::tensor::Device;
pub use clustering::PrincipalPlane;
pub use divergence::{Divergence, ExtremeColumn};
pub use error::Error;
pub use fit::Training;
pub use fitted::{Clustering, Ending, Evaluations, Fitted, MembersOfKind, Outcome};
pub use learner::RAISABLE_SETTINGS;
pub use mlp_datasets::SplitName;
pub use mlp_inference::{Evaluation, Metric, SavedModel};
pub use observer::{ObservedClustering, ObservedPhase, ObservedTraining, Observer};
pub use optimization::{
    Annealing, Hyperparameters, Optimization, Optimizer, ParameterGroup, Schedule,
};
pub use problem::Problem;
pub use progress::{
    EpochSummary, Measure, MetricDefinition, MetricState, Progress, Silent, StopHandle,
};
pub use recipe::*;
pub use spread::Spread;
pub use threads::{StayAwake, share_work};
pub use trace::{LayerTrace, NeuronTrace, Trace, TracedTarget};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
