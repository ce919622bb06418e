use serde::{Deserialize, Serialize};

use super::category::{Categories, slot};
use super::scaler::Scaler;
use super::scaling::Scaling;
use crate::table::Target;

/// How many parts the training rows are divided into, as in scikit-learn.
const NUM_FOLDS: usize = 5;

/// The mean of the target in each category of a feature, which replaces the category
/// ([Micci-Barreca 2001](https://doi.org/10.1145/507533.507538)): one number for two classes, one for each
/// of more classes, or one for each numeric target.
///
/// A mean that a row's own target is part of tells a network that target. So in training, the
/// means of a row are those of rows in other folds.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct TargetMeans {
    /// Those of each number of the target.
    pub outputs: Vec<CategoryMeans>,
}

/// The mean of one number of the target in each category.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct CategoryMeans {
    /// The mean of all training rows, which replaces an unknown category.
    pub overall: f64,
    /// The mean of each [name](Categories::names), then of missing values and of other categories if they
    /// have a slot.
    pub means: Vec<f64>,
    /// How they are scaled.
    pub scaler: Scaler,
}

/// The inputs of each slot, and at last those of a category without a slot: `[num_slots + 1,
/// num_outputs]`.
#[derive(Clone, Debug)]
pub(super) struct SlotInputs(Vec<f32>);

/// The fold of a training row, by a hash of its number, so that no order of the rows matters.
pub(super) fn fold_of(row: usize) -> usize {
    let mut hash = (row as u64).wrapping_add(0x9e37_79b9_7f4a_7c15);
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^= hash >> 31;
    usize::try_from(hash % NUM_FOLDS as u64).expect("folds are few")
}

impl TargetMeans {
    /// Fits on the given rows, which have these codes in the whole table.
    pub(super) fn fit(
        categories: &Categories,
        (codes, names): (&[u32], &[String]),
        target: &Target,
        rows: &[usize],
        scaling: Scaling,
    ) -> Self {
        let of_rows = OfRows::new(categories, (codes, names), target, rows);
        let by_fold: Vec<_> = (0..NUM_FOLDS)
            .map(|fold| of_rows.means(Some(fold)))
            .collect();
        let outputs = of_rows.means(None).into_iter().enumerate();
        let outputs = outputs.map(|(output, (overall, means))| {
            // The scale is that of the inputs in training.
            let in_training = rows.iter().zip(&of_rows.slots).map(|(&row, slot)| {
                let (overall, means) = &by_fold[fold_of(row)][output];
                slot.map_or(*overall, |slot| means[slot])
            });
            CategoryMeans {
                scaler: Scaler::fit(
                    scaling.of_derived_numbers(),
                    &in_training.collect::<Vec<_>>(),
                ),
                overall,
                means,
            }
        });
        Self {
            outputs: outputs.collect(),
        }
    }

    /// Whether its inputs are the same for all rows that it was fitted on.
    pub(super) fn is_constant(&self) -> bool {
        let mut outputs = self.outputs.iter();
        outputs.all(|output| output.scaler == Scaler::Constant)
    }

    /// The inputs for rows that it was not fitted on.
    pub(super) fn slot_inputs(&self) -> SlotInputs {
        let means = self.outputs.iter();
        let means: Vec<_> = means
            .map(|output| (output.overall, &output.means))
            .collect();
        self.scaled(&means)
    }

    /// The inputs for the rows that it was fitted on, by their [fold](fold_of).
    pub(super) fn out_of_fold(
        &self,
        categories: &Categories,
        column: (&[u32], &[String]),
        target: &Target,
        rows: &[usize],
    ) -> Vec<SlotInputs> {
        let of_rows = OfRows::new(categories, column, target, rows);
        let of_fold = |fold| {
            let means = of_rows.means(Some(fold));
            let means: Vec<_> = means
                .iter()
                .map(|(overall, means)| (*overall, means))
                .collect();
            self.scaled(&means)
        };
        (0..NUM_FOLDS).map(of_fold).collect()
    }

    fn scaled(&self, means: &[(f64, &Vec<f64>)]) -> SlotInputs {
        let num_slots = means.first().map_or(0, |(_, means)| means.len());
        let inputs = (0..=num_slots).flat_map(|slot| {
            let outputs = self.outputs.iter().zip(means);
            outputs.map(move |(output, (overall, means))| {
                output.scaler.scale(*means.get(slot).unwrap_or(overall))
            })
        });
        SlotInputs(inputs.collect())
    }

    /// What is wrong with it; it may come from a damaged file.
    pub(super) fn fault(&self, categories: &Categories) -> Option<String> {
        if self.outputs.is_empty() {
            return Some("it has no means of the target".to_owned());
        }
        self.outputs.iter().find_map(|output| {
            let CategoryMeans {
                overall,
                means,
                scaler,
            } = output;
            if means.len() != categories.num_slots() {
                let num_slots = categories.num_slots();
                return Some(format!(
                    "{} means do not fit {num_slots} slots",
                    means.len()
                ));
            }
            let mut means = means.iter().chain([overall]);
            match means.find(|mean| !mean.is_finite()) {
                Some(mean) => Some(format!("a mean is {mean}, but must be finite")),
                None => scaler.fault(),
            }
        })
    }
}

impl SlotInputs {
    /// The inputs of a slot, or of a category without one.
    pub fn of(&self, slot: Option<usize>, num_outputs: usize) -> &[f32] {
        let last = self.0.len() / num_outputs - 1;
        &self.0[slot.unwrap_or(last) * num_outputs..][..num_outputs]
    }
}

/// What the rows of the fit have in common.
struct OfRows<'a> {
    rows: &'a [usize],
    /// The slot of each row.
    slots: Vec<Option<usize>>,
    num_slots: usize,
    /// Each number of the target in each row.
    values: Vec<Vec<f64>>,
}

impl<'a> OfRows<'a> {
    fn new(
        categories: &Categories,
        (codes, names): (&[u32], &[String]),
        target: &Target,
        rows: &'a [usize],
    ) -> Self {
        let of_codes = categories.slots(names);
        let slots = rows.iter();
        let slots = slots.map(|&row| categories.slot_index(slot(&of_codes, codes[row])));
        Self {
            rows,
            slots: slots.collect(),
            num_slots: categories.num_slots(),
            values: values(target, rows),
        }
    }

    /// The mean of each number of the target in all rows and in each slot, without the rows of a fold. The
    /// mean of a slot is drawn to that of all rows, the more the fewer rows it has and the more they differ:
    /// the empirical Bayes estimate of scikit-learn's `TargetEncoder`.
    fn means(&self, without: Option<usize>) -> Vec<(f64, Vec<f64>)> {
        let in_use = |&&row: &&usize| without.is_none_or(|fold| fold_of(row) != fold);
        let of_output = |values: &Vec<f64>| {
            let mut all = Sums::default();
            let mut of_slots = vec![Sums::default(); self.num_slots];
            let rows = self.rows.iter().zip(&self.slots).zip(values);
            for ((_, slot), &value) in rows.filter(|((row, _), _)| in_use(row)) {
                all.add(value);
                if let Some(slot) = *slot {
                    of_slots[slot].add(value);
                }
            }
            let overall = all.mean;
            let mean = |of_slot: &Sums| {
                let certain = all.variance() * of_slot.count;
                let share = certain / (certain + of_slot.variance());
                // Without rows, or if the target does not vary.
                if share.is_nan() {
                    return overall;
                }
                share * of_slot.mean + (1.0 - share) * overall
            };
            (overall, of_slots.iter().map(mean).collect())
        };
        self.values.iter().map(of_output).collect()
    }
}

/// Each number of a target in each of the given rows. Of classes, those that occur in the rows count.
fn values(target: &Target, rows: &[usize]) -> Vec<Vec<f64>> {
    match target {
        Target::Classes {
            labels, classes, ..
        } => {
            let mut occurs = vec![false; classes.len()];
            for &row in rows {
                occurs[labels[row]] = true;
            }
            let mut occurring: Vec<usize> = (0..classes.len()).filter(|&i| occurs[i]).collect();
            if occurring.len() == 2 {
                // The share of the other is what remains.
                occurring.remove(0);
            }
            let is_class = |class| rows.iter().map(move |&row| f64::from(labels[row] == class));
            let of_class = |class| is_class(class).collect();
            occurring.into_iter().map(of_class).collect()
        }
        Target::Numbers { names, values } => {
            let of_output = |output| {
                let numbers = rows.iter().map(|&row| values[row * names.len() + output]);
                numbers.collect()
            };
            (0..names.len()).map(of_output).collect()
        }
    }
}

/// Count, mean and squared differences from the mean, in one pass
/// ([Welford 1962](https://doi.org/10.2307/1266577)).
#[derive(Clone, Debug, Default)]
struct Sums {
    count: f64,
    /// 0 without values.
    mean: f64,
    squares: f64,
}

impl Sums {
    fn add(&mut self, value: f64) {
        self.count += 1.0;
        let difference = value - self.mean;
        self.mean += difference / self.count;
        self.squares += difference * (value - self.mean);
    }

    /// NaN without values.
    fn variance(&self) -> f64 {
        self.squares / self.count
    }
}

#[cfg(test)]
mod tests;
