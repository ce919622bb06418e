use serde::{Deserialize, Serialize};

use super::category::CategoryEncoding;
use super::scaling::Scaling;
use super::target_transform::TargetTransform;

/// How a [`Preprocessor`](crate::Preprocessor) is fitted.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub struct PreprocessorConfig {
    /// How numbers are scaled; [`Scaling::Standard`] by default.
    pub scaling: Scaling,
    /// How categories become inputs; [`CategoryEncoding::Auto`] by default.
    pub categories: CategoryEncoding,
    /// A category in fewer training rows than this is treated like one that was never seen; 5 by
    /// default.
    pub min_category_count: usize,
    /// The dates of which only the [parts that recur](crate::DatePart::recurs) become inputs; none by
    /// default. It is meant for a date by which rows are split: the year of all test rows may be one
    /// that training never saw, but they have the weekdays and hours of the training rows.
    pub recurring_dates: Vec<String>,
    /// What is done to numbers to predict; nothing by default.
    pub target_transform: TargetTransform,
}

impl Default for PreprocessorConfig {
    fn default() -> Self {
        Self {
            scaling: Scaling::Standard,
            categories: CategoryEncoding::Auto,
            min_category_count: 5,
            recurring_dates: Vec::new(),
            target_transform: TargetTransform::None,
        }
    }
}

impl From<Scaling> for PreprocessorConfig {
    fn from(scaling: Scaling) -> Self {
        Self {
            scaling,
            ..Self::default()
        }
    }
}
