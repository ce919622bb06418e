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
use mlp_datasets::{Error, Position, Table};

/// What rows come with.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    pub model: &'a ServedModel,
    /// The most rows.
    pub most_rows: usize,
    /// Whether rows are taken whose categories differ from those of the training in upper and lower case alone.
    pub allow_unknown: bool,
}

impl Reading<'_> {
    /// Checks that rows write categories as the training did. Each row is looked at by itself, since what a row is
    /// answered must not depend on the others of its request.
    fn check(&self, table: &Table, rows_before: usize) -> Result<(), Refusal> {
        if self.allow_unknown {
            return Ok(());
        }
        let checked = self.model.model.preprocessor().check_rows(table);
        checked.map_err(|error| self.refusal(error, rows_before))
    }

    /// What is wrong with a table of a request that has so many rows before it.
    fn refusal(&self, mut error: Error, rows_before: usize) -> Refusal {
        #[allow(clippy::wildcard_enum_match_arm)] // All others tell no row of the table.
        match &mut error {
            Error::OtherCase { row, .. }
            | Error::BadCell {
                position: Position::Row(row),
                ..
            } => *row += rows_before,
            Error::MissingColumn { column, found, .. }
            | Error::MissingFeature {
                feature: column,
                found,
            } => {
                let meant = self.model.meant(column, found.iter().map(String::as_str));
                return Refusal::from(error).with_hint(meant);
            }
            _ => {}
        }
        error.into()
    }
}
