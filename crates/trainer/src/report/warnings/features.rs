//! What is odd about features: those that may give the target away, and categories with few rows.

use std::io::{self, Write};

use mlp_datasets::{
    Dataset, IsolatedValues, Preprocessor, PreprocessorConfig, Split, Suspicion, Target, Values,
    first_alike, first_of_other_case,
};

use crate::report::phrases::{counted, quoted};
use crate::report::table::listed;

/// From this share of the training rows on, rare categories are worth a word.
const MANY_RARE: f64 = 0.1;

/// Prints a line for features that look like row numbers, and for those that give the target away.
///
/// # Errors
///
/// If the writer fails.
pub fn warn_of_suspicions(out: &mut impl Write, dataset: &Dataset) -> io::Result<()> {
    for suspicion in [
        Suspicion::RowNumber,
        Suspicion::TargetCopy,
        Suspicion::DeterminesTarget,
    ] {
        let suspected = dataset.columns.iter().filter(|report| {
            let is_feature = report.dropped.is_none();
            is_feature && report.suspicion == Some(suspicion)
        });
        let names: Vec<&str> = suspected.map(|report| report.name.as_str()).collect();
        if names.is_empty() {
            continue;
        }
        let is_one = names.len() == 1;
        let (what, when) = match (suspicion, is_one) {
            (Suspicion::RowNumber, true) => (
                "has a different whole number in each row, as row numbers are",
                "if it is an index",
            ),
            (Suspicion::RowNumber, false) => (
                "have a different whole number in each row, as row numbers are",
                "if they are indices",
            ),
            (Suspicion::TargetCopy, true) => ("is a copy of the target", KNOWN_LATER),
            (Suspicion::TargetCopy, false) => ("are copies of the target", THEY_KNOWN_LATER),
            (Suspicion::DeterminesTarget, true) => {
                ("determines the target in all rows", KNOWN_LATER)
            }
            (Suspicion::DeterminesTarget, false) => (
                "determine the target in all rows, each by itself",
                THEY_KNOWN_LATER,
            ),
            // The library may learn to suspect more.
            _ => continue,
        };
        let them = if is_one { "it" } else { "them" };
        let option = quoted(&names.join(","));
        let names = names.iter().map(|name| format!("`{name}`")).collect();
        writeln!(
            out,
            "warning: {} {what}; {when}, leave {them} out with `--drop {option}`",
            listed(names)
        )?;
    }
    Ok(())
}

/// Prints a line for each column with categories or classes that differ only in how they are written.
///
/// # Errors
///
/// If the writer fails.
pub fn warn_of_alike_categories(out: &mut impl Write, dataset: &Dataset) -> io::Result<()> {
    let target = dataset.table.target().into_iter().filter_map(|target| {
        let name = target.names().first()?;
        Some((name, "classes", target.classes()?))
    });
    let features = dataset.table.columns().iter().filter_map(|column| {
        let Values::Categories { names, .. } = &column.values else {
            return None;
        };
        Some((&column.name, "categories", names.as_slice()))
    });
    for (name, what, values) in target.chain(features) {
        if let Some([one, other]) = first_alike(values) {
            writeln!(
                out,
                "warning: `{name}` has `{one}` and `{other}` as different {what}, though they mean the same"
            )?;
        } else if let Some([one, other]) = first_of_other_case(values) {
            writeln!(
                out,
                "warning: `{name}` has `{one}` and `{other}` as different {what}; if they mean the same, write them \
                 alike in the file"
            )?;
        }
    }
    Ok(())
}

/// Prints a line for each column of numbers or dates with values that are far from all others, as codes for missing
/// values are.
///
/// # Errors
///
/// If the writer fails.
pub fn warn_of_isolated_values(out: &mut impl Write, dataset: &Dataset) -> io::Result<()> {
    let target = match dataset.table.target() {
        Some(Target::Numbers { names, values }) => {
            let of_target = |(index, name)| {
                let numbers = values.iter().skip(index).step_by(names.len());
                (
                    name,
                    IsolatedValues::of(&Values::Numbers(numbers.copied().collect())),
                )
            };
            names.iter().enumerate().map(of_target).collect()
        }
        Some(Target::Classes { .. }) | None => Vec::new(),
    };
    let features = dataset.table.columns().iter();
    let features = features.map(|column| (&column.name, IsolatedValues::of(&column.values)));
    for (name, found) in target.into_iter().chain(features) {
        let Some(IsolatedValues {
            values,
            num_rows,
            others: [low, high],
            ..
        }) = found
        else {
            continue;
        };
        let option = |value: &String| format!("--missing {}", quoted(&format!("{name}={value}")));
        let options: Vec<String> = values.iter().map(option).collect();
        writeln!(
            out,
            "warning: `{name}` has {} in {}, far from its other values, {low} to {high}; if {} \"missing\", add `{}`",
            values.join(" and "),
            counted(num_rows, "row", "rows"),
            if values.len() == 1 {
                "it means"
            } else {
                "they mean"
            },
            options.join(" "),
        )?;
    }
    Ok(())
}

const KNOWN_LATER: &str = "if it is known only after the fact";
const THEY_KNOWN_LATER: &str = "if they are known only after the fact";

/// Prints a line for each feature of which many training rows have a category that counts as unknown,
/// since few rows have it.
///
/// # Errors
///
/// If the writer fails.
pub fn warn_of_rare_categories(
    out: &mut impl Write,
    dataset: &Dataset,
    split: &Split,
    config: &PreprocessorConfig,
) -> io::Result<()> {
    // They have a warning of their own.
    let constant = Preprocessor::constant_features(&dataset.table, &split.train, config);
    let constant = constant.unwrap_or_default();
    for column in dataset.table.columns() {
        let Values::Categories { codes, names } = &column.values else {
            continue;
        };
        if constant.contains(&column.name) {
            continue;
        }
        let mut counts = vec![0; names.len()];
        for &row in &split.train {
            // Missing values are not categories.
            if let Some(count) = counts.get_mut(codes[row] as usize) {
                *count += 1;
            }
        }
        counts.retain(|&count| count > 0);
        let least = config.min_category_count;
        let rare: Vec<usize> = counts.iter().copied().filter(|&n| n < least).collect();
        let share = rare.iter().sum::<usize>() as f64 / split.train.len() as f64;
        if rare.len() > 1 && share >= MANY_RARE {
            writeln!(
                out,
                "warning: `{}`: {} of {} categories are in fewer than {least} training rows and count as \
                 one, {:.0} % of the rows (`--min-category-count 1` learns each)",
                column.name,
                rare.len(),
                counts.len(),
                100.0 * share
            )?;
        }
    }
    Ok(())
}
