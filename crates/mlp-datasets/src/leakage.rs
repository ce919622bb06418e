//! Columns that give the target away.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hash;

use crate::table::{Target, Values};

/// In fewer rows, a column that fits the target may do so by chance.
const MIN_ROWS: usize = 20;
/// How many rows each of a column's values has on average, if the value is to determine the target.
const MIN_ROWS_PER_VALUE: usize = 2;
/// The same of a column whose values are the classes under other names. With fewer rows it may as well be
/// the category that decides.
const MIN_ROWS_PER_CLASS: usize = 10;
/// The logarithm of how likely it may be that a column fits the target without having to do with it: one
/// in ten thousand.
const MAX_LOG_CHANCE: f64 = -9.21;
/// Numbers with a larger correlation are on a straight line, apart from rounding.
const MIN_CORRELATION: f64 = 0.999_999;
/// So many rows show whether it is worth sorting all of them.
const SAMPLE: usize = 256;

/// How a column gives the target away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leak {
    /// Its values are those of the target, or other names of its classes.
    Copy,
    /// Each of its values has a single target, or the targets are in the order of its numbers.
    Determines,
}

impl Leak {
    /// How a column gives the target away in the first rows, if it does.
    pub fn of(values: &Values, target: &Target, num_rows: usize) -> Option<Self> {
        let values = &*values.head(num_rows);
        if values.len() < MIN_ROWS {
            return None;
        }
        match target {
            Target::Classes { labels, .. } => of_classes(values, &labels[..values.len()]),
            Target::Numbers {
                names,
                values: numbers,
            } => {
                let leaks = (0..names.len()).filter_map(|index| {
                    let numbers = numbers.iter().skip(index).step_by(names.len());
                    let numbers: Vec<f64> = numbers.take(values.len()).copied().collect();
                    of_numbers(values, &numbers)
                });
                leaks.min_by_key(|leak| *leak == Self::Determines)
            }
        }
    }
}

fn of_classes(values: &Values, labels: &[usize]) -> Option<Leak> {
    let is_present = |row: &usize| !values.is_missing(*row);
    // A few rows show for most columns that they give nothing away.
    let sample = labels.len().min(SAMPLE);
    let mut found = HashMap::new();
    let is_contradicted = (0..sample).filter(is_present).any(|row| {
        let known = found.entry(key(values, row)).or_insert(labels[row]);
        *known != labels[row]
    });
    let is_mixed = || {
        let sample = values.head(sample);
        ordered(&sample).is_none_or(|numbers| !are_apart(&class_ranges(&numbers, labels)))
    };
    if is_contradicted && is_mixed() {
        return None;
    }
    let present = || (0..labels.len()).filter(is_present);
    let num_present = present().count();
    // Some copies are not filled in for all rows.
    if num_present >= MIN_ROWS && 2 * num_present >= labels.len() {
        let pairs = || present().map(|row| (key(values, row), labels[row]));
        let is_renaming = by_value(pairs(), num_present / MIN_ROWS_PER_CLASS)
            && by_value(
                pairs().map(|(value, label)| (label, value)),
                num_present / MIN_ROWS_PER_CLASS,
            );
        if is_renaming {
            return Some(Leak::Copy);
        }
    }
    let pairs = labels.iter().enumerate();
    let pairs = pairs.map(|(row, &label)| (key(values, row), label));
    let is_determined = by_value(pairs, labels.len() / MIN_ROWS_PER_VALUE)
        || ordered(values).is_some_and(|numbers| in_ranges(&numbers, labels));
    is_determined.then_some(Leak::Determines)
}

fn of_numbers(values: &Values, target: &[f64]) -> Option<Leak> {
    if let Values::Numbers(numbers) = values {
        let present = numbers.iter().filter(|number| !number.is_nan()).count();
        let mut pairs = numbers.iter().zip(target);
        let is_equal = pairs.all(|(number, target)| number.is_nan() || number == target);
        if is_equal && present >= MIN_ROWS && 2 * present >= target.len() {
            return Some(Leak::Copy);
        }
    }
    let pairs = target.iter().enumerate();
    let pairs = pairs.map(|(row, number)| (key(values, row), number.to_bits()));
    let is_determined = by_value(pairs, target.len() / MIN_ROWS_PER_VALUE)
        || ordered(values)
            .is_some_and(|numbers| on_a_line(&numbers, target) || in_order(&numbers, target));
    is_determined.then_some(Leak::Determines)
}

/// A value as something to compare. Missing values are equal to each other.
pub(crate) fn key(values: &Values, row: usize) -> u64 {
    match values {
        Values::Numbers(numbers) if numbers[row].is_nan() => f64::NAN.to_bits(),
        // Adding 0 makes −0 and 0 the same.
        Values::Numbers(numbers) => (numbers[row] + 0.0).to_bits(),
        Values::Categories { codes, .. } => u64::from(codes[row]),
        Values::Dates(dates) => dates[row].cast_unsigned(),
    }
}

/// Numbers and dates, if none is missing.
fn ordered(values: &Values) -> Option<Cow<'_, [f64]>> {
    if values.num_missing() > 0 {
        return None;
    }
    match values {
        Values::Numbers(numbers) => Some(Cow::Borrowed(numbers)),
        Values::Dates(dates) => Some(dates.iter().map(|&date| date as f64).collect()),
        Values::Categories { .. } => None,
    }
}

/// Whether each value comes with a single target, more often than by chance. There must be at most so many
/// different values.
fn by_value<V: Eq + Hash, T: Eq + Hash + Copy>(
    pairs: impl Iterator<Item = (V, T)>,
    most: usize,
) -> bool {
    let mut found: HashMap<V, (T, usize)> = HashMap::new();
    for (value, target) in pairs {
        let (known, count) = found.entry(value).or_insert((target, 0));
        if *known != target {
            return false;
        }
        *count += 1;
        if found.len() > most {
            return false;
        }
    }
    let mut of_targets: HashMap<T, usize> = HashMap::new();
    let mut sizes: HashMap<usize, usize> = HashMap::new();
    for &(target, count) in found.values() {
        *of_targets.entry(target).or_default() += count;
        *sizes.entry(count).or_default() += 1;
    }
    // If values were dealt out at random, the rows of each would all have the same target so often.
    let num_rows = of_targets.values().sum::<usize>() as f64;
    let log_chance = sizes.into_iter().map(|(size, times)| {
        let alike = of_targets.values();
        let alike = alike.map(|&count| (count as f64 / num_rows).powf(size as f64));
        times as f64 * alike.sum::<f64>().ln()
    });
    of_targets.len() > 1 && log_chance.sum::<f64>() < MAX_LOG_CHANCE
}

/// Whether each class has a range of the numbers to itself, which would be unlikely in a random order.
fn in_ranges(numbers: &[f64], labels: &[usize]) -> bool {
    // Ranges that overlap in some rows do so in all of them.
    let sample = numbers.len().min(SAMPLE);
    if !are_apart(&class_ranges(&numbers[..sample], &labels[..sample])) {
        return false;
    }
    let ranges = class_ranges(numbers, labels);
    let orders = ranges.iter().map(|range| log_factorial(range.count));
    let log_chance =
        log_factorial(ranges.len()) + orders.sum::<f64>() - log_factorial(numbers.len());
    ranges.len() > 1 && are_apart(&ranges) && log_chance < MAX_LOG_CHANCE
}

/// The numbers of a class.
struct Range {
    low: f64,
    high: f64,
    count: usize,
}

/// The range of each class, in ascending order.
fn class_ranges(numbers: &[f64], labels: &[usize]) -> Vec<Range> {
    let mut ranges: HashMap<usize, Range> = HashMap::new();
    for (&number, &label) in numbers.iter().zip(labels) {
        let range = ranges.entry(label).or_insert(Range {
            low: number,
            high: number,
            count: 0,
        });
        range.low = range.low.min(number);
        range.high = range.high.max(number);
        range.count += 1;
    }
    let mut ranges: Vec<Range> = ranges.into_values().collect();
    ranges.sort_by(|a, b| a.low.total_cmp(&b.low));
    ranges
}

fn are_apart(ranges: &[Range]) -> bool {
    ranges.windows(2).all(|pair| pair[0].high < pair[1].low)
}

/// Whether the target rises with the numbers or falls with them, which would be unlikely in a random order.
fn in_order(numbers: &[f64], target: &[f64]) -> bool {
    // Along rows in order, as those of a series of years, a target that grows has its own reasons.
    if numbers.is_sorted() || numbers.is_sorted_by(|a, b| a >= b) {
        return false;
    }
    let is_monotone = |num_rows: usize| {
        let mut rows: Vec<usize> = (0..num_rows).collect();
        rows.sort_unstable_by(|&a, &b| numbers[a].total_cmp(&numbers[b]));
        let pairs = || rows.windows(2).map(|pair| (pair[0], pair[1]));
        let is_function = pairs().all(|(a, b)| numbers[a] != numbers[b] || target[a] == target[b]);
        is_function
            && (pairs().all(|(a, b)| target[a] <= target[b])
                || pairs().all(|(a, b)| target[a] >= target[b]))
    };
    if !is_monotone(numbers.len().min(SAMPLE)) || !is_monotone(numbers.len()) {
        return false;
    }
    let mut counts: HashMap<u64, usize> = HashMap::new();
    for number in target {
        *counts.entry(number.to_bits()).or_default() += 1;
    }
    let orders = counts.values().map(|&count| log_factorial(count));
    std::f64::consts::LN_2 + orders.sum::<f64>() - log_factorial(target.len()) < MAX_LOG_CHANCE
}

fn on_a_line(numbers: &[f64], target: &[f64]) -> bool {
    correlation(numbers, target).is_some_and(|correlation| correlation.abs() > MIN_CORRELATION)
}

/// Pearson's correlation; `None` if either does not vary.
pub(crate) fn correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    let count = a.len() as f64;
    let mean = |numbers: &[f64]| numbers.iter().sum::<f64>() / count;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let (mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (a - mean_a, b - mean_b);
        aa += a * a;
        bb += b * b;
        ab += a * b;
    }
    let correlation = ab / (aa.sqrt() * bb.sqrt());
    correlation.is_finite().then_some(correlation)
}

fn log_factorial(count: usize) -> f64 {
    (2..=count).map(|factor| (factor as f64).ln()).sum()
}

#[cfg(test)]
mod tests;
