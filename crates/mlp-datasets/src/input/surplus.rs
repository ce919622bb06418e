//! Cells that only the header has, or only the rows below it.

use super::first_row::{FirstRow, Sheet};
use super::scan::Row;

/// The column of the names of rows, which has no name in a table that R writes.
pub(super) const ROW_NAMES: &str = "row_names";

/// What is in the rows or in the header alone, if all rows have one cell more or less than the header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Surplus {
    #[default]
    None,
    /// The first cell of each row is its name, as R writes tables.
    RowNames,
    /// Each row ends with a delimiter.
    LastOfRow,
    /// The header ends with a delimiter.
    LastOfHeader,
}

impl Surplus {
    /// What rows below the first one have beyond it, if that names the columns.
    pub fn of(sheet: &Sheet<'_>, first: FirstRow) -> Self {
        if first.is_header {
            Self::below(sheet, first.index)
        } else {
            Self::None
        }
    }

    /// What rows below a row of names have beyond it.
    pub fn below(sheet: &Sheet<'_>, header: usize) -> Self {
        let (header, below) = (&sheet.rows[header], &sheet.rows[header + 1..]);
        let width = header.cells.len();
        let [first, ..] = below else {
            return Self::None;
        };
        let found = first.cells.len();
        if found == width || width < 2 || !below.iter().all(|row| row.cells.len() == found) {
            return Self::None;
        }
        let ends_empty = |row: &Row| {
            row.cells
                .last()
                .is_some_and(|cell| sheet.cell(cell).is_empty())
        };
        if found == width + 1 {
            if below.iter().all(ends_empty) {
                Self::LastOfRow
            } else {
                Self::RowNames
            }
        } else if found + 1 == width && ends_empty(header) {
            Self::LastOfHeader
        } else {
            Self::None
        }
    }

    /// The number of cells of each row, below a header of some width.
    pub fn num_cells(self, header: usize) -> usize {
        match self {
            Self::None => header,
            Self::RowNames | Self::LastOfRow => header + 1,
            Self::LastOfHeader => header - 1,
        }
    }
}
