//! Bodies become tables.

mod arrow;
mod cell;
mod csv;
mod json;
mod mlflow;
mod open_inference;
mod rows;

pub use arrow::tables_of_arrow;
pub use csv::tables_of_csv;
pub use json::table_of_json;
pub use mlflow::table_of_dataframe;
pub use open_inference::{DATATYPES, InferRequest, table_of_inputs};

use crate::model::ServedModel;
use crate::refusal::Refusal;
use mlp_datasets::Table;

/// What rows come with.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    pub model: &'a ServedModel,
    /// The most rows.
    pub most_rows: usize,
    /// Whether rows are taken although no value of a column was there in training.
    pub allow_unknown: bool,
}

impl Reading<'_> {
    /// Checks that some value of each column of categories was there in training.
    fn check_known(&self, table: &Table) -> Result<(), Refusal> {
        if self.allow_unknown {
            return Ok(());
        }
        Ok(self.model.model.preprocessor().check_known(table)?)
    }
}
