//! Rows and columns in memory.

mod column;
mod date;
mod target;

pub use column::{Column, ColumnKind, Values};
pub use date::DatePart;
pub use target::Target;

use crate::error::Error;
use crate::names::first_duplicate;
use crate::task::Task;

/// The number of rows that are transposed at a time, few enough to stay in a processor's cache.
pub(crate) const ROWS_PER_BLOCK: usize = 64;

/// Rows of features, optionally with a target and with weights.
///
/// Values are stored column by column. Features are numbers, categories or dates, and any of their
/// values may be missing.
///
/// ```
/// use mlp_datasets::{Column, Table, Target, Task, Values};
///
/// let width = Column { name: "width".into(), values: Values::Numbers(vec![1.0, f64::NAN]) };
/// let colour = Column {
///     name: "colour".into(),
///     values: Values::Categories { codes: vec![0, 1], names: vec!["red".into(), "blue".into()] },
/// };
/// let shape = Target::Classes {
///     name: "shape".into(),
///     labels: vec![1, 0],
///     classes: vec!["flat".into(), "tall".into()],
/// };
/// let table = Table::new(vec![width, colour], Some(shape))?;
///
/// assert_eq!((table.num_rows(), table.num_features()), (2, 2));
/// assert_eq!(table.task(), Some(Task::Classification));
/// # Ok::<(), mlp_datasets::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    columns: Vec<Column>,
    num_rows: usize,
    target: Option<Target>,
    weights: Option<Vec<f32>>,
}

impl Table {
    /// Makes a table from columns of features and an optional target.
    ///
    /// # Errors
    ///
    /// If there is no row or no feature, columns differ in length, a name occurs twice, a label or
    /// code has no name, a feature is infinite, or a number of the target is not finite.
    pub fn new(columns: Vec<Column>, target: Option<Target>) -> Result<Self, Error> {
        let Some(first) = columns.first() else {
            return Err(Error::table("it has no features"));
        };
        let num_rows = first.values.len();
        if num_rows == 0 {
            return Err(Error::table("it has no rows"));
        }
        if let Some(name) = first_duplicate(columns.iter().map(|column| &column.name)) {
            return Err(Error::table(format!("two features are called `{name}`")));
        }
        for Column { name, values } in &columns {
            if values.len() != num_rows {
                return Err(Error::table(format!(
                    "`{name}` has {} values for {num_rows} rows",
                    values.len()
                )));
            }
            values.check(name)?;
        }
        if let Some(target) = &target {
            target.check(num_rows)?;
        }
        Ok(Self {
            columns,
            num_rows,
            target,
            weights: None,
        })
    }

    /// Makes a table from numbers, row by row, and an optional target.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new), or if the number of values is not a multiple of the number of
    /// features.
    pub fn from_rows(
        feature_names: Vec<String>,
        values: &[f64],
        target: Option<Target>,
    ) -> Result<Self, Error> {
        let num_features = feature_names.len();
        if num_features == 0 {
            return Err(Error::table("it has no features"));
        }
        if !values.len().is_multiple_of(num_features) {
            return Err(Error::table(format!(
                "{} values do not fill rows of {num_features} features",
                values.len()
            )));
        }
        let num_rows = values.len() / num_features;
        let mut columns = vec![Vec::with_capacity(num_rows); num_features];
        // In blocks that stay in the cache while they are distributed to the columns.
        for rows in values.chunks(num_features * ROWS_PER_BLOCK) {
            for (i, column) in columns.iter_mut().enumerate() {
                column.extend(rows[i..].iter().step_by(num_features));
            }
        }
        let columns = feature_names
            .into_iter()
            .zip(columns)
            .map(|(name, numbers)| Column {
                name,
                values: Values::Numbers(numbers),
            })
            .collect();
        Self::new(columns, target)
    }

    /// Gives each row a weight in training.
    ///
    /// # Errors
    ///
    /// If there is not one for each row, one is negative or not finite, or all are 0.
    pub fn with_weights(self, weights: Vec<f32>) -> Result<Self, Error> {
        if weights.len() != self.num_rows {
            return Err(Error::table(format!(
                "there are {} weights for {} rows",
                weights.len(),
                self.num_rows
            )));
        }
        let allowed = |weight: &f32| weight.is_finite() && *weight >= 0.0;
        if let Some(row) = weights.iter().position(|weight| !allowed(weight)) {
            return Err(Error::table(format!(
                "the weight of row {row} is {}, but must be 0 or more",
                weights[row]
            )));
        }
        if weights.iter().all(|&weight| weight == 0.0) {
            return Err(Error::table("the weights of all rows are 0"));
        }
        Ok(Self {
            weights: Some(weights),
            ..self
        })
    }

    /// The number of rows, at least one.
    pub fn num_rows(&self) -> usize {
        self.num_rows
    }

    /// The number of features, at least one.
    pub fn num_features(&self) -> usize {
        self.columns.len()
    }

    /// The features.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The feature with a name, if there is one.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The names of the features.
    pub fn feature_names(&self) -> Vec<String> {
        let names = self.columns.iter().map(|column| column.name.clone());
        names.collect()
    }

    /// The target, if there is one.
    pub fn target(&self) -> Option<&Target> {
        self.target.as_ref()
    }

    /// The names of what is to be predicted; none without a target.
    pub(crate) fn target_names(&self) -> Vec<&str> {
        match &self.target {
            Some(Target::Classes { name, .. }) => vec![name.as_str()],
            Some(Target::Numbers { names, .. }) => names.iter().map(String::as_str).collect(),
            None => Vec::new(),
        }
    }

    /// Keeps some of the features, at least one.
    pub(crate) fn retain_columns(&mut self, is_kept: impl Fn(&str) -> bool) {
        self.columns.retain(|column| is_kept(&column.name));
    }

    /// The task that the target is for, if there is a target.
    pub fn task(&self) -> Option<Task> {
        self.target.as_ref().map(Target::task)
    }

    /// The numbers of a row.
    #[cfg(test)]
    pub(crate) fn row(&self, row: usize) -> Vec<f64> {
        let number = |column: &Column| match &column.values {
            Values::Numbers(numbers) => numbers[row],
            Values::Categories { .. } | Values::Dates(_) => {
                panic!("`{}` is not numeric", column.name)
            }
        };
        self.columns.iter().map(number).collect()
    }

    /// The numbers of all rows, row by row.
    #[cfg(test)]
    pub(crate) fn features(&self) -> Vec<f64> {
        (0..self.num_rows).flat_map(|row| self.row(row)).collect()
    }

    /// The weight of each row in training, if rows are weighted.
    pub fn weights(&self) -> Option<&[f32]> {
        self.weights.as_deref()
    }

    /// The weight of a row; 1 if rows are not weighted.
    ///
    /// # Panics
    ///
    /// If rows are weighted and the row is not in the table.
    pub fn weight(&self, row: usize) -> f64 {
        self.weights()
            .map_or(1.0, |weights| f64::from(weights[row]))
    }
}

#[cfg(test)]
mod tests;
