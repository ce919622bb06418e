use serde::{Deserialize, Serialize};

use strum::VariantArray;

use super::category::{Categories, CategoryEncoding};
use super::config::PreprocessorConfig;
use super::derived_feature::DerivedFeature;
use super::quantiles::median;
use super::scaler::Scaler;
use super::scaling::Scaling;
use super::target_means::TargetMeans;
use crate::error::Error;
use crate::table::{Column, ColumnKind, DatePart, Target, Values};

/// The largest cardinality, with the slots for missing and other categories, that becomes one-hot.
const MAX_ONE_HOT: usize = 9;

/// The microseconds of a second.
pub(super) const MICROSECONDS: i64 = 1_000_000;

/// How a feature becomes inputs of a network.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FeatureEncoding {
    /// A number, scaled; the median replaces a missing one.
    Numeric {
        /// The feature's name.
        name: String,
        /// How it is scaled.
        scaler: Scaler,
        /// The number that replaces a missing one.
        median: f64,
        /// Whether another input is 1 where the number is missing, as it is if any was missing in
        /// training.
        indicator: bool,
    },
    /// Inputs of 0 and 1, one for each slot; or a single input of −1 or +1 for two categories.
    OneHot {
        /// The feature's name.
        name: String,
        /// Its categories.
        categories: Categories,
    },
    /// The index of a category into an embedding.
    Embedding {
        /// The feature's name.
        name: String,
        /// Its categories.
        categories: Categories,
    },
    /// The mean of the target in the category, scaled.
    TargetMeans {
        /// The feature's name.
        name: String,
        /// Its categories.
        categories: Categories,
        /// The mean of the target in each.
        means: TargetMeans,
    },
    /// Numbers derived from a point in time, each scaled; the median replaces a missing date.
    Date {
        /// The feature's name.
        name: String,
        /// How each number is scaled.
        parts: Vec<PartScaler>,
        /// The date that replaces a missing one, in whole seconds since the beginning of 1970, unlike
        /// the dates of a table.
        median: i64,
        /// Whether another input is 1 where the date is missing, as it is if any was missing in
        /// training.
        indicator: bool,
    },
    /// A number that is derived from columns of numbers.
    Derived(DerivedFeature),
}

/// How a number that is derived from a date is scaled.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct PartScaler {
    /// The number.
    pub part: DatePart,
    /// How it is scaled.
    pub scaler: Scaler,
}

impl FeatureEncoding {
    /// Fits on the given rows of a column, and of the target if its means replace categories.
    ///
    /// # Errors
    ///
    /// If means of the target should replace categories, but there is none, or each category has one row.
    pub(super) fn fit(
        column: &Column,
        rows: &[usize],
        config: &PreprocessorConfig,
        target: Option<&Target>,
    ) -> Result<Self, Error> {
        let name = column.name.clone();
        let present = rows.iter().filter(|&&row| !column.values.is_missing(row));
        Ok(match &column.values {
            Values::Numbers(numbers) => {
                let numbers: Vec<f64> = present.map(|&row| numbers[row]).collect();
                Self::Numeric {
                    name,
                    // The range of pixels is known, even of one that is blank in all training rows.
                    scaler: if config.scaling == Scaling::Shared && !numbers.is_empty() {
                        Scaler::IDENTITY
                    } else {
                        Scaler::fit(config.scaling, &numbers)
                    },
                    median: median(&numbers),
                    indicator: varies_in_presence(numbers.len(), rows),
                }
            }
            Values::Categories { codes, names } => {
                let min_count = config.min_category_count;
                let categories = Categories::fit(codes, names, rows, min_count);
                let has_few = categories.cardinality() <= MAX_ONE_HOT;
                match config.categories {
                    CategoryEncoding::Target if is_unique(codes, rows) => {
                        return Err(Error::NoMeans {
                            feature: name,
                            rows: rows.len(),
                        });
                    }
                    CategoryEncoding::Auto | CategoryEncoding::Target if has_few => {
                        Self::OneHot { name, categories }
                    }
                    CategoryEncoding::OneHot => Self::OneHot { name, categories },
                    CategoryEncoding::Auto | CategoryEncoding::Embedding => {
                        Self::Embedding { name, categories }
                    }
                    CategoryEncoding::Target => {
                        let target = target.ok_or(Error::NoTarget)?;
                        let column = (codes.as_slice(), names.as_slice());
                        let scaling = config.scaling;
                        let means = TargetMeans::fit(&categories, column, target, rows, scaling);
                        Self::TargetMeans {
                            name,
                            categories,
                            means,
                        }
                    }
                }
            }
            Values::Dates(dates) => {
                let mut dates: Vec<i64> = present.map(|&row| dates[row]).collect();
                dates.sort_unstable();
                let scaling = config.scaling.of_derived_numbers();
                let fit = |part: DatePart| {
                    let numbers: Vec<f64> = dates.iter().map(|&date| part.of(date)).collect();
                    let scaler = Scaler::fit(scaling, &numbers);
                    // Numbers that do not vary, such as the hour of dates without a time, are left
                    // out.
                    (scaler != Scaler::Constant).then_some(PartScaler { part, scaler })
                };
                let only_recurring = config.recurring_dates.contains(&name);
                let parts = DatePart::VARIANTS.iter().copied();
                let parts = parts.filter(|part| part.recurs() || !only_recurring);
                Self::Date {
                    name,
                    parts: parts.filter_map(fit).collect(),
                    median: dates
                        .get(dates.len() / 2)
                        .map_or(0, |&date| date.div_euclid(MICROSECONDS)),
                    indicator: varies_in_presence(dates.len(), rows),
                }
            }
        })
    }

    /// The feature's name.
    pub fn name(&self) -> &str {
        match self {
            Self::Numeric { name, .. }
            | Self::OneHot { name, .. }
            | Self::Embedding { name, .. }
            | Self::TargetMeans { name, .. }
            | Self::Date { name, .. }
            | Self::Derived(DerivedFeature { name, .. }) => name,
        }
    }

    /// The kind of its values.
    pub fn column_kind(&self) -> ColumnKind {
        match self {
            Self::Numeric { .. } | Self::Derived(_) => ColumnKind::Numeric,
            Self::Date { .. } => ColumnKind::Date,
            Self::OneHot { categories, .. }
            | Self::Embedding { categories, .. }
            | Self::TargetMeans { categories, .. } => {
                let is_boolean = |name: &String| name == "false" || name == "true";
                if !categories.names.is_empty() && categories.names.iter().all(is_boolean) {
                    ColumnKind::Boolean
                } else {
                    ColumnKind::Categorical
                }
            }
        }
    }

    /// Whether its inputs are the same for all rows that it was fitted on.
    pub(super) fn is_constant(&self) -> bool {
        match self {
            Self::Numeric {
                scaler, indicator, ..
            } => *scaler == Scaler::Constant && !indicator,
            Self::OneHot { categories, .. } | Self::Embedding { categories, .. } => {
                categories.num_slots() < 2
            }
            Self::TargetMeans { means, .. } => means.is_constant(),
            Self::Date {
                parts, indicator, ..
            } => parts.is_empty() && !indicator,
            Self::Derived(derived) => derived.is_constant(),
        }
    }

    /// The number of numeric inputs that it gives a network.
    pub fn width(&self) -> usize {
        match self {
            Self::Numeric { indicator, .. } => 1 + usize::from(*indicator),
            Self::OneHot { categories, .. } => categories.one_hot_width(),
            Self::Embedding { .. } => 0,
            Self::TargetMeans { means, .. } => means.outputs.len(),
            Self::Date {
                parts, indicator, ..
            } => parts.len() + usize::from(*indicator),
            Self::Derived(derived) => derived.width(),
        }
    }

    /// The number of indices of its embedding, if it has one.
    pub fn cardinality(&self) -> Option<usize> {
        match self {
            Self::Embedding { categories, .. } => Some(categories.cardinality()),
            Self::Numeric { .. }
            | Self::OneHot { .. }
            | Self::TargetMeans { .. }
            | Self::Date { .. }
            | Self::Derived(_) => None,
        }
    }

    /// The derived number that it is, if it is one.
    pub fn as_derived(&self) -> Option<&DerivedFeature> {
        match self {
            Self::Derived(derived) => Some(derived),
            Self::Numeric { .. }
            | Self::OneHot { .. }
            | Self::Embedding { .. }
            | Self::TargetMeans { .. }
            | Self::Date { .. } => None,
        }
    }

    /// What is wrong with it; it may come from a damaged file.
    pub(super) fn fault(&self) -> Option<String> {
        match self {
            Self::Numeric { scaler, median, .. } => {
                let fault = || format!("the median is {median}, but must be finite");
                (!median.is_finite()).then(fault).or_else(|| scaler.fault())
            }
            Self::Date { parts, .. } => parts.iter().find_map(|part| part.scaler.fault()),
            Self::Derived(derived) => derived.fault(),
            Self::OneHot { categories, .. } | Self::Embedding { categories, .. } => {
                categories.fault()
            }
            Self::TargetMeans {
                categories, means, ..
            } => categories.fault().or_else(|| means.fault(categories)),
        }
    }
}

/// Whether some of the rows have a value and others have none.
fn varies_in_presence(num_present: usize, rows: &[usize]) -> bool {
    (1..rows.len()).contains(&num_present)
}

/// Whether there are more categories than would be one-hot, each of which has a single row.
fn is_unique(codes: &[u32], rows: &[usize]) -> bool {
    let codes = rows.iter().map(|&row| codes[row]);
    let mut codes: Vec<u32> = codes.filter(|&code| code != Values::MISSING_CODE).collect();
    codes.sort_unstable();
    codes.len() + 2 > MAX_ONE_HOT && codes.is_sorted_by(|a, b| a < b)
}

#[cfg(test)]
mod tests;
