use serde::{Deserialize, Serialize};

use super::category::{Categories, slot};
use super::scaler::Scaler;
use super::scaling::Scaling;
use crate::table::Target;

/// How many parts the training rows are divided into, as in scikit-learn.
const NUM_FOLDS: usize = 5;

/// The mean of the target in each category of a feature, which stands for the category
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
    /// The mean of all training rows, which stands for an unknown category.
    pub overall: f64,
    /// The mean of each [name](Categories::names), then of missing values and of other categories if they
    /// have a slot.
    pub means: Vec<f64>,
    /// How they are scaled.
    pub scaler: Scaler,
}

/// The inputs that stand for each slot, and at last for a category without a slot: `[num_slots + 1,
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
            let scaling = match scaling {
                Scaling::Shared | Scaling::None => Scaling::Standard,
                Scaling::Standard | Scaling::Robust | Scaling::Quantile | Scaling::MinMax => {
                    scaling
                }
            };
            CategoryMeans {
                scaler: Scaler::fit(scaling, &in_training.collect::<Vec<_>>()),
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
            let overall = if all.count > 0.0 { all.mean } else { 0.0 };
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
mod tests {
    use super::*;
    use crate::{
        CategoryEncoding, Column, FeatureEncoding, Preprocessor, PreprocessorConfig, Table, Values,
    };

    const NAMES: [&str; 3] = ["a", "b", "c"];

    fn fit(codes: &[u32], target: &Target, rows: &[usize]) -> (Categories, TargetMeans) {
        let names = NAMES.map(str::to_owned);
        let categories = Categories::fit(codes, &names, rows, 1);
        let column = (codes, names.as_slice());
        let means = TargetMeans::fit(&categories, column, target, rows, Scaling::Standard);
        (categories, means)
    }

    fn prices(values: &[f64]) -> Target {
        Target::Numbers {
            names: vec!["price".to_owned()],
            values: values.to_vec(),
        }
    }

    #[test]
    fn means_are_those_of_scikit_learn() {
        // TargetEncoder(target_type="continuous", smooth="auto").fit(codes, values), scikit-learn 1.9.1.
        let codes = [0, 0, 0, 1, 1, 2, 2, 2];
        let target = prices(&[1.0, 2.0, 4.0, 10.0, 14.0, -3.0, -3.0, 5.0]);
        let rows: Vec<usize> = (0..8).collect();
        let (_, means) = fit(&codes, &target, &rows);
        let [output] = means.outputs.as_slice() else {
            panic!("one number of the target gives one output");
        };
        assert_eq!(output.overall, 3.75);
        for (mean, expected) in output
            .means
            .iter()
            .zip([2.356_685_55, 11.499_051_23, 0.209_238_95])
        {
            assert!((mean - expected).abs() < 1e-8, "{:?}", output.means);
        }
    }

    #[test]
    fn the_target_of_a_row_has_no_part_in_its_own_inputs() {
        let names = NAMES.map(str::to_owned);
        let rows: Vec<usize> = (0..60).collect();
        let codes: Vec<u32> = (0..60).map(|row| row % 3).collect();
        let mut values: Vec<f64> = (0..60).map(|row| f64::from(row * row % 17)).collect();
        let (categories, means) = fit(&codes, &prices(&values), &rows);
        let inputs = |values: &[f64], row: usize| {
            let column = (codes.as_slice(), names.as_slice());
            let of_folds = means.out_of_fold(&categories, column, &prices(values), &rows);
            let slot = Some(codes[row] as usize);
            of_folds[fold_of(row)].of(slot, 1).to_vec()
        };
        for row in [0, 7, 31, 59] {
            let before = inputs(&values, row);
            let other =
                (0..60).find(|&other| codes[other] == codes[row] && fold_of(other) != fold_of(row));
            let others_value = values[other.unwrap()];
            let own_value = std::mem::replace(&mut values[row], 1e6);
            assert_eq!(inputs(&values, row), before, "its own target");
            values[row] = own_value;
            values[other.unwrap()] = 1e6;
            assert_ne!(inputs(&values, row), before, "that of another row");
            values[other.unwrap()] = others_value;
        }
    }

    #[test]
    fn folds_have_about_the_same_number_of_rows() {
        let mut counts = [0; NUM_FOLDS];
        for row in 0..10_000 {
            counts[fold_of(row)] += 1;
        }
        assert!(
            counts.iter().all(|count| (1900..2100).contains(count)),
            "{counts:?}"
        );
    }

    #[test]
    fn two_classes_give_one_number_and_more_give_one_each() {
        for (labels, expected) in [(vec![0, 2, 0, 2, 2, 0], 1), (vec![0, 1, 2, 0, 1, 2], 3)] {
            let target = Target::Classes {
                name: "class".to_owned(),
                classes: NAMES.map(str::to_owned).to_vec(),
                labels,
            };
            let rows: Vec<usize> = (0..6).collect();
            let (_, means) = fit(&[0, 1, 0, 1, 0, 1], &target, &rows);
            assert_eq!(means.outputs.len(), expected);
        }
    }

    /// A table of ten towns, each with a row for each offset.
    fn towns(offsets: &[f64]) -> Table {
        let names: Vec<String> = (0..10).map(|town| format!("town {town}")).collect();
        let codes = (0..10).flat_map(|town| vec![town; offsets.len()]);
        let town = Column {
            name: "town".to_owned(),
            values: Values::Categories {
                codes: codes.collect(),
                names,
            },
        };
        let of_town = |town: i32| offsets.iter().map(move |offset| f64::from(town) + offset);
        let values: Vec<f64> = (0..10).flat_map(of_town).collect();
        Table::new(vec![town], Some(prices(&values))).unwrap()
    }

    fn by_target() -> PreprocessorConfig {
        PreprocessorConfig {
            categories: CategoryEncoding::Target,
            ..PreprocessorConfig::default()
        }
    }

    #[test]
    fn many_categories_become_one_number_and_an_unknown_one_the_overall_mean() {
        let table = towns(&[-1.0, 0.0, 0.0, 0.0, 1.0]);
        // No row of the last town is in training.
        let rows: Vec<usize> = (0..45).collect();
        let preprocessor = Preprocessor::fit(&table, &rows, by_target()).unwrap();
        assert_eq!(preprocessor.width(), 1);
        assert!(preprocessor.cardinalities().is_empty());
        let [FeatureEncoding::TargetMeans { means, .. }] = preprocessor.features.as_slice() else {
            panic!("a feature of ten categories becomes means");
        };
        let CategoryMeans {
            overall, scaler, ..
        } = &means.outputs[0];
        assert_eq!(*overall, 4.0);
        let inputs = preprocessor.transform(&table, &[0, 44, 45]).unwrap();
        assert!(inputs.numbers[0] < inputs.numbers[1]);
        assert_eq!(inputs.numbers[2], scaler.scale(4.0));
        assert_eq!(inputs.unseen_values[0].unseen, 1);
        let json = serde_json::to_string(&preprocessor).unwrap();
        assert_eq!(
            serde_json::from_str::<Preprocessor>(&json).unwrap(),
            preprocessor
        );
        preprocessor.check().unwrap();
    }

    #[test]
    fn one_row_for_each_category_is_an_error() {
        let table = towns(&[0.0]);
        let rows: Vec<usize> = (0..10).collect();
        let error = Preprocessor::fit(&table, &rows, by_target()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`town` has another category in each of the 10 training rows, so no category has a mean of the \
             target"
        );
    }
}
