use std::collections::HashMap;
use std::path::Path;

use super::builder::{ColumnBuilder, InvalidCell};
use super::inference::PossibleKinds;
use super::options::ReadOptions;
use crate::column_report::{ColumnReport, DropReason, NonNumericCells, Role};
use crate::error::{Error, Position};
use crate::input::{Dialect, Input, InputReader, TextReader, find_columns};
use crate::names::first_duplicate;
use crate::schema::Schema;
use crate::table::{Column, ColumnKind, Values};
use crate::task::Task;

/// The columns of one or more inputs and their kinds, before their values are read.
pub(super) struct InferredColumns {
    columns: Vec<InferredColumn>,
}

/// A column of the first input.
struct InferredColumn {
    name: String,
    kind: ColumnKind,
    /// Why the column is left out, or will be after its values were read.
    dropped: Option<DropReason>,
    non_numeric: Option<NonNumericCells>,
}

/// The columns after their values were read.
pub(super) struct ReadColumns {
    pub columns: Vec<Column>,
    /// The number of rows of each input.
    pub input_rows: Vec<usize>,
    pub reports: Vec<ColumnReport>,
}

impl InferredColumns {
    /// Infers the kinds of the first input's columns from all values of all inputs.
    pub fn infer(inputs: &[Input], options: &ReadOptions) -> Result<Self, Error> {
        let path = inputs[0].path();
        let names = InputReader::open(&inputs[0], &options.dialect)?.header();
        if let Some(column) = first_duplicate(&names) {
            return Err(Error::DuplicateColumn {
                path,
                column: column.clone(),
            });
        }
        // All columns that are named by the options must exist.
        let needed = options.model.iter().flat_map(Schema::names);
        let named = options.named().chain(options.kinds.keys());
        find_columns(&path, named.chain(needed), &names)?;

        // Columns that are left out need not be in the other inputs.
        let is_wanted = |name: &&String| options.kind(name) != Some(ColumnKind::Drop);
        let wanted: Vec<&String> = names.iter().filter(is_wanted).collect();
        let mut possible = vec![PossibleKinds::ALL; wanted.len()];
        for input in inputs {
            observe(input, &wanted, &mut possible, options)?;
        }
        let possible: HashMap<&String, PossibleKinds> = wanted.into_iter().zip(possible).collect();
        let infer = |name: &String| match possible.get(name) {
            Some(possible) => {
                let requested = options.kind(name);
                // Classes are compared too, so they must be exact.
                let is_class = options.task == Some(Task::Classification)
                    && options.target.contains(name)
                    && possible.kind() == Some(ColumnKind::Numeric);
                InferredColumn::new(
                    name,
                    possible,
                    requested.or(is_class.then_some(ColumnKind::Categorical)),
                )
            }
            None => InferredColumn {
                name: name.clone(),
                kind: ColumnKind::Drop,
                dropped: Some(DropReason::Asked),
                non_numeric: None,
            },
        };
        Ok(Self {
            columns: names.iter().map(infer).collect(),
        })
    }

    /// Reads the values.
    pub fn read(self, inputs: &[Input], options: &ReadOptions) -> Result<ReadColumns, Error> {
        let is_read = |column: &&InferredColumn| column.kind != ColumnKind::Drop;
        let wanted: Vec<&InferredColumn> = self.columns.iter().filter(is_read).collect();
        let names: Vec<&String> = wanted.iter().map(|column| &column.name).collect();
        let kinds = wanted.iter().map(|column| column.kind);
        let mut builders: Vec<ColumnBuilder> = kinds.map(ColumnBuilder::new).collect();
        let mut input_rows = Vec::with_capacity(inputs.len());
        for input in inputs {
            let num_rows = read_input(input, &names, &mut builders, options)?;
            if num_rows == 0 {
                return Err(Error::NoRows { path: input.path() });
            }
            input_rows.push(num_rows);
        }

        let values = names.into_iter().zip(builders);
        let mut columns: HashMap<&String, Values> = values
            .filter_map(|(name, builder)| Some((name, builder.finish()?)))
            .collect();
        let mut read = ReadColumns {
            columns: Vec::with_capacity(columns.len()),
            input_rows,
            reports: Vec::with_capacity(self.columns.len()),
        };
        for InferredColumn {
            name,
            kind,
            dropped,
            non_numeric,
        } in &self.columns
        {
            let values = columns.remove(name);
            read.reports.push(ColumnReport {
                name: name.clone(),
                kind: *kind,
                role: Role::Feature,
                missing: values.as_ref().map_or(0, Values::num_missing),
                categories: match &values {
                    Some(Values::Categories { names, .. }) => Some(names.len()),
                    Some(Values::Numbers(_) | Values::Dates(_)) | None => None,
                },
                dropped: *dropped,
                non_numeric: non_numeric.clone(),
                suspicion: None,
            });
            if let Some(values) = values {
                let name = name.clone();
                read.columns.push(Column { name, values });
            }
        }
        Ok(read)
    }
}

impl InferredColumn {
    fn new(name: &str, possible: &PossibleKinds, requested: Option<ColumnKind>) -> Self {
        let dropped = if !possible.is_readable() {
            Some(DropReason::Unreadable)
        } else if requested.is_none() && possible.kind().is_none() {
            Some(DropReason::AllMissing)
        } else {
            None
        };
        Self {
            name: name.to_owned(),
            kind: match dropped {
                // If the column has a role, a later check reports that its values are missing.
                Some(DropReason::AllMissing) => ColumnKind::Categorical,
                Some(_) => ColumnKind::Drop,
                None => requested.or(possible.kind()).unwrap_or(ColumnKind::Drop),
            },
            dropped,
            // Those who requested a kind know their data.
            non_numeric: requested
                .is_none()
                .then(|| possible.non_numeric())
                .flatten(),
        }
    }
}

/// Takes all values of an input into account.
fn observe(
    input: &Input,
    names: &[&String],
    possible: &mut [PossibleKinds],
    options: &ReadOptions,
) -> Result<(), Error> {
    let mut reader = InputReader::open(input, &options.dialect)?;
    let indices = find_columns(&input.path(), names.iter().copied(), &reader.header())?;
    match &mut reader {
        InputReader::Text(reader) => {
            while reader.advance()? {
                let line = reader.line();
                for (possible, &index) in possible.iter_mut().zip(&indices) {
                    let cell = reader.cell(index);
                    if !options.dialect.is_missing(cell) {
                        possible.observe(cell, line);
                    }
                }
            }
        }
        InputReader::Batches(batches) => {
            let schema = batches.schema();
            for (possible, &index) in possible.iter_mut().zip(&indices) {
                possible.observe_type(schema.field(index).data_type());
            }
        }
    }
    Ok(())
}

/// Adds all rows of an input to the columns and returns their number.
fn read_input(
    input: &Input,
    names: &[&String],
    builders: &mut [ColumnBuilder],
    options: &ReadOptions,
) -> Result<usize, Error> {
    let path = input.path();
    let mut reader = InputReader::open(input, &options.dialect)?;
    let header = reader.header();
    let indices = find_columns(&path, names.iter().copied(), &header)?;
    let mut num_rows = 0;
    match &mut reader {
        InputReader::Text(reader) => {
            while reader.advance()? {
                push_record(&path, reader, &indices, builders, &options.dialect)?;
                num_rows += 1;
            }
        }
        InputReader::Batches(batches) => {
            for batch in batches {
                let batch = batch.map_err(|error| Error::damaged(&path, &error))?;
                for (builder, &index) in builders.iter_mut().zip(&indices) {
                    builder
                        .extend(batch.column(index), &options.dialect)
                        .map_err(|error| error.locate(&path, num_rows, &header[index]))?;
                }
                num_rows += batch.num_rows();
            }
        }
    }
    Ok(num_rows)
}

/// Adds a row of text to the columns.
pub(super) fn push_record(
    path: &Path,
    reader: &TextReader,
    indices: &[usize],
    builders: &mut [ColumnBuilder],
    dialect: &Dialect,
) -> Result<(), Error> {
    for (builder, &index) in builders.iter_mut().zip(indices) {
        let cell = reader.cell(index);
        builder.push(cell, dialect).map_err(|error| match error {
            InvalidCell::Utf8 => Error::NotUtf8 {
                path: path.to_owned(),
                line: reader.line(),
            },
            InvalidCell::Kind(expected) => Error::BadCell {
                path: path.to_owned(),
                position: Position::Line(reader.line()),
                column: reader.header()[index].clone(),
                value: String::from_utf8_lossy(cell).into_owned(),
                expected,
            },
        })?;
    }
    Ok(())
}
