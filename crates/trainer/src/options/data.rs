use clap::Args;
use mlp_datasets::{CategoryEncoding, Scaling, TargetTransform};
use serde::{Deserialize, Serialize};

use super::named;

/// How rows become inputs, and how they are split.
#[derive(Args, Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[command(next_help_heading = "Data")]
pub struct DataOptions {
    /// How numbers are scaled [default: by data set and model]
    #[arg(long, value_name = "KIND", value_parser = named::<Scaling>())]
    pub scaling: Option<Scaling>,
    /// How categories become inputs [default: auto; `one_hot` for a single layer]
    #[arg(long, value_name = "KIND", value_parser = named::<CategoryEncoding>())]
    pub categories: Option<CategoryEncoding>,
    /// Training rows that a category needs; a rarer one counts as unknown [default: 5, of fewer
    /// than 100 rows 1]
    #[arg(long, value_name = "N")]
    pub min_category_count: Option<usize>,
    /// What is done to numbers to predict before they are standardised [default: auto; none for a single layer]
    #[arg(long, value_name = "KIND", value_parser = named::<TargetTransform>())]
    pub target_transform: Option<TargetTransform>,
    /// Features derived from columns of numbers: products `a*b`, squares `a^2`, `sin(a)` and `cos(a)`
    #[arg(long, value_name = "FEATURE,…", value_delimiter = ',')]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub derive: Vec<String>,
    /// Columns that are no inputs themselves, but only what is derived from them
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub only_derived: Vec<String>,
    /// Share of the rows kept for the final test, in (0, 1) [default: 0.2]
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    pub test_size: Option<f64>,
    /// Share of the rows that select the best epoch, in (0, 1) [default: 0.2, of many rows 0.1]
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    pub valid_size: Option<f64>,
    /// Random seed of the split alone, so that another `--seed` trains on the same rows [default: that
    /// of `--seed`]
    #[arg(long, value_name = "N")]
    pub split_seed: Option<u64>,
    /// Cross-validate: train this many times, so that each row is tested once, and print the mean
    /// and standard deviation of each metric
    #[arg(long, value_name = "K")]
    pub folds: Option<usize>,
}
