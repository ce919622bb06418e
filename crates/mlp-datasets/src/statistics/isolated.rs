use std::cmp::Reverse;

use super::time_text;
use crate::table::Values;

/// Fewer other values say nothing about where a column's values lie.
const MIN_OTHERS: usize = 10;
/// How many different values at an end of a column may be isolated.
const MOST_ISOLATED: usize = 3;
/// How many times the range of the others a code such as `-999` must be away from them.
const CODE_GAP: f64 = 1.0;
/// The same of a short code such as `99`.
const SHORT_CODE_GAP: f64 = 5.0;
/// The same of any value that several rows have.
const REPEATED_GAP: f64 = 10.0;
/// The same of a value that one row has.
const SINGLE_GAP: f64 = 100.0;
const MICROS_PER_DAY: i64 = 86_400_000_000;

/// Extreme values that are far from all others of a column, as codes for missing values are.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IsolatedValues {
    /// These values, as `--missing` takes them: dates with the year first.
    pub values: Vec<String>,
    /// How many rows have one of them.
    pub num_rows: usize,
    /// The lowest and the highest one of the others.
    pub others: [String; 2],
}

impl IsolatedValues {
    /// Those of a column of numbers or dates, if there are any: at most three different ones at each end, which are
    /// farther from the others than these are from each other. How much farther depends on what they look like:
    /// `-999` and `9999-12-31` are suspected at once, a value in a single row only at a hundred times.
    pub fn of(values: &Values) -> Option<Self> {
        match values {
            Values::Numbers(numbers) => {
                let found = Found::of(numbers.iter().copied().filter(|n| !n.is_nan()), is_code)?;
                Some(found.described(|number| number.to_string()))
            }
            Values::Dates(dates) => {
                let known = dates.iter().filter(|&&date| date != Values::MISSING_DATE);
                let days = known.map(|date| date.div_euclid(MICROS_PER_DAY) as f64);
                let found = Found::of(days, |day| {
                    is_code_of_date(&day_text(day)).then_some(CODE_GAP)
                })?;
                Some(found.described(day_text))
            }
            Values::Categories { .. } => None,
        }
    }
}

/// How far from the others a number must be that is written as codes are: with nines or eights alone, or as a large
/// power of ten. `None` if it is not.
fn is_code(number: f64) -> Option<f64> {
    const SMALLEST_POWER: f64 = 1e6;
    let size = number.abs();
    let digits = size.to_string();
    let repeats = |digit: u8| digits.bytes().all(|byte| byte == digit);
    let is_power = size >= SMALLEST_POWER && size.log10().fract() == 0.0;
    let is_largest = [f64::from(i32::MAX), 2_147_483_648.0].contains(&size);
    if repeats(b'9') && (digits.len() > 2 || number < 0.0) {
        Some(CODE_GAP)
    } else if repeats(b'9') && digits.len() == 2 || repeats(b'8') && digits.len() > 2 {
        Some(SHORT_CODE_GAP)
    } else if is_power || is_largest {
        Some(CODE_GAP)
    } else {
        None
    }
}

/// Whether a date is one that programs write where there is none.
fn is_code_of_date(date: &str) -> bool {
    const CODES: [&str; 8] = [
        "0001-01-01",
        "1800-01-01",
        "1899-12-30",
        "1899-12-31",
        "1900-01-01",
        "1970-01-01",
        "2099-12-31",
        "2999-12-31",
    ];
    CODES.contains(&date) || date.starts_with("9999-")
}

#[expect(clippy::cast_possible_truncation)] // Days of a date.
fn day_text(day: f64) -> String {
    time_text(day as i64 * MICROS_PER_DAY)
}

/// The different values at an end of a column, the outermost first, each with the number of its rows.
#[derive(Default)]
struct End(Vec<(f64, usize)>);

impl End {
    /// Takes a value into account; `is_beyond` says whether one is nearer to the end than another one.
    fn take(&mut self, value: f64, is_beyond: impl Fn(f64, f64) -> bool) {
        let Self(found) = self;
        if let Some((last, _)) = found.last()
            && found.len() > MOST_ISOLATED
            && is_beyond(*last, value)
        {
            return;
        }
        match found
            .iter()
            .position(|(other, _)| !is_beyond(*other, value))
        {
            Some(at) if found[at].0 == value => found[at].1 += 1,
            Some(at) => found.insert(at, (value, 1)),
            None => found.push((value, 1)),
        }
        found.truncate(MOST_ISOLATED + 1);
    }
}

/// Isolated values and the range of the others.
struct Found {
    values: Vec<f64>,
    num_rows: usize,
    others: [f64; 2],
}

impl Found {
    fn of(
        values: impl Iterator<Item = f64>,
        gap_of_code: impl Fn(f64) -> Option<f64>,
    ) -> Option<Self> {
        let (mut lowest, mut highest) = (End::default(), End::default());
        let mut num_values = 0;
        for value in values {
            num_values += 1;
            lowest.take(value, |one, other| one < other);
            highest.take(value, |one, other| one > other);
        }
        let (End(lowest), End(highest)) = (lowest, highest);
        let mut counts: Vec<[usize; 2]> = (0..=MOST_ISOLATED)
            .flat_map(|low| (0..=MOST_ISOLATED).map(move |high| [low, high]))
            .collect();
        // As many as possible, since codes at one end would widen the range of the others for those at the other end.
        counts.retain(|[low, high]| low + high > 0);
        counts.sort_by_key(|[low, high]| Reverse(low + high));
        counts.into_iter().find_map(|[num_low, num_high]| {
            let ((low, _), (high, _)) = (*lowest.get(num_low)?, *highest.get(num_high)?);
            let range = high - low;
            let isolated = || lowest[..num_low].iter().chain(&highest[..num_high]);
            let num_rows: usize = isolated().map(|(_, count)| count).sum();
            if range <= 0.0 || num_values < num_rows + MIN_OTHERS {
                return None;
            }
            let is_isolated = |&(value, count): &(f64, usize)| {
                let distance = (low - value).max(value - high);
                let usual = if count > 1 { REPEATED_GAP } else { SINGLE_GAP };
                let gap = gap_of_code(value).unwrap_or(usual).min(usual);
                // That there is nothing is more often a zero than a code.
                value != 0.0 && distance > gap * range
            };
            isolated().all(is_isolated).then(|| Self {
                values: isolated().map(|(value, _)| *value).collect(),
                num_rows,
                others: [low, high],
            })
        })
    }

    fn described(self, text: impl Fn(f64) -> String) -> IsolatedValues {
        IsolatedValues {
            values: self.values.into_iter().map(&text).collect(),
            num_rows: self.num_rows,
            others: self.others.map(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The isolated values among those from 0 to 9.5, some of which are replaced.
    fn found(replaced: &[(usize, f64)]) -> Option<(Vec<String>, usize)> {
        let mut numbers: Vec<f64> = (0..200).map(|row| f64::from(row % 20) / 2.0).collect();
        for (row, number) in replaced {
            numbers[*row] = *number;
        }
        let found = IsolatedValues::of(&Values::Numbers(numbers))?;
        assert_eq!(found.others, ["0", "9.5"]);
        Some((found.values, found.num_rows))
    }

    #[test]
    fn codes_and_repeated_or_very_far_values_are_isolated() {
        for (replaced, values) in [
            (&[(5, -999.0), (9, -999.0)][..], &["-999"][..]),
            (&[(5, -99.0)], &["-99"]),
            (&[(5, 99.0)], &["99"]),
            (&[(5, 1e9), (7, 1e9)], &["1000000000"]),
            (&[(5, -998.0), (7, -999.0)], &["-999", "-998"]),
            (&[(5, -999.0), (7, 9999.0)], &["-999", "9999"]),
            (&[(5, 150.0), (7, 150.0)], &["150"]),
            (&[(5, 1234.0)], &["1234"]),
        ] {
            let expected: Vec<String> = values.iter().map(ToString::to_string).collect();
            assert_eq!(found(replaced), Some((expected, replaced.len())));
        }
    }

    #[test]
    fn values_that_are_only_large_are_not() {
        for replaced in [
            &[][..],
            &[(5, 12.0)],
            &[(5, 150.0)],
            &[(5, 19.0), (7, 19.0)],
            &[(5, 33.0)],
        ] {
            assert_eq!(found(replaced), None, "{replaced:?}");
        }
        // Salaries, of which some are nothing.
        let salaries = (0..100).map(|row| {
            if row % 3 == 0 {
                0.0
            } else {
                1000.0 + f64::from(row)
            }
        });
        assert_eq!(
            IsolatedValues::of(&Values::Numbers(salaries.collect())),
            None
        );
        // A heavy tail: powers of two.
        let tail = (0..40).map(|row| 2.0_f64.powi(row)).collect();
        assert_eq!(IsolatedValues::of(&Values::Numbers(tail)), None);
        // Too few others.
        let few = vec![1.0, 2.0, 3.0, -999.0];
        assert_eq!(IsolatedValues::of(&Values::Numbers(few)), None);
        let same = [vec![5.0; 50], vec![999.0; 5]].concat();
        assert_eq!(IsolatedValues::of(&Values::Numbers(same)), None);
    }

    #[test]
    fn dates_far_in_the_future_are_isolated() {
        let day = |day: i64| day * MICROS_PER_DAY;
        // 2024-01-01 is day 19,723, and 9999-12-31 day 2,932,896.
        let mut dates: Vec<i64> = (0..100).map(|row| day(19_723 + row)).collect();
        assert_eq!(IsolatedValues::of(&Values::Dates(dates.clone())), None);
        dates[7] = day(2_932_896);
        let found = IsolatedValues::of(&Values::Dates(dates)).unwrap();
        assert_eq!(found.values, ["9999-12-31"]);
        assert_eq!(found.others, ["2024-01-01", "2024-04-09"]);
    }
}
