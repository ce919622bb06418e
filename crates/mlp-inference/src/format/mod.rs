//! `model.json`: everything about a saved model except its weights.

mod check;
mod description;
mod file;
mod v1;
mod v2;

pub use description::{Description, ModelDescription};
pub use file::FORMAT_VERSION;
