//! Predictions become bodies.

mod arrow;
mod csv;
mod json;
mod open_inference;

pub use arrow::arrow;
pub use csv::csv;
pub use json::{dataframe, rows};
pub use open_inference::{outputs, selected};

use std::ops::Range;

use mlp_inference::PredictionColumn;

use crate::batch::Predicted;
use crate::model::ServedModel;

/// The predictions of a request.
#[derive(Clone, Copy)]
pub struct Answer<'a> {
    pub model: &'a ServedModel,
    pub predicted: &'a Predicted,
}

impl Answer<'_> {
    fn columns(&self) -> &[PredictionColumn] {
        self.predicted.columns()
    }

    fn rows(&self) -> Range<usize> {
        self.predicted.rows.clone()
    }
}
