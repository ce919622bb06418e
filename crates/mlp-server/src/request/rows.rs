use mlp_datasets::{Table, TableBuilder};

use super::Reading;
use super::cell::Cell;
use crate::refusal::{Document, Refusal};
use axum::http::StatusCode;

/// How many names of a row that are no columns are kept, to tell what was meant.
const MOST_OTHERS: usize = 100;

/// Rows that come one after another, with their columns in any order.
pub struct Rows<'a> {
    pub reading: Reading<'a>,
    builder: TableBuilder,
    /// The number of the current row, from 1.
    row: usize,
    /// For each column, the last row, from 1, that had it.
    seen: Vec<usize>,
    /// How many columns the current row has had.
    num_seen: usize,
    /// Names in the current row that are no columns.
    others: Vec<String>,
}

impl<'a> Rows<'a> {
    pub fn new(reading: Reading<'a>) -> Self {
        Self {
            builder: reading.model.table(),
            seen: vec![0; reading.model.num_columns()],
            row: 0,
            num_seen: 0,
            others: Vec::new(),
            reading,
        }
    }

    /// Begins the next row.
    pub fn start_row(&mut self) -> Result<(), Refusal> {
        if self.row >= self.reading.most_rows {
            return Err(Refusal::too_many_rows(self.reading.most_rows));
        }
        self.row += 1;
        self.num_seen = 0;
        self.others.clear();
        Ok(())
    }

    /// The index of a column of the current row. Another name is kept for the message if a column lacks.
    pub fn column(&mut self, name: &str) -> Option<usize> {
        let column = self.reading.model.index_of(name, self.num_seen);
        if column.is_none() && self.others.len() < MOST_OTHERS {
            self.others.push(name.to_owned());
        }
        column
    }

    /// The number of the current row, from 1.
    pub fn row(&self) -> usize {
        self.row
    }

    /// Adds a value of the current row.
    pub fn push(&mut self, column: usize, cell: &Cell) -> Result<(), Refusal> {
        let (row, model) = (self.row, self.reading.model);
        if std::mem::replace(&mut self.seen[column], row) == row {
            let column = model.column(column).to_owned();
            return Err(Refusal::with(
                StatusCode::UNPROCESSABLE_ENTITY,
                Document {
                    error: format!("row {row} has `{column}` twice"),
                    row: Some(row),
                    column: Some(column),
                    ..Document::default()
                },
            ));
        }
        self.num_seen += 1;
        let pushed = cell.push(&mut self.builder, column, model.kind(column));
        pushed.map_err(|expected| cell.refused(row, model.column(column), expected))
    }

    /// Ends the current row.
    pub fn end_row(&mut self) -> Result<(), Refusal> {
        if self.num_seen == self.seen.len() {
            return Ok(());
        }
        let (row, model) = (self.row, self.reading.model);
        let missing = self.seen.iter().position(|&seen| seen != row);
        let missing = model.column(missing.unwrap_or_default());
        let meant = model.meant(missing, self.others.iter().map(String::as_str));
        Err(Refusal::missing_column(
            Some(row),
            missing,
            &model.columns(),
            meant,
        ))
    }

    /// All rows.
    pub fn finish(self) -> Result<Table, Refusal> {
        if self.row == 0 {
            return Err(Refusal::no_rows());
        }
        let table = self.builder.finish()?;
        self.reading.check(&table, 0)?;
        Ok(table)
    }
}
