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

/// Currencies that are written before a number, besides the codes of [`CURRENCY_CODES`].
const CURRENCIES: [&str; 31] = [
    "$", "€", "£", "¥", "₹", "₽", "₩", "₺", "₫", "₴", "₦", "₪", "₱", "฿", "₿", "元", "R$", "US$",
    "A$", "AU$", "C$", "CA$", "HK$", "NZ$", "S$", "Fr.", "Rs", "Rs.", "kr", "KSh", "RM",
];
/// Currencies by their ISO 4217 codes.
const CURRENCY_CODES: [&str; 26] = [
    "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "INR",
    "JPY", "KRW", "MXN", "NOK", "NZD", "PLN", "RUB", "SEK", "SGD", "THB", "TRY", "USD", "ZAR",
];
/// Characters that stand for a minus sign.
const MINUS: [char; 6] = ['-', '−', '–', '‐', '‑', '－'];
/// A longer text behind a number is not a unit.
const MAX_UNIT: usize = 12;

impl NumberFormat {
    /// What a cell should have been, with an example.
    pub(crate) fn example(&self) -> &'static str {
        if !(self.prefix.is_empty() && self.suffix.is_empty()) {
            return "number with the same currency or unit as in training";
        }
        match (self.decimal, self.thousands) {
            (',', None) => "number with a decimal comma such as 3,5",
            (',', Some('.')) => "number such as 1.234,5",
            (',', Some(' ')) => "number such as 1 234,5",
            (',', Some(_)) => "number such as 1'234,5",
            (_, Some(',')) => "number such as 1,234.5",
            (_, Some(' ')) => "number such as 1 234.5",
            (_, Some(_)) => "number such as 1'234.5",
            (_, None) => "number",
        }
    }

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

/// The number of a cell that has only digits, with a currency, sign or unit.
pub(crate) fn whole_number(cell: &str) -> Option<f64> {
    let parts = Parts::of(cell)?;
    number(parts.digits, '.', None).filter(|_| !parts.digits.contains('.'))
}

/// The number that some digits are, with a character before decimals and one between groups of three
/// digits. Numbers with an exponent have no groups.
pub(super) fn number(digits: &str, decimal: char, thousands: Option<char>) -> Option<f64> {
    let (digits, exponent) = match digits.find(['e', 'E']) {
        Some(_) if thousands.is_some() => return None,
        Some(at) => digits.split_at(at),
        None => (digits, ""),
    };
    let (whole, decimals) = match digits.split_once(decimal) {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (digits, None),
    };
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mut text = String::with_capacity(digits.len());
    let mut groups = whole.split(|character| Some(like(character)) == thousands);
    let first = groups.next().unwrap_or_default();
    text.push_str(first);
    let lengths: Vec<usize> = groups
        .map(|group| {
            text.push_str(group);
            group.len()
        })
        .collect();
    if !is_digits(&text) || !lengths.is_empty() && !are_groups(first, &lengths) {
        return None;
    }
    if let Some(decimals) = decimals {
        if !is_digits(decimals) {
            return None;
        }
        text.push('.');
        text.push_str(decimals);
    }
    text.push_str(exponent);
    text.parse().ok()
}

/// Whether groups of digits divide a number: three digits each, or in the Indian way, where only the last group
/// has three and the others have two.
fn are_groups(first: &str, lengths: &[usize]) -> bool {
    let [others @ .., last] = lengths else {
        return true;
    };
    let is_indian =
        first.len() < 3 && !others.is_empty() && others.iter().all(|&length| length == 2);
    (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && *last == 3
        && (is_indian || others.iter().all(|&length| length == 3))
}

/// The character that stands for all of its kind.
fn like(character: char) -> char {
    match character {
        '\u{a0}' | '\u{202f}' | '\u{2007}' | '\u{2009}' => ' ',
        '’' | '‘' | '`' => '\'',
        other => other,
    }
}

impl<'a> Parts<'a> {
    /// The parts of a cell without surrounding blanks; `None` if it is certainly not a number.
    pub fn of(cell: &'a str) -> Option<Self> {
        // The parentheses may be behind the currency or before the percent sign.
        if let Some(open) = cell.find('(') {
            let close = cell.rfind(')').filter(|close| *close > open)?;
            let (before, inner, after) =
                (&cell[..open], &cell[open + 1..close], &cell[close + 1..]);
            let parts = Self::of(inner.trim())?;
            let (before, after) = (before.trim(), after.trim());
            let around = |outer: &'a str, own: &'a str| match (outer.is_empty(), own.is_empty()) {
                (true, _) => Some(own),
                (false, true) => Some(outer),
                (false, false) => None,
            };
            let is_currency = before.is_empty() || is_currency(before);
            return (!parts.is_negative && is_currency && matches!(after, "" | "%")).then_some(
                Self {
                    is_negative: true,
                    prefix: around(before, parts.prefix)?,
                    suffix: around(after, parts.suffix)?,
                    ..parts
                },
            );
        }
        let mut signs = 0;
        let mut is_negative = false;
        let mut sign = |text: &'a str| -> &'a str {
            let rest = text.strip_prefix(MINUS);
            signs += usize::from(rest.is_some());
            is_negative |= rest.is_some();
            match rest {
                Some(rest) => rest.trim_start(),
                None => text.strip_prefix('+').unwrap_or(text),
            }
        };
        // The sign may be before or behind the currency.
        let text = sign(cell);
        let begins_number = |character: char| character.is_ascii_digit() || character == '.';
        let mut start = text.find(begins_number)?;
        // The point of `Rs.` is not before decimals.
        if text[start..].starts_with('.') && CURRENCIES.contains(&&text[..=start]) {
            start += 1 + text[start + 1..].find(begins_number)?;
        }
        let (before, mut rest) = text.split_at(start);
        let before = before.trim_end();
        let prefix = before.trim_end_matches(MINUS).trim_end();
        if prefix.len() < before.len() {
            rest = sign(text[prefix.len()..].trim_start());
        }
        if !prefix.is_empty() && !is_currency(prefix) {
            return None;
        }
        let end = end_of_digits(rest);
        let (digits, suffix) = rest.split_at(end);
        // As prices without cents are written: `5,-`.
        let suffix = [",--", ",-", ".--", ".-"]
            .iter()
            .find_map(|cents| suffix.strip_prefix(cents))
            .unwrap_or(suffix);
        let mut suffix = suffix.trim_start();
        if let Some(unit) = suffix.strip_suffix('-') {
            // As in accounts: `12.50-`.
            signs += 1;
            is_negative = true;
            suffix = unit.trim_end();
        }
        if signs > 1 {
            return None;
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

fn is_currency(text: &str) -> bool {
    CURRENCIES.contains(&text) || CURRENCY_CODES.contains(&text)
}

/// Where a number ends that begins a text: separators belong to it if a digit follows, and an exponent does.
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
    end + length_of_exponent(&text[end..])
}

/// The length of an exponent such as `e+03` at the beginning of a text; 0 if there is none.
fn length_of_exponent(text: &str) -> usize {
    let Some(behind) = text.strip_prefix(['e', 'E']) else {
        return 0;
    };
    let digits = behind.strip_prefix(['+', '-']).unwrap_or(behind);
    let num_digits = digits.bytes().take_while(u8::is_ascii_digit).count();
    let ends = !digits[num_digits..].starts_with(char::is_alphanumeric);
    if num_digits > 0 && ends {
        text.len() - digits.len() + num_digits
    } else {
        0
    }
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
            (
                format('.', Some(','), "$", ""),
                "$ (1,234.00)",
                Some(-1234.0),
            ),
            (format('.', None, "", "%"), "12.5%", Some(12.5)),
            (format('.', None, "", "%"), "(7.03)%", Some(-7.03)),
            (format('.', None, "AUD", ""), "AUD 5", Some(5.0)),
            (format('.', None, "", "€"), "695,-- €", Some(695.0)),
            (
                format('.', Some(','), "₹", ""),
                "₹17,12,345.50",
                Some(1_712_345.5),
            ),
            (format('.', Some(','), "", ""), "1,12,34", None),
            (format(',', None, "", ""), "3,719e+03", Some(3719.0)),
            (format(',', None, "", "kg"), "1,5E-1 kg", Some(0.15)),
            (format('.', Some(','), "", ""), "3,719e+03", None),
            (format('.', None, "Rs.", ""), "Rs. 1002.57", Some(1002.57)),
            (format('.', None, "Rs.", ""), "Rs.500", Some(500.0)),
            (format('.', None, "$", ""), "$.50", Some(0.5)),
            (format('.', None, "", ""), "(-5.5)", None),
            (format('.', None, "", ""), "--5", None),
            (format('.', None, "", ""), "‑3", Some(-3.0)),
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
