#![doc = include_str!("../README.md")]

mod attribution;
mod dependence;
mod error;
mod grid;
mod integrated_gradients;
mod judge;
mod member;
mod permutation;
mod predicted;
mod quadrature;
mod quantity;
mod sample;
mod shapley;
mod sources;
mod way;

pub use attribution::{Attribution, Background, ColumnContribution};
pub use dependence::{Dependence, OutputDependence, PartialDependence};
pub use error::Error;
pub use grid::{Grid, value_text};
pub use integrated_gradients::IntegratedGradients;
pub use permutation::{ColumnImportance, Importances, PermutationImportance, TargetImportances};
pub use quantity::Quantity;
pub use sample::sampled;
pub use shapley::Shapley;
