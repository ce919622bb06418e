use serde::{Deserialize, Serialize};

use super::category::{Categories, Slot, slot};
use super::scaler::{Scaler, median};
use super::{PreprocessorConfig, Scaling};
use crate::{CategoryEncoding, Column, ColumnKind, DatePart, Error, Values};

/// Up to so many places, with those for missing and other ones, are one-hot.
const MAX_ONE_HOT: usize = 9;

/// How a feature becomes inputs of a network.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FeatureEncoding {
    /// A number, scaled; where it is missing, the median.
    Numeric {
        /// The feature's name.
        name: String,
        /// How it is scaled.
        scaler: Scaler,
        /// What stands in for a missing number.
        median: f32,
        /// Whether another input says 1 where the number is missing: if any was in training.
        indicator: bool,
    },
    /// Inputs of 0 and 1, one for each slot; or one input of −1 and +1 for two categories.
    OneHot {
        /// The feature's name.
        name: String,
        /// Its categories.
        categories: Categories,
    },
    /// The place of a category in an embedding.
    Embedding {
        /// The feature's name.
        name: String,
        /// Its categories.
        categories: Categories,
    },
    /// The numbers that a point in time tells, each scaled; where it is missing, the median.
    Date {
        /// The feature's name.
        name: String,
        /// How each number is scaled.
        parts: Vec<PartScaler>,
        /// What stands in for a missing date, in seconds since the beginning of 1970.
        median: i64,
        /// Whether another input says 1 where the date is missing: if any was in training.
        indicator: bool,
    },
}

/// How a number that a date tells is scaled.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct PartScaler {
    /// The number.
    pub part: DatePart,
    /// How it is scaled.
    pub scaler: Scaler,
}

impl FeatureEncoding {
    /// Fits on the given rows of a column.
    pub(super) fn fit(column: &Column, rows: &[usize], config: &PreprocessorConfig) -> Self {
        let name = column.name.clone();
        let present = rows.iter().filter(|&&row| !column.values.is_missing(row));
        match &column.values {
            Values::Numbers(numbers) => {
                let numbers: Vec<f32> = present.map(|&row| numbers[row]).collect();
                Self::Numeric {
                    name,
                    scaler: Scaler::fit(config.scaling, &numbers),
                    median: median(&numbers),
                    indicator: numbers.len() < rows.len(),
                }
            }
            Values::Categories { codes, names } => {
                let min_count = config.min_category_count;
                let categories = Categories::fit(codes, names, rows, min_count);
                let is_one_hot = match config.categories {
                    CategoryEncoding::OneHot => true,
                    CategoryEncoding::Embedding => false,
                    CategoryEncoding::Auto => categories.cardinality() <= MAX_ONE_HOT,
                };
                if is_one_hot {
                    Self::OneHot { name, categories }
                } else {
                    Self::Embedding { name, categories }
                }
            }
            Values::Dates(dates) => {
                let mut dates: Vec<i64> = present.map(|&row| dates[row]).collect();
                dates.sort_unstable();
                // All dates by one scale would be of no use, nor days of the year as they are.
                let scaling = match config.scaling {
                    Scaling::Shared | Scaling::None => Scaling::Standard,
                    scaling => scaling,
                };
                let fit = |part: DatePart| {
                    let numbers: Vec<f32> = dates.iter().map(|&date| part.of(date)).collect();
                    // Numbers that do not vary, such as the hour of mere dates, say nothing. One
                    // remains, so that the feature is an input.
                    let varies = numbers.iter().any(|&number| number != numbers[0]);
                    (varies || part == DatePart::Elapsed).then(|| PartScaler {
                        part,
                        scaler: Scaler::fit(scaling, &numbers),
                    })
                };
                Self::Date {
                    name,
                    parts: DatePart::ALL.into_iter().filter_map(fit).collect(),
                    median: dates.get(dates.len() / 2).copied().unwrap_or(0),
                    indicator: dates.len() < rows.len(),
                }
            }
        }
    }

    /// The feature's name.
    pub fn name(&self) -> &str {
        match self {
            Self::Numeric { name, .. }
            | Self::OneHot { name, .. }
            | Self::Embedding { name, .. }
            | Self::Date { name, .. } => name,
        }
    }

    /// What its values are.
    pub fn column_kind(&self) -> ColumnKind {
        match self {
            Self::Numeric { .. } => ColumnKind::Numeric,
            Self::Date { .. } => ColumnKind::Date,
            Self::OneHot { categories, .. } | Self::Embedding { categories, .. } => {
                let is_boolean = |name: &String| name == "false" || name == "true";
                if !categories.names.is_empty() && categories.names.iter().all(is_boolean) {
                    ColumnKind::Boolean
                } else {
                    ColumnKind::Categorical
                }
            }
        }
    }

    /// How many numbers it gives a network.
    pub fn width(&self) -> usize {
        match self {
            Self::Numeric { indicator, .. } => 1 + usize::from(*indicator),
            Self::OneHot { categories, .. } => categories.one_hot_width(),
            Self::Embedding { .. } => 0,
            Self::Date {
                parts, indicator, ..
            } => parts.len() + usize::from(*indicator),
        }
    }

    /// How many places its embedding needs, if it has one.
    pub fn cardinality(&self) -> Option<usize> {
        match self {
            Self::Embedding { categories, .. } => Some(categories.cardinality()),
            _ => None,
        }
    }

    /// Makes ready to encode a column.
    pub(super) fn encoder<'a>(&'a self, column: &'a Column) -> Result<Encoder<'a>, Error> {
        Ok(match (self, &column.values) {
            (
                Self::Numeric {
                    scaler,
                    median,
                    indicator,
                    ..
                },
                Values::Numbers(numbers),
            ) => Encoder::Numbers {
                numbers,
                scaler,
                missing: scaler.scale(*median),
                indicator: *indicator,
            },
            (Self::OneHot { categories, .. }, Values::Categories { codes, names }) => {
                Encoder::OneHot {
                    codes,
                    slots: categories.slots(names),
                    categories,
                }
            }
            (Self::Embedding { categories, .. }, Values::Categories { codes, names }) => {
                Encoder::Embedding {
                    codes,
                    slots: categories.slots(names),
                    categories,
                }
            }
            (
                Self::Date {
                    parts,
                    median,
                    indicator,
                    ..
                },
                Values::Dates(dates),
            ) => Encoder::Dates {
                dates,
                parts,
                median: *median,
                indicator: *indicator,
            },
            (_, values) => {
                return Err(Error::WrongKind {
                    feature: column.name.clone(),
                    found: values.kind().name(),
                    expected: self.column_kind().name(),
                });
            }
        })
    }

    /// What is wrong with it, if it was loaded from a damaged file.
    pub(super) fn fault(&self) -> Option<String> {
        match self {
            Self::Numeric { scaler, median, .. } => {
                let fault = || format!("the median is {median}, but must be finite");
                (!median.is_finite()).then(fault).or_else(|| scaler.fault())
            }
            Self::Date { parts, .. } => parts.iter().find_map(|part| part.scaler.fault()),
            Self::OneHot { categories, .. } | Self::Embedding { categories, .. } => {
                let duplicate = crate::table::first_duplicate(&categories.names)?;
                Some(format!("two categories are called `{duplicate}`"))
            }
        }
    }
}

/// A column and how it is encoded.
pub(super) enum Encoder<'a> {
    Numbers {
        numbers: &'a [f32],
        scaler: &'a Scaler,
        /// What stands for a missing number, scaled.
        missing: f32,
        indicator: bool,
    },
    OneHot {
        codes: &'a [u32],
        slots: Vec<Slot>,
        categories: &'a Categories,
    },
    Embedding {
        codes: &'a [u32],
        slots: Vec<Slot>,
        categories: &'a Categories,
    },
    Dates {
        dates: &'a [i64],
        parts: &'a [PartScaler],
        median: i64,
        indicator: bool,
    },
}

/// Values that training has not prepared for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Surprises {
    pub unseen: usize,
    pub missing: usize,
}

impl Encoder<'_> {
    /// Encodes rows into the places of their inputs: numbers from `offset` on in rows of `width`,
    /// or a category at `place` of rows of `num_categories`.
    pub fn encode(
        &self,
        rows: &[usize],
        numbers: &mut [f32],
        (width, offset): (usize, usize),
        categories: &mut [u32],
        (num_categories, place): (usize, usize),
    ) -> Surprises {
        let mut surprises = Surprises::default();
        match self {
            Self::Numbers {
                numbers: values,
                scaler,
                missing,
                indicator,
            } => {
                for (&row, inputs) in rows.iter().zip(numbers.chunks_exact_mut(width)) {
                    let value = values[row];
                    if value.is_nan() {
                        inputs[offset] = *missing;
                        if *indicator {
                            inputs[offset + 1] = 1.0;
                        } else {
                            surprises.missing += 1;
                        }
                    } else {
                        inputs[offset] = scaler.scale(value);
                    }
                }
            }
            Self::OneHot {
                codes,
                slots,
                categories,
            } => {
                let is_binary = categories.is_binary();
                for (&row, inputs) in rows.iter().zip(numbers.chunks_exact_mut(width)) {
                    let slot = slot(slots, codes[row]);
                    surprises.count(slot, categories);
                    match categories.one_hot_place(slot) {
                        Some(place) if is_binary => inputs[offset] = [-1.0, 1.0][place],
                        Some(place) => inputs[offset + place] = 1.0,
                        None => {}
                    }
                }
            }
            Self::Embedding {
                codes,
                slots,
                categories: known,
            } => {
                for (&row, places) in rows.iter().zip(categories.chunks_exact_mut(num_categories)) {
                    let slot = slot(slots, codes[row]);
                    surprises.count(slot, known);
                    let index = Categories::embedding_place(slot);
                    places[place] = u32::try_from(index).expect("categories are fewer than 2^32");
                }
            }
            Self::Dates {
                dates,
                parts,
                median,
                indicator,
            } => {
                for (&row, inputs) in rows.iter().zip(numbers.chunks_exact_mut(width)) {
                    let is_missing = dates[row] == Values::MISSING_DATE;
                    let date = if is_missing { *median } else { dates[row] };
                    for (input, PartScaler { part, scaler }) in
                        inputs[offset..].iter_mut().zip(*parts)
                    {
                        *input = scaler.scale(part.of(date));
                    }
                    match (is_missing, indicator) {
                        (true, true) => inputs[offset + parts.len()] = 1.0,
                        (true, false) => surprises.missing += 1,
                        (false, _) => {}
                    }
                }
            }
        }
        surprises
    }
}

impl Surprises {
    fn count(&mut self, slot: Slot, categories: &Categories) {
        match slot {
            Slot::Known(_) => {}
            Slot::Missing => self.missing += usize::from(!categories.missing),
            // What was too rare to learn from counts as well: the model knows nothing of it.
            Slot::Other => self.unseen += 1,
        }
    }
}
