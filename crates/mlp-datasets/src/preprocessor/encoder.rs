use super::category::{Categories, Slot, slot};
use super::derived_feature::{DerivedFeature, numbers_of};
use super::feature::{FeatureEncoding, MICROSECONDS, PartScaler};
use super::scaler::Scaler;
use super::target_means::{SlotInputs, fold_of};
use crate::error::Error;
use crate::table::{Column, Table, Target, Values};

/// A column of a table with the encoding of its feature.
pub(super) enum Encoder<'a> {
    Numbers {
        numbers: &'a [f64],
        scaler: &'a Scaler,
        /// The replacement of a missing number, scaled.
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
    TargetMeans {
        codes: &'a [u32],
        names: &'a [String],
        slots: Vec<Slot>,
        categories: &'a Categories,
        num_outputs: usize,
        /// One for all rows, or one for each [fold](fold_of).
        inputs: Vec<SlotInputs>,
    },
    Dates {
        dates: &'a [i64],
        parts: &'a [PartScaler],
        median: i64,
        indicator: bool,
    },
    Derived {
        derived: &'a DerivedFeature,
        columns: Vec<&'a [f64]>,
    },
}

/// The numbers of rows with values for which there was no training row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct UnseenCounts {
    pub unseen: usize,
    pub missing: usize,
}

impl<'a> Encoder<'a> {
    /// Prepares to encode a column, which must have the kind of the feature.
    pub fn new(feature: &'a FeatureEncoding, column: &'a Column) -> Result<Self, Error> {
        Ok(match (feature, &column.values) {
            (
                FeatureEncoding::Numeric {
                    scaler,
                    median,
                    indicator,
                    ..
                },
                Values::Numbers(numbers),
            ) => Self::Numbers {
                numbers,
                scaler,
                missing: scaler.scale(*median),
                indicator: *indicator,
            },
            (FeatureEncoding::OneHot { categories, .. }, Values::Categories { codes, names }) => {
                Self::OneHot {
                    codes,
                    slots: categories.slots(names),
                    categories,
                }
            }
            (
                FeatureEncoding::Embedding { categories, .. },
                Values::Categories { codes, names },
            ) => Self::Embedding {
                codes,
                slots: categories.slots(names),
                categories,
            },
            (
                FeatureEncoding::TargetMeans {
                    categories, means, ..
                },
                Values::Categories { codes, names },
            ) => Self::TargetMeans {
                codes,
                names,
                slots: categories.slots(names),
                categories,
                num_outputs: means.outputs.len(),
                inputs: vec![means.slot_inputs()],
            },
            (
                FeatureEncoding::Date {
                    parts,
                    median,
                    indicator,
                    ..
                },
                Values::Dates(dates),
            ) => Self::Dates {
                dates,
                parts,
                median: median.saturating_mul(MICROSECONDS),
                indicator: *indicator,
            },
            (
                FeatureEncoding::Numeric { .. }
                | FeatureEncoding::OneHot { .. }
                | FeatureEncoding::Embedding { .. }
                | FeatureEncoding::TargetMeans { .. }
                | FeatureEncoding::Date { .. }
                | FeatureEncoding::Derived(_),
                values,
            ) => {
                return Err(Error::WrongKind {
                    feature: column.name.clone(),
                    found: values.kind().name(),
                    expected: feature.column_kind().name(),
                });
            }
        })
    }

    /// Prepares to derive a feature from columns of a table.
    pub fn derived(derived: &'a DerivedFeature, table: &'a Table) -> Result<Self, Error> {
        Ok(Self::Derived {
            columns: derived.derivation.numbers(table)?,
            derived,
        })
    }

    /// Replaces the means of the target by those of other rows, for the rows of the fit.
    pub fn take_means_of_other_folds(
        &mut self,
        feature: &FeatureEncoding,
        target: &Target,
        rows: &[usize],
    ) {
        if let (
            Self::TargetMeans {
                codes,
                names,
                categories,
                inputs,
                ..
            },
            FeatureEncoding::TargetMeans { means, .. },
        ) = (self, feature)
        {
            *inputs = means.out_of_fold(categories, (codes, names), target, rows);
        }
    }

    /// Encodes rows in their inputs: numbers from the index `offset` on in rows of `width` numbers, or
    /// a category at the index `position` in rows of `num_categories` categories.
    pub fn encode(
        &self,
        rows: &[usize],
        numbers: &mut [f32],
        (width, offset): (usize, usize),
        categories: &mut [u32],
        (num_categories, position): (usize, usize),
    ) -> UnseenCounts {
        let mut counts = UnseenCounts::default();
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
                            counts.missing += 1;
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
                let num_inputs = categories.one_hot_width();
                for (&row, inputs) in rows.iter().zip(numbers.chunks_exact_mut(width)) {
                    let slot = slot(slots, codes[row]);
                    counts.count(slot, categories);
                    categories.write_one_hot(slot, &mut inputs[offset..][..num_inputs]);
                }
            }
            Self::Embedding {
                codes,
                slots,
                categories: known,
            } => {
                for (&row, indices) in rows.iter().zip(categories.chunks_exact_mut(num_categories))
                {
                    let slot = slot(slots, codes[row]);
                    counts.count(slot, known);
                    let index = known.embedding_index(slot);
                    indices[position] =
                        u32::try_from(index).expect("categories are fewer than 2^32");
                }
            }
            Self::TargetMeans {
                codes,
                slots,
                categories,
                num_outputs,
                inputs: of_slots,
                ..
            } => {
                for (&row, inputs) in rows.iter().zip(numbers.chunks_exact_mut(width)) {
                    let slot = slot(slots, codes[row]);
                    counts.count(slot, categories);
                    let of_slots = match of_slots.as_slice() {
                        [of_slots] => of_slots,
                        of_folds => &of_folds[fold_of(row)],
                    };
                    let of_slot = of_slots.of(categories.slot_index(slot), *num_outputs);
                    inputs[offset..][..*num_outputs].copy_from_slice(of_slot);
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
                        (true, false) => counts.missing += 1,
                        (false, _) => {}
                    }
                }
            }
            Self::Derived { derived, columns } => {
                for (&row, inputs) in rows.iter().zip(numbers.chunks_exact_mut(width)) {
                    let is_unseen = derived.write(&numbers_of(columns, row), &mut inputs[offset..]);
                    counts.missing += usize::from(is_unseen);
                }
            }
        }
        counts
    }
}

impl UnseenCounts {
    fn count(&mut self, slot: Slot, categories: &Categories) {
        match slot {
            Slot::Known(_) => {}
            Slot::Missing => self.missing += usize::from(!categories.missing),
            // Categories that were too rare count as well: the model knows nothing of them.
            Slot::Other => self.unseen += 1,
        }
    }
}

#[cfg(test)]
mod tests;
