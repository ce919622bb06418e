use std::collections::HashMap;

use arrow_schema::DataType;

use crate::column_report::NonNumericCells;
use crate::format::{DateVotes, NumberDates, NumberVotes, Shape, looks_like_number};
use crate::reader::types::{TypeKind, is_boolean, is_plain_text};
use crate::table::ColumnKind;

/// What a column can be after some of its values were seen.
///
/// A column gets the most specific kind that fits all its values. A few odd cells among many numbers or
/// dates do not change its kind: they count as missing, and are reported.
#[derive(Clone, Debug, Default)]
pub struct PossibleKinds {
    /// The kind of a column with a type; `Drop` if its type is not supported.
    pub(super) typed: Option<ColumnKind>,
    /// What its values are called, if their type is not supported, such as lists.
    unsupported: Option<&'static str>,
    /// Whether it is text in a file of typed columns, where numbers would have been stored as such.
    pub(super) is_typed_text: bool,
    /// The number of cells that are not missing.
    pub(super) seen: usize,
    pub(super) numbers: NumberVotes,
    pub(super) dates: DateVotes,
    pub(super) booleans: usize,
    /// The first cell that is not a number, and its line.
    first_text: Option<(String, u64)>,
    /// The first cell that is not a date, and its line.
    first_undated: Option<(String, u64)>,
    /// Cells that are numbers or dates in some way, or look like one.
    numeric_looking: usize,
    /// The first one of those that only look like it.
    first_unread: Option<String>,
    /// The first cell that is a number with decimals, or in an unusual way, or a date.
    first_unusual: Option<String>,
    /// How often texts occur that usually mean a missing value.
    missing: HashMap<String, usize>,
    /// Whether a cell is a plus sign, next to which a minus sign is no missing value.
    has_plus: bool,
    /// How many cells are two capital letters, as `NA` is among codes of countries and continents.
    codes: usize,
    /// What the numbers are as dates, if dates were requested.
    pub(super) number_dates: Option<NumberDates>,
    /// The different cells of a target, while they are few.
    pub(super) distinct: Option<HashMap<String, usize>>,
}

/// A column is almost numeric if there are at least so many times more numbers than other cells.
const MIN_NUMERIC_RATIO: usize = 3;
/// Whole numbers are classes if at most so many are different, and each occurs often enough on average.
const MAX_CLASSES: usize = 20;
const MIN_ROWS_PER_CLASS: usize = 5;

impl PossibleKinds {
    /// Before any value was seen, of a column whose kind may be requested; of a target, different values are
    /// counted.
    pub fn new(is_target: bool, requested: Option<ColumnKind>) -> Self {
        let is_date = requested == Some(ColumnKind::Date);
        Self {
            distinct: is_target.then(HashMap::new),
            number_dates: is_date.then(NumberDates::default),
            ..Self::default()
        }
    }

    /// Takes a cell into account, which is not missing, and its line.
    pub fn observe(&mut self, cell: &[u8], line: u64) {
        self.seen += 1;
        let shape = Shape::of(cell);
        let is_counted = self.distinct.is_some() || self.number_dates.is_some();
        match shape {
            Shape::Digits if !is_counted && self.first_undated.is_some() => {
                self.numbers.observe_digits(cell);
                self.numeric_looking += 1;
                return;
            }
            Shape::Word
                if !is_counted && self.first_text.is_some() && self.first_undated.is_some() =>
            {
                self.observe_word(cell);
                return;
            }
            Shape::Digits | Shape::Word | Shape::Other => {}
        }
        let Ok(text) = str::from_utf8(cell) else {
            return;
        };
        if let Some(distinct) = &mut self.distinct {
            if let Some(count) = distinct.get_mut(text) {
                *count += 1;
            } else if distinct.len() <= MAX_CLASSES {
                distinct.insert(text.to_owned(), 1);
            }
        }
        if let Some(dates) = &mut self.number_dates {
            dates.observe(text);
        }
        if self.numbers.observe(text) {
            self.numeric_looking += 1;
            self.take_undated(text, line);
            // Nothing but digits is usual.
            let is_unusual = || {
                let is_digit = |byte: u8| byte.is_ascii_digit() || byte == b'-';
                !text.bytes().all(is_digit)
            };
            if self.first_unusual.is_none() && is_unusual() {
                self.first_unusual = Some(text.to_owned());
            }
            return;
        }
        if self.first_text.is_none() {
            self.first_text = Some((text.to_owned(), line));
        }
        let has_digit = cell.iter().any(u8::is_ascii_digit);
        if has_digit && self.dates.observe(text) {
            self.numeric_looking += 1;
            if self.first_unusual.is_none() {
                self.first_unusual = Some(text.to_owned());
            }
            return;
        }
        self.take_undated(text, line);
        if has_digit && looks_like_number(text) {
            self.numeric_looking += 1;
            self.first_unread.get_or_insert_with(|| text.to_owned());
        }
        self.has_plus |= text == "+";
        self.observe_word(cell);
    }

    fn take_undated(&mut self, text: &str, line: u64) {
        if self.first_undated.is_none() {
            self.first_undated = Some((text.to_owned(), line));
        }
    }

    /// Takes a cell into account that is neither a number nor a date.
    fn observe_word(&mut self, cell: &[u8]) {
        self.booleans += usize::from(is_boolean(cell));
        self.codes += usize::from(matches!(cell, [b'A'..=b'Z', b'A'..=b'Z']));
    }

    /// Takes a cell into account that usually means a missing value.
    pub fn observe_missing(&mut self, cell: &[u8]) {
        let Ok(text) = str::from_utf8(cell) else {
            return;
        };
        match self.missing.get_mut(text) {
            Some(count) => *count += 1,
            None => {
                self.missing.insert(text.to_owned(), 1);
            }
        }
    }

    /// Takes the type of a column into account. The values of a column of text are observed as those of a
    /// text file.
    pub fn observe_type(&mut self, data_type: &DataType) {
        let kind = match TypeKind::of(data_type) {
            // All values are missing, which says nothing about those of other files.
            TypeKind::Text if *data_type == DataType::Null => return,
            TypeKind::Text if is_plain_text(data_type) => {
                self.is_typed_text = true;
                return;
            }
            // Whoever stored categories meant categories.
            TypeKind::Text => ColumnKind::Categorical,
            TypeKind::Number => ColumnKind::Numeric,
            TypeKind::Boolean => ColumnKind::Boolean,
            TypeKind::Date => ColumnKind::Date,
            TypeKind::Unsupported(name) => {
                self.unsupported.get_or_insert(name);
                ColumnKind::Drop
            }
        };
        self.typed = match self.typed {
            Some(other) if other != kind => Some(ColumnKind::Categorical),
            Some(_) | None => Some(kind),
        };
    }

    /// Whether the column is to be read as dates.
    pub fn is_requested_date(&self) -> bool {
        self.number_dates.is_some()
    }

    /// What the values of the column are called, if their type is not supported.
    pub fn unsupported(&self) -> Option<&'static str> {
        self.unsupported
    }

    /// A cell that is a number with decimals, or in an unusual way, or a date that could be another one.
    pub fn example(&self) -> &str {
        let example = self.dates.in_doubt().or(self.first_unusual.as_deref());
        example.unwrap_or_default()
    }

    /// The cells because of which the column is not numeric, if almost all of its cells are numbers, or no date, if
    /// most of its cells are dates.
    pub fn non_numeric(&self) -> Option<NonNumericCells> {
        if self.typed.is_some() || self.is_few() {
            return None;
        }
        let (numbers, _) = self.numbers.best();
        let (dates, _) = self.dates.best();
        let (are_dates, count, first) = if 2 * dates > self.seen {
            (true, dates, &self.first_undated)
        } else {
            (false, numbers, &self.first_text)
        };
        let others = self.seen - count;
        if others == 0 || !are_dates && numbers < MIN_NUMERIC_RATIO * others {
            return None;
        }
        let (value, line) = first.clone()?;
        Some(NonNumericCells {
            value,
            line,
            numbers: count,
            others,
            are_dates,
        })
    }

    /// A cell of a column of categories that looks like a number or a date but is read as neither, if nearly all
    /// cells do.
    pub fn unread(&self) -> Option<&str> {
        let is_most = self.numeric_looking * 10 >= self.seen * 9;
        let is_code = self.is_typed_text || self.numbers.are_codes();
        if self.typed.is_some() || is_code || !is_most {
            return None;
        }
        let example = self.first_unread.as_deref();
        example.or(self.first_unusual.as_deref())
    }

    /// How often texts occur that usually mean a missing value, the most frequent one first.
    pub fn missing_texts(&self) -> Vec<(String, usize)> {
        let mut texts: Vec<(String, usize)> = self.missing.clone().into_iter().collect();
        texts.sort_by(|(a, of_a), (b, of_b)| of_b.cmp(of_a).then_with(|| a.cmp(b)));
        texts
    }

    /// Texts that are values among the others, though they usually mean a missing one.
    pub fn present(&self) -> Vec<String> {
        let mut present = Vec::new();
        if self.has_plus && self.missing.contains_key("-") {
            present.push("-".to_owned());
        }
        if self.codes == self.seen && self.missing.contains_key("NA") {
            present.push("NA".to_owned());
        }
        present
    }

    /// Whether the column is a target with few different values, each of which occurs often.
    pub fn is_few(&self) -> bool {
        let distinct = self.distinct.as_ref();
        distinct.is_some_and(|distinct| {
            distinct.len() <= MAX_CLASSES && self.seen >= MIN_ROWS_PER_CLASS * distinct.len()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_look_like_numbers_or_dates_but_are_not_read_are_noticed() {
        let unread = |cells: &[&str]| {
            let mut possible = PossibleKinds::new(false, None);
            for cell in cells {
                possible.observe(cell.as_bytes(), 1);
            }
            possible.unread().map(str::to_owned)
        };
        for cells in [
            ["3.9k", "850"],
            ["2023-W21", "2023-W22"],
            ["19:12", "20:05"],
            ["65.40", "65,41"],
            ["<0.01", "0.3"],
            ["1.1 KG", "2.7kg"],
            ["PT15H5M", "PT5H42M"],
            ["18 h 7 min", "45 min"],
            ["12. Mai 2023", "1. Dezember 2023"],
            [
                "Sat Apr 27 22:47:44 UTC 2024",
                "Wed Jan 17 12:53:05 UTC 2024",
            ],
        ] {
            assert!(unread(&cells).is_some(), "{cells:?}");
        }
        for cells in [
            ["A12", "A13"],
            ["red", "12 Main Street"],
            ["7 Oak Road", "12 Main Street"],
            ["PORT 80", "P. 17 ff"],
            ["Marvel 3", "May Day"],
            ["01234", "02345"],
        ] {
            assert_eq!(unread(&cells), None, "{cells:?}");
        }
    }

    #[test]
    fn the_cells_that_are_no_dates_among_dates_are_told() {
        let mut cells = vec!["2024-01-04"; 9];
        for (odd, expected) in [
            ("unknown", Some("unknown")),
            ("45000", Some("45000")),
            ("00/00/0000", Some("00/00/0000")),
            ("2024-02-03", None),
        ] {
            cells.truncate(9);
            cells.push(odd);
            let mut possible = PossibleKinds::new(false, None);
            for (cell, line) in cells.iter().zip(1..) {
                possible.observe(cell.as_bytes(), line);
            }
            let told = possible.non_numeric();
            assert_eq!(told.as_ref().map(|told| told.value.as_str()), expected);
            if let Some(told) = told {
                assert_eq!((told.numbers, told.others, told.line), (9, 1, 10));
                assert!(told.are_dates);
            }
        }
    }
}
