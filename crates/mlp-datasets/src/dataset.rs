use std::path::PathBuf;

use crate::column_report::ColumnReport;
use crate::fingerprint::fingerprint;
use crate::input::Dialect;
use crate::preprocessor::Scaling;
use crate::row_places::RowPlaces;
use crate::split::Partition;
use crate::table::Table;

/// A table with what is known about its use.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// Its name.
    pub name: String,
    /// The rows; if there is a target, every row has one.
    pub table: Table,
    /// Which rows are for training and which for testing.
    pub partition: Partition,
    /// The recommended scaling of its numeric features.
    pub scaling: Scaling,
    /// The columns of its file, in the file's order; empty if it was not read from a file.
    pub columns: Vec<ColumnReport>,
    /// The number of rows that were left out because they have no target.
    pub rows_without_target: usize,
    /// Where the rows are in the files.
    pub places: RowPlaces,
    /// The texts given as missing values that do not occur.
    pub unused_missing: Vec<String>,
    /// The files without rows, which add nothing to the table.
    pub empty_inputs: Vec<PathBuf>,
    /// How its file was read, if it is a text file. A model that is fitted on the table reads other
    /// files the same way.
    pub dialect: Dialect,
    /// What was noticed while its files were read, such as sheets of a workbook that were not read.
    pub notes: Vec<String>,
}

impl Dataset {
    /// A data set that was not read from a file.
    pub fn new(name: &str, table: Table, partition: Partition, scaling: Scaling) -> Self {
        let places = RowPlaces::of_all(table.num_rows());
        Self {
            name: name.to_owned(),
            table,
            partition,
            scaling,
            columns: Vec::new(),
            rows_without_target: 0,
            places,
            unused_missing: Vec::new(),
            empty_inputs: Vec::new(),
            dialect: Dialect::default(),
            notes: Vec::new(),
        }
    }
    /// A digest of some features and the target of all rows, by which data sets are compared: it is the
    /// same for a copy, a renamed file or one in another format, and another if a value or the order of
    /// rows changed. Rows of a separate test file do not count, nor do other features.
    pub fn fingerprint(&self, features: &[String]) -> String {
        let num_rows = match self.partition {
            Partition::Official { test_start } => test_start,
            Partition::Random
            | Partition::Whole
            | Partition::Given(_)
            | Partition::Groups(_)
            | Partition::Time { .. } => self.table.num_rows(),
        };
        fingerprint(&self.table, num_rows, features)
    }
}
