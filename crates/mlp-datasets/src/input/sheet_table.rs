//! The cells of a sheet as batches of typed columns.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::Schema;
use calamine::{CellErrorType, Data};

use super::cells::Cell;
use super::column_type::{ColumnType, rows_per_chunk};
use super::dialect::Dialect;
use super::memory::MemoryBatches;
use crate::error::Error;
use crate::format::DateFormat;

/// The day behind the last one that Excel knows, in the year 10000.
const LAST_DAY: f64 = 2_958_466.0;

/// The cells of a sheet that are not empty, by row and column.
#[derive(Default)]
pub(super) struct SheetTable {
    rows: BTreeMap<u32, Vec<(u32, Cell)>>,
    len: usize,
}

impl SheetTable {
    pub fn push(&mut self, (row, column): (u32, u32), cell: Cell) {
        if cell != Cell::Missing {
            self.rows.entry(row).or_default().push((column, cell));
            self.len += 1;
        }
    }

    /// The number of cells.
    pub fn len(&self) -> usize {
        self.len
    }

    /// The table: the first row that is not empty names the columns, unless the dialect says otherwise.
    /// Empty rows and columns are left out.
    pub fn into_batches(mut self, path: &Path, dialect: &Dialect) -> Result<MemoryBatches, Error> {
        let cells = self.rows.values().flatten();
        let columns: BTreeSet<u32> = cells.map(|(column, _)| *column).collect();
        let has_header = dialect.header.unwrap_or(true);
        let header = if has_header {
            self.rows.pop_first().map(|(_, cells)| cells)
        } else {
            None
        };
        let index_of: BTreeMap<u32, usize> = columns.iter().copied().zip(0..).collect();
        let mut names: Vec<String> = (1..=columns.len()).map(|i| format!("column_{i}")).collect();
        for (column, cell) in header.into_iter().flatten() {
            if let Some(name) = cell.text().filter(|name| !name.trim().is_empty()) {
                name.trim().clone_into(&mut names[index_of[&column]]);
            }
        }
        if names.is_empty() {
            return Err(Error::EmptyFile {
                path: path.to_owned(),
            });
        }
        let mut types = vec![ColumnType::Missing; names.len()];
        // What means a missing value in a text must not make a column text. In a column of text it stays,
        // since it may be a value among the others.
        let means_missing =
            |cell: &Cell| matches!(cell, Cell::Text(text) if dialect.means_missing(text.trim()));
        for (column, cell) in self.rows.values().flatten() {
            if !means_missing(cell) {
                let of = &mut types[index_of[column]];
                *of = of.with(cell);
            }
        }
        for (column, cell) in self.rows.values_mut().flatten() {
            if types[index_of[column]] != ColumnType::Text && means_missing(cell) {
                *cell = Cell::Missing;
            }
        }
        let fields = names.iter().zip(&types).map(|(name, of)| of.field(name));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let mut batches = Vec::new();
        let mut rows = self.rows.into_values().peekable();
        while rows.peek().is_some() {
            let mut columns: Vec<Vec<Cell>> = vec![Vec::new(); names.len()];
            let mut num_rows = 0;
            for row in rows.by_ref().take(rows_per_chunk(names.len())) {
                num_rows += 1;
                for column in &mut columns {
                    column.push(Cell::Missing);
                }
                for (column, cell) in row {
                    columns[index_of[&column]][num_rows - 1] = cell;
                }
            }
            let arrays = types
                .iter()
                .zip(&columns)
                .map(|(of, cells)| of.array(cells.iter()));
            let batch = RecordBatch::try_new(schema.clone(), arrays.collect());
            batches.push(batch.map_err(|error| Error::damaged(path, &error))?);
        }
        Ok(MemoryBatches::new(schema, batches))
    }
}

/// A cell as calamine reads it.
pub(super) fn to_cell(value: Data) -> Cell {
    match value {
        Data::Empty | Data::Error(CellErrorType::NA) => Cell::Missing,
        Data::Int(value) => Cell::Integer(value),
        Data::Float(value) => Cell::number(value),
        Data::Bool(value) => Cell::Boolean(value),
        Data::String(text) if text.trim().is_empty() || text == "#N/A" => Cell::Missing,
        Data::String(text) => Cell::Text(text),
        Data::Error(error) => Cell::Text(error.to_string()),
        Data::DateTime(value) => {
            let serial = value.as_f64();
            // A time of day is a fraction of day 0. Excel has no dates before.
            let micros = if value.is_duration() || (0.0..1.0).contains(&serial) {
                // Excel has no finer times than milliseconds.
                #[expect(clippy::cast_possible_truncation)] // Far more than Excel has saturates.
                let millis = (serial * 86_400_000.0).round() as i64;
                millis.checked_mul(1000).map(Cell::Time)
            } else if serial.abs() < LAST_DAY {
                let date = value.as_datetime();
                date.map(|date| Cell::Timestamp(date.and_utc().timestamp_micros()))
            } else {
                None
            };
            micros.unwrap_or(Cell::number(serial))
        }
        Data::DateTimeIso(text) => match DateFormat::YearFirst.parse(&text) {
            Some(microseconds) => Cell::Timestamp(microseconds),
            None => Cell::Text(text),
        },
        Data::DurationIso(text) => match parse_duration(&text) {
            Some(micros) => Cell::Time(micros),
            None => Cell::Text(text),
        },
    }
}

/// A duration such as `PT12H30M05.5S` in microseconds.
fn parse_duration(text: &str) -> Option<i64> {
    let mut rest = text.strip_prefix("PT")?;
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let end = rest.find(|character: char| character.is_ascii_alphabetic())?;
        let number: f64 = rest[..end].replace(',', ".").parse().ok()?;
        seconds += number
            * match rest.as_bytes()[end] {
                b'H' => 3600.0,
                b'M' => 60.0,
                b'S' => 1.0,
                _ => return None,
            };
        rest = &rest[end + 1..];
    }
    #[expect(clippy::cast_possible_truncation)] // Longer ones saturate.
    Some((seconds * 1e6).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_parsed() {
        for (text, micros) in [
            ("PT12H30M05.5S", Some(45_005_500_000)),
            ("PT30H00M00S", Some(108_000_000_000)),
            ("PT5X", None),
            ("5", None),
        ] {
            assert_eq!(parse_duration(text), micros, "{text}");
        }
    }
}
