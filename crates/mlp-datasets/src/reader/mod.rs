//! Reading tables: which columns a file has, of which kinds, and what they are used for.

mod builder;
mod chunks;
mod columns;
mod current;
mod inference;
mod inputs;
mod options;
mod records;
mod roles;
mod table_builder;
mod types;
mod useless;
mod values;

use std::path::Path;

pub use chunks::{Chunks, InputRows};
use columns::{InferredColumns, ReadColumns};
use inputs::Opened;
pub use options::ReadOptions;
use roles::Roles;
pub use table_builder::TableBuilder;
use useless::{drop_copies, drop_useless};

use crate::column_report::{ColumnReport, NonNumericCells, Role};
use crate::dataset::Dataset;
use crate::error::Error;
use crate::input::Source;
use crate::names::Shortened;
use crate::preprocessor::Scaling;
use crate::row_places::RowPlaces;
use crate::schema::Schema;
use crate::split::Partition;
use crate::table::Table;

/// Reads a table into memory, and infers the kind of each column from all its values.
///
/// Columns of no use for learning are left out: those with the same value in every row, without any
/// value, with row numbers or identifiers, or with a copy of the target. So are rows without a target. The
/// [reports](Dataset::columns) tell which.
///
/// ```
/// use mlp_datasets::{ReadOptions, Source, Task, read_dataset};
///
/// let csv = "colour,weight,ripe\nred,1.5,yes\ngreen,,no\nred,2,yes\ngreen,1,no\n";
/// let options = ReadOptions { target: vec!["ripe".into()], ..ReadOptions::default() };
///
/// let fruit = read_dataset(&Source::from_bytes("fruit.csv", csv), &options)?;
///
/// assert_eq!(fruit.table.feature_names(), ["colour", "weight"]);
/// assert_eq!(fruit.table.task(), Some(Task::Classification));
/// assert_eq!(fruit.table.column("weight").unwrap().values.num_missing(), 1);
/// # Ok::<(), mlp_datasets::Error>(())
/// ```
///
/// # Errors
///
/// If a file cannot be read, a row has too many or too few cells, a value has another kind than its
/// column, a column that an option names does not exist, or the target or the remaining features
/// cannot be learned from.
pub fn read_dataset(source: &Source, options: &ReadOptions) -> Result<Dataset, Error> {
    let source = source.clone().into_rereadable()?;
    let test = options.test.clone().map(Source::into_rereadable);
    let test = test.transpose()?;
    let test = test.as_ref().map_or(&[][..], Source::inputs);
    let Opened {
        inputs,
        num_train_inputs,
        empty: empty_inputs,
        dialect,
    } = Opened::open(source.inputs(), test, options)?;
    // The other passes read all inputs in the dialect of the first one.
    let options = &ReadOptions {
        dialect,
        ..options.clone()
    };
    let path = inputs[0].path();

    // A file of test rows decides nothing about a model. Its cells must have the kinds of the columns.
    let columns = InferredColumns::infer(&inputs[..num_train_inputs], options)?;
    let ReadColumns {
        mut columns,
        input_rows,
        mut reports,
        dialect,
        unused_missing,
    } = columns.read(&inputs, num_train_inputs)?;
    if columns.iter().all(|column| column.values.is_empty()) {
        return Err(Error::NoRows { path });
    }
    let mut num_train_rows: usize = input_rows[..num_train_inputs].iter().sum();
    let test_start = options.test.as_ref().map(|_| num_train_rows);
    let mut places = RowPlaces::of_all(input_rows.iter().sum()).with_test_start(test_start);

    let mut roles = Roles::take(&path, &mut columns, &mut reports, options)?;
    // Before rows are left out, since the remaining row numbers have gaps.
    drop_useless(&mut columns, &mut reports, options, num_train_rows);
    let rows_without_target = match roles.rows_with_target() {
        Some(keep) => {
            for column in &mut columns {
                column.values.retain(&keep);
            }
            roles.retain(&keep);
            let train = keep[..num_train_rows].iter();
            num_train_rows = train.filter(|&&keep| keep).count();
            places = RowPlaces::of_kept(&keep, test_start);
            keep.iter().filter(|&&keep| !keep).count()
        }
        None => 0,
    };
    check_non_numeric_targets(&path, &reports, options)?;
    let target = roles
        .target(&path, options, num_train_rows)
        .map_err(|error| with_missing_text(error, &reports))?;
    if rows_without_target > 0 {
        drop_useless(&mut columns, &mut reports, options, num_train_rows);
    }
    if let Some(target) = &target {
        drop_copies(&mut columns, &mut reports, options, target, num_train_rows);
    }
    if columns.is_empty() {
        return Err(Error::NoFeatures {
            path,
            dropped: reports.iter().filter_map(ColumnReport::left_out).collect(),
        });
    }
    let partition = match &options.test {
        Some(_) => Partition::Official {
            test_start: num_train_rows,
        },
        None => roles.partition()?,
    };
    let mut table = Table::new(columns, target)?;
    let place = |row: usize| {
        let place = places.of(row);
        let first = if place.is_test { test_start } else { None };
        let mut index = first.unwrap_or(0) + place.number - 1;
        for (input, rows) in inputs.iter().zip(&input_rows) {
            if index < *rows {
                return (input.path(), index + 1);
            }
            index -= rows;
        }
        (path.clone(), place.number)
    };
    if let Some(weights) = roles.weights(place)? {
        table = table.with_weights(weights)?;
    }
    let test_notes = options.test.iter().flat_map(Source::notes);
    let notes = source.notes().into_iter().chain(test_notes).collect();
    Ok(Dataset {
        name: source.name(),
        table,
        partition,
        scaling: Scaling::Standard,
        columns: reports,
        rows_without_target,
        places,
        unused_missing,
        empty_inputs,
        dialect,
        notes,
    })
}

/// Reads the columns of a schema into memory, in the schema's dialect. Other columns are ignored.
///
/// # Errors
///
/// If the file cannot be read, lacks a column or rows, or has a value of another kind.
pub fn read_table(source: &Source, schema: &Schema) -> Result<Table, Error> {
    Chunks::open(source, schema)?.read_all()
}

/// The fault of a target together with the text that counts as a missing value in it, and may be a class.
fn with_missing_text(error: Error, reports: &[ColumnReport]) -> Error {
    let Error::BadTarget {
        path,
        column,
        reason,
        non_numeric,
        ..
    } = error
    else {
        return error;
    };
    let report = reports.iter().find(|report| report.name == column);
    let text = report.and_then(|report| report.missing_texts.first());
    Error::BadTarget {
        path,
        reason: match text {
            Some((text, 1)) => format!("{reason}; `{text}` counts as missing, in 1 row"),
            Some((text, count)) => format!("{reason}; `{text}` counts as missing, in {count} rows"),
            None => reason,
        },
        column,
        non_numeric,
        missing_text: text.map(|(text, _)| text.as_str().into()),
    }
}

/// Rejects a target that is not numeric because of a few cells, unless the task was given: it would
/// have a class for each number.
fn check_non_numeric_targets(
    path: &Path,
    reports: &[ColumnReport],
    options: &ReadOptions,
) -> Result<(), Error> {
    let targets = reports.iter().filter(|report| report.role == Role::Target);
    for report in targets {
        let (Some(cells), None) = (&report.non_numeric, options.task) else {
            continue;
        };
        if cells.are_dates {
            continue;
        }
        let NonNumericCells {
            value,
            line,
            numbers,
            ..
        } = cells;
        let shown = Shortened(value);
        return Err(Error::BadTarget {
            path: path.to_owned(),
            column: report.name.clone(),
            reason: format!("has {numbers} numbers, but `{shown}` in line {line}"),
            non_numeric: Some(value.clone()),
            missing_text: None,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
