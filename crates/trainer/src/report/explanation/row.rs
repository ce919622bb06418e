use std::io::{self, Write};

use mlp_explanations::Quantity;
use serde::Serialize;

use super::{ExplainedRows, bar, name_width, padded, quantity_of};
use crate::report::{counted, significant};

/// How many columns of a row are listed.
const LISTED: usize = 20;

/// Why a model predicts what it does for a row, in the table's own values.
#[derive(Serialize)]
pub struct ExplainedRow {
    /// Its number in its file, from 1.
    pub row: usize,
    /// The separate test file, if it is in that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_file: Option<String>,
    /// The class or the target that is explained.
    pub output: String,
    /// What is explained of it.
    pub quantity: Quantity,
    /// The prediction for the row.
    pub prediction: f64,
    /// The prediction where the explanation begins.
    pub baseline: f64,
    /// What the baseline is of, such as `on average over the training rows`.
    #[serde(skip)]
    pub baseline_of: String,
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
    /// What stands after the name of the column, as ` = 44`.
    pub fn shown(&self) -> String {
        match &self.value {
            Some(value) => format!(" = {value}"),
            None => " is missing".to_owned(),
        }
    }

    /// The column with its value, as `age = 44`.
    pub fn named(&self) -> String {
        format!("{}{}", self.column, self.shown())
    }
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
        "\nRow {} of {}: the {} is {}; {} it is {}\n",
        found.row,
        found.test_file.as_deref().unwrap_or(rows.dataset),
        predicted_quantity(found),
        significant(found.prediction),
        found.baseline_of,
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

/// What is predicted for a row, in words.
fn predicted_quantity(found: &ExplainedRow) -> String {
    let quantity = quantity_of(found.quantity, &found.output);
    match found.quantity {
        Quantity::Number => format!("predicted {quantity}"),
        Quantity::Probability | Quantity::Score => quantity,
    }
}

/// A number with its sign.
fn signed(number: f64) -> String {
    if number > 0.0 {
        format!("+{}", significant(number))
    } else {
        significant(number)
    }
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
            test_file: None,
            output: "yes".to_owned(),
            quantity: Quantity::Probability,
            prediction: 0.75,
            baseline: 0.25,
            baseline_of: "on average over the training rows".to_owned(),
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
            "\nRow 5 of people: the probability of yes is 0.7500; on average over the training rows it is \
             0.2500\n\n\
             \x20                       adds  std. error\n\
             age = 44             +0.6000     0.01000  ████████████████████████\n\
             sex is missing       -0.1000     0.01000  ████\n"
        );
    }
}
