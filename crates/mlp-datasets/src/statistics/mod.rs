//! What can be said of columns without a model.

mod relation;
mod summary;

pub use relation::{Measure, Relation};
pub use summary::{ColumnSummary, ValueSummary, time_text};
