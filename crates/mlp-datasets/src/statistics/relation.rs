use std::collections::HashMap;

use serde::Serialize;

use crate::leakage::correlation;
use crate::table::{Target, Values};

/// How strongly a feature alone is related to the target, from 0 to 1.
#[derive(Serialize, Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Relation {
    /// What was measured.
    pub measure: Measure,
    /// The value.
    pub strength: f64,
}

/// A measure of how strongly two columns are related, for the kinds of their values.
#[derive(Serialize, strum::Display, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Pearson's correlation of two columns of numbers, without its sign.
    #[strum(serialize = "|r|")]
    Correlation,
    /// The correlation ratio of numbers and categories: the root of the share of the numbers' variance that
    /// is between categories. The share is adjusted for the number of categories, as R² is.
    #[strum(serialize = "η")]
    CorrelationRatio,
    /// Cramér's V of two columns of categories, corrected for their numbers ([Bergsma
    /// 2013](https://doi.org/10.1016/j.jkss.2012.10.002)).
    #[strum(serialize = "V")]
    CramersV,
}

impl Relation {
    /// How strongly the values of some rows are related to their target; of several targets, to the one
    /// that is most related. Rows whose value is missing are left out. `None` if the values or the targets
    /// of the others do not vary.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn of(values: &Values, target: &Target, rows: &[usize]) -> Option<Self> {
        let present = rows.iter().copied().filter(|&row| !values.is_missing(row));
        let present: Vec<usize> = present.collect();
        let (measure, strength) = match target {
            Target::Classes { labels, .. } => {
                let labels: Vec<usize> = present.iter().map(|&row| labels[row]).collect();
                match feature(values, &present) {
                    Feature::Numbers(numbers) => (
                        Measure::CorrelationRatio,
                        correlation_ratio(&labels, &numbers),
                    ),
                    Feature::Groups(groups) => (Measure::CramersV, cramers_v(&groups, &labels)),
                }
            }
            Target::Numbers {
                names,
                values: targets,
            } => {
                let feature = feature(values, &present);
                let measure = match feature {
                    Feature::Numbers(_) => Measure::Correlation,
                    Feature::Groups(_) => Measure::CorrelationRatio,
                };
                let strengths = (0..names.len()).filter_map(|index| {
                    let targets = present.iter().map(|row| targets[row * names.len() + index]);
                    let targets: Vec<f64> = targets.collect();
                    match &feature {
                        Feature::Numbers(numbers) => correlation(numbers, &targets).map(f64::abs),
                        Feature::Groups(groups) => correlation_ratio(groups, &targets),
                    }
                });
                (measure, strengths.max_by(f64::total_cmp))
            }
        };
        Some(Self {
            measure,
            // Rounding may exceed it.
            strength: strength?.min(1.0),
        })
    }
}

enum Feature {
    Numbers(Vec<f64>),
    Groups(Vec<usize>),
}

fn feature(values: &Values, rows: &[usize]) -> Feature {
    match values {
        Values::Numbers(numbers) => {
            Feature::Numbers(rows.iter().map(|&row| numbers[row]).collect())
        }
        Values::Dates(dates) => {
            Feature::Numbers(rows.iter().map(|&row| dates[row] as f64).collect())
        }
        Values::Categories { codes, .. } => {
            Feature::Groups(rows.iter().map(|&row| codes[row] as usize).collect())
        }
    }
}

/// The root of the share of the variance of numbers that is between groups; `None` if either does not vary.
fn correlation_ratio(groups: &[usize], numbers: &[f64]) -> Option<f64> {
    let count = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    let total: f64 = numbers.iter().map(|number| (number - mean).powi(2)).sum();
    let mut sums: HashMap<usize, (f64, f64)> = HashMap::new();
    for (&group, number) in groups.iter().zip(numbers) {
        let (sum, count) = sums.entry(group).or_default();
        *sum += number - mean;
        *count += 1.0;
    }
    let num_groups = sums.len() as f64;
    if total <= 0.0 || num_groups < 2.0 || num_groups >= count {
        return None;
    }
    let between = sums.values().map(|(sum, count)| sum * sum / count);
    let within = 1.0 - between.sum::<f64>() / total;
    let adjusted = 1.0 - within * (count - 1.0) / (count - num_groups);
    Some(adjusted.max(0.0).sqrt())
}

/// `None` if either does not vary.
fn cramers_v(a: &[usize], b: &[usize]) -> Option<f64> {
    let count = a.len() as f64;
    let (mut of_a, mut of_b, mut of_both) = (HashMap::new(), HashMap::new(), HashMap::new());
    for (&a, &b) in a.iter().zip(b) {
        *of_a.entry(a).or_insert(0.0) += 1.0;
        *of_b.entry(b).or_insert(0.0) += 1.0;
        *of_both.entry((a, b)).or_insert(0.0) += 1.0;
    }
    let squares = of_both
        .iter()
        .map(|((a, b), both): (_, &f64)| both * both / (of_a[a] * of_b[b]));
    let contingency = squares.sum::<f64>() - 1.0;
    let (rows, columns) = (of_a.len() as f64, of_b.len() as f64);
    if rows < 2.0 || columns < 2.0 {
        return None;
    }
    let by_chance = (rows - 1.0) * (columns - 1.0) / (count - 1.0);
    let corrected = |number: f64| number - (number - 1.0).powi(2) / (count - 1.0);
    let most = corrected(rows).min(corrected(columns)) - 1.0;
    (most > 0.0).then(|| ((contingency - by_chance).max(0.0) / most).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(numbers: &[f64]) -> Target {
        Target::Numbers {
            names: vec!["y".into()],
            values: numbers.to_vec(),
        }
    }

    fn classes(labels: Vec<usize>) -> Target {
        Target::Classes {
            name: "y".into(),
            labels,
            classes: ["a", "b", "c"].map(String::from).to_vec(),
        }
    }

    fn categories(codes: Vec<u32>) -> Values {
        Values::Categories {
            codes,
            names: (0..30).map(|name| name.to_string()).collect(),
        }
    }

    fn strength(values: &Values, target: &Target) -> Option<f64> {
        let rows: Vec<usize> = (0..values.len()).collect();
        Relation::of(values, target, &rows).map(|relation| relation.strength)
    }

    #[test]
    fn two_columns_of_numbers_have_a_correlation() {
        let target = numbers(&[1.0, 2.0, 4.0, 3.0]);
        let values = Values::Numbers(vec![-1.0, -2.0, -3.0, -4.0]);
        let relation = Relation::of(&values, &target, &[0, 1, 2, 3]).unwrap();
        assert_eq!(relation.measure, Measure::Correlation);
        assert!((relation.strength - 0.8).abs() < 1e-12);
        // A missing value takes its row with it, and what does not vary is related to nothing.
        let values = Values::Numbers(vec![-1.0, -2.0, -4.0, f64::NAN]);
        assert!((strength(&values, &target).unwrap() - 1.0).abs() < 1e-12);
        assert_eq!(strength(&Values::Numbers(vec![1.0; 4]), &target), None);
    }

    #[test]
    fn numbers_and_categories_have_a_correlation_ratio() {
        let (codes, target) = (vec![0, 0, 1, 1], [1.0, 2.0, 4.0, 5.0]);
        // 9 of 10 squares are between the groups: R² is 0.9, and 1 − 0.1 · 3 / 2 if adjusted.
        let expected = 0.85_f64.sqrt();
        let found = strength(&categories(codes), &numbers(&target)).unwrap();
        assert!((found - expected).abs() < 1e-12);
        let values = Values::Numbers(target.to_vec());
        let found = strength(&values, &classes(vec![0, 0, 1, 1])).unwrap();
        assert!((found - expected).abs() < 1e-12);
    }

    #[test]
    fn two_columns_of_categories_have_cramers_v() {
        let labels: Vec<usize> = (0..90).map(|row| row % 3).collect();
        let renamed = categories((0..90).map(|row| (row + 1) % 3).collect());
        assert!((strength(&renamed, &classes(labels.clone())).unwrap() - 1.0).abs() < 1e-12);
        let unrelated = categories((0..90).map(|row| row / 3 % 3).collect());
        assert_eq!(strength(&unrelated, &classes(labels)), Some(0.0));
    }

    #[test]
    fn many_categories_are_not_related_by_their_number_alone() {
        let labels: Vec<usize> = (0..60).map(|row| row * row % 7 % 2).collect();
        let many = categories((0..60).map(|row| row / 2).collect());
        let found = strength(&many, &classes(labels)).unwrap();
        assert!(found < 0.35, "{found}");
    }
}
