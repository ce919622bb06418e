//! What was noticed while a table was read.

use std::io::{self, Write};
use std::path::PathBuf;

use mlp_datasets::{ColumnReport, Dataset, NonNumericCells};

use super::features::{warn_of_alike_categories, warn_of_isolated_values, warn_of_suspicions};
use crate::report::table::listed;
use crate::report::{Lines, counted};

/// How many notes are printed: a file may give one for each of its lines.
const MOST_NOTES: usize = 10;

/// Fewer categories are common among texts that begin with digits, such as ranges of ages.
const MANY_NUMBERS: usize = 20;

/// Prints a line for everything that is odd about a table, read without a training in mind.
///
/// # Errors
///
/// If the writer fails.
pub fn warn_of_columns(out: &mut impl Write, dataset: &Dataset) -> io::Result<()> {
    let out = &mut Lines(out);
    write_empty_inputs(out, &dataset.empty_inputs)?;
    write_notes(out, &dataset.notes)?;
    warn_of_non_numeric_cells(out, dataset)?;
    warn_of_unread_numbers(out, dataset)?;
    warn_of_doubtful_numbers(out, dataset)?;
    warn_of_odd_cells(out, dataset)?;
    warn_of_isolated_values(out, dataset)?;
    warn_of_alike_categories(out, dataset)?;
    warn_of_suspicions(out, dataset)
}

/// Prints a line for the files without rows.
///
/// # Errors
///
/// If the writer fails.
pub fn write_empty_inputs(out: &mut impl Write, paths: &[PathBuf]) -> io::Result<()> {
    let out = &mut Lines(out);
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

/// Prints what was noticed while files were read.
///
/// # Errors
///
/// If the writer fails.
pub fn write_notes(out: &mut impl Write, notes: &[String]) -> io::Result<()> {
    let out = &mut Lines(out);
    for note in notes.iter().take(MOST_NOTES) {
        writeln!(out, "note: {note}")?;
    }
    match notes.len().saturating_sub(MOST_NOTES) {
        0 => Ok(()),
        more => writeln!(out, "note: and {more} more such notes"),
    }
}

/// Prints a line for each column almost all of whose values are numbers, or most of whose values are dates.
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
            are_dates,
            ..
        }) = non_numeric
        else {
            continue;
        };
        let kind = if *are_dates { "date" } else { "number" };
        writeln!(
            out,
            "warning: `{name}` is read as categories: {} not a {kind}, the first is `{value}` in line \
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
                "warning: `{}` is {}, though cells such as `{}` look like numbers or dates: this format is not \
                 supported, or differs between cells",
                report.name,
                if report.dropped.is_some() {
                    "left out"
                } else {
                    "read as categories"
                },
                shortened(text)
            )?;
        }
    }
    Ok(())
}

/// Prints a line for each column of numbers whose points could be between thousands. Where commas are between
/// cells, points are before decimals, unless the numbers themselves say otherwise.
///
/// # Errors
///
/// If the writer fails.
fn warn_of_doubtful_numbers(out: &mut impl Write, dataset: &Dataset) -> io::Result<()> {
    let has_commas = dataset.dialect.delimiter == Some(b',');
    for report in &dataset.columns {
        let Some(doubt) = &report.doubt else { continue };
        if has_commas && !doubt.seems_grouped {
            continue;
        }
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
             to confirm, add `--missing '{0}={3}'`; `--categorical '{0}'` reads categories",
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

/// The first 40 characters of a text.
fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}
