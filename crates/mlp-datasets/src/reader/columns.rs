use std::collections::HashMap;
use std::path::Path;

use super::builder::{ColumnBuilder, Wrong, WrongArray};
use super::inference::Possible;
use super::report::{ColumnReport, DropReason, OddCell, Role};
use super::{ReadOptions, Schema};
use crate::error::Place;
use crate::input::{Dialect, Input, InputReader, TextReader, find_columns};
use crate::table::first_duplicate;
use crate::{Column, ColumnKind, Error, Task, Values};

/// The columns of one or more inputs, before their values are read.
pub(super) struct Columns {
    columns: Vec<Planned>,
}

/// A column of the first input.
struct Planned {
    name: String,
    kind: ColumnKind,
    /// Why the kind is [`ColumnKind::Drop`], or will be.
    dropped: Option<DropReason>,
    odd: Option<OddCell>,
}

/// What was read of them.
pub(super) struct Found {
    pub columns: Vec<Column>,
    /// How many rows each input has.
    pub input_rows: Vec<usize>,
    pub reports: Vec<ColumnReport>,
}

impl Columns {
    /// Tells the kinds of the first input's columns from all values of all inputs.
    pub fn infer(inputs: &[Input], options: &ReadOptions) -> Result<Self, Error> {
        let path = inputs[0].path();
        let names = InputReader::open(&inputs[0], &options.dialect)?.header();
        if let Some(column) = first_duplicate(&names) {
            return Err(Error::DuplicateColumn {
                path,
                column: column.clone(),
            });
        }
        // What is named must be there.
        let needed = options.model.iter().flat_map(Schema::names);
        let named = options.named().chain(options.kinds.keys());
        find_columns(&path, named.chain(needed), &names)?;

        // What is to be left out need not be in the other inputs.
        let is_wanted = |name: &&String| options.kind(name) != Some(ColumnKind::Drop);
        let wanted: Vec<&String> = names.iter().filter(is_wanted).collect();
        let mut possible = vec![Possible::ANYTHING; wanted.len()];
        for input in inputs {
            observe(input, &wanted, &mut possible, options)?;
        }
        let possible: HashMap<&String, Possible> = wanted.into_iter().zip(possible).collect();
        let plan = |name: &String| match possible.get(name) {
            Some(possible) => {
                let asked = options.kind(name);
                // So are classes.
                let is_class = options.task == Some(Task::Classification)
                    && options.target.contains(name)
                    && possible.kind() == Some(ColumnKind::Numeric);
                Planned::new(
                    name,
                    possible,
                    asked.or(is_class.then_some(ColumnKind::Categorical)),
                )
            }
            None => Planned {
                name: name.clone(),
                kind: ColumnKind::Drop,
                dropped: Some(DropReason::Asked),
                odd: None,
            },
        };
        Ok(Self {
            columns: names.iter().map(plan).collect(),
        })
    }

    /// Reads the values.
    pub fn read(self, inputs: &[Input], options: &ReadOptions) -> Result<Found, Error> {
        let is_read = |column: &&Planned| column.kind != ColumnKind::Drop;
        let wanted: Vec<&Planned> = self.columns.iter().filter(is_read).collect();
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
        let mut found = Found {
            columns: Vec::with_capacity(columns.len()),
            input_rows,
            reports: Vec::with_capacity(self.columns.len()),
        };
        for Planned {
            name,
            kind,
            dropped,
            odd,
        } in &self.columns
        {
            let values = columns.remove(name);
            found.reports.push(ColumnReport {
                name: name.clone(),
                kind: *kind,
                role: Role::Feature,
                missing: values.as_ref().map_or(0, Values::num_missing),
                categories: match &values {
                    Some(Values::Categories { names, .. }) => Some(names.len()),
                    _ => None,
                },
                dropped: *dropped,
                odd: odd.clone(),
            });
            if let Some(values) = values {
                let name = name.clone();
                found.columns.push(Column { name, values });
            }
        }
        Ok(found)
    }
}

impl Planned {
    fn new(name: &str, possible: &Possible, asked: Option<ColumnKind>) -> Self {
        let dropped = if !possible.is_readable() {
            Some(DropReason::Unreadable)
        } else if asked.is_none() && possible.kind().is_none() {
            Some(DropReason::AllMissing)
        } else {
            None
        };
        Self {
            name: name.to_owned(),
            kind: match dropped {
                // A role needs a column, if only to say what is wrong with it.
                Some(DropReason::AllMissing) => ColumnKind::Categorical,
                Some(_) => ColumnKind::Drop,
                None => asked.or(possible.kind()).unwrap_or(ColumnKind::Drop),
            },
            dropped,
            // A kind that was asked for is what the user knows.
            odd: asked.is_none().then(|| possible.odd()).flatten(),
        }
    }
}

/// Takes notice of all values of an input.
fn observe(
    input: &Input,
    names: &[&String],
    possible: &mut [Possible],
    options: &ReadOptions,
) -> Result<(), Error> {
    let mut reader = InputReader::open(input, &options.dialect)?;
    let places = find_columns(&input.path(), names.iter().copied(), &reader.header())?;
    match &mut reader {
        InputReader::Text(reader) => {
            while reader.advance()? {
                let line = reader.line();
                for (possible, &place) in possible.iter_mut().zip(&places) {
                    let cell = reader.cell(place);
                    if !options.dialect.is_missing(cell) {
                        possible.observe(cell, line);
                    }
                }
            }
        }
        InputReader::Batches(batches) => {
            let schema = batches.schema();
            for (possible, &place) in possible.iter_mut().zip(&places) {
                possible.observe_type(schema.field(place).data_type());
            }
        }
    }
    Ok(())
}

/// Adds all rows of an input to the columns; returns how many there are.
fn read_input(
    input: &Input,
    names: &[&String],
    builders: &mut [ColumnBuilder],
    options: &ReadOptions,
) -> Result<usize, Error> {
    let path = input.path();
    let mut reader = InputReader::open(input, &options.dialect)?;
    let header = reader.header();
    let places = find_columns(&path, names.iter().copied(), &header)?;
    let mut num_rows = 0;
    match &mut reader {
        InputReader::Text(reader) => {
            while reader.advance()? {
                push_record(&path, reader, &places, builders, &options.dialect)?;
                num_rows += 1;
            }
        }
        InputReader::Batches(batches) => {
            for batch in batches {
                let batch = batch.map_err(|error| Error::damaged(&path, &error))?;
                for (builder, &place) in builders.iter_mut().zip(&places) {
                    builder
                        .extend(batch.column(place), &options.dialect)
                        .map_err(|wrong| wrong.locate(&path, num_rows, &header[place]))?;
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
    places: &[usize],
    builders: &mut [ColumnBuilder],
    dialect: &Dialect,
) -> Result<(), Error> {
    for (builder, &place) in builders.iter_mut().zip(places) {
        let cell = reader.cell(place);
        builder.push(cell, dialect).map_err(|wrong| match wrong {
            Wrong::Utf8 => Error::NotUtf8 {
                path: path.to_owned(),
                line: reader.line(),
            },
            Wrong::Kind(expected) => Error::BadCell {
                path: path.to_owned(),
                place: Place::Line(reader.line()),
                column: reader.header()[place].clone(),
                value: String::from_utf8_lossy(cell).into_owned(),
                expected,
            },
        })?;
    }
    Ok(())
}

impl WrongArray {
    /// The error, of an array that begins at a row of a file.
    pub fn locate(self, path: &Path, first_row: usize, column: &str) -> Error {
        match self {
            Self::Value {
                row,
                value,
                expected,
            } => Error::BadCell {
                path: path.to_owned(),
                place: Place::Row(first_row + row + 1),
                column: column.to_owned(),
                value,
                expected,
            },
            Self::Array(error) => Error::damaged(path, &error),
        }
    }
}
