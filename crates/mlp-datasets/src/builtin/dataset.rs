use crate::{Scaling, Table};

/// A table with what is known about its use.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// Its name.
    pub name: String,
    /// The rows, all with a target.
    pub table: Table,
    /// Which rows are for training and which for testing.
    pub partition: Partition,
    /// How its features are best scaled.
    pub scaling: Scaling,
}

/// Which rows of a [`Dataset`] are for training and which for testing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Partition {
    /// The rows are split at random.
    Random,
    /// There are so few rows that all of them train, choose and test.
    Whole,
    /// The publishers have said which rows are for testing.
    Official {
        /// The first of them; they go on to the end.
        test_start: usize,
    },
}
