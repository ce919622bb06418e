use std::collections::HashMap;

use arrow_schema::DataType;

use super::types::{TypeKind, is_boolean, is_plain_text};
use crate::column_report::NonNumericCells;
use crate::format::{
    ColumnFormat, DateFormat, DateVotes, NumberDates, NumberFormat, NumberVotes, Reading,
    whole_number,
};
use crate::table::ColumnKind;

/// What a column can be after some of its values were seen.
///
/// A column gets the most specific kind that fits all its values. A few odd cells among many numbers or
/// dates do not change its kind: they count as missing, and are reported.
#[derive(Clone, Debug, Default)]
pub(super) struct PossibleKinds {
    /// The kind of a column with a type; `Drop` if its type is not supported.
    typed: Option<ColumnKind>,
    /// What its values are called, if their type is not supported, such as lists.
    unsupported: Option<&'static str>,
    /// Whether it is text in a file of typed columns, where numbers would have been stored as such.
    is_typed_text: bool,
    /// The number of cells that are not missing.
    seen: usize,
    numbers: NumberVotes,
    dates: DateVotes,
    booleans: usize,
    /// The first cell that is not a number, and its line.
    first_text: Option<(String, u64)>,
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
    number_dates: Option<NumberDates>,
    /// The different cells of a target, while they are few.
    distinct: Option<HashMap<String, usize>>,
}

/// The fewest cells of which a few odd ones do not change the kind.
const MIN_CELLS: usize = 50;
/// One odd cell in so many.
const MAX_ODD: usize = 20;
/// A column is almost numeric if there are at least so many times more numbers than other cells.
const MIN_NUMERIC_RATIO: usize = 3;
/// Whole numbers are classes if at most so many are different, and each occurs often enough on average.
const MAX_CLASSES: usize = 20;
const MIN_ROWS_PER_CLASS: usize = 5;
/// Larger whole numbers are not classes.
const MAX_CLASS_NUMBER: f64 = 1e6;

/// The kind of a column, and how it is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Inferred {
    /// `None` if all values are missing or the type is not supported.
    pub kind: Option<ColumnKind>,
    pub format: ColumnFormat,
    /// The other way to write numbers or dates, if both are possible.
    pub doubt: Option<ColumnFormat>,
    /// How many cells are not of the kind.
    pub num_odd: usize,
}

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
            let is_unusual = || text.contains('.') || text.parse::<f64>().is_err();
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
        if has_digit && looks_like_number(text) {
            self.numeric_looking += 1;
            self.first_unread.get_or_insert_with(|| text.to_owned());
        }
        self.booleans += usize::from(is_boolean(text));
        self.has_plus |= text == "+";
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

    /// The cells because of which the column is not numeric, if almost all of its cells are numbers.
    pub fn non_numeric(&self) -> Option<NonNumericCells> {
        if self.typed.is_some() || self.is_few() {
            return None;
        }
        let (numbers, _) = self.numbers.best();
        let others = self.seen - numbers;
        if others == 0 || numbers < MIN_NUMERIC_RATIO * others {
            return None;
        }
        let (value, line) = self.first_text.clone()?;
        Some(NonNumericCells {
            value,
            line,
            numbers,
            others,
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

    /// The kind of the column and how it is written, or how it is written if the kind was requested.
    pub fn infer(&self, requested: Option<ColumnKind>) -> Inferred {
        let mut inferred = Inferred {
            kind: None,
            format: ColumnFormat::default(),
            doubt: None,
            num_odd: 0,
        };
        if let Some(kind) = self.typed {
            inferred.kind = (kind != ColumnKind::Drop).then_some(kind);
            match requested.unwrap_or(kind) {
                ColumnKind::Categorical => inferred.format.present = self.present(),
                ColumnKind::Date => {
                    let numbers = self.number_dates.as_ref();
                    inferred.format.dates = numbers.and_then(NumberDates::best);
                }
                ColumnKind::Numeric | ColumnKind::Boolean | ColumnKind::Drop => {}
            }
            return inferred;
        }
        if self.seen == 0 {
            return inferred;
        }
        let (num_numbers, reading) = self.numbers.best();
        let (num_dates, orders) = self.dates.best();
        let is_most = |count: usize| {
            let odd = self.seen - count;
            count > 0 && (odd == 0 || self.seen >= MIN_CELLS && odd * MAX_ODD <= self.seen)
        };
        let kind = requested.unwrap_or_else(|| {
            let is_usual = reading == Some(Reading::One(NumberFormat::default()));
            if is_most(num_numbers) && !self.numbers.are_codes() {
                // Whoever stored whole numbers as text meant codes. Classes are named as they are written.
                let are_codes = self.is_typed_text && is_usual && !self.numbers.have_decimals();
                if are_codes || self.is_few_whole_numbers() {
                    return ColumnKind::Categorical;
                }
                return ColumnKind::Numeric;
            }
            match (self.booleans == self.seen, is_most(num_dates)) {
                (true, _) if self.distinct.is_some() => ColumnKind::Categorical,
                (true, _) => ColumnKind::Boolean,
                (false, true) => ColumnKind::Date,
                (false, false) => ColumnKind::Categorical,
            }
        });
        inferred.kind = Some(kind);
        match kind {
            ColumnKind::Numeric => {
                inferred.num_odd = self.seen - num_numbers;
                let too_large = self.numbers.too_large();
                if is_most(num_numbers.saturating_sub(too_large)) {
                    inferred.num_odd += too_large;
                }
                let formats = match reading {
                    None => return inferred,
                    Some(Reading::One(format)) => [Some(format), None],
                    Some(Reading::Two([one, two])) => [Some(one), Some(two)],
                };
                let [format, doubt] = formats.map(|format| ColumnFormat {
                    numbers: format
                        .filter(|format| *format != crate::format::NumberFormat::default()),
                    ..ColumnFormat::default()
                });
                inferred.doubt = Some(doubt).filter(|doubt| !doubt.is_default());
                inferred.format = format;
            }
            ColumnKind::Date => {
                let mut formats = orders.into_iter().map(|order| ColumnFormat {
                    dates: Some(order).filter(|order| *order != DateFormat::YearFirst),
                    ..ColumnFormat::default()
                });
                inferred.num_odd = self.seen - num_dates;
                if let Some(format) = formats.next() {
                    inferred.format = format;
                } else {
                    // Requested of numbers.
                    let numbers = self.number_dates.as_ref();
                    inferred.format.dates = numbers.and_then(NumberDates::best);
                    inferred.num_odd = self.seen - num_numbers;
                }
                inferred.doubt = formats.next();
            }
            ColumnKind::Categorical | ColumnKind::Boolean => {
                inferred.format.present = self.present();
            }
            ColumnKind::Drop => {}
        }
        inferred
    }

    /// Texts that are values among the others, though they usually mean a missing one.
    fn present(&self) -> Vec<String> {
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
    fn is_few(&self) -> bool {
        let distinct = self.distinct.as_ref();
        distinct.is_some_and(|distinct| {
            distinct.len() <= MAX_CLASSES && self.seen >= MIN_ROWS_PER_CLASS * distinct.len()
        })
    }

    /// Whether the values of a target are classes, though they are numbers, such as `1`, `1.0` or `10%`.
    fn is_few_whole_numbers(&self) -> bool {
        let Some(distinct) = &self.distinct else {
            return false;
        };
        let is_class = |text: &String| {
            let number = text.parse().ok().or_else(|| whole_number(text));
            number.is_some_and(|number: f64| {
                number.fract() == 0.0 && number.abs() <= MAX_CLASS_NUMBER
            })
        };
        self.is_few() && distinct.keys().all(is_class)
    }
}

/// Whether a text begins like a number or a date, and at least half of it are digits.
fn looks_like_number(text: &str) -> bool {
    let (mut digits, mut others) = (0, 0);
    for character in text.chars() {
        if character.is_numeric() {
            digits += 1;
        } else if !character.is_whitespace() {
            others += 1;
        }
    }
    let first = text.trim_start_matches(|character: char| !character.is_alphanumeric());
    digits >= others && first.starts_with(char::is_numeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn infer(cells: &[&str]) -> Inferred {
        let mut possible = PossibleKinds::new(false, None);
        for cell in cells {
            possible.observe(cell.as_bytes(), 1);
        }
        possible.infer(None)
    }

    #[test]
    fn a_column_has_the_most_specific_kind_that_fits_all_values() {
        for (cells, expected) in [
            (&["1", "-2.5", "1e3"][..], Some(ColumnKind::Numeric)),
            (&["12,5", "3"], Some(ColumnKind::Numeric)),
            (&["$12.50", "$3"], Some(ColumnKind::Numeric)),
            (&["1", "2", "three"], Some(ColumnKind::Categorical)),
            (&["06510", "10115"], Some(ColumnKind::Categorical)),
            (&["true", "False"], Some(ColumnKind::Boolean)),
            (&["true", "maybe"], Some(ColumnKind::Categorical)),
            (&["2024-01-31", "2024/02/01"], Some(ColumnKind::Date)),
            (&["31/12/2024", "01/02/2025"], Some(ColumnKind::Date)),
            (&["2024-01-31", "soon"], Some(ColumnKind::Categorical)),
            (&["2024", "2025"], Some(ColumnKind::Numeric)),
            (&[], None),
        ] {
            assert_eq!(infer(cells).kind, expected, "{cells:?}");
        }
    }

    #[test]
    fn a_few_odd_cells_among_many_do_not_change_the_kind() {
        let mut cells = vec!["12,5"; 60];
        cells.push("k.A.");
        let inferred = infer(&cells);
        assert_eq!(
            (inferred.kind, inferred.num_odd),
            (Some(ColumnKind::Numeric), 1)
        );
        let comma = NumberFormat {
            decimal: ',',
            ..NumberFormat::default()
        };
        assert_eq!(inferred.format.numbers, Some(comma));

        cells[60] = "inf";
        assert_eq!(infer(&cells).num_odd, 1);

        let mut cells = vec!["2024-01-31"; 60];
        cells.push("soon");
        assert_eq!(infer(&cells).kind, Some(ColumnKind::Date));

        cells.truncate(20);
        cells.push("soon");
        assert_eq!(
            infer(&cells).kind,
            Some(ColumnKind::Categorical),
            "one of 21 is not few"
        );
    }

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
        ] {
            assert!(unread(&cells).is_some(), "{cells:?}");
        }
        for cells in [
            ["A12", "A13"],
            ["red", "12 Main Street"],
            ["01234", "02345"],
        ] {
            assert_eq!(unread(&cells), None, "{cells:?}");
        }
    }

    #[test]
    fn texts_that_usually_mean_a_missing_value_are_values_among_their_like() {
        let present = |cells: &[&str], missing: &str| {
            let mut possible = PossibleKinds::new(true, None);
            for cell in cells {
                possible.observe(cell.as_bytes(), 1);
            }
            possible.observe_missing(missing.as_bytes());
            possible.infer(None).format.present
        };
        assert_eq!(present(&["+", "+"], "-"), ["-"]);
        assert_eq!(present(&["EU", "AS"], "NA"), ["NA"]);
        assert!(present(&["Europe", "Asia"], "NA").is_empty());
        assert!(present(&["1", "2"], "-").is_empty());
    }

    #[test]
    fn few_whole_numbers_are_classes_of_a_target_as_they_are_written() {
        let kind = |cells: &[&str], is_target| {
            let mut possible = PossibleKinds::new(is_target, None);
            for cell in cells.repeat(10) {
                possible.observe(cell.as_bytes(), 1);
            }
            possible.infer(None).kind
        };
        assert_eq!(kind(&["1.0", "2.0"], true), Some(ColumnKind::Categorical));
        assert_eq!(kind(&["1.0", "2.0"], false), Some(ColumnKind::Numeric));
        assert_eq!(kind(&["1.5", "2.0"], true), Some(ColumnKind::Numeric));
        assert_eq!(kind(&["10%", "20%"], true), Some(ColumnKind::Categorical));
        assert_eq!(kind(&["10%", "20%"], false), Some(ColumnKind::Numeric));
    }
}
