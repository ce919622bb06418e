use chrono::NaiveDate;

use super::DateFormat;

/// What a date consists of, before it is known which number is the month.
#[derive(Clone, Copy)]
pub(super) struct Parts<'a> {
    pub numbers: [i32; 3],
    /// The number of digits of each.
    digits: [usize; 3],
    /// The position of a month that is a name.
    named: Option<usize>,
    pub separator: char,
    /// What follows the date.
    pub rest: &'a str,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

impl<'a> Parts<'a> {
    /// The lengths in bytes that dates have, with a time or without.
    pub const LENGTHS: std::ops::RangeInclusive<usize> = 6..=48;

    /// The parts of a text; `None` if it does not begin with a date.
    pub fn of(text: &'a str) -> Option<Self> {
        let text = without_weekday(text);
        Self::of_digits(text)
            .or_else(|| Self::of_quarter(text))
            .or_else(|| Self::of_month(text))
            .or_else(|| Self::divided(text))
    }

    /// As in `20240229T134500`.
    fn of_digits(text: &'a str) -> Option<Self> {
        let (date, rest) = text.split_at_checked(8)?;
        if !is_digits(date) || !rest.starts_with('T') {
            return None;
        }
        let number = |range: std::ops::Range<usize>| date[range].parse::<i32>().ok();
        Some(Self {
            numbers: [number(0..4)?, number(4..6)?, number(6..8)?],
            digits: [4, 2, 2],
            named: None,
            separator: '-',
            rest,
        })
    }

    /// As in `2024Q1` or `2024-Q1`: the first day of the quarter.
    fn of_quarter(text: &'a str) -> Option<Self> {
        let (year, quarter) = text.split_at_checked(4)?;
        let quarter = quarter.strip_prefix('-').unwrap_or(quarter);
        let quarter = quarter.strip_prefix('Q')?.parse::<i32>().ok()?;
        (is_digits(year) && (1..=4).contains(&quarter)).then_some(Self {
            numbers: [year.parse().ok()?, 3 * quarter - 2, 1],
            digits: [4, 2, 2],
            named: None,
            separator: '-',
            rest: "",
        })
    }

    /// As in `02/2024` or `Feb 2024`: the first day of the month.
    fn of_month(text: &'a str) -> Option<Self> {
        let at = text.len().checked_sub(5)?;
        let (month, year) = (text.get(..at)?, text.get(at + 1..)?);
        let is_separated = text[at..].starts_with(['/', '-', '.', ' ']);
        let month = match month_of(month) {
            Some(month) => month,
            None if is_digits(month) && month.len() <= 2 => month.parse().ok()?,
            None => return None,
        };
        (is_separated && is_digits(year)).then_some(Self {
            numbers: [year.parse().ok()?, month, 1],
            digits: [4, 2, 2],
            named: None,
            separator: '-',
            rest: "",
        })
    }

    /// Whether it is the same date in any order: the year is in front and has four digits, or the month is a name.
    pub fn has_year_first(&self) -> bool {
        self.named.is_some() || self.digits[0] == 4
    }

    /// Three numbers, of which one may be the name of a month, with something between them.
    fn divided(text: &'a str) -> Option<Self> {
        let mut parts = Self {
            numbers: [0, 0, 1],
            digits: [0; 3],
            named: None,
            separator: ' ',
            rest: text,
        };
        for position in 0..3 {
            let rest = parts.rest;
            let is_digit = rest.starts_with(|character: char| character.is_ascii_digit());
            let end = rest
                .find(|character: char| {
                    if is_digit {
                        !character.is_ascii_digit()
                    } else {
                        !character.is_alphabetic()
                    }
                })
                .unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            if is_digit {
                parts.numbers[position] = word.parse().ok().filter(|_| end <= 4)?;
                parts.digits[position] = end;
            } else {
                if parts.named.is_some() {
                    return None;
                }
                parts.numbers[position] = month_of(word)?;
                parts.named = Some(position);
            }
            parts.rest = after;
            if position == 2 {
                break;
            }
            if position == 1 && parts.digits[0] == 4 && after.is_empty() {
                // A year and a month.
                return Some(parts);
            }
            let separator = after.chars().next()?;
            // As SAS writes it: `29FEB2024`.
            let is_joined = separator.is_alphanumeric() && is_digit != separator.is_ascii_digit();
            if is_joined && (is_digit || parts.named.is_some()) {
                continue;
            }
            let expected = position == 0 || separator == parts.separator || parts.named.is_some();
            if !matches!(separator, '-' | '/' | '.' | ' ' | ',') || !expected {
                return None;
            }
            parts.separator = separator;
            parts.rest = after[separator.len_utf8()..].trim_start();
        }
        Some(parts)
    }

    /// The date, if its parts are in the order of a format; `None` if it is not in the calendar.
    pub fn date(&self, format: DateFormat) -> Option<NaiveDate> {
        let [a, b, c] = self.numbers;
        let (year, month, day, year_digits) = match (self.named, format) {
            // Whatever the order of others is.
            (Some(1) | None, _) if self.digits[0] == 4 => (a, b, c, 4),
            (Some(0), _) | (None, DateFormat::MonthFirst) => (c, a, b, self.digits[2]),
            (Some(1), _) | (None, DateFormat::DayFirst) => (c, b, a, self.digits[2]),
            (None, DateFormat::YearFirst) => (a, b, c, self.digits[0]),
            _ => return None,
        };
        let year = match year_digits {
            4 => year,
            // `1.2.33` is more likely a version than a date.
            2 if self.named.is_some()
                || self.digits == [2; 3]
                || self.separator == '/' && format != DateFormat::YearFirst =>
            {
                year + if year < 69 { 2000 } else { 1900 }
            }
            _ => return None,
        };
        NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
    }
}

/// The number of a month from 1, by its name or the beginning of it.
fn month_of(word: &str) -> Option<i32> {
    let lower = word.to_lowercase();
    let is_name = |month: &&str| lower.len() >= 3 && month.starts_with(&lower);
    let month = MONTHS.iter().position(is_name)?;
    Some(i32::try_from(month).ok()? + 1)
}

/// A text behind a weekday, such as `Mon, `.
fn without_weekday(text: &str) -> &str {
    let end = text.find(|character: char| !character.is_ascii_alphabetic());
    let (word, rest) = text.split_at(end.unwrap_or(0));
    let lower = word.to_ascii_lowercase();
    let is_weekday = |day: &&str| lower.len() >= 3 && day.starts_with(&lower);
    let rest = rest.trim_start_matches([',', ' ']);
    if WEEKDAYS.iter().any(is_weekday) {
        rest
    } else {
        text
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
