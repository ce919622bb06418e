//! What can be said of columns without a model.

mod isolated;
mod relation;
mod summary;

pub use isolated::IsolatedValues;
pub use relation::{Measure, Relation};
pub use summary::{ColumnSummary, ValueSummary, time_text};
