//! What `trainer explain --output` writes.

use std::fs;
use std::path::Path;

use mlp_explanations::{Dependence, Grid, Importances, OutputDependence};
use mlp_inference::whole_file;

use super::document::Document;
use crate::Error;
use crate::pictures::{DependenceCurves, DependenceDots, ImportanceBars, Waterfall};
use crate::report::explanation::{ExplainedRow, ExplainedValue, importance_of, quantity_of};

/// The most rows that get a picture.
const MAX_PICTURES: usize = 50;

/// Writes `explanation.json`, a CSV file for each kind of explanation, and pictures into a folder, which is
/// made if need be.
///
/// # Errors
///
/// If something cannot be written.
pub fn write(folder: &Path, document: &Document) -> anyhow::Result<()> {
    fs::create_dir_all(folder).map_err(|source| Error::Io {
        action: "create",
        path: folder.to_owned(),
        source,
    })?;
    let mut json = serde_json::to_vec_pretty(document)?;
    json.push(b'\n');
    write_file(folder, "explanation.json", &json)?;
    if let Some(importance) = &document.importance {
        write_file(folder, "importance.csv", &importance_csv(importance)?)?;
        draw_importance(folder, importance)?;
    }
    if !document.dependence.is_empty() {
        let csv = dependence_csv(&document.dependence)?;
        write_file(folder, "dependence.csv", &csv)?;
    }
    for (found, number) in document.dependence.iter().zip(1..) {
        for (output, position) in found.outputs.iter().zip(1..) {
            let name = match found.outputs.len() {
                1 => format!("dependence-{number}"),
                _ => format!("dependence-{number}-{position}"),
            };
            draw_dependence(folder, &name, found, output)?;
        }
    }
    if !document.rows.is_empty() {
        write_file(folder, "rows.csv", &rows_csv(&document.rows)?)?;
    }
    for row in document.rows.iter().take(MAX_PICTURES) {
        draw_row(folder, row)?;
    }
    Ok(())
}

fn write_file(folder: &Path, name: &str, content: &[u8]) -> Result<(), Error> {
    let path = folder.join(name);
    whole_file::write(&path, content).map_err(|source| Error::Io {
        action: "write",
        path,
        source,
    })
}

fn importance_csv(found: &Importances) -> anyhow::Result<Vec<u8>> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(["column", "metric", "mean", "std"])?;
    for of in &found.columns {
        let (mean, std) = (of.mean.to_string(), of.std.to_string());
        csv.write_record([of.column.as_str(), found.metric.name(), &mean, &std])?;
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
                row.row.to_string(),
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

fn draw_importance(folder: &Path, found: &Importances) -> anyhow::Result<()> {
    let names: Vec<String> = found.columns.iter().map(|of| of.column.clone()).collect();
    let bars: Vec<_> = found.columns.iter().map(|of| (of.mean, of.std)).collect();
    let picture = ImportanceBars {
        title: "Importance of columns",
        axis: &format!("{} when the column is shuffled", importance_of(found)),
        names: &names,
        bars: &bars,
    };
    Ok(picture.save(folder, "importance")?)
}

fn draw_dependence(
    folder: &Path,
    name: &str,
    found: &Dependence,
    output: &OutputDependence,
) -> anyhow::Result<()> {
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

fn draw_row(folder: &Path, row: &ExplainedRow) -> anyhow::Result<()> {
    let explained = quantity_of(row.quantity, &row.output);
    let steps = row.columns.iter();
    let steps = steps.map(|of: &ExplainedValue| (of.named(), of.contribution));
    let picture = Waterfall {
        title: &format!("Row {}: {explained}", row.row),
        axis: &explained,
        baseline: row.baseline,
        prediction: row.prediction,
        steps: &steps.collect::<Vec<_>>(),
    };
    Ok(picture.save(folder, &format!("row-{}", row.row))?)
}
