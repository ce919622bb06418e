use serde::{Deserialize, Serialize};

use super::category::CategoryEncoding;
use super::derivation::{Derivation, in_parts};
use super::scaling::Scaling;
use super::target_transform::TargetTransform;
use crate::error::Error;
use crate::table::Table;

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
    /// Features that are [derived](crate::Derivation) from columns of numbers, such as `x*y`; none by default.
    pub derive: Vec<String>,
    /// The columns that are no inputs themselves, but only what is derived from them; none by default.
    pub only_derived: Vec<String>,
}

impl PreprocessorConfig {
    /// Checks that its features can be derived from the columns of a table.
    ///
    /// # Errors
    ///
    /// If a feature is not written as one or twice, a column does not exist or is not one of numbers, or nothing is
    /// derived from a column of which only derived features should be inputs.
    pub fn check_for(&self, table: &Table) -> Result<(), Error> {
        self.derived(table).map(drop)
    }

    /// The features that are derived from the columns of a table, and the columns that are no inputs themselves.
    pub(super) fn derived(&self, table: &Table) -> Result<(Vec<Derivation>, Vec<String>), Error> {
        let derivations = Derivation::parse_all(&self.derive, table)?;
        let hidden = in_parts(&self.only_derived.join(","), |name| {
            let column = table.column(name.trim());
            let column = column.ok_or_else(|| Error::MissingFeature {
                feature: name.trim().to_owned(),
                found: table.feature_names(),
            })?;
            Ok(column.name.clone())
        })?;
        let used: Vec<&str> = derivations.iter().flat_map(Derivation::columns).collect();
        if let Some(unused) = hidden.iter().find(|name| !used.contains(&name.as_str())) {
            return Err(Error::InvalidOption {
                option: "only_derived",
                value: format!("`{unused}`"),
                allowed: "a column from which a feature is derived".to_owned(),
            });
        }
        Ok((derivations, hidden))
    }
}

impl Default for PreprocessorConfig {
    fn default() -> Self {
        Self {
            scaling: Scaling::Standard,
            categories: CategoryEncoding::Auto,
            min_category_count: 5,
            recurring_dates: Vec::new(),
            target_transform: TargetTransform::None,
            derive: Vec::new(),
            only_derived: Vec::new(),
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
