//! Which row of a sheet is the first of its table, and whether it names the columns.

use std::collections::{BTreeMap, HashSet};

use crate::input::cells::Cell;
use crate::input::column_type::ColumnType;
use crate::input::dialect::Dialect;
use crate::input::first_row::most_frequent;
use crate::input::kind::CellKind;
use crate::names::index_of_numbered_column;

/// The cells of a sheet that are not empty, by row and column.
pub(super) type Rows = BTreeMap<u32, Vec<(u32, Cell)>>;
type Row<'a> = (u32, &'a [(u32, Cell)]);

/// How many rows may precede the header.
const MOST_ROWS_BEFORE: usize = 100;
/// More rows say little more.
const MOST_BELOW: usize = 100;

/// The first row of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FirstRow {
    pub row: u32,
    /// Whether it names the columns.
    pub is_header: bool,
    /// Whether it has the names that were looked for.
    pub has_names: bool,
}

/// Finds the first row of the table: the one that has all given names, or else the first one below titles
/// and notes. `None` if there is no row.
pub(super) fn find_first(rows: &Rows, dialect: &Dialect, names: &[&String]) -> Option<FirstRow> {
    let skipped = dialect.skip_lines.unwrap_or(0);
    let start = u32::try_from(skipped).unwrap_or(u32::MAX);
    // A workbook may have other rows above than the one that a model was trained on.
    let named = row_with(rows, start, names).or_else(|| row_with(rows, 0, names));
    if let Some(row) = named {
        return Some(FirstRow {
            row,
            is_header: true,
            has_names: true,
        });
    }
    let sample = rows.range(start..).map(|(row, cells)| (*row, &cells[..]));
    let sample: Vec<Row> = sample.take(MOST_ROWS_BEFORE + MOST_BELOW).collect();
    let is_header = dialect.header.unwrap_or(true);
    let (first, _) = *sample.first()?;
    let is_exact = dialect.skip_lines.is_some() || !is_header;
    let below = (!is_exact).then(|| below_notes(&sample, dialect)).flatten();
    Some(FirstRow {
        row: below.unwrap_or(first),
        is_header,
        has_names: false,
    })
}

/// The first row that has all names. A column without a name is known by its number.
fn row_with(rows: &Rows, start: u32, names: &[&String]) -> Option<u32> {
    let names = names.iter().map(|name| name.as_str());
    let names = names.filter(|name| index_of_numbered_column(name).is_none());
    let names: Vec<&str> = names.collect();
    if names.is_empty() {
        return None;
    }
    let mut rows = rows.range(start..).take(MOST_ROWS_BEFORE);
    let found = rows.find(|(_, cells)| {
        let texts = cells.iter().filter_map(|(_, cell)| cell.text());
        let texts: HashSet<String> = texts.map(|text| text.trim().to_owned()).collect();
        names.iter().all(|name| texts.contains(*name))
    });
    found.map(|(row, _)| *row)
}

/// The row below titles and notes that names the columns; `None` if the first row does.
fn below_notes(rows: &[Row], dialect: &Dialect) -> Option<u32> {
    let width = most_frequent_width(rows);
    let mut widest_above = 0;
    let mut leftmost_above = u32::MAX;
    for (index, (row, cells)) in rows.iter().enumerate().take(MOST_ROWS_BEFORE) {
        let is_wide = cells.len() >= width;
        // One column may have no name, as the row numbers that pandas writes.
        if is_wide || width > 2 && cells.len() + 1 >= width {
            let below = &rows[index + 1..];
            let is_title = widest_above * 2 <= width
                && cells
                    .first()
                    .is_some_and(|(column, _)| leftmost_above <= *column);
            let names_columns = are_names(cells)
                && (is_above_values(cells, below, dialect)
                    || is_wide && is_title && is_distinct(cells, below));
            if index > 0 && names_columns {
                return Some(*row);
            }
            if is_wide || names_columns {
                return None;
            }
        }
        widest_above = widest_above.max(cells.len());
        let first = cells.first().map(|(column, _)| *column);
        leftmost_above = leftmost_above.min(first.unwrap_or(u32::MAX));
    }
    None
}

/// The number of filled cells that most rows have. Rows with a single one may all be notes.
fn most_frequent_width(rows: &[Row]) -> usize {
    let widths = rows.iter().map(|(_, cells)| cells.len());
    most_frequent(widths.filter(|width| *width > 1)).unwrap_or(1)
}

/// Whether the cells of a row can be names: texts, and numbers only if they count, as years do.
fn are_names(cells: &[(u32, Cell)]) -> bool {
    let texts = cells
        .iter()
        .filter(|(_, cell)| matches!(cell, Cell::Text(_)));
    let numbers: Vec<i64> = cells
        .iter()
        .filter_map(|(_, cell)| cell.integer())
        .collect();
    let counts = numbers.len() > 1 && numbers.windows(2).all(|pair| pair[1] == pair[0] + 1);
    texts.clone().count() == cells.len() || counts && texts.count() + numbers.len() == cells.len()
}

/// Whether a text of the row stands above nothing but numbers, or nothing but dates.
fn is_above_values(cells: &[(u32, Cell)], below: &[Row], dialect: &Dialect) -> bool {
    cells.iter().any(|(column, cell)| {
        let kinds = column_below(*column, below).map(|cell| kind(cell, dialect));
        let mut kinds = kinds.filter(|kind| *kind != CellKind::Missing);
        let first = kinds.next();
        kind(cell, dialect) == CellKind::Text
            && matches!(first, Some(CellKind::Number | CellKind::Date))
            && kinds.all(|kind| Some(kind) == first)
    })
}

/// Whether the cells of a row differ from each other and from all cells below them.
fn is_distinct(cells: &[(u32, Cell)], below: &[Row]) -> bool {
    let texts: HashSet<Option<String>> = cells.iter().map(|(_, cell)| cell.text()).collect();
    texts.len() == cells.len()
        && cells
            .iter()
            .all(|(column, cell)| column_below(*column, below).all(|value| value != cell))
}

fn column_below<'a>(column: u32, below: &'a [Row<'a>]) -> impl Iterator<Item = &'a Cell> {
    let rows = below.iter().take(MOST_BELOW);
    let cells = rows.flat_map(|(_, cells)| cells.iter());
    cells
        .filter(move |(of, _)| *of == column)
        .map(|(_, cell)| cell)
}

fn kind(cell: &Cell, dialect: &Dialect) -> CellKind {
    match ColumnType::of(cell) {
        ColumnType::Missing => CellKind::Missing,
        ColumnType::Boolean
        | ColumnType::Natural
        | ColumnType::Integer
        | ColumnType::Unsigned
        | ColumnType::Number => CellKind::Number,
        ColumnType::Date | ColumnType::Timestamp | ColumnType::Time | ColumnType::Duration => {
            CellKind::Date
        }
        ColumnType::Text | ColumnType::List | ColumnType::Object => {
            let text = cell.text().unwrap_or_default();
            CellKind::of(text.trim().as_bytes(), dialect)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sheet of rows whose cells are divided by `|`.
    fn sheet(rows: &[&str]) -> Rows {
        let cell = |text: &str| match text.parse::<f64>() {
            Ok(number) => Cell::number(number),
            Err(_) => Cell::Text(text.to_owned()),
        };
        let cells = |row: &str| {
            let cells = (0..).zip(row.split('|'));
            let filled = cells.filter(|(_, text)| !text.is_empty());
            filled.map(|(column, text)| (column, cell(text))).collect()
        };
        let rows = (0..).zip(rows).filter(|(_, row)| !row.is_empty());
        rows.map(|(index, row)| (index, cells(row))).collect()
    }

    fn header(rows: &[&str], names: &[&str]) -> u32 {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let names: Vec<&String> = names.iter().collect();
        find_first(&sheet(rows), &Dialect::default(), &names)
            .unwrap()
            .row
    }

    #[test]
    fn the_header_is_below_titles_notes_and_blank_rows() {
        for rows in [
            &["Sales", "", "from a shop", "a|b|y", "1|2|3", "4|5|6"][..],
            &["", "Sales", "Year|2024", "a|b|c|y", "1|2|x|3", "4||y|6"],
            &["", "", "Sales|x", "a|b|c|y", "1|2|x|3", "4||y|6"],
            &["Station|Berlin", "", "", "day|place|y", "1|x|3", "2|y|6"],
            &[
                "Sales",
                "of",
                "fruit",
                "colour|kind",
                "red|apple",
                "red|plum",
            ],
            &["Sales", "", "", "kind|2023|2024", "apple|1|2", "plum|3|4"],
            &["Sales", "", "", "|a|b", "0|1|2", "1|3|4"],
        ] {
            assert_eq!(header(rows, &[]), 3, "{rows:?}");
        }
    }

    #[test]
    fn a_first_row_that_is_almost_full_is_the_header() {
        for rows in [
            &["a|b|y", "1|2|3"][..],
            &["|a|y", "0|2|3", "1|2|5"],
            &["|colour", "a|red", "b|blue"],
            &["a||y", "x|y|z", "u|v|w"],
            &["a", "1", "2"],
            &["a|b", "x|", "y|", "z|2"],
        ] {
            assert_eq!(header(rows, &[]), 0, "{rows:?}");
        }
    }

    #[test]
    fn the_row_with_all_given_names_is_the_header() {
        let rows = ["a|y", "note|x", "b|y", "1|2"];
        assert_eq!(header(&rows, &["y", "b"]), 2);
        assert_eq!(header(&rows, &["y"]), 0);
        assert_eq!(header(&rows, &["column_1", "b"]), 2);
    }

    #[test]
    fn rows_are_skipped_as_the_dialect_says() {
        let rows = sheet(&["a|y", "1|2", "b|y", "1|2"]);
        let dialect = Dialect {
            skip_lines: Some(2),
            ..Dialect::default()
        };
        assert_eq!(find_first(&rows, &dialect, &[]).unwrap().row, 2);
        // Unless that leads away from the names.
        let name = "a".to_owned();
        assert_eq!(find_first(&rows, &dialect, &[&name]).unwrap().row, 0);
    }
}
