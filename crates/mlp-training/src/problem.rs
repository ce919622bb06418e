use mlp_datasets::{Dataset, Scaling, Task};

use crate::Error;

/// What a recipe's defaults depend on: the task, and the size of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is learned.
    pub task: Task,
    /// How many rows the table has.
    pub num_rows: usize,
    /// How many features it has.
    pub num_columns: usize,
    /// How the numbers of the data set are best scaled.
    pub scaling: Scaling,
}

/// Tables of fewer rows are small.
const SMALL_TABLE: usize = 5_000;

impl Problem {
    /// The problem that a data set's target sets.
    ///
    /// # Errors
    ///
    /// If it has no target.
    pub fn of(dataset: &Dataset) -> Result<Self, Error> {
        let task = dataset.table.task().ok_or(Error::NoTarget)?;
        Ok(Self {
            task,
            ..Self::clustering(dataset)
        })
    }

    /// The problem of finding groups among a data set's rows, whatever target it has.
    pub fn clustering(dataset: &Dataset) -> Self {
        Self {
            task: Task::Clustering,
            num_rows: dataset.table.num_rows(),
            num_columns: dataset.table.columns().len(),
            scaling: dataset.scaling,
        }
    }

    /// A problem of a task whose table is not known yet, by which settings can be checked.
    pub fn unknown(task: Task) -> Self {
        Self {
            task,
            num_rows: 0,
            num_columns: 0,
            scaling: Scaling::Standard,
        }
    }

    /// Whether the table is small, so that a network is easily larger than what it learns from.
    pub fn is_small(self) -> bool {
        self.num_rows < SMALL_TABLE
    }
}
