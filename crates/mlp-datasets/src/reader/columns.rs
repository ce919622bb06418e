use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::cast::AsArray;
use arrow_schema::DataType;

use super::builder::{ColumnBuilder, InvalidArray, InvalidCell};
use super::doubts::{Settled, settle};
use super::inference::{Inferred, PossibleKinds};
use super::options::ReadOptions;
use super::types::is_plain_text;
use crate::column_report::{
    ColumnReport, DoubtfulNumbers, DropReason, NonNumericCells, OddCells, Role,
};
use crate::error::{Error, Position};
use crate::format::{ColumnFormat, MissingTexts};
use crate::input::{
    Dialect, Input, InputReader, TextReader, find_columns_of, in_windows_1252, is_untyped,
};
use crate::names::first_duplicate;
use crate::table::{Column, ColumnKind, Values};
use crate::task::Task;

/// More different odd cells are not few.
const MAX_ODD_TEXTS: usize = 20;

/// The columns of one or more inputs and their kinds, before their values are read.
pub(super) struct InferredColumns {
    columns: Vec<InferredColumn>,
    /// The dialect, with how each column is written.
    pub dialect: Dialect,
}

/// A column of the first input.
struct InferredColumn {
    name: String,
    kind: ColumnKind,
    /// Why the column is left out, or will be after its values were read.
    dropped: Option<DropReason>,
    non_numeric: Option<NonNumericCells>,
    missing_texts: Vec<(String, usize)>,
    doubt: Option<DoubtfulNumbers>,
    /// Whether a few cells may be odd: those of a feature whose kind was not requested.
    tolerates_odd: bool,
}

/// The columns after their values were read.
pub(super) struct ReadColumns {
    pub columns: Vec<Column>,
    /// The number of rows of each input.
    pub input_rows: Vec<usize>,
    pub reports: Vec<ColumnReport>,
    pub dialect: Dialect,
    /// The texts given as missing values that do not occur.
    pub unused_missing: Vec<String>,
}

impl InferredColumns {
    /// Infers the kinds of the first input's columns from all values of all inputs.
    pub fn infer(inputs: &[Input], options: &ReadOptions) -> Result<Self, Error> {
        let path = inputs[0].path();
        let wanted = options.wanted();
        let first = InputReader::open(&inputs[0], &options.dialect, &wanted)?;
        let names = first.header();
        if let Some(column) = first_duplicate(&names) {
            return Err(Error::DuplicateColumn {
                path,
                column: column.clone(),
            });
        }
        // All columns that are named by the options must exist.
        find_columns_of(&path, wanted, &first)?;
        drop(first);
        let mut dialect = with_texts_of_columns(&options.dialect, &names);

        // Columns that are left out need not be in the other inputs.
        let is_wanted = |name: &&String| options.kind(name) != Some(ColumnKind::Drop);
        let wanted: Vec<&String> = names.iter().filter(is_wanted).collect();
        let is_target = |name: &String| options.task.is_none() && options.target.contains(name);
        let mut possible: Vec<PossibleKinds> = wanted
            .iter()
            .map(|name| PossibleKinds::new(is_target(name)))
            .collect();
        for input in inputs {
            observe(input, &wanted, &mut possible, &dialect)?;
        }
        let mut columns = Vec::with_capacity(names.len());
        let mut inferred: Vec<(String, Inferred, String)> = Vec::new();
        let possible: HashMap<&String, PossibleKinds> = wanted.into_iter().zip(possible).collect();
        for name in &names {
            let Some(possible) = possible.get(name) else {
                columns.push(InferredColumn {
                    name: name.clone(),
                    kind: ColumnKind::Drop,
                    dropped: Some(DropReason::Asked),
                    non_numeric: None,
                    missing_texts: Vec::new(),
                    doubt: None,
                    tolerates_odd: false,
                });
                continue;
            };
            let requested = options.kind(name);
            let mut found = possible.infer(requested);
            // Classes are compared, so they must be exact, and are named as they are written.
            let is_class = options.task == Some(Task::Classification)
                && options.target.contains(name)
                && matches!(found.kind, Some(ColumnKind::Numeric | ColumnKind::Boolean));
            if is_class && requested.is_none() {
                found = possible.infer(Some(ColumnKind::Categorical));
            }
            columns.push(InferredColumn::new(
                name, possible, requested, &found, options,
            ));
            // A saved model has all that it needs to know.
            if options.model.is_none() && !dialect.columns.contains_key(name) {
                inferred.push((name.clone(), found, possible.example().to_owned()));
            }
        }
        let texts = std::mem::take(&mut dialect.columns);
        let Settled {
            formats,
            mut doubts,
        } = settle(inferred, &dialect, &path)?;
        dialect.columns = formats;
        for column in &mut columns {
            column.doubt = doubts.remove(&column.name);
        }
        for (name, given) in texts {
            let format: &mut ColumnFormat = dialect.columns.entry(name).or_default();
            *format = ColumnFormat {
                numbers: given.numbers.or(format.numbers.take()),
                dates: given.dates.or(format.dates),
                missing: given.missing,
                present: [given.present, std::mem::take(&mut format.present)].concat(),
            };
        }
        Ok(Self { columns, dialect })
    }

    /// Reads the values. Of the first inputs, those for training, a few cells may be odd.
    pub fn read(mut self, inputs: &[Input], num_train_inputs: usize) -> Result<ReadColumns, Error> {
        let is_read = |column: &&InferredColumn| column.kind != ColumnKind::Drop;
        let wanted: Vec<&InferredColumn> = self.columns.iter().filter(is_read).collect();
        let names: Vec<&String> = wanted.iter().map(|column| &column.name).collect();
        let mut builders: Vec<ColumnBuilder> = wanted
            .iter()
            .map(|column| ColumnBuilder::new(&column.name, column.kind, &self.dialect))
            .collect();
        let mut odd: Vec<Option<OddCells>> = wanted
            .iter()
            .map(|column| column.tolerates_odd.then(OddCells::default))
            .collect();
        let mut input_rows = Vec::with_capacity(inputs.len());
        for (i, input) in inputs.iter().enumerate() {
            if i == num_train_inputs {
                // What is not the same as in training is an error in other rows.
                for (builder, odd) in builders.iter_mut().zip(&mut odd) {
                    builder.allow(odd.iter().flat_map(|odd| odd.texts.iter().cloned()));
                }
            }
            let mut none = vec![None; builders.len()];
            let odd = if i < num_train_inputs {
                &mut odd
            } else {
                &mut none
            };
            let num_rows = read_input(input, &names, &mut builders, odd, &self.dialect)?;
            if num_rows == 0 {
                return Err(Error::NoRows { path: input.path() });
            }
            input_rows.push(num_rows);
        }

        let unused = |(index, _): &(usize, &String)| {
            builders
                .iter()
                .all(|builder| !builder.has_used_missing(*index))
        };
        let missing = self.dialect.missing.iter().enumerate();
        let unused_missing = missing
            .filter(unused)
            .map(|(_, text)| text.clone())
            .collect();
        let odd = odd.into_iter().map(|odd| odd.filter(|odd| odd.count > 0));
        let values = names.iter().zip(builders).zip(odd);
        let mut columns: HashMap<String, (Values, Option<OddCells>)> = values
            .filter_map(|((name, builder), odd)| Some(((*name).clone(), (builder.finish()?, odd))))
            .collect();
        for (name, (_, odd)) in &columns {
            if let Some(odd) = odd {
                let format = self.dialect.columns.entry(name.clone()).or_default();
                format.missing.extend(odd.texts.iter().cloned());
            }
        }
        self.dialect
            .columns
            .retain(|_, format| !format.is_default());
        let mut read = ReadColumns {
            columns: Vec::with_capacity(columns.len()),
            input_rows,
            reports: Vec::with_capacity(self.columns.len()),
            unused_missing,
            dialect: self.dialect,
        };
        for InferredColumn {
            name,
            kind,
            dropped,
            non_numeric,
            missing_texts,
            doubt,
            ..
        } in self.columns
        {
            let (values, odd) = columns.remove(&name).unzip();
            read.reports.push(ColumnReport {
                format: read.dialect.column(&name),
                name: name.clone(),
                kind,
                role: Role::Feature,
                missing: values.as_ref().map_or(0, Values::num_missing),
                categories: match &values {
                    Some(Values::Categories { names, .. }) => Some(names.len()),
                    Some(Values::Numbers(_) | Values::Dates(_)) | None => None,
                },
                dropped,
                non_numeric,
                odd: odd.flatten(),
                missing_texts,
                suspicion: None,
                doubt,
            });
            if let Some(values) = values {
                read.columns.push(Column { name, values });
            }
        }
        Ok(read)
    }
}

impl InferredColumn {
    fn new(
        name: &String,
        possible: &PossibleKinds,
        requested: Option<ColumnKind>,
        inferred: &Inferred,
        options: &ReadOptions,
    ) -> Self {
        let dropped = if let Some(data_type) = possible.unsupported() {
            Some(DropReason::Unreadable(data_type))
        } else if requested.is_none() && inferred.kind.is_none() {
            Some(DropReason::AllMissing)
        } else {
            None
        };
        let is_categorical = inferred.kind == Some(ColumnKind::Categorical);
        Self {
            name: name.to_owned(),
            kind: match dropped {
                // If the column has a role, a later check reports that its values are missing.
                Some(DropReason::AllMissing) => ColumnKind::Categorical,
                Some(_) => ColumnKind::Drop,
                None => requested.or(inferred.kind).unwrap_or(ColumnKind::Drop),
            },
            dropped,
            // Those who requested a kind know their data.
            non_numeric: (requested.is_none() && is_categorical)
                .then(|| possible.non_numeric())
                .flatten(),
            missing_texts: possible.missing_texts(),
            doubt: None,
            tolerates_odd: requested.is_none()
                && inferred.num_odd > 0
                && !options.named().any(|named| named == name),
        }
    }
}

/// A dialect in which texts for a single column, such as `age=99`, are those of the column.
fn with_texts_of_columns(dialect: &Dialect, names: &[String]) -> Dialect {
    let mut dialect = dialect.clone();
    let of_column = |text: &String| {
        let mut splits = text
            .match_indices('=')
            .map(|(at, _)| (&text[..at], &text[at + 1..]));
        splits.find_map(|(name, text)| {
            let name = names.iter().find(|column| *column == name)?;
            Some((name.clone(), text.to_owned()))
        })
    };
    for (name, text) in dialect
        .missing
        .iter()
        .filter_map(of_column)
        .collect::<Vec<_>>()
    {
        dialect.columns.entry(name).or_default().missing.push(text);
    }
    for (name, text) in dialect
        .present
        .iter()
        .filter_map(of_column)
        .collect::<Vec<_>>()
    {
        dialect.columns.entry(name).or_default().present.push(text);
    }
    dialect.missing.retain(|text| of_column(text).is_none());
    dialect.present.retain(|text| of_column(text).is_none());
    dialect
}

/// Takes all values of an input into account.
fn observe(
    input: &Input,
    names: &[&String],
    possible: &mut [PossibleKinds],
    dialect: &Dialect,
) -> Result<(), Error> {
    let mut reader = InputReader::open(input, dialect, names)?;
    let path = input.path();
    let indices = find_columns_of(&path, names.iter().copied(), &reader)?;
    let missing: Vec<MissingTexts> = names
        .iter()
        .map(|name| MissingTexts::new(dialect, &dialect.column(name)))
        .collect();
    let take = |possible: &mut PossibleKinds, missing: &MissingTexts, cell: &[u8], line: u64| {
        if !missing.is_missing_cell(cell) {
            possible.observe(cell, line);
        } else if !cell.is_empty() && Dialect::is_usually_missing(cell) {
            possible.observe_missing(cell);
        }
    };
    match &mut reader {
        InputReader::Text(reader) => {
            while reader.advance()? {
                let line = reader.line();
                let columns = possible.iter_mut().zip(&missing).zip(&indices);
                for ((possible, missing), &index) in columns {
                    take(possible, missing, reader.cell(index), line);
                }
            }
        }
        InputReader::Batches(batches) => {
            let schema = batches.schema();
            for (possible, &index) in possible.iter_mut().zip(&indices) {
                let field = schema.field(index);
                if !is_untyped(field) {
                    possible.observe_type(field.data_type());
                }
            }
            let is_text =
                |&(_, &index): &(usize, &usize)| is_plain_text(schema.field(index).data_type());
            let texts: Vec<(usize, usize)> = indices
                .iter()
                .enumerate()
                .filter(is_text)
                .map(|(i, &index)| (i, index))
                .collect();
            if texts.is_empty() {
                return Ok(());
            }
            let mut row = 0;
            let sheet = Arc::clone(&batches.sheet);
            for batch in batches {
                let batch = batch.map_err(|error| Error::damaged(&path, &error))?;
                for &(i, index) in &texts {
                    let number = |index: usize| sheet.row_number(row + index);
                    let array = text_array(batch.column(index))
                        .map_err(|error| error.locate(&path, number, names[i]))?;
                    let values = array.as_string::<i32>();
                    for (index, value) in values.iter().enumerate() {
                        let cell = value.unwrap_or_default().trim_ascii().as_bytes();
                        take(&mut possible[i], &missing[i], cell, number(index) as u64);
                    }
                }
                row += batch.num_rows();
            }
        }
    }
    Ok(())
}

fn text_array(array: &ArrayRef) -> Result<ArrayRef, InvalidArray> {
    arrow_cast::cast(array, &DataType::Utf8).map_err(InvalidArray::Array)
}

/// Adds all rows of an input to the columns and returns their number. Odd cells are missing in the columns
/// that tolerate them.
fn read_input(
    input: &Input,
    names: &[&String],
    builders: &mut [ColumnBuilder],
    odd: &mut [Option<OddCells>],
    dialect: &Dialect,
) -> Result<usize, Error> {
    let path = input.path();
    let mut reader = InputReader::open(input, dialect, names)?;
    let header = reader.header();
    let indices = find_columns_of(&path, names.iter().copied(), &reader)?;
    let mut num_rows = 0;
    match &mut reader {
        InputReader::Text(reader) => {
            while reader.advance()? {
                for ((builder, odd), &index) in builders.iter_mut().zip(&mut *odd).zip(&indices) {
                    let cell = reader.cell(index);
                    match (builder.push(cell), odd) {
                        (Ok(()), _) => {}
                        (Err(InvalidCell::Kind(_)), Some(odd)) => {
                            odd.add(&path, cell, reader.line());
                            builder.push_missing();
                        }
                        (Err(error), _) => return Err(locate(&path, reader, index, &error)),
                    }
                }
                num_rows += 1;
            }
        }
        InputReader::Batches(batches) => {
            let sheet = Arc::clone(&batches.sheet);
            for batch in batches {
                let batch = batch.map_err(|error| Error::damaged(&path, &error))?;
                let number = |row: usize| sheet.row_number(num_rows + row);
                for ((builder, odd), &index) in builders.iter_mut().zip(&mut *odd).zip(&indices) {
                    let mut tolerate = |row: usize, value: &str| {
                        let Some(odd) = odd else { return false };
                        odd.add(&path, value.as_bytes(), number(row) as u64);
                        true
                    };
                    builder
                        .extend_tolerating(batch.column(index), &mut tolerate)
                        .map_err(|error| error.locate(&path, number, &header[index]))?;
                }
                num_rows += batch.num_rows();
            }
        }
    }
    Ok(num_rows)
}

impl OddCells {
    fn add(&mut self, path: &Path, cell: &[u8], line: u64) {
        if self.count == 0 {
            (self.path, self.line) = (path.to_owned(), line);
        }
        self.count += 1;
        let text = String::from_utf8_lossy(cell);
        let is_new = !self.texts.iter().any(|known| *known == text);
        if is_new && self.texts.len() < MAX_ODD_TEXTS {
            self.texts.push(text.into_owned());
        }
    }
}

/// Adds a row of text to the columns.
pub(super) fn push_record(
    path: &Path,
    reader: &TextReader,
    indices: &[usize],
    builders: &mut [ColumnBuilder],
) -> Result<(), Error> {
    for (builder, &index) in builders.iter_mut().zip(indices) {
        let pushed = builder.push(reader.cell(index));
        pushed.map_err(|error| locate(path, reader, index, &error))?;
    }
    Ok(())
}

/// The error for a cell of the current row.
fn locate(path: &Path, reader: &TextReader, index: usize, error: &InvalidCell) -> Error {
    match *error {
        InvalidCell::Utf8 => Error::NotUtf8 {
            path: path.to_owned(),
            line: reader.line(),
            column: reader.header()[index].clone(),
            text: in_windows_1252(reader.cell(index)),
        },
        InvalidCell::Kind(expected) => Error::BadCell {
            path: path.to_owned(),
            position: Position::Line(reader.line()),
            column: reader.header()[index].clone(),
            value: String::from_utf8_lossy(reader.cell(index)).into_owned(),
            expected,
        },
    }
}
