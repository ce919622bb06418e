//! What `trainer explain --output` writes.

use std::path::Path;

use mlp_datasets::RowPlace;
use mlp_explanations::{ColumnImportance, Dependence, Grid, Importances, OutputDependence};

use super::super::row_numbers::typed;
use super::document::Document;
use super::written::Written;
use crate::pictures::{DependenceCurves, DependenceDots, ImportanceBars, PictureError, Waterfall};
use crate::report::explanation::{ExplainedRow, ExplainedValue, importance_of, quantity_of};
use crate::run::KeptFiles;

/// The most rows that get a picture.
const MAX_PICTURES: usize = 50;

/// Writes `explanation.json`, a CSV file for each kind of explanation, and pictures into a folder, which is
/// made if need be. What an earlier explanation has left there is removed.
///
/// # Errors
///
/// If something cannot be written, or would replace a file that is to be kept.
pub fn write(folder: &Path, document: &Document, kept: &KeptFiles) -> anyhow::Result<()> {
    let mut written = Written::to(folder, kept)?;
    if let Some(importance) = &document.importance {
        written.file("importance.csv", &importance_csv(importance)?)?;
        draw_importances(&mut written, importance)?;
    }
    if !document.dependence.is_empty() {
        let csv = dependence_csv(&document.dependence)?;
        written.file("dependence.csv", &csv)?;
    }
    for (found, number) in document.dependence.iter().zip(1..) {
        for (output, position) in found.outputs.iter().zip(1..) {
            let name = match found.outputs.len() {
                1 => format!("dependence-{number}"),
                _ => format!("dependence-{number}-{position}"),
            };
            written.picture(&name, |folder, name| {
                draw_dependence(folder, name, found, output)
            })?;
        }
    }
    if !document.rows.is_empty() {
        written.file("rows.csv", &rows_csv(&document.rows)?)?;
    }
    for row in document.rows.iter().take(MAX_PICTURES) {
        let test = if row.test_file.is_some() { "-test" } else { "" };
        let name = format!("row{test}-{}", row.row);
        written.picture(&name, |folder, name| draw_row(folder, name, row))?;
    }
    written.finish(document)
}

/// Of several targets, a line for each, and one without a target for their mean.
fn importance_csv(found: &Importances) -> anyhow::Result<Vec<u8>> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    let has_targets = !found.targets.is_empty();
    let heading = ["target", "column", "metric", "mean", "std"];
    csv.write_record(&heading[usize::from(!has_targets)..])?;
    let of_targets = found
        .targets
        .iter()
        .map(|of| (of.target.as_str(), &of.columns));
    for (target, columns) in [("", &found.columns)].into_iter().chain(of_targets) {
        for of in columns {
            let std = of.std.map(|std| std.to_string()).unwrap_or_default();
            let mean = of.mean.to_string();
            let cells = [target, &of.column, found.metric.name(), &mean, &std];
            csv.write_record(&cells[usize::from(!has_targets)..])?;
        }
    }
    Ok(csv.into_inner()?)
}

/// A line for each value and each curve: the mean has no number of a curve.
fn dependence_csv(found: &[Dependence]) -> anyhow::Result<Vec<u8>> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(["column", "value", "output", "curve", "prediction"])?;
    for found in found {
        let labels = found.grid.labels();
        for output in &found.outputs {
            let mean = [(String::new(), &output.mean)];
            let curves = output.curves.iter().zip(1..);
            let curves = curves.map(|(curve, number)| (number.to_string(), curve));
            for (curve, predictions) in mean.into_iter().chain(curves) {
                for (label, prediction) in labels.iter().zip(predictions) {
                    let prediction = prediction.to_string();
                    let cells = [&found.column, label, &output.output, &curve, &prediction];
                    csv.write_record(cells)?;
                }
            }
        }
    }
    Ok(csv.into_inner()?)
}

fn rows_csv(rows: &[ExplainedRow]) -> anyhow::Result<Vec<u8>> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record([
        "row",
        "output",
        "prediction",
        "baseline",
        "column",
        "value",
        "contribution",
        "standard_error",
    ])?;
    for row in rows {
        for of in &row.columns {
            let error = of.standard_error.map(|error| error.to_string());
            csv.write_record([
                typed_row(row),
                row.output.clone(),
                row.prediction.to_string(),
                row.baseline.to_string(),
                of.column.clone(),
                of.value.clone().unwrap_or_default(),
                of.contribution.to_string(),
                error.unwrap_or_default(),
            ])?;
        }
    }
    Ok(csv.into_inner()?)
}

fn draw_importances(written: &mut Written<'_>, found: &Importances) -> anyhow::Result<()> {
    let mut draw = |name: &str, title: &str, columns: &[ColumnImportance]| {
        let names: Vec<String> = columns.iter().map(|of| of.column.clone()).collect();
        let bars: Vec<_> = columns.iter().map(|of| (of.mean, of.std)).collect();
        let picture = ImportanceBars {
            title,
            axis: &format!("{} when the column is shuffled", importance_of(found)),
            names: &names,
            bars: &bars,
        };
        written.picture(name, |folder, name| picture.save(folder, name))
    };
    let all = match found.targets.as_slice() {
        [] => "Importance of columns",
        [..] => "Importance of columns, mean of all targets",
    };
    draw("importance", all, &found.columns)?;
    for (of, number) in found.targets.iter().zip(1..) {
        let title = format!("Importance of columns for {}", of.target);
        draw(&format!("importance-{number}"), &title, &of.columns)?;
    }
    Ok(())
}

fn draw_dependence(
    folder: &Path,
    name: &str,
    found: &Dependence,
    output: &OutputDependence,
) -> Result<(), PictureError> {
    let explained = quantity_of(found.quantity, &output.output);
    let title = &format!("Dependence of the {explained} on {}", found.column);
    let curves = |values: &[f64], written: &dyn Fn(f64) -> String| {
        let picture = DependenceCurves {
            title,
            axes: [&found.column, &explained],
            values,
            written,
            mean: &output.mean,
            curves: &output.curves,
        };
        picture.save(folder, name)
    };
    match &found.grid {
        Grid::Numbers(numbers) => curves(numbers, &crate::pictures::number)?,
        Grid::Dates(dates) => {
            let values: Vec<f64> = dates.iter().map(|&date| date as f64).collect();
            #[expect(clippy::cast_possible_truncation)] // As the dates are.
            let written = |date: f64| Grid::Dates(vec![date as i64]).labels().concat();
            // The day is enough for an axis of many of them.
            let day = |date: f64| written(date).chars().take(10).collect::<String>();
            curves(&values, &day)?;
        }
        Grid::Categories(names) => {
            let picture = DependenceDots {
                title,
                axis: &explained,
                names,
                mean: &output.mean,
                curves: &output.curves,
            };
            picture.save(folder, name)?;
        }
    }
    Ok(())
}

fn draw_row(folder: &Path, name: &str, row: &ExplainedRow) -> Result<(), PictureError> {
    let explained = quantity_of(row.quantity, &row.output);
    let steps = row.columns.iter();
    let steps = steps.map(|of: &ExplainedValue| (of.column.clone(), of.shown(), of.contribution));
    let of_file = row.test_file.as_ref();
    let of_file = of_file.map_or_else(String::new, |file| format!(" of {file}"));
    let picture = Waterfall {
        title: &format!("Row {}{of_file}: {explained}", row.row),
        axis: &explained,
        baseline: row.baseline,
        prediction: row.prediction,
        steps: &steps.collect::<Vec<_>>(),
    };
    picture.save(folder, name)
}

/// The number of a row as it can be typed.
fn typed_row(row: &ExplainedRow) -> String {
    typed(RowPlace {
        number: row.row,
        is_test: row.test_file.is_some(),
    })
}
