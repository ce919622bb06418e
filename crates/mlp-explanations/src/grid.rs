use std::cmp::Reverse;

use mlp_datasets::{Values, time_text};
use serde::Serialize;

/// The share of the values below the first and above the last one that is tried, so that a few extreme
/// ones do not decide the range.
const TAIL: f64 = 0.05;

/// The values of a column that are tried, in its own units.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Grid {
    /// Numbers that occur, ascending: all of them if they are few, else those at evenly spaced shares of
    /// the rows, from 5 % to 95 %.
    Numbers(Vec<f64>),
    /// Categories that occur, the most frequent first.
    Categories(Vec<String>),
    /// Dates that occur, chosen like numbers, in microseconds since the beginning of 1970.
    Dates(Vec<i64>),
}

impl Grid {
    /// At most so many values that occur in the given rows; none if all are missing.
    ///
    /// # Panics
    ///
    /// If a row has no value.
    pub(crate) fn of(values: &Values, rows: &[usize], points: usize) -> Self {
        let present = rows.iter().filter(|&&row| !values.is_missing(row));
        match values {
            Values::Numbers(numbers) => {
                let mut numbers: Vec<f64> = present.map(|&row| numbers[row]).collect();
                numbers.sort_unstable_by(f64::total_cmp);
                Self::Numbers(spaced(&numbers, points))
            }
            Values::Dates(dates) => {
                let mut dates: Vec<i64> = present.map(|&row| dates[row]).collect();
                dates.sort_unstable();
                Self::Dates(spaced(&dates, points))
            }
            Values::Categories { codes, names } => {
                let mut counts = vec![0usize; names.len()];
                for &row in present {
                    counts[codes[row] as usize] += 1;
                }
                let counts = names.iter().zip(counts);
                let mut counts: Vec<_> = counts.filter(|(_, count)| *count > 0).collect();
                counts.sort_by_key(|(_, count)| Reverse(*count));
                let names = counts.into_iter().map(|(name, _)| name.clone());
                Self::Categories(names.take(points).collect())
            }
        }
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Categories(names) => names.len(),
            Self::Dates(dates) => dates.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values as texts: dates as `2024-05-01`, with the time of day unless it is midnight.
    pub fn labels(&self) -> Vec<String> {
        match self {
            Self::Numbers(numbers) => numbers.iter().map(ToString::to_string).collect(),
            Self::Categories(names) => names.clone(),
            Self::Dates(dates) => dates.iter().map(|&date| time_text(date)).collect(),
        }
    }

    /// A column of these values.
    pub(crate) fn values(&self) -> Values {
        match self {
            Self::Numbers(numbers) => Values::Numbers(numbers.clone()),
            Self::Dates(dates) => Values::Dates(dates.clone()),
            Self::Categories(names) => Values::Categories {
                codes: (0..).take(names.len()).collect(),
                names: names.clone(),
            },
        }
    }
}

/// The value of a row as a text: a date as `2024-05-01`, with the time of day unless it is midnight, and
/// nothing if it is missing.
///
/// # Panics
///
/// If there is no such row.
pub fn value_text(values: &Values, row: usize) -> Option<String> {
    if values.is_missing(row) {
        return None;
    }
    Some(match values {
        Values::Numbers(numbers) => numbers[row].to_string(),
        Values::Categories { codes, names } => names[codes[row] as usize].clone(),
        Values::Dates(dates) => time_text(dates[row]),
    })
}

/// Different ones of ascending values: all if they are at most so many, else those at evenly spaced shares.
fn spaced<T: Copy + PartialEq>(sorted: &[T], points: usize) -> Vec<T> {
    let mut distinct = sorted.to_vec();
    distinct.dedup();
    if distinct.len() <= points {
        return distinct;
    }
    let last = (sorted.len() - 1) as f64;
    let at = |point: usize| {
        let steps = points.saturating_sub(1).max(1) as f64;
        let share = TAIL + (1.0 - 2.0 * TAIL) * point as f64 / steps;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // An index.
        let index = (share * last).round() as usize;
        sorted[index]
    };
    let mut values: Vec<T> = (0..points).map(at).collect();
    values.dedup();
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_numbers_are_all_tried_and_of_many_those_at_even_shares() {
        let numbers = Values::Numbers(vec![3.0, 1.0, f64::NAN, 3.0, 2.0]);
        let rows: Vec<usize> = (0..5).collect();
        assert_eq!(
            Grid::of(&numbers, &rows, 5),
            Grid::Numbers(vec![1.0, 2.0, 3.0])
        );

        let numbers = Values::Numbers((0..=100).map(f64::from).collect());
        let rows: Vec<usize> = (0..=100).collect();
        assert_eq!(
            Grid::of(&numbers, &rows, 4),
            Grid::Numbers(vec![5.0, 35.0, 65.0, 95.0])
        );
        assert_eq!(Grid::of(&numbers, &rows, 1), Grid::Numbers(vec![5.0]));
    }

    #[test]
    fn the_most_frequent_categories_are_tried() {
        let categories = Values::Categories {
            codes: vec![0, 1, 1, Values::MISSING_CODE, 2, 2, 2],
            names: ["a", "b", "c"].map(String::from).to_vec(),
        };
        let grid = Grid::of(&categories, &[0, 1, 2, 3, 4, 5, 6], 2);
        assert_eq!(grid, Grid::Categories(vec!["c".into(), "b".into()]));
    }

    #[test]
    fn dates_are_written_as_dates() {
        let hour = 3_600_000_000;
        let dates = Values::Dates(vec![25 * hour, Values::MISSING_DATE, 0]);
        let grid = Grid::of(&dates, &[0, 1, 2], 9);
        assert_eq!(grid.labels(), ["1970-01-01", "1970-01-02 01:00:00"]);
        assert_eq!(value_text(&dates, 1), None);
        assert_eq!(value_text(&dates, 2), Some("1970-01-01".to_owned()));
    }
}
