use std::path::Path;

use super::builder::{ColumnBuilder, Wrong, WrongArray};
use super::inference::Possible;
use super::report::{ColumnReport, DropReason, Role};
use super::source::{Content, Input};
use super::text::{TextReader, find_columns};
use super::{Dialect, ReadOptions, Schema};
use crate::error::Place;
use crate::table::first_duplicate;
use crate::{Column, ColumnKind, Error, Values};

/// The columns of one or more inputs, before their values are read.
pub(super) struct Columns {
    names: Vec<String>,
    kinds: Vec<ColumnKind>,
    /// Why a kind is [`ColumnKind::Drop`].
    dropped: Vec<Option<DropReason>>,
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
        let mut names: Vec<String> = Vec::new();
        let mut possible: Vec<Possible> = Vec::new();
        for (i, input) in inputs.iter().enumerate() {
            let path = input.path();
            match input.open()? {
                Content::Text(text) => {
                    let mut reader = TextReader::new(&path, text, &options.dialect)?;
                    if i == 0 {
                        names = reader.header().to_vec();
                        possible = vec![Possible::ANYTHING; names.len()];
                    }
                    let places = find_columns(&path, &names, reader.header())?;
                    while reader.advance()? {
                        for (possible, &place) in possible.iter_mut().zip(&places) {
                            let cell = reader.cell(place);
                            if !options.dialect.is_missing(cell) {
                                possible.observe(cell);
                            }
                        }
                    }
                }
                Content::Batches(batches) => {
                    let schema = batches.schema();
                    let found: Vec<String> = schema
                        .fields()
                        .iter()
                        .map(|field| field.name().clone())
                        .collect();
                    if i == 0 {
                        names.clone_from(&found);
                        possible = vec![Possible::ANYTHING; names.len()];
                    }
                    let places = find_columns(&path, &names, &found)?;
                    for (possible, &place) in possible.iter_mut().zip(&places) {
                        possible.observe_type(schema.field(place).data_type());
                    }
                }
            }
        }
        let path = inputs[0].path();
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

        let mut dropped = vec![None; names.len()];
        let kinds = names
            .iter()
            .zip(possible)
            .zip(&mut dropped)
            .map(|((name, possible), dropped)| {
                let asked = options.kind(name);
                if asked == Some(ColumnKind::Drop) {
                    *dropped = Some(DropReason::Asked);
                } else if !possible.is_readable() {
                    *dropped = Some(DropReason::Unreadable);
                } else if asked.is_none() && possible.kind().is_none() {
                    *dropped = Some(DropReason::AllMissing);
                }
                match *dropped {
                    // A role needs a column, if only to say what is wrong with it.
                    Some(DropReason::AllMissing) => ColumnKind::Categorical,
                    Some(_) => ColumnKind::Drop,
                    None => asked.or(possible.kind()).unwrap_or(ColumnKind::Drop),
                }
            })
            .collect();
        Ok(Self {
            names,
            kinds,
            dropped,
        })
    }

    /// Reads the values.
    pub fn read(self, inputs: &[Input], options: &ReadOptions) -> Result<Found, Error> {
        let mut builders: Vec<ColumnBuilder> =
            self.kinds.iter().copied().map(ColumnBuilder::new).collect();
        let mut input_rows = Vec::with_capacity(inputs.len());
        for input in inputs {
            let path = input.path();
            let rows = match input.open()? {
                Content::Text(text) => {
                    let mut reader = TextReader::new(&path, text, &options.dialect)?;
                    let places = find_columns(&path, &self.names, reader.header())?;
                    let mut rows = 0;
                    while reader.advance()? {
                        push_record(&path, &reader, &places, &mut builders, &options.dialect)?;
                        rows += 1;
                    }
                    rows
                }
                Content::Batches(batches) => {
                    let schema = batches.schema();
                    let found: Vec<String> = schema
                        .fields()
                        .iter()
                        .map(|field| field.name().clone())
                        .collect();
                    let places = find_columns(&path, &self.names, &found)?;
                    let mut rows = 0;
                    for batch in batches {
                        let batch = batch.map_err(|error| Error::damaged(&path, &error))?;
                        for (builder, &place) in builders.iter_mut().zip(&places) {
                            builder
                                .extend(batch.column(place), &options.dialect)
                                .map_err(|wrong| wrong.locate(&path, rows, &found[place]))?;
                        }
                        rows += batch.num_rows();
                    }
                    rows
                }
            };
            if rows == 0 {
                return Err(Error::NoRows { path });
            }
            input_rows.push(rows);
        }
        let mut columns = Vec::with_capacity(builders.len());
        let mut reports = Vec::with_capacity(builders.len());
        for (((builder, name), kind), dropped) in builders
            .into_iter()
            .zip(self.names)
            .zip(self.kinds)
            .zip(self.dropped)
        {
            let values = builder.finish();
            reports.push(ColumnReport {
                name: name.clone(),
                kind,
                role: Role::Feature,
                missing: values.as_ref().map_or(0, Values::num_missing),
                categories: match &values {
                    Some(Values::Categories { names, .. }) => Some(names.len()),
                    _ => None,
                },
                dropped,
            });
            if let Some(values) = values {
                columns.push(Column { name, values });
            }
        }
        Ok(Found {
            columns,
            input_rows,
            reports,
        })
    }
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
