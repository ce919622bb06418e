//! From a file to a [`Table`](crate::Table).

mod builder;
mod chunks;
mod columns;
mod inference;
mod options;
mod records;
mod report;
mod roles;
mod schema;

use std::path::Path;

pub use chunks::{Chunks, InputRows};
use columns::{Columns, Found};
pub use options::ReadOptions;
pub use report::{ColumnReport, DropReason, Dropped, OddCell, Role};
use roles::Roles;
pub use schema::{Schema, SchemaColumn};

use crate::error::Shortened;
use crate::input::{Dialect, Source};
use crate::{Column, Dataset, Error, Partition, Scaling, Table};

/// Reads a table of one's own: whole, with its columns' kinds told from all their values.
///
/// Columns of no use for learning are left out: those that hold one value alone, nothing at all, or
/// a name for each row. So are rows without a target. The [reports](Dataset::columns) say which.
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
/// If a file cannot be read, a row or a value is not what its file or column says, a column that an
/// option names is not there, or what is left is no table that can be learned from.
pub fn read_dataset(source: &Source, options: &ReadOptions) -> Result<Dataset, Error> {
    let source = source.clone().into_rereadable()?;
    let mut inputs = source.inputs().to_vec();
    let num_train_inputs = inputs.len();
    if let Some(test) = &options.test {
        inputs.extend(test.clone().into_rereadable()?.inputs().iter().cloned());
    }
    let path = inputs[0].path();

    let columns = Columns::infer(&inputs, options)?;
    let Found {
        mut columns,
        input_rows,
        mut reports,
    } = columns.read(&inputs, options)?;
    if columns.iter().all(|column| column.values.is_empty()) {
        return Err(Error::NoRows { path });
    }
    let num_train_rows: usize = input_rows[..num_train_inputs].iter().sum();
    let mut test_start = options.test.as_ref().map(|_| num_train_rows);

    let mut roles = Roles::take(&path, &mut columns, &mut reports, options)?;
    // Before rows are left out, which would hide that a column counts them all.
    drop_useless(&mut columns, &mut reports, options);
    let rows_without_target = match roles.rows_with_target() {
        Some(keep) => {
            for column in &mut columns {
                column.values.retain(&keep);
            }
            roles.retain(&keep);
            if let Some(start) = &mut test_start {
                *start = keep[..*start].iter().filter(|&&keep| keep).count();
            }
            keep.iter().filter(|&&keep| !keep).count()
        }
        None => 0,
    };
    check_oddities(&path, &reports, options)?;
    let target = roles.target(&path, options)?;
    drop_useless(&mut columns, &mut reports, options);
    if columns.is_empty() {
        return Err(Error::NoFeatures {
            path,
            dropped: reports.iter().filter_map(Dropped::of).collect(),
        });
    }
    let partition = match test_start {
        Some(test_start) => Partition::Official { test_start },
        None => roles.partition()?,
    };
    let mut table = Table::new(columns, target)?;
    if let Some(weights) = roles.weights(options)? {
        table = table.with_weights(weights)?;
    }
    Ok(Dataset {
        name: source.name(),
        table,
        partition,
        scaling: Scaling::Standard,
        columns: reports,
        rows_without_target,
    })
}

/// Reads the columns of a schema, whole; others are ignored.
///
/// # Errors
///
/// If the file cannot be read, lacks a column or rows, or holds a value of another kind.
pub fn read_table(source: &Source, schema: &Schema) -> Result<Table, Error> {
    let mut chunks = Chunks::open(source, schema, &Dialect::default())?;
    chunks.read_all()
}

/// Refuses a target that a few cells keep from being numbers, unless its task was said: it would have a
/// class for each number.
fn check_oddities(
    path: &Path,
    reports: &[ColumnReport],
    options: &ReadOptions,
) -> Result<(), Error> {
    let targets = reports.iter().filter(|report| report.role == Role::Target);
    for ColumnReport { name, odd, .. } in targets {
        if let (
            Some(OddCell {
                value,
                line,
                numbers,
                ..
            }),
            None,
        ) = (odd, options.task)
        {
            let value = Shortened(value);
            return Err(Error::BadTarget {
                path: path.to_owned(),
                column: name.clone(),
                reason: format!(
                    "has {numbers} numbers, but `{value}` in line {line}; if that stands for a \
                     missing value, say `--missing '{value}'`"
                ),
            });
        }
    }
    Ok(())
}

/// Takes out the columns that say nothing, unless their kind was asked for.
fn drop_useless(columns: &mut Vec<Column>, reports: &mut [ColumnReport], options: &ReadOptions) {
    let alone = columns.len() == 1;
    columns.retain(|column| {
        if options.kind(&column.name).is_some() {
            return true;
        }
        let Some(reason) = DropReason::of(&column.values) else {
            return true;
        };
        // Numbers that count the rows may be all there is to learn from.
        if alone && reason == DropReason::RowNumber {
            return true;
        }
        if let Some(report) = reports.iter_mut().find(|report| report.name == column.name) {
            report.dropped = Some(reason);
        }
        false
    });
}

#[cfg(test)]
mod tests;
