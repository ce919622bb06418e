//! What is odd about a table, before a model is trained on it.

mod features;

use std::io::{self, Write};
use std::path::PathBuf;

use mlp_datasets::{
    ColumnReport, Dataset, NonNumericCells, Preprocessor, PreprocessorConfig, Split, Target,
    UnseenValues, Values,
};

use super::counted;
use super::table::listed;
use crate::{Error, TrainingConfig, built_in};
use features::{warn_of_alike_categories, warn_of_rare_categories, warn_of_suspicions};

/// Prints what was noticed while files were read.
///
/// # Errors
///
/// If the writer fails.
pub fn write_notes(out: &mut impl Write, notes: &[String]) -> io::Result<()> {
    notes
        .iter()
        .try_for_each(|note| writeln!(out, "note: {note}"))
}

/// Text with more classes than this is rarely what someone wants to predict.
const MANY_CLASSES: usize = 50;
/// Fewer categories are common among texts that begin with digits, such as ranges of ages.
const MANY_NUMBERS: usize = 20;
/// A feature of which a larger share of the test rows is outside of its range in training is a trend.
const TREND: f64 = 0.5;

/// Prints a line for the files without rows.
///
/// # Errors
///
/// If the writer fails.
pub fn write_empty_inputs(out: &mut impl Write, paths: &[PathBuf]) -> io::Result<()> {
    let names: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    match names.len() {
        0 => Ok(()),
        1 => writeln!(out, "warning: `{}` has no rows", names[0]),
        count => writeln!(
            out,
            "warning: {count} files have no rows: {}",
            listed(names)
        ),
    }
}

/// Prints a line for everything that is odd about a table, read without a training in mind.
///
/// # Errors
///
/// If the writer fails.
pub fn warn_of_columns(out: &mut impl Write, dataset: &Dataset) -> io::Result<()> {
    write_empty_inputs(out, &dataset.empty_inputs)?;
    write_notes(out, &dataset.notes)?;
    warn_of_non_numeric_cells(out, dataset)?;
    warn_of_unread_numbers(out, dataset)?;
    warn_of_doubtful_numbers(out, dataset)?;
    warn_of_odd_cells(out, dataset)?;
    warn_of_alike_categories(out, dataset)?;
    warn_of_suspicions(out, dataset)
}

/// Prints a line for everything that is odd about a training on a data set. That a line cannot be written
/// is no reason not to train.
///
/// # Errors
///
/// If the rows cannot be split.
pub fn warn_of_training(
    out: &mut impl Write,
    config: &TrainingConfig,
    dataset: &Dataset,
) -> Result<(), Error> {
    let (Some(recipe), None) = (config.recipe.as_supervised(), config.folds()) else {
        return Ok(());
    };
    let split = config.split(dataset)?;
    let _ = warn_of_unseen_classes(out, dataset, &split);
    let _ = warn_of_one_class(out, dataset, &split);
    if built_in(config.dataset()).is_none() {
        let preprocessor = recipe.data().preprocessor_for(&dataset.partition);
        let _ = warn_of_many_classes(out, dataset);
        let _ = warn_of_constant_features(out, dataset, &split, &preprocessor);
        let _ = warn_of_rare_categories(out, dataset, &split, &preprocessor);
        let _ = warn_of_extrapolation(out, dataset, &split, &preprocessor);
    }
    Ok(())
}

/// Prints a line for each column almost all of whose values are numbers.
///
/// # Errors
///
/// If the writer fails.
fn warn_of_non_numeric_cells(out: &mut impl Write, dataset: &Dataset) -> io::Result<()> {
    for ColumnReport {
        name, non_numeric, ..
    } in &dataset.columns
    {
        let Some(NonNumericCells {
            value,
            line,
            numbers,
            others,
            ..
        }) = non_numeric
        else {
            continue;
        };
        writeln!(
            out,
            "warning: `{name}` is read as categories: {} not a number, the first is `{value}` in line \
             {line}, and {numbers} are; if these mean \"missing\", add `--missing '{value}'`",
            counted(*others, "value is", "values are"),
            value = shortened(value),
        )?;
    }
    Ok(())
}

/// Prints a line for each column of many categories that look like numbers or dates.
///
/// # Errors
///
/// If the writer fails.
fn warn_of_unread_numbers(out: &mut impl Write, dataset: &Dataset) -> io::Result<()> {
    for report in &dataset.columns {
        let is_explained = report.non_numeric.is_some();
        let has_many = report.categories.is_some_and(|count| count > MANY_NUMBERS);
        if let (Some(text), true, false) = (&report.unread, has_many, is_explained) {
            writeln!(
                out,
                "warning: `{}` is read as categories, though cells such as `{}` look like numbers or dates: \
                 this form is not read",
                report.name,
                shortened(text)
            )?;
        }
    }
    Ok(())
}

/// Prints a line for each column of numbers whose points could be between thousands.
///
/// # Errors
///
/// If the writer fails.
fn warn_of_doubtful_numbers(out: &mut impl Write, dataset: &Dataset) -> io::Result<()> {
    for report in &dataset.columns {
        let Some(doubt) = &report.doubt else { continue };
        writeln!(
            out,
            "warning: `{}` is read with a decimal point; if {} means {}, add `--decimal ,`",
            report.name, doubt.value, doubt.other
        )?;
    }
    Ok(())
}

/// Prints a line for each column of numbers or dates of which a few cells are neither, and for each text that
/// was given as a missing value and does not occur.
///
/// # Errors
///
/// If the writer fails.
fn warn_of_odd_cells(out: &mut impl Write, dataset: &Dataset) -> io::Result<()> {
    for report in &dataset.columns {
        let Some(odd) = &report.odd else { continue };
        let first = odd.texts.first().map_or("", String::as_str);
        writeln!(
            out,
            "warning: `{0}` is read as {1}: {2} not, the first is `{3}` in line {4} of `{5}`, and {6} as missing; \
             `--missing '{0}={3}'` says so, `--categorical '{0}'` reads categories",
            report.name,
            report.kind,
            counted(odd.count, "cell is", "cells are"),
            shortened(first),
            odd.line,
            odd.path.display(),
            if odd.count == 1 {
                "counts"
            } else {
                "they count"
            },
        )?;
    }
    for text in &dataset.unused_missing {
        let column = match text.split_once('=') {
            Some((name, _)) if !dataset.columns.iter().any(|report| report.name == name) => {
                format!(", and no column is called `{name}`")
            }
            _ => String::new(),
        };
        writeln!(
            out,
            "warning: `--missing {text}`: no cell has this value{column}"
        )?;
    }
    Ok(())
}

/// Prints a line for each feature with values that training has not seen.
///
/// # Errors
///
/// If the writer fails.
pub fn warn_of_unseen_values(out: &mut impl Write, unseen: &[UnseenValues]) -> io::Result<()> {
    let rows = |count| counted(count, "row", "rows");
    for values in unseen {
        let feature = &values.feature;
        if values.unseen > 0 {
            let rows = rows(values.unseen);
            writeln!(
                out,
                "warning: `{feature}` has values not seen (or too rare) in training, in {rows}"
            )?;
        }
        if values.missing > 0 {
            let rows = rows(values.missing);
            writeln!(
                out,
                "warning: `{feature}` is missing in {rows}, though it was never missing in training"
            )?;
        }
    }
    Ok(())
}

/// The first 40 characters of a text.
fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Prints a line if a text target has very many classes.
///
/// # Errors
///
/// If the writer fails.
fn warn_of_many_classes(out: &mut impl Write, dataset: &Dataset) -> io::Result<()> {
    let Some(Target::Classes { name, classes, .. }) = dataset.table.target() else {
        return Ok(());
    };
    if classes.len() <= MANY_CLASSES {
        return Ok(());
    }
    writeln!(
        out,
        "warning: the target `{name}` has {} classes, {:.1} rows of each on average; is it the column to \
         predict?",
        classes.len(),
        dataset.table.num_rows() as f64 / classes.len() as f64
    )
}

/// Prints a line if a class occurs in no training row, as it can where the user says which rows train.
///
/// # Errors
///
/// If the writer fails.
fn warn_of_unseen_classes(
    out: &mut impl Write,
    dataset: &Dataset,
    split: &Split,
) -> io::Result<()> {
    let Some(Target::Classes {
        labels, classes, ..
    }) = dataset.table.target()
    else {
        return Ok(());
    };
    let mut seen = vec![false; classes.len()];
    for &row in &split.train {
        seen[labels[row]] = true;
    }
    let unseen = classes.iter().zip(&seen).filter(|(_, seen)| !**seen);
    let unseen: Vec<String> = unseen.map(|(class, _)| format!("`{class}`")).collect();
    if unseen.is_empty() {
        return Ok(());
    }
    let in_test = split.test.iter().filter(|&&row| !seen[labels[row]]);
    writeln!(
        out,
        "warning: no training row has the class {}, so the model cannot learn it: {} wrong",
        listed(unseen),
        counted(in_test.count(), "test row counts as", "test rows count as")
    )
}

/// Prints a line if all validation rows are of one class, although others are learned.
///
/// # Errors
///
/// If the writer fails.
fn warn_of_one_class(out: &mut impl Write, dataset: &Dataset, split: &Split) -> io::Result<()> {
    let (
        Some(Target::Classes {
            labels, classes, ..
        }),
        [first, ..],
    ) = (dataset.table.target(), split.valid.as_slice())
    else {
        return Ok(());
    };
    let is_of_class = |&row: &usize| labels[row] == labels[*first];
    if !split.valid.iter().all(is_of_class) || split.train.iter().all(is_of_class) {
        return Ok(());
    }
    writeln!(
        out,
        "warning: {} of the class `{}`, so validation hardly tells which epoch is best; choose the \
         validation rows among all classes",
        counted(
            split.valid.len(),
            "validation row is",
            "validation rows are all"
        ),
        classes[labels[*first]]
    )
}

/// Prints a line if features have the same value in all training rows.
///
/// # Errors
///
/// If the writer fails.
fn warn_of_constant_features(
    out: &mut impl Write,
    dataset: &Dataset,
    split: &Split,
    config: &PreprocessorConfig,
) -> io::Result<()> {
    // A fault of the table is reported by the training.
    let constant = Preprocessor::constant_features(&dataset.table, &split.train, config);
    let names: Vec<String> = constant.unwrap_or_default();
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    if names.is_empty() {
        return Ok(());
    }
    let verb = if names.len() == 1 { "does" } else { "do" };
    writeln!(
        out,
        "warning: {} {verb} not vary in the training rows (or only in categories rarer than \
         `--min-category-count`), and cannot be learned from",
        listed(names)
    )
}

/// Prints a line for each number or date that is outside of its range in training in most test rows.
///
/// # Errors
///
/// If the writer fails.
fn warn_of_extrapolation(
    out: &mut impl Write,
    dataset: &Dataset,
    split: &Split,
    config: &PreprocessorConfig,
) -> io::Result<()> {
    for column in dataset.table.columns() {
        let value = |row: usize| match &column.values {
            Values::Numbers(numbers) => Some(numbers[row]).filter(|n| !n.is_nan()),
            Values::Dates(dates) if dates[row] != Values::MISSING_DATE => Some(dates[row] as f64),
            Values::Dates(_) | Values::Categories { .. } => None,
        };
        let train = split.train.iter().filter_map(|&row| value(row));
        let low = train.clone().fold(f64::INFINITY, f64::min);
        let high = train.fold(f64::NEG_INFINITY, f64::max);
        if low >= high || config.recurring_dates.contains(&column.name) {
            continue;
        }
        let outside = split.test.iter().filter_map(|&row| value(row));
        let outside = outside.filter(|value| !(low..=high).contains(value));
        let share = outside.count() as f64 / split.test.len() as f64;
        if share > TREND {
            writeln!(
                out,
                "warning: `{0}` is beyond its range in training in {1:.0} % of the test rows; networks \
                 extrapolate badly, so try `--drop '{0}'`",
                column.name,
                100.0 * share
            )?;
        }
    }
    Ok(())
}
