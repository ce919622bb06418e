//! Which row of a text is the first of its table, and whether it names the columns.

use std::collections::{BTreeSet, HashSet};

use super::cell_text::plain;
use super::dialect::Dialect;
use super::kind::CellKind;
use super::scan::{Cell, Row};
use super::surplus::{ROW_NAMES, Surplus};
use crate::names::index_of_numbered_column;

/// How many rows may precede the header.
const MOST_ROWS_BEFORE: usize = 100;
/// The share of rows that must be as wide as the table, for the shorter ones above to be notes.
const LEAST_EVEN: f64 = 0.8;

/// The first row of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FirstRow {
    /// Its index among all rows.
    pub index: usize,
    /// Where it begins, in bytes from the beginning of the text: behind the mark of a comment, unless the
    /// mark is part of a name.
    pub offset: usize,
    /// Whether it names the columns.
    pub is_header: bool,
    /// Whether it has the names that were looked for.
    pub has_names: bool,
}

/// The first rows of a text.
pub(super) struct Sheet<'a> {
    pub text: &'a [u8],
    pub rows: &'a [Row],
    pub dialect: &'a Dialect,
}

impl<'a> Sheet<'a> {
    /// The text of a cell, without surrounding blanks.
    pub fn cell(&self, cell: &Cell) -> &'a [u8] {
        plain(&self.text[cell.range.clone()])
    }

    fn kind(&self, cell: &Cell) -> CellKind {
        CellKind::of(self.cell(cell), self.dialect)
    }

    /// Finds the first row of the table: the one that has all given names, or else the first one below
    /// comments and notes. `is_exact` says that nothing precedes it.
    pub fn find_first(&self, names: &[&String], is_exact: bool) -> FirstRow {
        if let Some(index) = self.row_with(names) {
            let row = &self.rows[index];
            let is_part = names.iter().any(|name| name.as_bytes() == self.marked(row));
            return FirstRow {
                index,
                offset: if is_part { row.offset } else { row.first_cell },
                is_header: true,
                has_names: true,
            };
        }
        let mut index = if is_exact { 0 } else { self.below_notes() };
        let mut is_header = self.dialect.header;
        if is_header.is_none() {
            is_header = Some(self.is_header(index));
        }
        // A header may be marked like a comment.
        let above = index.checked_sub(1).filter(|&above| {
            let row = &self.rows[above];
            row.is_comment && row_width(row) > 1 && row_width(row) == row_width(&self.rows[index])
        });
        let mut offset = self.rows[index].offset;
        if let Some(above) = above
            && self.dialect.header != Some(false)
            && (self.evidence(above).0 || !self.is_header(index))
        {
            (index, is_header) = (above, Some(true));
            offset = self.rows[above].first_cell;
        }
        FirstRow {
            index,
            offset,
            is_header: is_header.unwrap_or(true),
            has_names: false,
        }
    }

    fn row_with(&self, names: &[&String]) -> Option<usize> {
        let rows = self.rows.iter().take(MOST_ROWS_BEFORE);
        rows.enumerate().find_map(|(index, row)| {
            let names = names.iter().filter(|name| !self.is_unnamed(index, name));
            let first = names.clone().next()?;
            let cells = row.cells.iter().map(|cell| self.cell(cell));
            let mut cells = cells.chain([self.marked(row)]);
            if !cells.clone().any(|cell| cell == first.as_bytes()) {
                return None;
            }
            let cells: HashSet<&[u8]> = cells.by_ref().collect();
            let has_all = names.clone().all(|name| cells.contains(name.as_bytes()));
            has_all.then_some(index)
        })
    }

    /// Whether a name stands for a column that has none in a row: one whose cell is empty, which is known by its
    /// number, or that of the names of rows.
    fn is_unnamed(&self, index: usize, name: &str) -> bool {
        let cells = &self.rows[index].cells;
        let cell = index_of_numbered_column(name).and_then(|column| cells.get(column));
        cell.is_some_and(|cell| self.cell(cell).is_empty())
            || name == ROW_NAMES && self.has_row_names(index)
    }

    /// Whether the rows below a row have their names in front, for which the row has no cell.
    fn has_row_names(&self, index: usize) -> bool {
        Surplus::below(self, index) == Surplus::RowNames
    }

    /// The first cell of a row, with the mark of a comment.
    fn marked(&self, row: &Row) -> &'a [u8] {
        self.text[row.offset..row.cells[0].range.end].trim_ascii()
    }

    /// The index of the first row below comments and notes.
    fn below_notes(&self) -> usize {
        let first = self.rows.iter().position(|row| !row.is_comment);
        // What begins like a comment in each row is none.
        let first = first.unwrap_or(0);
        let width = self.most_frequent_width(first);
        let requested = self.dialect.header;
        if row_width(&self.rows[first]) < width {
            let rows = self.rows.iter().enumerate().skip(first);
            let wide = rows
                .take(MOST_ROWS_BEFORE)
                .find(|(_, row)| row.cells.len() == width);
            let Some((wide, _)) = wide else {
                return first;
            };
            let below = &self.rows[wide..];
            let even = below.iter().filter(|row| row.cells.len() == width).count();
            let is_even = even as f64 >= LEAST_EVEN * below.len() as f64;
            let names_text = || self.is_header(wide) && self.is_tight(wide, width);
            // Above names of rows, the header is narrower as well.
            let is_requested =
                requested.is_some_and(|is_header| !is_header || !self.has_row_names(first));
            if is_even && (is_requested || self.evidence(wide).0 || names_text()) {
                return wide;
            }
            return first;
        }
        // Spreadsheets fill notes up with empty cells.
        if width > 2 && self.num_filled(first) * 2 <= width && requested != Some(false) {
            let mut rows = self.rows.iter().enumerate().skip(first + 1);
            let full = rows.find(|(index, row)| {
                row.cells.len() == width && self.num_filled(*index) + 1 >= width
            });
            if let Some((full, _)) = full
                && self.evidence(full).0
            {
                return full;
            }
        }
        first
    }

    /// Whether all rows from an index on are equally wide, and no cell begins with a blank, as behind the
    /// commas of a sentence.
    fn is_tight(&self, index: usize, width: usize) -> bool {
        const LEAST_ROWS: usize = 4;
        let rows = &self.rows[index..];
        rows.len() >= LEAST_ROWS
            && rows.iter().all(|row| {
                let cells = row.cells.iter();
                let mut starts = cells.map(|cell| self.text.get(cell.range.start));
                row.cells.len() == width && !starts.any(|first| first == Some(&b' '))
            })
    }

    fn num_filled(&self, index: usize) -> usize {
        let cells = self.rows[index].cells.iter();
        cells.filter(|cell| !self.cell(cell).is_empty()).count()
    }

    /// The number of cells that most rows have.
    fn most_frequent_width(&self, first: usize) -> usize {
        most_frequent(self.rows[first..].iter().map(row_width)).unwrap_or(1)
    }

    /// Whether a row names the columns below it: not if a cell is like those below it, unless another
    /// one is text above numbers.
    pub fn is_header(&self, index: usize) -> bool {
        let (for_it, against_it) = self.evidence(index);
        for_it || !against_it
    }

    /// Whether something says that a row names the columns below it, and whether something says that it
    /// does not.
    fn evidence(&self, index: usize) -> (bool, bool) {
        /// More rows say little more.
        const MOST_BELOW: usize = 100;
        let first = &self.rows[index];
        // Where files were joined, the header is there once more.
        let is_first = |row: &&Row| self.is_text_again(first, row);
        let below = self.rows[index + 1..].iter().filter(|row| !is_first(row));
        let below: Vec<&Row> = below.take(MOST_BELOW).collect();
        let (mut for_it, mut against_it) = (false, false);
        for (column, cell) in first.cells.iter().enumerate() {
            let values = || below.iter().filter_map(|row| row.cells.get(column));
            let mut kinds = values()
                .map(|cell| self.kind(cell))
                .filter(|kind| *kind != CellKind::Missing);
            let Some(kind) = kinds.next() else { continue };
            let is_uniform = kinds.all(|other| other == kind);
            match (kind, self.kind(cell)) {
                (CellKind::Number | CellKind::Date, CellKind::Text)
                | (CellKind::Number, CellKind::Date)
                    if is_uniform =>
                {
                    for_it = true;
                }
                (CellKind::Number, CellKind::Number) | (CellKind::Date, CellKind::Date)
                    if is_uniform =>
                {
                    against_it = true;
                }
                (CellKind::Text, CellKind::Text) => {
                    let name = self.cell(cell);
                    against_it |= values().any(|value| self.cell(value) == name);
                }
                _ => {}
            }
        }
        let counts = |row: &Row| {
            let numbers = self.whole_numbers(row);
            numbers.len() > 2 && numbers.windows(2).all(|pair| pair[1] == pair[0] + 1)
        };
        for_it |= counts(first) && !below.iter().take(3).any(|row| counts(row));
        for_it |= against_it && self.names_categories(first, &below);
        (for_it, against_it)
    }

    /// Whether a row has the same cells as another one, all of which are text.
    fn is_text_again(&self, first: &Row, row: &Row) -> bool {
        let mut pairs = first.cells.iter().zip(&row.cells);
        first.cells.len() > 1
            && first.cells.len() == row.cells.len()
            && pairs.all(|(one, other)| {
                self.cell(one) == self.cell(other) && self.kind(one) == CellKind::Text
            })
    }

    /// The numbers of a row if all of them are whole, such as column numbers or years.
    fn whole_numbers(&self, row: &Row) -> Vec<i64> {
        let cells = row.cells.iter();
        let numbers = cells.filter(|cell| self.kind(cell) == CellKind::Number);
        let whole = numbers.map(|cell| str::from_utf8(self.cell(cell)).ok()?.parse().ok());
        whole.collect::<Option<_>>().unwrap_or_default()
    }

    /// Whether a row has growing numbers, and every text in it stands above texts that recur, but is
    /// none of them.
    fn names_categories(&self, first: &Row, below: &[&Row]) -> bool {
        const LEAST_ROWS: usize = 8;
        let numbers = self.whole_numbers(first);
        if numbers.len() < 2 || !numbers.is_sorted_by(|a, b| a < b) || below.len() < LEAST_ROWS {
            return false;
        }
        let texts = first.cells.iter().enumerate();
        let mut texts = texts
            .filter(|(_, cell)| self.kind(cell) == CellKind::Text)
            .peekable();
        texts.peek().is_some()
            && texts.all(|(column, cell)| {
                let values = below.iter().filter_map(|row| row.cells.get(column));
                let values: Vec<&[u8]> = values.map(|value| self.cell(value)).collect();
                let distinct: BTreeSet<&[u8]> = values.iter().copied().collect();
                distinct.len() * 4 <= values.len() && !distinct.contains(self.cell(cell))
            })
    }
}

/// The most frequent width, and the largest one of those that are; `None` if there is none.
pub(super) fn most_frequent(widths: impl Iterator<Item = usize>) -> Option<usize> {
    let mut widths: Vec<usize> = widths.collect();
    widths.sort_unstable();
    let runs = widths.chunk_by(|a, b| a == b);
    runs.max_by_key(|run| (run.len(), run[0])).map(|run| run[0])
}

fn row_width(row: &Row) -> usize {
    row.cells.len()
}
