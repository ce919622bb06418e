use std::collections::HashMap;
use std::path::Path;

use super::builder::ColumnBuilder;
use super::inference::{Inferred, PossibleKinds, Settled, observe, settle};
use super::options::ReadOptions;
use super::values::read_input;
use crate::column_report::{
    ColumnReport, DoubtfulNumbers, DropReason, NonNumericCells, OddCells, Role,
};
use crate::error::Error;
use crate::format::ColumnFormat;
use crate::input::{Dialect, Input, InputReader, find_columns_of};
use crate::names::first_duplicate;
use crate::table::{Column, ColumnKind, Values};
use crate::task::Task;

/// The columns of one or more inputs and their kinds, before their values are read.
pub(super) struct InferredColumns {
    columns: Vec<InferredColumn>,
    /// The dialect, with how each column is written.
    pub dialect: Dialect,
    /// How many rows were looked at.
    num_rows: usize,
}

/// A column of the first input.
struct InferredColumn {
    name: String,
    kind: ColumnKind,
    /// Why the column is left out, or will be after its values were read.
    dropped: Option<DropReason>,
    non_numeric: Option<NonNumericCells>,
    unread: Option<String>,
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
        // All columns that are named by the options must exist; what is left out may be in another input alone.
        let is_elsewhere = |name: &String| {
            let is_dropped = options.kind(name) == Some(ColumnKind::Drop);
            is_dropped && !names.contains(name) && is_in_any(&inputs[1..], name, options)
        };
        let needed = wanted.into_iter().filter(|name| !is_elsewhere(name));
        find_columns_of(&path, needed, &first)?;
        drop(first);
        let mut dialect = with_texts_of_columns(&options.dialect, &names);

        // Columns that are left out need not be in the other inputs.
        let is_wanted = |name: &&String| options.kind(name) != Some(ColumnKind::Drop);
        let wanted: Vec<&String> = names.iter().filter(is_wanted).collect();
        let is_target = |name: &String| options.task.is_none() && options.target.contains(name);
        let mut possible: Vec<PossibleKinds> = wanted
            .iter()
            .map(|name| PossibleKinds::new(is_target(name), options.kind(name)))
            .collect();
        let mut num_rows = 0;
        for input in inputs {
            num_rows += observe(input, &wanted, &mut possible, &dialect)?;
            // A model reads what it needs.
            if options.model.is_none() && inputs.len() > 1 {
                check_columns(input, &names, &wanted, &path, options)?;
            }
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
                    unread: None,
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
            let given = dialect.column(name);
            if options.model.is_none() && given.numbers.is_none() && given.dates.is_none() {
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
        Ok(Self {
            columns,
            dialect,
            num_rows,
        })
    }

    /// Reads the values. Of the first inputs, those for training, a few cells may be odd.
    pub fn read(mut self, inputs: &[Input], num_train_inputs: usize) -> Result<ReadColumns, Error> {
        let is_read = |column: &&InferredColumn| column.kind != ColumnKind::Drop;
        let wanted: Vec<&InferredColumn> = self.columns.iter().filter(is_read).collect();
        let names: Vec<&String> = wanted.iter().map(|column| &column.name).collect();
        let mut builders: Vec<ColumnBuilder> = wanted
            .iter()
            .map(|column| {
                let mut builder = ColumnBuilder::new(&column.name, column.kind, &self.dialect);
                builder.reserve(self.num_rows);
                builder
            })
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

        let unused_missing = self.unused_missing(&names, &builders);
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
            unread,
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
                unread,
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

impl InferredColumns {
    /// The texts given as missing values that do not occur: in any column, or in the one for which they were
    /// given, as `column=text`.
    fn unused_missing(&self, names: &[&String], builders: &[ColumnBuilder]) -> Vec<String> {
        let dialect = &self.dialect;
        let num_of_all = dialect.missing.len();
        let is_used = |index| {
            builders
                .iter()
                .any(|builder| builder.has_used_missing(index))
        };
        let of_all = dialect.missing.iter().enumerate();
        let of_all = of_all.filter(|(index, _)| !is_used(*index));
        let of_columns = names.iter().zip(builders).flat_map(|(name, builder)| {
            let texts = dialect.columns.get(*name).map(|format| &format.missing);
            let texts = texts.into_iter().flatten().zip(num_of_all..);
            let unused = texts.filter(|(_, index)| !builder.has_used_missing(*index));
            unused.map(move |(text, _)| format!("{name}={text}"))
        });
        let of_all = of_all.map(|(_, text)| text.clone());
        of_all.chain(of_columns).collect()
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
            unread: (requested.is_none() && is_categorical)
                .then(|| possible.unread().map(str::to_owned))
                .flatten(),
            missing_texts: possible.missing_texts(),
            doubt: None,
            tolerates_odd: requested.is_none()
                && inferred.num_odd > 0
                && !options.named().any(|named| named == name),
        }
    }
}

/// Whether an input has a column. One that cannot be read is reported when its values are read.
fn is_in_any(inputs: &[Input], name: &String, options: &ReadOptions) -> bool {
    inputs.iter().any(|input| {
        let reader = InputReader::open(input, &options.dialect, &[name]);
        reader.is_ok_and(|reader| reader.header().contains(name))
    })
}

/// Checks that an input has no column that the first one lacks, unless it is left out.
fn check_columns(
    input: &Input,
    names: &[String],
    wanted: &[&String],
    first: &Path,
    options: &ReadOptions,
) -> Result<(), Error> {
    let header = InputReader::open(input, &options.dialect, wanted)?.header();
    let is_left_out = |name: &String| options.kind(name) == Some(ColumnKind::Drop);
    let mut more = header
        .into_iter()
        .filter(|name| !names.contains(name) && !is_left_out(name));
    match more.next() {
        None => Ok(()),
        Some(column) => Err(Error::AddedColumn {
            path: input.path(),
            column,
            first: first.to_owned(),
        }),
    }
}

/// A dialect in which texts for a single column, such as `age=99`, are those of the column.
pub(super) fn with_texts_of_columns(dialect: &Dialect, names: &[String]) -> Dialect {
    let mut dialect = dialect.clone();
    let missing = take_texts_of_columns(&mut dialect.missing, names);
    let present = take_texts_of_columns(&mut dialect.present, names);
    for (name, text) in missing {
        dialect.columns.entry(name).or_default().missing.push(text);
    }
    for (name, text) in present {
        dialect.columns.entry(name).or_default().present.push(text);
    }
    dialect
}

/// Takes those out that begin with the name of a column and `=`. Of `a=b=9`, `a=b` is the name if there is such
/// a column.
fn take_texts_of_columns(texts: &mut Vec<String>, names: &[String]) -> Vec<(String, String)> {
    let of_column = |text: &String| {
        let mut splits = text.rmatch_indices('=');
        splits.find_map(|(at, _)| {
            let name = names.iter().find(|column| **column == text[..at])?;
            Some((name.clone(), text[at + 1..].to_owned()))
        })
    };
    let taken = texts.iter().filter_map(of_column).collect();
    texts.retain(|text| of_column(text).is_none());
    taken
}
