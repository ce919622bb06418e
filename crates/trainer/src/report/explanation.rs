//! What explains a model and its predictions, as text.

use std::io::{self, Write};

use mlp_explanations::{Dependence, Importances, OutputDependence, Quantity};
use serde::Serialize;

use super::{counted, heading, significant, written};

/// How many columns of a row are listed.
const LISTED: usize = 20;
/// How many columns are listed by their importance.
const LISTED_COLUMNS: usize = 50;
/// How many characters the longest bar has.
const BAR: f64 = 24.0;
/// How many characters a name has, at most.
const NAME: usize = 28;

/// The rows that something is explained with.
#[derive(Clone, Copy)]
pub struct ExplainedRows<'a> {
    /// What they are called, such as `test rows`.
    pub rows: &'a str,
    /// The name of the data set.
    pub dataset: &'a str,
    /// What is predicted: the target.
    pub target: &'a str,
}

/// Why a model predicts what it does for a row, in the table's own values.
#[derive(Serialize)]
pub struct ExplainedRow {
    /// Its number, from 1.
    pub row: usize,
    /// The class or the target that is explained.
    pub output: String,
    /// What is explained of it.
    pub quantity: Quantity,
    /// The prediction for the row.
    pub prediction: f64,
    /// The prediction where the explanation begins.
    pub baseline: f64,
    /// What is missing of the difference.
    pub gap: f64,
    /// The columns, the strongest first.
    pub columns: Vec<ExplainedValue>,
}

/// What the value of a column adds to a prediction.
#[derive(Serialize)]
pub struct ExplainedValue {
    /// The column.
    pub column: String,
    /// Its value, unless it is missing.
    pub value: Option<String>,
    /// What it adds.
    pub contribution: f64,
    /// The standard error of a sampled contribution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standard_error: Option<f64>,
}

impl ExplainedValue {
    /// The column with its value, as `age = 44`.
    pub fn named(&self) -> String {
        match &self.value {
            Some(value) => format!("{} = {value}", self.column),
            None => format!("{} is missing", self.column),
        }
    }
}

/// What is explained, such as `probability of yes`.
pub fn quantity_of(quantity: Quantity, output: &str) -> String {
    match quantity {
        Quantity::Probability => format!("probability of {output}"),
        Quantity::Score => format!("score of {output}"),
        Quantity::Number => output.to_owned(),
    }
}

/// What the importance of a column is, such as `increase of the RMSE`.
pub fn importance_of(found: &Importances) -> String {
    let change = if found.metric.higher_is_better() {
        "decrease"
    } else {
        "increase"
    };
    format!("{change} of the {}", heading(found.metric))
}

/// Prints the importance of each column.
///
/// # Errors
///
/// If the writer fails.
pub fn write_importances(
    out: &mut impl Write,
    found: &Importances,
    rows: ExplainedRows<'_>,
) -> io::Result<()> {
    writeln!(
        out,
        "Importance of columns: {} when a column is shuffled among {} {} of {}, \
         over {}\n",
        importance_of(found),
        found.rows,
        rows.rows,
        rows.dataset,
        counted(found.repeats, "shuffle", "shuffles"),
    )?;
    let listed = &found.columns[..found.columns.len().min(LISTED_COLUMNS)];
    let width = name_width(listed.iter().map(|of| of.column.as_str()));
    writeln!(out, "{:width$}{:>12}{:>12}", "", "mean", "std. dev.")?;
    let longest = listed.iter().map(|of| of.mean).fold(0.0, f64::max);
    for of in listed {
        let line = format!(
            "{}{:>12}{:>12}  {}",
            padded(&of.column, width),
            significant(of.mean),
            significant(of.std),
            bar(of.mean, longest)
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    let others = found.columns.len() - listed.len();
    if others > 0 {
        let others = counted(others, "less important column", "less important columns");
        writeln!(out, "and {others}")?;
    }
    writeln!(
        out,
        "\n{} without shuffling: {}. Importance says what the model uses, which need not be what causes {}.",
        heading(found.metric),
        written(found.metric, found.score),
        rows.target
    )
}

/// Prints how the prediction of an output depends on a column.
///
/// # Errors
///
/// If the writer fails.
pub fn write_dependence(
    out: &mut impl Write,
    found: &Dependence,
    output: &OutputDependence,
    rows: ExplainedRows<'_>,
) -> io::Result<()> {
    let explained = quantity_of(found.quantity, &output.output);
    writeln!(
        out,
        "\nDependence of the {explained} on {}: mean over {} {}, and the range of {}\n",
        found.column,
        found.rows,
        rows.rows,
        counted(output.curves.len(), "row", "rows"),
    )?;
    let labels = found.grid.labels();
    let width = name_width(labels.iter().map(String::as_str));
    writeln!(
        out,
        "{:width$}{:>12}{:>12}{:>12}",
        "", "mean", "lowest", "highest"
    )?;
    let low = output.mean.iter().copied().fold(f64::INFINITY, f64::min);
    let high = output
        .mean
        .iter()
        .copied()
        .fold(f64::NEG_INFINITY, f64::max);
    for (index, (label, mean)) in labels.iter().zip(&output.mean).enumerate() {
        let of_rows = output.curves.iter().map(|curve| curve[index]);
        let lowest = of_rows.clone().fold(*mean, f64::min);
        let highest = of_rows.fold(*mean, f64::max);
        let line = format!(
            "{}{:>12}{:>12}{:>12}  {}",
            padded(label, width),
            significant(*mean),
            significant(lowest),
            significant(highest),
            bar(mean - low, high - low)
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Prints why the model predicts what it does for a row.
///
/// # Errors
///
/// If the writer fails.
pub fn write_row(
    out: &mut impl Write,
    found: &ExplainedRow,
    rows: ExplainedRows<'_>,
) -> io::Result<()> {
    writeln!(
        out,
        "\nRow {} of {}: the {} is {}, and {} for the background\n",
        found.row,
        rows.dataset,
        quantity_of(found.quantity, &found.output),
        significant(found.prediction),
        significant(found.baseline),
    )?;
    let listed = &found.columns[..found.columns.len().min(LISTED)];
    let names: Vec<String> = listed.iter().map(ExplainedValue::named).collect();
    let width = name_width(names.iter().map(String::as_str));
    let is_sampled = listed.iter().any(|of| of.standard_error.is_some());
    let error = if is_sampled { "std. error" } else { "" };
    let heading = format!("{:width$}{:>12}{error:>12}", "", "adds");
    writeln!(out, "{}", heading.trim_end())?;
    let longest = listed.iter().map(|of| of.contribution.abs());
    let longest = longest.fold(0.0, f64::max);
    for (of, name) in listed.iter().zip(&names) {
        let error = of.standard_error.map(significant).unwrap_or_default();
        let error_width = if is_sampled { 12 } else { 0 };
        let line = format!(
            "{}{:>12}{error:>error_width$}  {}",
            padded(name, width),
            signed(of.contribution),
            bar(of.contribution.abs(), longest)
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    if let Some(others @ [_, ..]) = found.columns.get(LISTED..) {
        let sum: f64 = others.iter().map(|of| of.contribution).sum();
        let name = counted(others.len(), "other column", "other columns");
        writeln!(out, "{}{:>12}", padded(&name, width), signed(sum))?;
    }
    let sizes = found.columns.iter().map(|of| of.contribution.abs());
    if found.gap.abs() > (0.01 * sizes.sum::<f64>()).max(1e-6 * found.prediction.abs()) {
        writeln!(out, "{}{:>12}", padded("(gap)", width), signed(found.gap))?;
    }
    Ok(())
}

/// A number with its sign.
fn signed(number: f64) -> String {
    if number > 0.0 {
        format!("+{}", significant(number))
    } else {
        significant(number)
    }
}

/// A bar of a length, of which the longest has 24 characters.
fn bar(length: f64, longest: f64) -> String {
    let share = (length / longest).clamp(0.0, 1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 24; NaN is 0.
    let count = (share * BAR).round() as usize;
    "█".repeat(count)
}

fn name_width<'a>(names: impl Iterator<Item = &'a str>) -> usize {
    let longest = names.map(|name| name.chars().count()).max().unwrap_or(0);
    longest.clamp(12, NAME) + 2
}

/// A name, cut short if it is too long.
fn padded(name: &str, width: usize) -> String {
    let room = width - 2;
    let name = if name.chars().count() > room {
        let start: String = name.chars().take(room - 1).collect();
        format!("{start}…")
    } else {
        name.to_owned()
    };
    format!("{name:width$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_explained_in_its_own_values() {
        let value = |column: &str, value: Option<&str>, contribution| ExplainedValue {
            column: column.to_owned(),
            value: value.map(str::to_owned),
            contribution,
            standard_error: Some(0.01),
        };
        let row = ExplainedRow {
            row: 5,
            output: "yes".to_owned(),
            quantity: Quantity::Probability,
            prediction: 0.75,
            baseline: 0.25,
            gap: 0.0,
            columns: vec![value("age", Some("44"), 0.6), value("sex", None, -0.1)],
        };
        let rows = ExplainedRows {
            rows: "test rows",
            dataset: "people",
            target: "sold",
        };
        let mut out = Vec::new();
        write_row(&mut out, &row, rows).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "\nRow 5 of people: the probability of yes is 0.7500, and 0.2500 for the background\n\n\
             \x20                       adds  std. error\n\
             age = 44             +0.6000     0.01000  ████████████████████████\n\
             sex is missing       -0.1000     0.01000  ████\n"
        );
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(padded("a_name_of_many_letters", 12), "a_name_of…  ");
        assert_eq!(bar(f64::NAN, 1.0), "");
    }
}
