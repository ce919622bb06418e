use std::fmt;

use serde::{Deserialize, Serialize};

/// How numbers are written in a column, such as `1.234,50 €` or `(1,234.5)`.
///
/// A number in parentheses is negative, as in accounts, and so is one with a minus sign of any kind before
/// or after it.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub struct NumberFormat {
    /// The character before decimals: a point or a comma.
    pub decimal: char,
    /// The character between groups of three digits, if there is one. A blank stands for all kinds of
    /// blanks, and an apostrophe for all kinds of apostrophes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thousands: Option<char>,
    /// The text before each number: a currency.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    /// The text behind each number: a currency, a percent sign or a unit.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub suffix: String,
}

impl Default for NumberFormat {
    fn default() -> Self {
        Self {
            decimal: '.',
            thousands: None,
            prefix: String::new(),
            suffix: String::new(),
        }
    }
}

/// The parts of a cell that may be a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    pub is_negative: bool,
    pub prefix: &'a str,
    /// Digits with what is between them.
    pub digits: &'a str,
    pub suffix: &'a str,
}

/// Currencies that are written before a number.
const CURRENCIES: [&str; 23] = [
    "$", "€", "£", "¥", "₹", "₽", "₩", "₺", "₫", "₴", "₦", "R$", "US$", "A$", "C$", "EUR", "USD",
    "GBP", "CHF", "JPY", "Fr.", "Rs", "kr",
];
/// A longer text behind a number is not a unit.
const MAX_UNIT: usize = 12;

impl NumberFormat {
    /// The number of a cell; `None` if it is written otherwise.
    pub(crate) fn parse(&self, cell: &str) -> Option<f64> {
        let parts = Parts::of(cell)?;
        if parts.prefix != self.prefix || parts.suffix != self.suffix {
            return None;
        }
        let number = number(parts.digits, self.decimal, self.thousands)?;
        Some(if parts.is_negative { -number } else { number })
    }
}

/// The number that some digits are, with a character before decimals and one between groups of three
/// digits.
pub(super) fn number(digits: &str, decimal: char, thousands: Option<char>) -> Option<f64> {
    let (whole, decimals) = match digits.split_once(decimal) {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (digits, None),
    };
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mut text = String::with_capacity(digits.len());
    let mut groups = whole.split(|character| Some(like(character)) == thousands);
    let first = groups.next().unwrap_or_default();
    text.push_str(first);
    let mut has_groups = false;
    for group in groups {
        if group.len() != 3 {
            return None;
        }
        has_groups = true;
        text.push_str(group);
    }
    let is_first_group = (1..=3).contains(&first.len()) && !first.starts_with('0');
    if !is_digits(&text) || has_groups && !is_first_group {
        return None;
    }
    if let Some(decimals) = decimals {
        if !is_digits(decimals) {
            return None;
        }
        text.push('.');
        text.push_str(decimals);
    }
    text.parse().ok()
}

/// The character that stands for all of its kind.
fn like(character: char) -> char {
    match character {
        '\u{a0}' | '\u{202f}' | '\u{2009}' => ' ',
        '’' | '‘' | '`' => '\'',
        other => other,
    }
}

impl<'a> Parts<'a> {
    /// The parts of a cell without surrounding blanks; `None` if it is certainly not a number.
    pub fn of(cell: &'a str) -> Option<Self> {
        let (mut text, mut is_negative) = (cell, false);
        if let Some(inner) = text
            .strip_prefix('(')
            .and_then(|text| text.strip_suffix(')'))
        {
            (text, is_negative) = (inner.trim(), true);
        }
        let mut sign = |text: &'a str| -> &'a str {
            for minus in ["-", "−", "–"] {
                if let Some(rest) = text.strip_prefix(minus) {
                    is_negative = !is_negative;
                    return rest.trim_start();
                }
            }
            text.strip_prefix('+').unwrap_or(text)
        };
        // The sign may be before or behind the currency.
        text = sign(text);
        let start = text.find(|character: char| character.is_ascii_digit() || character == '.')?;
        let (before, mut rest) = text.split_at(start);
        let before = before.trim_end();
        let prefix = before.trim_end_matches(['-', '−', '–']).trim_end();
        if prefix.len() < before.len() {
            rest = sign(text[prefix.len()..].trim_start());
        }
        if !prefix.is_empty() && !CURRENCIES.contains(&prefix) {
            return None;
        }
        let end = end_of_digits(rest);
        let (digits, suffix) = rest.split_at(end);
        let mut suffix = suffix.trim_start();
        if let Some(unit) = suffix.strip_suffix('-') {
            // As in accounts: `12.50-`.
            is_negative = !is_negative;
            suffix = unit.trim_end();
        }
        let is_unit = |character: char| {
            character.is_alphanumeric() || "%‰°$€£¥₹/²³·.µ\" '".contains(character)
        };
        let begins_unit =
            |character: char| character.is_alphabetic() || "%‰°$€£¥₹µ\"'".contains(character);
        let is_valid = suffix.chars().count() <= MAX_UNIT
            && suffix.chars().all(is_unit)
            && suffix.chars().next().is_none_or(begins_unit)
            // As in `m2`, but not in `5 Mar 2024`.
            && !suffix
                .trim_end_matches(|character: char| character.is_ascii_digit())
                .contains(|character: char| character.is_ascii_digit())
            && suffix.bytes().rev().take_while(u8::is_ascii_digit).count() < 2;
        is_valid.then_some(Self {
            is_negative,
            prefix,
            digits,
            suffix,
        })
    }
}

/// Where a number ends that begins a text: separators belong to it if a digit follows.
fn end_of_digits(text: &str) -> usize {
    let mut end = 0;
    let mut separator = false;
    for (at, character) in text.char_indices() {
        if character.is_ascii_digit() {
            end = at + 1;
            separator = false;
        } else if matches!(like(character), '.' | ',' | ' ' | '\'') && !separator {
            separator = true;
        } else {
            break;
        }
    }
    end
}

impl fmt::Display for NumberFormat {
    /// In words, such as `decimal comma, in €`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if self.decimal == ',' {
            parts.push("decimal comma".to_owned());
        }
        match self.thousands {
            Some(' ') => parts.push("thousands by blanks".to_owned()),
            Some(character) => parts.push(format!("thousands by `{character}`")),
            None => {}
        }
        for affix in [&self.prefix, &self.suffix] {
            if !affix.is_empty() {
                parts.push(format!("in {affix}"));
            }
        }
        f.pad(&parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(decimal: char, thousands: Option<char>, prefix: &str, suffix: &str) -> NumberFormat {
        NumberFormat {
            decimal,
            thousands,
            prefix: prefix.into(),
            suffix: suffix.into(),
        }
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (format, cell, expected) in [
            (format(',', None, "", ""), "12,5", Some(12.5)),
            (format(',', Some('.'), "", ""), "1.234,5", Some(1234.5)),
            (format(',', Some('.'), "", ""), "1.23,5", None),
            (format(',', Some('.'), "", ""), "0.123", None),
            (
                format('.', Some(','), "", ""),
                "-1,234,567.25",
                Some(-1_234_567.25),
            ),
            (format('.', Some(','), "", ""), "1234,567", None),
            (
                format(',', Some(' '), "", "€"),
                "1\u{202f}234,50 €",
                Some(1234.5),
            ),
            (
                format('.', Some('\''), "CHF", ""),
                "CHF 1’234.05",
                Some(1234.05),
            ),
            (format('.', None, "$", ""), "-$5.25", Some(-5.25)),
            (format('.', None, "$", ""), "$-5.25", Some(-5.25)),
            (
                format('.', Some(','), "$", ""),
                "($1,234.00)",
                Some(-1234.0),
            ),
            (format('.', None, "", "%"), "12.5%", Some(12.5)),
            (format('.', None, "", "km/h"), "80 km/h", Some(80.0)),
            (format('.', None, "", "m2"), "12 m2", Some(12.0)),
            (format('.', None, "", ""), "−3", Some(-3.0)),
            (format('.', None, "", ""), "3-", Some(-3.0)),
            (format('.', None, "", ""), ".5", Some(0.5)),
            (format('.', None, "", ""), "1.2.3", None),
            (format('.', None, "", "/02/01"), "2024/02/01", None),
            (format('.', None, "", "Mar 2024"), "5 Mar 2024", None),
            (format('.', None, "", ""), "Q1", None),
            (format('.', None, "", ""), "", None),
            (format('.', None, "", ""), "$", None),
        ] {
            assert_eq!(format.parse(cell), expected, "{cell}");
        }
    }

    #[test]
    fn a_format_is_described_in_words() {
        assert_eq!(
            format(',', Some('.'), "", "€").to_string(),
            "decimal comma, thousands by `.`, in €"
        );
        assert_eq!(NumberFormat::default().to_string(), "");
    }
}
