use std::io::{self, Write};

use mlp_datasets::{Dataset, ValueSummary};

use super::{InspectedColumn, Inspection};
use crate::report::table::write_columns;
use crate::report::{Aligned, cut, one_line, significant, widest};

/// How many columns are printed.
const MOST_COLUMNS: usize = 60;
/// How many characters of a name or of values are printed.
const MOST_CHARACTERS: usize = 32;

/// Prints what is in a table, its columns with the most related to the target first, and what a training
/// would warn of.
///
/// # Errors
///
/// If the writer fails.
pub fn write_inspection(
    out: &mut impl Write,
    inspection: &Inspection,
    dataset: &Dataset,
) -> io::Result<()> {
    write_columns(out, &inspection.dataset, dataset)?;
    if inspection.inspected_rows < inspection.rows {
        writeln!(
            out,
            "  below        {} rows, without those for testing",
            inspection.inspected_rows
        )?;
    }
    let target = inspection.target.as_ref();
    if let Some(target) = target {
        for (name, summary) in target.names.iter().zip(&target.values) {
            let values = summary.values.as_ref().map_or(String::new(), written);
            writeln!(
                out,
                "\ntarget {}: {} different, {}",
                one_line(name),
                summary.distinct,
                one_line(&values)
            )?;
        }
    }
    let features = inspection.columns.iter();
    let mut features: Vec<_> = features
        .filter(|column| column.use_of_it == "feature")
        .collect();
    let strength = |column: &InspectedColumn| column.relation.map_or(-1.0, |found| found.strength);
    // Equally related ones stay in the order of the file.
    features.sort_by(|a, b| strength(b).total_cmp(&strength(a)));
    let shown = &features[..features.len().min(MOST_COLUMNS)];
    let names: Vec<String> = shown.iter().map(|column| shortened(&column.name)).collect();
    let width = widest(names.iter().map(String::as_str)).max("feature".len());
    let heading = match target {
        Some(target) => format!("relation to {}", shortened(&target.names.join(", "))),
        None => String::new(),
    };
    let heading = format!(
        "{:<width$}  {:<11} {:>8} {:>9}  {:<MOST_CHARACTERS$}  {heading}",
        "feature", "kind", "missing", "different", "values"
    );
    writeln!(out, "\n{}", heading.trim_end())?;
    for (name, column) in names.iter().zip(shown) {
        let relation = column
            .relation
            .map(|found| format!("{:.3} {}", found.strength, found.measure));
        let line = format!(
            "{:<width$}  {:<11} {:>8} {:>9}  {:<MOST_CHARACTERS$}  {}",
            Aligned(name),
            column.kind.name(),
            column.missing,
            column.distinct.unwrap_or(0),
            Aligned(&shortened(
                &column.values.as_ref().map_or(String::new(), written)
            )),
            relation.unwrap_or_default()
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    match features.len() - shown.len() {
        0 => {}
        more => writeln!(out, "and {more} more, which `--json` lists")?,
    }
    if target.is_some() {
        writeln!(
            out,
            "\n|r|: correlation without its sign; η: correlation ratio, the root of the share of variance \
             between categories;\nV: Cramér's V; each of the feature alone, from 0 to 1, and corrected for \
             the number of categories"
        )?;
    }
    if !inspection.warnings.is_empty() {
        writeln!(out)?;
    }
    for warning in &inspection.warnings {
        writeln!(out, "warning: {warning}")?;
    }
    Ok(())
}

/// A range, or the most frequent categories.
fn written(values: &ValueSummary) -> String {
    match values {
        ValueSummary::Numbers { low, median, high } => format!(
            "{} to {}, median {}",
            number(*low),
            number(*high),
            number(*median)
        ),
        ValueSummary::Categories(most) => {
            let most = most.iter().map(|(name, count)| format!("{name} ({count})"));
            most.collect::<Vec<_>>().join(", ")
        }
        ValueSummary::Dates { first, last } => format!("{first} to {last}"),
    }
}

/// A number with four digits, or all of a whole number.
fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e12 {
        value.to_string()
    } else {
        significant(value)
    }
}

/// The beginning of a long text, without line breaks.
fn shortened(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect();
    cut(&text, MOST_CHARACTERS)
}
