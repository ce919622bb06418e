//! What is odd about a table, before a model is trained on it.

mod columns;
mod features;

use std::io::{self, Write};

use mlp_datasets::{
    Dataset, Preprocessor, PreprocessorConfig, Split, Target, UnseenValues, Values,
};

use super::table::listed;
use super::{Lines, counted};
use crate::{Error, TrainingConfig, built_in};
pub use columns::{warn_of_columns, write_empty_inputs, write_notes};
use features::warn_of_rare_categories;

/// Text with more classes than this is rarely what someone wants to predict.
const MANY_CLASSES: usize = 50;
/// A feature of which a larger share of the test rows is outside of its range in training is a trend.
const TREND: f64 = 0.5;

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
    let out = &mut Lines(out);
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

/// Prints a line for each feature with values that training has not seen.
///
/// # Errors
///
/// If the writer fails.
pub fn warn_of_unseen_values(out: &mut impl Write, unseen: &[UnseenValues]) -> io::Result<()> {
    let rows = |count| counted(count, "row", "rows");
    let out = &mut Lines(out);
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
