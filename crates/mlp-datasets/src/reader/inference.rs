use arrow_schema::DataType;

use super::types::{TypeKind, is_boolean};
use crate::column_report::NonNumericCells;
use crate::table::{ColumnKind, parse_date};

/// The kinds that a column can still have after some of its values were seen.
///
/// A column gets the most specific kind that fits *all* its values, so a late `N/A` or `12.5` changes
/// its kind instead of failing.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools)] // Each kind is possible or not.
pub(super) struct PossibleKinds {
    number: bool,
    boolean: bool,
    date: bool,
    /// What its values are called, if their type is not supported, such as lists.
    unsupported: Option<&'static str>,
    /// Whether any value is present.
    seen: bool,
    /// The number of cells that are numbers, and of those that are not.
    numbers: usize,
    others: usize,
    /// The first cell that is not a number, and its line.
    first_other: Option<(String, u64)>,
}

/// A column is almost numeric if there are at least so many times more numbers than other cells.
const MIN_NUMERIC_RATIO: usize = 9;

impl PossibleKinds {
    /// Before any value was seen, every kind is possible.
    pub const ALL: Self = Self {
        number: true,
        boolean: true,
        date: true,
        unsupported: None,
        seen: false,
        numbers: 0,
        others: 0,
        first_other: None,
    };

    /// Takes a cell into account, which is not missing, and its line.
    pub fn observe(&mut self, cell: &[u8], line: u64) {
        self.seen = true;
        let Ok(text) = str::from_utf8(cell) else {
            (self.number, self.boolean, self.date) = (false, false, false);
            return;
        };
        let is_number = text.parse::<f64>().is_ok();
        if is_number {
            self.numbers += 1;
        } else {
            self.others += 1;
            if self.first_other.is_none() {
                self.first_other = Some((text.to_owned(), line));
            }
        }
        self.number = self.number && is_number;
        self.boolean = self.boolean && is_boolean(text);
        self.date = self.date && parse_date(text).is_some();
    }

    /// Takes the type of a column into account.
    pub fn observe_type(&mut self, data_type: &DataType) {
        // All values are missing, which says nothing about those of other files.
        if *data_type == DataType::Null {
            return;
        }
        self.seen = true;
        let kind = TypeKind::of(data_type);
        if let TypeKind::Unsupported(name) = kind {
            self.unsupported.get_or_insert(name);
        }
        self.number &= kind == TypeKind::Number;
        self.boolean &= kind == TypeKind::Boolean;
        self.date &= kind == TypeKind::Date;
    }

    /// The cells because of which the column is not numeric, if almost all of its cells are numbers.
    pub fn non_numeric(&self) -> Option<NonNumericCells> {
        if self.number || self.numbers < MIN_NUMERIC_RATIO * self.others.max(1) {
            return None;
        }
        let (value, line) = self.first_other.clone()?;
        Some(NonNumericCells {
            value,
            line,
            numbers: self.numbers,
            others: self.others,
        })
    }

    /// The most specific possible kind; `None` if all values are missing or the type is not
    /// supported.
    pub fn kind(&self) -> Option<ColumnKind> {
        match self {
            Self { seen: false, .. }
            | Self {
                unsupported: Some(_),
                ..
            } => None,
            Self { number: true, .. } => Some(ColumnKind::Numeric),
            Self { boolean: true, .. } => Some(ColumnKind::Boolean),
            Self { date: true, .. } => Some(ColumnKind::Date),
            Self { .. } => Some(ColumnKind::Categorical),
        }
    }

    /// What the values of the column are called, if their type is not supported.
    pub fn unsupported(&self) -> Option<&'static str> {
        self.unsupported
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(cells: &[&str]) -> Option<ColumnKind> {
        let mut possible = PossibleKinds::ALL;
        for cell in cells {
            possible.observe(cell.as_bytes(), 1);
        }
        possible.kind()
    }

    #[test]
    fn a_column_has_the_most_specific_kind_that_fits_all_values() {
        for (cells, expected) in [
            (&["1", "-2.5", "1e3"][..], Some(ColumnKind::Numeric)),
            (&["1", "2", "three"], Some(ColumnKind::Categorical)),
            (&["true", "False"], Some(ColumnKind::Boolean)),
            (&["true", "maybe"], Some(ColumnKind::Categorical)),
            (&["2024-01-31", "2024/02/01"], Some(ColumnKind::Date)),
            (&["2024-01-31", "soon"], Some(ColumnKind::Categorical)),
            (&["2024", "2025"], Some(ColumnKind::Numeric)),
            (&[], None),
        ] {
            assert_eq!(kind(cells), expected, "{cells:?}");
        }
    }

    #[test]
    fn the_few_cells_that_are_not_numbers_are_reported() {
        let mut possible = PossibleKinds::ALL;
        for line in 2..20 {
            possible.observe(b"12.5", line);
        }
        assert_eq!(possible.non_numeric(), None);
        possible.observe(b"unknown", 20);
        let cells = NonNumericCells {
            value: "unknown".into(),
            line: 20,
            numbers: 18,
            others: 1,
        };
        assert_eq!(possible.non_numeric(), Some(cells));
        possible.observe(b"x", 21);
        possible.observe(b"y", 22);
        assert_eq!(possible.non_numeric(), None, "three of 21 are not few");
    }
}
