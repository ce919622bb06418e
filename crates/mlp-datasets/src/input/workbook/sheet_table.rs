//! The cells of a sheet as batches of typed columns.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::Schema;

use super::header::{FirstRow, Rows, find_first};
use super::mixed::Mixture;
use crate::error::Error;
use crate::input::cells::Cell;
use crate::input::column_type::{ColumnType, rows_per_chunk};
use crate::input::dialect::Dialect;
use crate::input::memory::MemoryBatches;
use crate::names::numbered_column;

/// The cells of a sheet that are not empty.
#[derive(Default)]
pub(super) struct SheetTable {
    rows: Rows,
    len: usize,
}

/// The rows of a sheet below its header, and its columns.
pub(super) struct Body {
    rows: Rows,
    pub names: Vec<String>,
    /// Where each column is in the sheet.
    columns: Vec<u32>,
    /// The first row of the table.
    pub first_row: u32,
}

/// What a sheet says about the rows of its table, besides their cells.
#[derive(Clone, Debug, Default)]
pub(crate) struct SheetFacts {
    /// The name of the sheet, and the names of those that are not read.
    pub name: String,
    pub others: Vec<String>,
    /// The number of each row in the sheet, from 1; empty if rows are counted from the first one.
    row_numbers: Vec<u32>,
}

impl SheetFacts {
    /// The number, from 1, of the row with an index, as a person finds it in the file.
    pub fn row_number(&self, index: usize) -> usize {
        match self.row_numbers.get(index) {
            Some(number) => *number as usize,
            None => index + 1,
        }
    }
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

    /// Whether it has at least two rows of at least two cells.
    pub fn is_table(&self) -> bool {
        let wide = self.rows.values().filter(|cells| cells.len() > 1);
        wide.take(2).count() == 2
    }

    /// Whether one of its rows has all of some names.
    pub fn has_names(&self, dialect: &Dialect, names: &[&String]) -> bool {
        find_first(&self.rows, dialect, names).is_some_and(|first| first.has_names)
    }

    /// What divides its cells, if it has a single column with the lines of a text.
    pub fn undivided(&self) -> Option<char> {
        const LEAST_ROWS: usize = 2;
        const MOST_ROWS: usize = 100;
        let cells = self.rows.values().take(MOST_ROWS).flatten();
        let first = cells.clone().next()?;
        let is_text =
            |(column, cell): &(u32, Cell)| *column == first.0 && matches!(cell, Cell::Text(_));
        if self.rows.len() < LEAST_ROWS || !cells.clone().all(is_text) {
            return None;
        }
        let texts: Vec<String> = cells.filter_map(|(_, cell)| cell.text()).collect();
        let divides = |delimiter: &char| {
            let counts = texts.iter().map(|text| text.matches(*delimiter).count());
            let first = counts.clone().next().unwrap_or(0);
            first > 0 && counts.clone().all(|count| count == first)
        };
        [';', '\t', '|', ','].into_iter().find(divides)
    }

    /// The rows of the table; `None` if there are none.
    pub fn into_body(mut self, dialect: &Dialect, names: &[&String]) -> Option<Body> {
        let FirstRow { row, is_header, .. } = find_first(&self.rows, dialect, names)?;
        let mut rows = self.rows.split_off(&row);
        let cells = rows.values().flatten();
        let columns: BTreeSet<u32> = cells.map(|(column, _)| *column).collect();
        let columns: Vec<u32> = columns.into_iter().collect();
        let header = is_header.then(|| rows.pop_first()).flatten();
        let mut names: Vec<String> = (0..columns.len()).map(numbered_column).collect();
        for (column, cell) in header.into_iter().flat_map(|(_, cells)| cells) {
            let name = cell.text().filter(|name| !name.trim().is_empty());
            if let (Some(name), Ok(index)) = (name, columns.binary_search(&column)) {
                name.trim().clone_into(&mut names[index]);
            }
        }
        Some(Body {
            rows,
            names,
            columns,
            first_row: row,
        })
    }
}

impl Body {
    /// The names of the columns without values, by their position in the sheet.
    pub fn empty_columns(&self) -> BTreeMap<u32, &String> {
        let columns = self.columns.iter().copied();
        let mut empty: BTreeMap<u32, &String> = columns.zip(&self.names).collect();
        for (column, _) in self.rows.values().flatten() {
            empty.remove(column);
        }
        empty
    }

    pub fn num_rows(&self) -> usize {
        self.rows.len()
    }

    /// The numbers of the rows in the sheet.
    pub fn facts(&self, name: String, others: Vec<String>) -> SheetFacts {
        SheetFacts {
            name,
            others,
            row_numbers: self.rows.keys().map(|row| row + 1).collect(),
        }
    }

    /// The table. Empty rows and columns are left out.
    pub fn into_batches(mut self, path: &Path, dialect: &Dialect) -> Result<MemoryBatches, Error> {
        let indices = self.columns.iter().copied().zip(0..);
        let index_of: BTreeMap<u32, usize> = indices.collect();
        let types = self.settle_types(&index_of, dialect);
        let fields = self
            .names
            .iter()
            .zip(&types)
            .map(|(name, of)| of.field(name));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let mut batches = Vec::new();
        let mut rows = self.rows.into_values().peekable();
        while rows.peek().is_some() {
            let mut columns: Vec<Vec<Cell>> = vec![Vec::new(); types.len()];
            let mut num_rows = 0;
            for row in rows.by_ref().take(rows_per_chunk(types.len())) {
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

    /// Gives each column the type that fits all its cells.
    fn settle_types(
        &mut self,
        index_of: &BTreeMap<u32, usize>,
        dialect: &Dialect,
    ) -> Vec<ColumnType> {
        // What means a missing value in a text must not make a column text. In a column of text it stays,
        // since it may be a value among the others.
        let means_missing =
            |cell: &Cell| matches!(cell, Cell::Text(text) if dialect.means_missing(text.trim()));
        let mut mixtures = vec![Mixture::default(); self.names.len()];
        for (column, cell) in self.rows.values().flatten() {
            if !means_missing(cell) {
                mixtures[index_of[column]].observe(cell);
            }
        }
        let readers = mixtures.iter().map(|mixture| mixture.reader(dialect));
        let readers: Vec<_> = readers.collect();
        let mut types = vec![ColumnType::Missing; self.names.len()];
        for (column, cell) in self.rows.values_mut().flatten() {
            if !means_missing(cell) {
                let index = index_of[column];
                if let Some(reader) = &readers[index] {
                    reader.read(cell);
                }
                types[index] = types[index].with(cell);
            }
        }
        for (column, cell) in self.rows.values_mut().flatten() {
            if types[index_of[column]] != ColumnType::Text && means_missing(cell) {
                *cell = Cell::Missing;
            }
        }
        types
    }
}
