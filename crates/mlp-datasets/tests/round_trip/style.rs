//! How the cells of a column are written.

use chrono::{DateTime, Datelike, NaiveDateTime, Timelike};
use mlp_datasets::DateFormat;
use proptest::prelude::*;
use proptest::sample::select;

/// What the numbers and dates of a file have in common: it comes from one place.
#[derive(Clone, Copy, Debug)]
pub struct Locale {
    pub decimal: char,
    pub thousands: Option<char>,
    pub order: Order,
}

/// Which part of a date is the first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Order {
    Year,
    Day,
    Month,
}

impl Order {
    pub fn format(self) -> DateFormat {
        match self {
            Self::Year => DateFormat::YearFirst,
            Self::Day => DateFormat::DayFirst,
            Self::Month => DateFormat::MonthFirst,
        }
    }
}

/// How the numbers of a column are written.
#[derive(Clone, Debug)]
pub struct NumberStyle {
    /// Whether groups of three digits are separated, where the locale does.
    pub is_grouped: bool,
    pub prefix: &'static str,
    pub suffix: &'static str,
    /// Whether negative numbers are in parentheses.
    pub in_parentheses: bool,
    pub has_exponent: bool,
}

/// How the dates of a column are written.
#[derive(Clone, Copy, Debug)]
pub struct DateStyle {
    pub separator: char,
    pub month: Month,
    pub has_padding: bool,
    pub has_long_year: bool,
    pub between: &'static str,
    pub clock: Clock,
    pub zone: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Month {
    Number,
    Name,
    ShortName,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Clock {
    Hours24,
    Hours12,
}

pub fn locales() -> impl Strategy<Value = Locale> {
    let marks = select(vec![
        ('.', None),
        ('.', Some(',')),
        ('.', Some(' ')),
        ('.', Some('\'')),
        (',', None),
        (',', Some('.')),
        (',', Some('\u{a0}')),
        (',', Some('\u{202f}')),
        ('.', Some('’')),
    ]);
    let orders = vec![Order::Year, Order::Day, Order::Month];
    (marks, select(orders)).prop_map(|((decimal, thousands), order)| Locale {
        decimal,
        thousands,
        order,
    })
}

pub fn number_styles() -> impl Strategy<Value = NumberStyle> {
    let affixes = prop_oneof![
        5 => Just(("", "")),
        3 => select(vec![
            ("$", ""), ("€", ""), ("CHF ", ""), ("R$ ", ""), ("", " €"), ("", "€"), ("", "%"), ("", " %"),
            ("", " kg"), ("", "km/h"), ("", " °C"), ("", " m²"), ("", " USD"),
        ]),
    ];
    (
        any::<bool>(),
        affixes,
        prop::bool::weighted(0.2),
        prop::bool::weighted(0.1),
    )
        .prop_map(
            |(is_grouped, (prefix, suffix), in_parentheses, has_exponent)| NumberStyle {
                is_grouped,
                prefix,
                suffix,
                in_parentheses,
                has_exponent: has_exponent && prefix.is_empty() && suffix.is_empty(),
            },
        )
}

impl NumberStyle {
    /// The number of `mantissa / 10^decimals`.
    pub fn write(&self, mantissa: i64, decimals: usize, locale: Locale) -> String {
        if self.has_exponent && locale.decimal == '.' {
            return format!("{mantissa}e-{decimals}");
        }
        let digits = format!("{:0width$}", mantissa.unsigned_abs(), width = decimals + 1);
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        let mut text = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if let Some(thousands) = locale.thousands
                && self.is_grouped
                && at > 0
                && (whole.len() - at) % 3 == 0
            {
                text.push(thousands);
            }
            text.push(digit);
        }
        if decimals > 0 {
            text.push(locale.decimal);
            text.push_str(fraction);
        }
        let text = format!("{}{text}{}", self.prefix, self.suffix);
        match (mantissa < 0, self.in_parentheses) {
            (true, true) => format!("({text})"),
            (true, false) => format!("-{text}"),
            (false, _) => text,
        }
    }
}

pub fn date_styles() -> impl Strategy<Value = DateStyle> {
    let month =
        prop_oneof![6 => Just(Month::Number), 1 => Just(Month::Name), 1 => Just(Month::ShortName)];
    let clock = prop_oneof![4 => Just(Clock::Hours24), 1 => Just(Clock::Hours12)];
    (
        select(vec!['-', '/', '.']),
        month,
        prop::bool::weighted(0.8),
        prop::bool::weighted(0.9),
        select(vec![" ", "T", "  ", ", "]),
        clock,
        select(vec!["", "", "", "Z", " UTC", "+02", "+02:00", "-0330"]),
    )
        .prop_map(
            |(separator, month, has_padding, has_long_year, between, clock, zone)| DateStyle {
                separator,
                month,
                has_padding,
                has_long_year,
                between,
                clock,
                zone,
            },
        )
}

impl DateStyle {
    /// The style for some dates: two digits of a year must be enough, and of a separator.
    pub fn fitting(mut self, dates: &[Option<i64>], locale: Locale) -> Self {
        let years = |date: &i64| time(*date).year();
        let has_common_years = dates
            .iter()
            .flatten()
            .all(|date| (1969..2069).contains(&years(date)));
        let is_year_first = locale.order == Order::Year;
        self.has_long_year |= !has_common_years || is_year_first || self.separator != '/';
        // As people write them: `2024-02-29T13:45`, but `29.02.2024 13:45`.
        if !is_year_first || self.month != Month::Number || self.clock == Clock::Hours12 {
            self.between = if self.between == "T" {
                " "
            } else {
                self.between
            };
        }
        if self.separator == '.' && is_year_first {
            self.separator = '-';
        }
        self
    }

    /// A date, or a point in time if the column has times.
    pub fn write(self, microseconds: i64, has_times: bool, locale: Locale) -> String {
        let offset = match self.zone {
            "+02" | "+02:00" if has_times => 2 * 3600,
            "-0330" if has_times => -(3 * 3600 + 1800),
            _ => 0,
        };
        let time = time(microseconds + offset * 1_000_000);
        let width = if self.has_padding { 2 } else { 1 };
        let padded = |number: u32| format!("{number:0width$}");
        let year = if self.has_long_year {
            format!("{:04}", time.year())
        } else {
            format!("{:02}", time.year() % 100)
        };
        let month = match self.month {
            Month::Number => padded(time.month()),
            Month::Name => time.format("%B").to_string(),
            Month::ShortName => time.format("%b").to_string(),
        };
        let (day, separator) = (padded(time.day()), self.separator);
        let is_named = self.month != Month::Number;
        let parts = match locale.order {
            Order::Month if is_named => [month, format!(" {day}"), format!(", {year}")],
            Order::Month => [month, day, year],
            Order::Day => [day, month, year],
            Order::Year => [year, month, day],
        };
        let date = if locale.order == Order::Month && is_named {
            parts.concat()
        } else {
            parts.join(&separator.to_string())
        };
        if !has_times {
            return date;
        }
        let mut clock = match self.clock {
            Clock::Hours24 => time.format("%H:%M:%S").to_string(),
            Clock::Hours12 => time.format("%-I:%M:%S").to_string(),
        };
        let micros = time.nanosecond() / 1000;
        if micros > 0 {
            clock = format!("{clock}.{micros:06}");
        }
        if self.clock == Clock::Hours12 {
            clock += if time.hour() < 12 { " AM" } else { " PM" };
        }
        format!("{date}{}{clock}{}", self.between, self.zone)
    }
}

pub fn time(microseconds: i64) -> NaiveDateTime {
    DateTime::from_timestamp_micros(microseconds)
        .expect("the date is in the calendar")
        .naive_utc()
}
