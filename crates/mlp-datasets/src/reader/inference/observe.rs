use std::path::Path;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_schema::SchemaRef;

use super::possible_kinds::PossibleKinds;
use crate::error::Error;
use crate::format::{MissingTexts, is_usually_missing};
use crate::input::{Dialect, Input, InputReader, find_columns_of, is_untyped, plain_text};
use crate::reader::types::{TypeKind, to_digits};

/// Takes all values of an input into account, and returns the number of rows, or 0 if only the types were looked at.
pub fn observe(
    input: &Input,
    names: &[&String],
    possible: &mut [PossibleKinds],
    dialect: &Dialect,
) -> Result<usize, Error> {
    let mut reader = InputReader::open(input, dialect, names)?;
    let path = input.path();
    let indices = find_columns_of(&path, names.iter().copied(), &reader)?;
    let mut columns: Vec<Observed> = names
        .iter()
        .zip(possible)
        .zip(indices)
        .map(|((name, possible), index)| Observed {
            index,
            possible,
            missing: dialect.missing_texts(&dialect.column(name)),
        })
        .collect();
    let mut num_rows = 0;
    match &mut reader {
        InputReader::Text(reader) => {
            while reader.advance()? {
                num_rows += 1;
                let line = reader.line();
                for column in &mut columns {
                    column.take(reader.cell(column.index), line);
                }
            }
        }
        InputReader::Batches(batches) => {
            let schema = batches.schema();
            columns.retain_mut(|column| column.take_type(&schema));
            if columns.is_empty() {
                return Ok(0);
            }
            let sheet = Arc::clone(&batches.sheet);
            for batch in batches {
                let batch = batch.map_err(|error| Error::damaged(&path, &error))?;
                let number = |index: usize| sheet.row_number(num_rows + index) as u64;
                for column in &mut columns {
                    column.take_batch(&path, &batch, number)?;
                }
                num_rows += batch.num_rows();
            }
        }
    }
    Ok(num_rows)
}

/// A column whose values are looked at.
struct Observed<'a> {
    /// Its index in the input.
    index: usize,
    possible: &'a mut PossibleKinds,
    missing: MissingTexts,
}

impl Observed<'_> {
    fn take(&mut self, cell: &[u8], line: u64) {
        if !self.missing.is_missing_cell(cell) {
            self.possible.observe(cell, line);
        } else if !cell.is_empty() && is_usually_missing(cell) {
            self.possible.observe_missing(cell);
        }
    }

    /// Takes the type of the column into account; whether its values are to be looked at as well.
    fn take_type(&mut self, schema: &SchemaRef) -> bool {
        let field = schema.field(self.index);
        if !is_untyped(field) {
            self.possible.observe_type(field.data_type());
        }
        match TypeKind::of(field.data_type()) {
            TypeKind::Text => true,
            TypeKind::Number => self.possible.is_requested_date(),
            TypeKind::Boolean | TypeKind::Date | TypeKind::Unsupported(_) => false,
        }
    }

    /// Takes the values of some rows, of which a function tells the numbers.
    fn take_batch(
        &mut self,
        path: &Path,
        batch: &RecordBatch,
        number: impl Fn(usize) -> u64,
    ) -> Result<(), Error> {
        let array =
            to_digits(batch.column(self.index)).map_err(|error| Error::damaged(path, &error))?;
        let values = array.as_string::<i32>();
        for (index, value) in values.iter().enumerate() {
            self.take(
                plain_text(value.unwrap_or_default()).as_bytes(),
                number(index),
            );
        }
        Ok(())
    }
}
