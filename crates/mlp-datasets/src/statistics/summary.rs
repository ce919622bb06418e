use std::cmp::Reverse;

use chrono::DateTime;
use serde::Serialize;

use crate::table::Values;

/// How many of the most frequent categories are named.
const MOST_FREQUENT: usize = 5;

/// How many values a column has, and which.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ColumnSummary {
    /// The number of missing values.
    pub missing: usize,
    /// The number of different values.
    pub distinct: usize,
    /// Which values there are; `None` if all are missing.
    pub values: Option<ValueSummary>,
}

/// The range of numbers and dates, and the most frequent categories.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum ValueSummary {
    /// Of numbers.
    Numbers {
        /// The lowest.
        low: f64,
        /// The one in the middle, the upper of two.
        median: f64,
        /// The highest.
        high: f64,
    },
    /// Of categories, the most frequent ones and how many rows each has.
    Categories(Vec<(String, usize)>),
    /// Of dates, as texts.
    Dates {
        /// The earliest.
        first: String,
        /// The latest.
        last: String,
    },
}

impl ColumnSummary {
    /// Of the values of some rows.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn of(values: &Values, rows: &[usize]) -> Self {
        let present = rows.iter().filter(|&&row| !values.is_missing(row));
        let missing = rows.len() - present.clone().count();
        let (distinct, values) = match values {
            Values::Numbers(numbers) => {
                let mut numbers: Vec<f64> = present.map(|&row| numbers[row]).collect();
                numbers.sort_unstable_by(f64::total_cmp);
                let values = numbers.first().map(|&low| ValueSummary::Numbers {
                    low,
                    median: numbers[numbers.len() / 2],
                    high: numbers[numbers.len() - 1],
                });
                numbers.dedup();
                (numbers.len(), values)
            }
            Values::Dates(dates) => {
                let mut dates: Vec<i64> = present.map(|&row| dates[row]).collect();
                dates.sort_unstable();
                let values = dates.first().zip(dates.last());
                let values = values.map(|(&first, &last)| ValueSummary::Dates {
                    first: time_text(first),
                    last: time_text(last),
                });
                dates.dedup();
                (dates.len(), values)
            }
            Values::Categories { codes, names } => {
                let mut counts = vec![0; names.len()];
                for &row in present {
                    counts[codes[row] as usize] += 1;
                }
                let counts = names.iter().cloned().zip(counts);
                let mut counts: Vec<_> = counts.filter(|(_, count)| *count > 0).collect();
                // Equally frequent ones stay in the order in which they appeared.
                counts.sort_by_key(|(_, count)| Reverse(*count));
                let distinct = counts.len();
                counts.truncate(MOST_FREQUENT);
                let values = (distinct > 0).then_some(ValueSummary::Categories(counts));
                (distinct, values)
            }
        };
        Self {
            missing,
            distinct,
            values,
        }
    }
}

/// A point in time, in microseconds since the beginning of 1970, as a text: without the time of day at midnight.
pub fn time_text(microseconds: i64) -> String {
    match DateTime::from_timestamp_micros(microseconds) {
        Some(time) => {
            let text = time.format("%Y-%m-%d %H:%M:%S").to_string();
            text.trim_end_matches(" 00:00:00").to_owned()
        }
        None => microseconds.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_a_range_and_a_median() {
        let numbers = Values::Numbers(vec![3.0, 1.0, f64::NAN, 3.0, 99.0]);
        let summary = ColumnSummary::of(&numbers, &[0, 1, 2, 3]);
        assert_eq!((summary.missing, summary.distinct), (1, 2));
        let (low, median, high) = (1.0, 3.0, 3.0);
        let range = ValueSummary::Numbers { low, median, high };
        assert_eq!(summary.values, Some(range));
        assert_eq!(ColumnSummary::of(&numbers, &[2]).values, None);
    }

    #[test]
    fn categories_are_in_the_order_of_their_frequency() {
        let categories = Values::Categories {
            codes: vec![0, 1, 1, Values::MISSING_CODE, 2],
            names: ["a", "b", "c"].map(String::from).to_vec(),
        };
        let summary = ColumnSummary::of(&categories, &[0, 1, 2, 3]);
        assert_eq!((summary.missing, summary.distinct), (1, 2));
        let most = vec![("b".to_owned(), 2), ("a".to_owned(), 1)];
        assert_eq!(summary.values, Some(ValueSummary::Categories(most)));
    }

    #[test]
    fn dates_have_a_first_and_a_last() {
        let hour = 3_600_000_000;
        let dates = Values::Dates(vec![25 * hour, Values::MISSING_DATE, 0]);
        let summary = ColumnSummary::of(&dates, &[0, 1, 2]);
        assert_eq!((summary.missing, summary.distinct), (1, 2));
        let range = ValueSummary::Dates {
            first: "1970-01-01".into(),
            last: "1970-01-02 01:00:00".into(),
        };
        assert_eq!(summary.values, Some(range));
    }
}
