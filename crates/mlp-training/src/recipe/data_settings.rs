use mlp_datasets::{
    CategoryEncoding, Partition, PreprocessorConfig, Scaling, SplitConfig, TargetTransform,
};
use serde::{Deserialize, Serialize};

use super::require::require;
use crate::{Error, Problem};

/// How rows become inputs of a network that predicts, and how they are split.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct SupervisedData {
    /// How numbers are scaled.
    pub scaling: Scaling,
    /// How categories become inputs.
    pub categories: CategoryEncoding,
    /// How many training rows a category needs, at least 1; a rarer one counts as unknown. By default 5, or
    /// 1 in a table of fewer than 100 rows.
    pub min_category_count: usize,
    /// What is done to numbers to predict before they are standardised. `auto` does nothing for a single layer, which is
    /// to be linear, and for a Huber loss whose delta is in the units of the target.
    #[serde(default, skip_serializing_if = "TargetTransform::is_auto")]
    pub target_transform: TargetTransform,
    /// Features that are derived from columns of numbers: products `a*b`, squares `a^2`, `sin(a)` and `cos(a)`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub derive: Vec<String>,
    /// The columns that are no inputs themselves, but only what is derived from them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only_derived: Vec<String>,
    /// The share of the rows, in (0, 1), that is kept for the final test.
    pub test_size: f64,
    /// The share of the rows, in (0, 1), by which the best epoch is selected.
    pub valid_size: f64,
    /// The seed of the random split; that of the training if `None`. With one, another seed gives
    /// another network for the same rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split_seed: Option<u64>,
    /// In a cross-validation, how many folds there are, at least 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folds: Option<usize>,
}

/// In tables of fewer rows, each category counts: those that decide may have few rows.
const FEW_ROWS: usize = 100;

impl SupervisedData {
    pub(super) fn new(problem: Problem) -> Self {
        let preprocessor = PreprocessorConfig::from(problem.scaling);
        Self {
            scaling: preprocessor.scaling,
            categories: preprocessor.categories,
            min_category_count: min_category_count(problem, &preprocessor),
            target_transform: TargetTransform::default(),
            derive: Vec::new(),
            only_derived: Vec::new(),
            test_size: SplitConfig::default().test_size,
            // A tenth of a large table is enough to select the best epoch.
            valid_size: if problem.is_small() { 0.2 } else { 0.1 },
            split_seed: None,
            folds: None,
        }
    }

    /// How rows become inputs.
    pub fn preprocessor(&self) -> PreprocessorConfig {
        PreprocessorConfig {
            scaling: self.scaling,
            categories: self.categories,
            min_category_count: self.min_category_count,
            recurring_dates: Vec::new(),
            target_transform: self.target_transform,
            derive: self.derive.clone(),
            only_derived: self.only_derived.clone(),
        }
    }

    /// The same for rows that are split in a certain way: a date by which they are split gives only what
    /// recurs in later rows.
    pub fn preprocessor_for(&self, partition: &Partition) -> PreprocessorConfig {
        let mut config = self.preprocessor();
        if let Partition::Time {
            feature: Some(feature),
            ..
        } = partition
        {
            config.recurring_dates.push(feature.clone());
        }
        config
    }

    /// How rows are split, by the seed of the training unless there is a
    /// [`split_seed`](Self::split_seed).
    pub fn split(&self, seed: u64) -> SplitConfig {
        SplitConfig {
            test_size: self.test_size,
            valid_size: self.valid_size,
            seed: self.split_seed.unwrap_or(seed),
        }
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        check_count(self.min_category_count)?;
        let folds = self.folds.unwrap_or(2);
        require(folds >= 2, "folds", folds, "2 or more")?;
        Ok(self.split(0).check()?)
    }
}

/// How rows become inputs of a network that finds clusters. All of them are learned from, and
/// categories are one-hot, since such a network has no embeddings.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct ClusteringData {
    /// How numbers are scaled.
    pub scaling: Scaling,
    /// How many rows a category needs, at least 1; a rarer one counts as unknown.
    pub min_category_count: usize,
    /// Features that are derived from columns of numbers: products `a*b`, squares `a^2`, `sin(a)` and `cos(a)`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub derive: Vec<String>,
    /// The columns that are no inputs themselves, but only what is derived from them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only_derived: Vec<String>,
}

impl ClusteringData {
    pub(super) fn new(problem: Problem) -> Self {
        let preprocessor = PreprocessorConfig::from(problem.scaling);
        Self {
            scaling: preprocessor.scaling,
            min_category_count: min_category_count(problem, &preprocessor),
            derive: Vec::new(),
            only_derived: Vec::new(),
        }
    }

    /// How rows become inputs.
    pub fn preprocessor(&self) -> PreprocessorConfig {
        PreprocessorConfig {
            scaling: self.scaling,
            categories: CategoryEncoding::OneHot,
            min_category_count: self.min_category_count,
            derive: self.derive.clone(),
            only_derived: self.only_derived.clone(),
            ..PreprocessorConfig::default()
        }
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        check_count(self.min_category_count)
    }
}

/// How many rows a category needs in a table of a problem.
fn min_category_count(problem: Problem, preprocessor: &PreprocessorConfig) -> usize {
    // The number of rows of a table that is not known yet is 0.
    if (1..FEW_ROWS).contains(&problem.num_rows) {
        1
    } else {
        preprocessor.min_category_count
    }
}

fn check_count(count: usize) -> Result<(), Error> {
    require(count > 0, "min_category_count", count, "1 or more")
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlp_datasets::Task;

    #[test]
    fn in_a_small_table_each_category_counts() {
        for (num_rows, expected) in [(0, 5), (15, 1), (99, 1), (100, 5)] {
            let problem = Problem {
                num_rows,
                num_columns: 4,
                ..Problem::unknown(Task::Classification)
            };
            assert_eq!(SupervisedData::new(problem).min_category_count, expected);
            assert_eq!(ClusteringData::new(problem).min_category_count, expected);
        }
    }
}
