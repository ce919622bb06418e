//! Requests that wait at the same time go through the network together.

mod merged;
mod worker;

use std::ops::Range;
use std::sync::Arc;

use mlp_datasets::Table;
use mlp_inference::PredictionColumn;
use tokio::sync::oneshot;

pub use worker::Worker;

use crate::model::ServedModel;
use crate::place::Place;
use crate::refusal::Refusal;

/// Rows of a request that wait to be predicted.
pub struct Job {
    pub model: Arc<ServedModel>,
    pub tables: Vec<Table>,
    /// Kept until the rows are predicted, even if nobody waits for them any more.
    pub place: Option<Arc<Place>>,
    pub reply: oneshot::Sender<Result<Predicted, Refusal>>,
}

/// The predictions of a request, among those of others.
pub struct Predicted {
    columns: Arc<Vec<PredictionColumn>>,
    pub rows: Range<usize>,
}

impl Predicted {
    /// The columns, of which only [the rows](Self::rows) are those of the request.
    pub fn columns(&self) -> &[PredictionColumn] {
        &self.columns
    }
}

impl Job {
    fn num_rows(&self) -> usize {
        self.tables.iter().map(Table::num_rows).sum()
    }
}
