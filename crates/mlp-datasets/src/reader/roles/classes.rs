use std::collections::{BTreeSet, HashMap};

use crate::format::Meaning;
use crate::table::Values;
use crate::task::Task;

/// Whole numbers are classes if at most so many are different and each occurs often enough.
const MAX_INTEGER_CLASSES: usize = 20;
const MIN_ROWS_PER_CLASS: usize = 5;
/// Larger whole numbers are not classes; they need not even be exact.
const MAX_CLASS_NUMBER: f64 = 1e6;

/// The task that is inferred from the values of a target: classification, unless there are many
/// numbers.
pub(super) fn infer_task(values: &Values) -> Task {
    let Values::Numbers(numbers) = values else {
        return Task::Classification;
    };
    let mut distinct = BTreeSet::new();
    for &number in numbers {
        if number.fract() != 0.0 || number.abs() > MAX_CLASS_NUMBER {
            return Task::Regression;
        }
        distinct.insert(number.to_bits());
        if distinct.len() > MAX_INTEGER_CLASSES {
            return Task::Regression;
        }
    }
    if numbers.len() < MIN_ROWS_PER_CLASS * distinct.len() {
        Task::Regression
    } else {
        Task::Classification
    }
}

/// The class of each row and the names of the classes, in numerical order if all names are numbers,
/// else in alphabetical order. Only classes that occur have a name.
pub(super) fn classify(values: &Values) -> (Vec<usize>, Vec<String>) {
    match values {
        Values::Categories { codes, names } => {
            let first = first_of_same(names);
            let first = codes.iter().map(|&code| first[code as usize]);
            number(first, |code| names[code].clone())
        }
        // Adding 0 makes −0 and 0 the same class.
        Values::Numbers(numbers) => number(
            numbers.iter().map(|&number| (number + 0.0).to_bits()),
            |bits| f64::from_bits(bits).to_string(),
        ),
        Values::Dates(dates) => number(dates.iter().copied(), |date| date.to_string()),
    }
}

/// The class of each row, the names of the classes, and how many of them occur in the first rows. These
/// come first, so that other rows do not change the order of the classes that a model learns.
pub(super) fn classify_first(values: &Values, num_rows: usize) -> (Vec<usize>, Vec<String>, usize) {
    let (mut labels, all) = classify(values);
    if num_rows >= values.len() {
        let num_classes = all.len();
        return (labels, all, num_classes);
    }
    let (_, mut classes) = classify(&values.head(num_rows));
    let num_first = classes.len();
    let mut indices: HashMap<String, usize> = classes.iter().cloned().zip(0..).collect();
    let of_all: Vec<usize> = all
        .into_iter()
        .map(|class| {
            *indices.entry(class).or_insert_with_key(|class| {
                classes.push(class.clone());
                classes.len() - 1
            })
        })
        .collect();
    for label in &mut labels {
        *label = of_all[*label];
    }
    (labels, classes, num_first)
}

/// For each name, the index of the first one that means the same, if all are numbers or words for yes and no:
/// `1` and `1.0`, or `True` and `TRUE`.
fn first_of_same(names: &[String]) -> Vec<usize> {
    let meanings: Option<Vec<Meaning>> =
        names.iter().map(|name| Meaning::of(name).next()).collect();
    let Some(meanings) = meanings else {
        return (0..names.len()).collect();
    };
    let mut first: HashMap<Meaning, usize> = HashMap::new();
    let numbered = meanings.into_iter().enumerate();
    numbered
        .map(|(index, meaning)| *first.entry(meaning).or_insert(index))
        .collect()
}

/// Numbers values in the order of their names; the name of each value is made once.
fn number<T: Copy + Eq + std::hash::Hash>(
    values: impl Iterator<Item = T>,
    name: impl Fn(T) -> String,
) -> (Vec<usize>, Vec<String>) {
    let mut indices: HashMap<T, usize> = HashMap::new();
    let mut names: Vec<String> = Vec::new();
    let mut labels: Vec<usize> = Vec::with_capacity(values.size_hint().0);
    for value in values {
        let index = *indices.entry(value).or_insert_with(|| {
            names.push(name(value));
            names.len() - 1
        });
        labels.push(index);
    }
    let mut order: Vec<usize> = (0..names.len()).collect();
    let numbers: Option<Vec<f64>> = names.iter().map(|name| name.parse().ok()).collect();
    match numbers {
        Some(numbers) => order.sort_by(|&a, &b| numbers[a].total_cmp(&numbers[b])),
        None => order.sort_by(|&a, &b| names[a].cmp(&names[b])),
    }
    let mut ranks = vec![0; order.len()];
    for (rank, &index) in order.iter().enumerate() {
        ranks[index] = rank;
    }
    for label in &mut labels {
        *label = ranks[*label];
    }
    let names = order
        .into_iter()
        .map(|index| names[index].clone())
        .collect();
    (labels, names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_few_and_whole_numbers_are_classes() {
        let repeated = |values: &[f64], times: usize| Values::Numbers(values.repeat(times));
        let many: Vec<f64> = (0..30).map(f64::from).collect();
        for (values, expected) in [
            (repeated(&[0.0, 1.0], 10), Task::Classification),
            (repeated(&[0.0, 0.5], 10), Task::Regression),
            (repeated(&many, 10), Task::Regression),
            (repeated(&[1.0, 2.0, 3.0], 2), Task::Regression),
            (repeated(&[2e6, 3e6], 10), Task::Regression),
        ] {
            assert_eq!(infer_task(&values), expected, "{values:?}");
        }
    }

    #[test]
    fn classes_are_in_numerical_or_alphabetical_order() {
        let categories = |names: &[&str]| Values::Categories {
            codes: vec![0, 1, 0],
            names: names.iter().map(ToString::to_string).collect(),
        };
        for (values, labels, names) in [
            (categories(&["pear", "apple"]), [1, 0, 1], ["apple", "pear"]),
            (categories(&["10", "9"]), [1, 0, 1], ["9", "10"]),
            (categories(&["10", "9x"]), [0, 1, 0], ["10", "9x"]),
            (
                Values::Numbers(vec![1.0, -2.0, 1.0]),
                [1, 0, 1],
                ["-2", "1"],
            ),
        ] {
            let (found, classes) = classify(&values);
            assert_eq!(
                (found.as_slice(), classes),
                (&labels[..], names.map(String::from).to_vec())
            );
        }
    }
}
