use std::net::Ipv4Addr;

use super::number_format::{NumberFormat, Parts, number};
use crate::table::Values;

/// The ways to write a number that are tried, from the simplest on: the character before decimals, and that
/// between groups of three digits.
const WAYS: [(char, Option<char>); 8] = [
    ('.', None),
    (',', None),
    ('.', Some(',')),
    ('.', Some(' ')),
    ('.', Some('\'')),
    (',', Some('.')),
    (',', Some(' ')),
    (',', Some('\'')),
];

/// Whole numbers with at most so many digits are exact in double precision.
const MAX_EXACT_DIGITS: usize = 15;

/// Counts how many cells of a column are numbers, for each way to write them.
#[derive(Clone, Debug, Default)]
pub(crate) struct NumberVotes {
    /// Cells without a point: whole numbers, which are written alike in all ways.
    whole: usize,
    /// Other cells that are numbers in the usual way.
    usual: usize,
    /// Of cells with a point, those whose points may be between groups of three digits.
    grouped_by_points: usize,
    /// Whether there are such cells, also with text around the number.
    has_grouping_points: bool,
    /// Cells of two or three digits, which are in no groups.
    short: usize,
    /// Cells of four or more digits that are in no groups, as they would be if others were.
    ungrouped: usize,
    /// Cells that are numbers in other ways alone, for each way.
    unusual: [usize; WAYS.len()],
    /// The text before and behind the first number that has one.
    affixes: Option<(String, String)>,
    /// Numbers with these.
    with_affixes: usize,
    /// Numbers that are too large for a table, or infinite.
    too_large: usize,
    /// Whole numbers that begin with a zero, as codes do.
    zero_padded: usize,
    /// Digits with an `e` in between but neither a point nor a sign, which programs do not write.
    with_exponent: usize,
}

/// How the numbers of a column are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// In one way.
    One(NumberFormat),
    /// In two ways, with a point or with a comma before decimals, and it is not known in which.
    Two([NumberFormat; 2]),
}

/// What a cell looks like at first sight, as most cells do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A few digits, which are exact in double precision.
    Digits,
    /// Something without digits that begins with a letter, so that it is neither a number nor a date. A number
    /// may begin with a currency, or be `inf`.
    Word,
    Other,
}

impl Shape {
    #[inline]
    pub fn of(cell: &[u8]) -> Self {
        match cell {
            [b'0'..=b'9', rest @ ..] => {
                let is_exact = rest.len() < MAX_EXACT_DIGITS;
                if is_exact && rest.iter().all(u8::is_ascii_digit) {
                    return Self::Digits;
                }
            }
            [
                b'A'..=b'H' | b'J'..=b'Z' | b'a'..=b'h' | b'j'..=b'z',
                rest @ ..,
            ] if !rest.iter().any(u8::is_ascii_digit) => return Self::Word,
            _ => {}
        }
        Self::Other
    }
}

impl NumberVotes {
    /// Takes a cell of nothing but digits into account. There is nothing to find out by reading the number.
    pub fn observe_digits(&mut self, cell: &[u8]) {
        self.whole += 1;
        self.zero_padded += usize::from(cell.len() > 1 && cell[0] == b'0');
        self.short += usize::from(matches!(cell.len(), 2 | 3));
        self.ungrouped += usize::from(cell.len() > 3);
    }

    /// Takes a cell into account; whether it is a number in some way.
    pub fn observe(&mut self, cell: &str) -> bool {
        let bytes = cell.as_bytes();
        match Shape::of(bytes) {
            Shape::Digits => {
                self.observe_digits(bytes);
                return true;
            }
            Shape::Word => return false,
            Shape::Other => {}
        }
        if let Ok(value) = cell.parse::<f64>() {
            self.too_large += usize::from(value.abs() > Values::MAX_NUMBER);
            if bytes.contains(&b'.') {
                self.usual += 1;
                let digits = cell.trim_start_matches(['-', '+']);
                let is_grouped = number(digits, ',', Some('.')).is_some();
                self.grouped_by_points += usize::from(is_grouped);
                self.has_grouping_points |= is_grouped;
            } else {
                self.whole += 1;
                let is_padded = matches!(bytes, [b'0', b'0'..=b'9', ..]);
                self.zero_padded += usize::from(is_padded);
                self.ungrouped += usize::from(is_ungrouped(bytes));
                self.with_exponent += usize::from(is_with_exponent(bytes));
            }
            return true;
        }
        // Nothing without a digit is a number, and most text has none. An address such as 192.168.100.101 has
        // no thousands.
        if !cell.bytes().any(|byte| byte.is_ascii_digit()) || cell.parse::<Ipv4Addr>().is_ok() {
            return false;
        }
        let Some(parts) = Parts::of(cell) else {
            return false;
        };
        let affixes = (parts.prefix, parts.suffix);
        if affixes != ("", "") {
            let (prefix, suffix) = self
                .affixes
                .get_or_insert_with(|| (affixes.0.to_owned(), affixes.1.to_owned()));
            if (prefix.as_str(), suffix.as_str()) != affixes {
                return false;
            }
        }
        let mut is_number = false;
        for ((decimal, thousands), votes) in WAYS.into_iter().zip(&mut self.unusual) {
            if number(parts.digits, decimal, thousands).is_some() {
                *votes += 1;
                is_number = true;
            }
        }
        if is_number && affixes != ("", "") {
            self.with_affixes += 1;
            let is_grouped = number(parts.digits, ',', Some('.')).is_some();
            self.has_grouping_points |= is_grouped && parts.digits.contains('.');
            self.ungrouped += usize::from(is_ungrouped(parts.digits.as_bytes()));
        }
        is_number
    }

    /// Whether a cell is a number in some way, with a currency or a percent sign, but without a unit.
    pub fn is_amount(cell: &str) -> bool {
        let is_amount = |parts: Parts<'_>| {
            let mut ways = WAYS.into_iter();
            !parts.suffix.contains(|character: char| {
                character.is_alphanumeric() || "°\"'".contains(character)
            }) && ways
                .any(|(decimal, thousands)| number(parts.digits, decimal, thousands).is_some())
        };
        cell.parse::<f64>().is_ok() || Parts::of(cell).is_some_and(is_amount)
    }

    /// How many cells are numbers in the way in which most are, and that way.
    pub fn best(&self) -> (usize, Option<Reading>) {
        let votes = |way: usize| {
            let (decimal, thousands) = WAYS[way];
            let usual = match (decimal, thousands) {
                ('.', _) => self.whole + self.usual,
                (_, Some('.')) => self.whole + self.grouped_by_points,
                _ => self.whole,
            };
            usual + self.unusual[way]
        };
        let most = (0..WAYS.len()).map(votes).max().unwrap_or(0);
        let (prefix, suffix) = self.affixes.clone().unwrap_or_default();
        // Numbers with a unit and numbers without one do not mean the same.
        let has_affixes = self.with_affixes > 0;
        let without_affixes = most - self.with_affixes.min(most);
        if most == 0 || has_affixes && self.with_affixes < without_affixes {
            return (self.whole + self.usual, self.usual_reading());
        }
        let count = if has_affixes { self.with_affixes } else { most };
        let format = |way: usize| NumberFormat {
            decimal: WAYS[way].0,
            thousands: WAYS[way].1,
            prefix: prefix.clone(),
            suffix: suffix.clone(),
        };
        let mut best = (0..WAYS.len()).filter(|&way| votes(way) == most);
        let Some(first) = best.next() else {
            return (0, None);
        };
        let other = best.find(|&way| WAYS[way].0 != WAYS[first].0);
        let is_in_doubt = match WAYS[first] {
            // Of whole numbers alone, all ways are the same.
            ('.', None) => self.has_grouping_points && self.ungrouped == 0,
            (',', None) => self.ungrouped == 0,
            // No number has decimals.
            _ => false,
        };
        let reading = match other {
            Some(other) if is_in_doubt => Reading::Two([format(first), format(other)]),
            Some(_) | None => Reading::One(format(first)),
        };
        (count, Some(reading))
    }

    /// Whether points are more likely between thousands than before decimals: numbers below a thousand have none,
    /// and behind each point are three digits.
    pub fn seem_grouped(&self) -> bool {
        let is_grouped = self.grouped_by_points > 0 && self.grouped_by_points == self.usual;
        is_grouped && self.short > 0 && self.ungrouped == 0
    }

    /// Whether a cell is a number in some way, with a currency or a short unit that others need not have.
    pub fn looks_like_one(cell: &str) -> bool {
        const LONGEST: usize = 4;
        Parts::of(cell).is_some_and(|parts| {
            let is_short = parts.suffix.chars().count() <= LONGEST && !parts.suffix.contains(' ');
            let mut ways = WAYS.into_iter();
            is_short
                && ways
                    .any(|(decimal, thousands)| number(parts.digits, decimal, thousands).is_some())
        })
    }

    fn usual_reading(&self) -> Option<Reading> {
        (self.whole + self.usual > 0).then(|| Reading::One(NumberFormat::default()))
    }

    /// How many numbers are too large for a table, or infinite.
    pub fn too_large(&self) -> usize {
        self.too_large
    }

    /// Whether numbers have a point in the usual way.
    pub fn have_decimals(&self) -> bool {
        self.usual > 0
    }

    /// Whether the numbers are codes: whole numbers of which some begin with a zero, as postal codes do, or which
    /// all have an `e`, as in `1E10`.
    pub fn are_codes(&self) -> bool {
        let is_whole = self.usual == 0 && self.unusual.iter().all(|&votes| votes == 0);
        is_whole
            && (self.zero_padded > 0 || self.with_exponent > 0 && self.with_exponent == self.whole)
    }
}

/// Whether a cell has digits on both sides of an `e`, and nothing else.
fn is_with_exponent(cell: &[u8]) -> bool {
    let is_e = |byte: &u8| byte.eq_ignore_ascii_case(&b'e');
    cell.iter().filter(|byte| is_e(byte)).count() == 1
        && cell.iter().all(|byte| byte.is_ascii_digit() || is_e(byte))
}

/// Whether a cell has only digits, so many that they could be in groups.
fn is_ungrouped(cell: &[u8]) -> bool {
    let digits = cell.strip_prefix(b"-").unwrap_or(cell);
    digits.len() > 3 && digits.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(cells: &[&str]) -> (usize, Option<Reading>) {
        let mut votes = NumberVotes::default();
        for cell in cells {
            votes.observe(cell);
        }
        votes.best()
    }

    fn one(decimal: char, thousands: Option<char>, suffix: &str) -> Reading {
        Reading::One(NumberFormat {
            decimal,
            thousands,
            suffix: suffix.into(),
            ..NumberFormat::default()
        })
    }

    #[test]
    fn all_cells_together_decide_how_numbers_are_written() {
        for (cells, expected) in [
            (&["1.5", "2", "-3e4"][..], one('.', None, "")),
            (&["1,5", "2", "13,25"], one(',', None, "")),
            (&["1,234", "2", "13,250.5"], one('.', Some(','), "")),
            (&["1.234", "2", "13.250,5"], one(',', Some('.'), "")),
            (&["1 234", "2,5"], one(',', Some(' '), "")),
            (&["3 294 963", "213 263 363"], one('.', Some(' '), "")),
            (&["0,354", "0,120"], one(',', None, "")),
            (&["1,234", "12345"], one(',', None, "")),
            (&["1'234", "2.5"], one('.', Some('\''), "")),
            (&["12 %", "3.5%"], one('.', None, "%")),
            (&["1.500", "0.250"], one('.', None, "")),
            (&["1.500", "12500"], one('.', None, "")),
            (&["1500", "12500"], one('.', None, "")),
            (&["1500 €", "12 €"], one('.', None, "€")),
            (&["1.500 €", "1.5 €"], one('.', None, "€")),
            (&["3,719e+03", "8,646e+02"], one(',', None, "")),
        ] {
            assert_eq!(best(cells), (cells.len(), Some(expected)), "{cells:?}");
        }
    }

    #[test]
    fn marks_before_three_digits_alone_can_be_read_in_two_ways() {
        for cells in [["1,234", "5,678"], ["1.234", "5.678"], ["1.234 €", "12 €"]] {
            let (count, reading) = best(&cells);
            assert_eq!(count, 2);
            let Some(Reading::Two([one, two])) = reading else {
                panic!("{cells:?} are read in one way");
            };
            assert_ne!(one.decimal, two.decimal, "{cells:?}");
        }
    }

    #[test]
    fn points_in_numbers_from_a_thousand_on_alone_seem_to_be_between_thousands() {
        for (cells, expected) in [
            (&["980", "1.956"][..], true),
            (&["1.234", "5.678"], false),
            (&["0", "1.234"], false),
            (&["980", "1.95"], false),
            (&["980", "1956", "1.956"], false),
            (&["980", "12"], false),
        ] {
            let mut votes = NumberVotes::default();
            for cell in cells {
                votes.observe(cell);
            }
            assert_eq!(votes.seem_grouped(), expected, "{cells:?}");
        }
    }

    #[test]
    fn few_cells_of_another_kind_are_told_apart_from_numbers() {
        assert_eq!(best(&["1,5", "k.A.", "2,5"]).0, 2);
        assert_eq!(best(&["red", "blue"]), (0, None));
        assert_eq!(best(&["A1", "A2"]), (0, None));
        assert_eq!(best(&["192.168.100.101"]), (0, None));
        // Numbers with another unit are not the same.
        assert_eq!(best(&["5 kg", "7 kg", "9 lb"]).0, 2);
    }

    #[test]
    fn whole_numbers_that_begin_with_a_zero_are_codes() {
        for (cells, expected) in [
            (&["06510", "10115"][..], true),
            (&["1E10", "2E11"], true),
            (&["1e3", "100"], false),
            (&["1e-3", "2e-5"], false),
            (&["6510", "0"], false),
            (&["0.5", "00"], false),
        ] {
            let mut votes = NumberVotes::default();
            for cell in cells {
                votes.observe(cell);
            }
            assert_eq!(votes.are_codes(), expected, "{cells:?}");
        }
    }
}
