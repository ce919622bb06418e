use arrow_schema::DataType;

use super::builder::is_boolean;
use crate::ColumnKind;
use crate::table::parse_date;

/// What the values of a column can be, after those that were seen.
///
/// A column is what *all* its values allow, so a late `N/A` or `12.5` changes it and fails nothing.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools)] // Each kind is possible or not.
pub(super) struct Possible {
    number: bool,
    boolean: bool,
    date: bool,
    /// Whether its type can be read at all: lists and blobs cannot.
    readable: bool,
    /// Whether any value was there.
    seen: bool,
}

impl Possible {
    /// Nothing was seen, so all is possible.
    pub const ANYTHING: Self = Self {
        number: true,
        boolean: true,
        date: true,
        readable: true,
        seen: false,
    };

    /// Takes notice of a cell that is not missing.
    pub fn observe(&mut self, cell: &[u8]) {
        self.seen = true;
        if !(self.number || self.boolean || self.date) {
            return;
        }
        let Ok(text) = str::from_utf8(cell) else {
            (self.number, self.boolean, self.date) = (false, false, false);
            return;
        };
        self.number = self.number && text.parse::<f64>().is_ok();
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

    /// The kind that follows; `None` if nothing was seen, or nothing that can be read.
    pub fn kind(self) -> Option<ColumnKind> {
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
    pub fn is_readable(self) -> bool {
        self.readable
    }
}

/// Whether a type is text, or names in a dictionary.
pub(super) fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => true,
        DataType::Dictionary(_, value) => is_text(value),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(cells: &[&str]) -> Option<ColumnKind> {
        let mut possible = Possible::ANYTHING;
        for cell in cells {
            possible.observe(cell.as_bytes());
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
}
