use arrow_schema::DataType;

use super::builder::is_boolean;
use super::report::OddCell;
use crate::ColumnKind;
use crate::table::parse_date;

/// What the values of a column can be, after those that were seen.
///
/// A column is what *all* its values allow, so a late `N/A` or `12.5` changes it and fails nothing.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools)] // Each kind is possible or not.
pub(super) struct Possible {
    number: bool,
    boolean: bool,
    date: bool,
    /// Whether its type can be read at all: lists and blobs cannot.
    readable: bool,
    /// Whether any value was there.
    seen: bool,
    /// How many cells are numbers, and how many are not.
    numbers: usize,
    others: usize,
    /// The first that is not, and its line.
    first_other: Option<(String, u64)>,
}

/// If so many times more cells are numbers than are not, those that are not stand out.
const ODD_RATIO: usize = 9;

impl Possible {
    /// Nothing was seen, so all is possible.
    pub const ANYTHING: Self = Self {
        number: true,
        boolean: true,
        date: true,
        readable: true,
        seen: false,
        numbers: 0,
        others: 0,
        first_other: None,
    };

    /// Takes notice of a cell that is not missing, in a line.
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

    /// Takes notice of a column's type.
    pub fn observe_type(&mut self, data_type: &DataType) {
        self.seen = true;
        let is_number = data_type.is_numeric();
        let is_boolean = *data_type == DataType::Boolean;
        let is_date = matches!(
            data_type,
            DataType::Date32 | DataType::Date64 | DataType::Timestamp(..)
        );
        self.readable &= is_number || is_boolean || is_date || is_text(data_type);
        self.number &= is_number;
        self.boolean &= is_boolean;
        self.date &= is_date;
    }

    /// What keeps a column from being numbers, if almost all its values are.
    pub fn odd(&self) -> Option<OddCell> {
        if self.number || self.numbers < ODD_RATIO * self.others.max(1) {
            return None;
        }
        let (value, line) = self.first_other.clone()?;
        Some(OddCell {
            value,
            line,
            numbers: self.numbers,
            others: self.others,
        })
    }

    /// The kind that follows; `None` if nothing was seen, or nothing that can be read.
    pub fn kind(&self) -> Option<ColumnKind> {
        match self {
            Self { seen: false, .. }
            | Self {
                readable: false, ..
            } => None,
            Self { number: true, .. } => Some(ColumnKind::Numeric),
            Self { boolean: true, .. } => Some(ColumnKind::Boolean),
            Self { date: true, .. } => Some(ColumnKind::Date),
            _ => Some(ColumnKind::Categorical),
        }
    }

    /// Whether the column's type is one that cannot be read.
    pub fn is_readable(&self) -> bool {
        self.readable
    }
}

/// Whether a type is text, or names in a dictionary.
pub(super) fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => true,
        // Whatever the categories are called.
        DataType::Dictionary(_, value) => is_text(value) || value.is_primitive(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(cells: &[&str]) -> Option<ColumnKind> {
        let mut possible = Possible::ANYTHING;
        for cell in cells {
            possible.observe(cell.as_bytes(), 1);
        }
        possible.kind()
    }

    #[test]
    fn a_column_is_what_all_its_values_allow() {
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
    fn a_cell_that_keeps_a_column_from_being_numbers_stands_out() {
        let mut possible = Possible::ANYTHING;
        for line in 2..20 {
            possible.observe(b"12.5", line);
        }
        assert_eq!(possible.odd(), None);
        possible.observe(b"unknown", 20);
        let odd = OddCell {
            value: "unknown".into(),
            line: 20,
            numbers: 18,
            others: 1,
        };
        assert_eq!(possible.odd(), Some(odd));
        possible.observe(b"x", 21);
        possible.observe(b"y", 22);
        assert_eq!(possible.odd(), None, "text is no oddity any more");
    }
}
