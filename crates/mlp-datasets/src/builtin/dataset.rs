use crate::{ColumnReport, Scaling, SplitName, Table};

/// A table with what is known about its use.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// Its name.
    pub name: String,
    /// The rows, all with a target if they have one.
    pub table: Table,
    /// Which rows are for training and which for testing.
    pub partition: Partition,
    /// How its numbers are best scaled.
    pub scaling: Scaling,
    /// What was found of each column of its file, in the file's order; empty if it was in none.
    pub columns: Vec<ColumnReport>,
    /// How many rows were left out, since they have no target.
    pub rows_without_target: usize,
}

impl Dataset {
    /// A table that was in no file.
    pub fn new(name: &str, table: Table, partition: Partition, scaling: Scaling) -> Self {
        Self {
            name: name.to_owned(),
            table,
            partition,
            scaling,
            columns: Vec::new(),
            rows_without_target: 0,
        }
    }
}

/// Which rows of a [`Dataset`] are for training and which for testing.
#[derive(Clone, Debug, PartialEq)]
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
    /// The part of each row.
    Given(Vec<SplitName>),
    /// The group of each row, no two parts of which may have in common. Groups are dealt at
    /// random.
    Groups(Vec<usize>),
    /// The time of each row. The latest rows test, and those before them choose.
    Time(Vec<f64>),
}
