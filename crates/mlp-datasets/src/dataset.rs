use std::path::PathBuf;

use crate::column_report::{ColumnReport, DropReason, Role};
use crate::error::Error;
use crate::fingerprint::{fingerprint, of_split};
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

    /// The same without some columns, which are no inputs of a network then.
    ///
    /// ```
    /// use mlp_datasets::{BuiltIn, LoadOptions};
    ///
    /// let iris = BuiltIn::Iris.load(&LoadOptions::default())?;
    /// let petals = iris.without_columns(&["sepal_length", "sepal_width"])?;
    ///
    /// assert_eq!(petals.table.feature_names(), ["petal_length", "petal_width"]);
    /// # Ok::<(), mlp_datasets::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If there is no column of a name, it has a role other than that of a feature, or no feature is left.
    pub fn without_columns(mut self, names: &[impl AsRef<str>]) -> Result<Self, Error> {
        let path = PathBuf::from(&self.name);
        for name in names.iter().map(AsRef::as_ref) {
            let report = self.columns.iter_mut().find(|report| report.name == name);
            let has_role = match &report {
                Some(report) => report.role != Role::Feature,
                None => self.table.target_names().contains(&name),
            };
            if has_role {
                return Err(Error::RoleTaken {
                    path,
                    column: name.to_owned(),
                });
            }
            if report.is_none() && self.table.column(name).is_none() {
                let reported = self.columns.iter().map(|report| report.name.clone());
                let mut found: Vec<String> = reported.collect();
                if found.is_empty() {
                    found = self.table.feature_names();
                }
                return Err(Error::MissingColumn {
                    path,
                    column: name.to_owned(),
                    found,
                    sheets: Vec::new(),
                });
            }
            if let Some(report) = report {
                report.dropped = Some(DropReason::Asked);
            }
        }
        let is_left = |name: &str| !names.iter().any(|dropped| dropped.as_ref() == name);
        if !self
            .table
            .columns()
            .iter()
            .any(|column| is_left(&column.name))
        {
            let left_out = names.iter().map(AsRef::as_ref);
            let left_out = left_out.map(|name| format!("`{name}` ({})", DropReason::Asked));
            return Err(Error::NoFeatures {
                path,
                dropped: left_out.collect(),
            });
        }
        self.table.retain_columns(is_left);
        Ok(self)
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

    /// A digest of what decides which rows are learned from, and how much each counts: groups, times, the part of
    /// each row, the rows of a separate test file, and weights. `None` if there is nothing of the kind.
    pub fn split_fingerprint(&self) -> Option<String> {
        of_split(&self.table, &self.partition)
    }
}

#[cfg(test)]
mod tests {
    use crate::{BuiltIn, DropReason, LoadOptions};

    #[test]
    fn columns_that_are_left_out_are_gone_and_reported() {
        let iris = BuiltIn::Iris.load(&LoadOptions::default()).unwrap();
        let sepals = iris.clone();
        let sepals = sepals.without_columns(&["petal_width", "petal_length"]);
        let sepals = sepals.unwrap();
        assert_eq!(
            sepals.table.feature_names(),
            ["sepal_length", "sepal_width"]
        );
        assert_eq!(sepals.table.columns(), &iris.table.columns()[..2]);
        assert_eq!(sepals.table.target(), iris.table.target());
        let dropped = sepals
            .columns
            .iter()
            .filter(|column| column.dropped == Some(DropReason::Asked));
        assert_eq!(dropped.count(), 2);
    }

    #[test]
    fn columns_that_cannot_be_left_out_are_refused_by_name() {
        let message = |built_in: BuiltIn, names: &[&str]| {
            let dataset = built_in.load(&LoadOptions::default()).unwrap();
            dataset.without_columns(names).unwrap_err().to_string()
        };
        assert_eq!(
            message(BuiltIn::Moons, &["z"]),
            "`moons` has no column `z`; its columns are `x`, `y`"
        );
        assert_eq!(
            message(BuiltIn::Iris, &["species"]),
            "the column `species` of `iris` has two roles, or is excluded"
        );
        assert_eq!(
            message(BuiltIn::Moons, &["class"]),
            "the column `class` of `moons` has two roles, or is excluded"
        );
        assert_eq!(
            message(BuiltIn::Moons, &["x", "y"]),
            "`moons` has no feature to learn from; left out: `x` (as requested), `y` (as requested)"
        );
    }
}
