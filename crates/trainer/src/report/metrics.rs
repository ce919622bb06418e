use std::fmt::Write as _;
use std::io::{self, Write};

use mlp_datasets::SplitName;
use mlp_inference::{Evaluation, Metric, Metrics};
use strum::VariantArray;

use super::counted;

/// The heading of a metric's column.
pub(crate) fn heading(metric: Metric) -> &'static str {
    match metric {
        Metric::Accuracy => "accuracy",
        Metric::BalancedAccuracy => "balanced",
        Metric::F1Macro => "macro F1",
        Metric::RocAuc => "ROC AUC",
        Metric::AveragePrecision => "avg. prec.",
        Metric::LogLoss => "log-loss",
        Metric::ExpectedCalibrationError => "calib. err.",
        Metric::Rmse => "RMSE",
        Metric::Mae => "MAE",
        Metric::MedianAbsoluteError => "median AE",
        Metric::Pinball => "pinball",
        Metric::R2 => "R²",
    }
}

/// A metric's value, in percent or in the units of the data where it has units.
pub(crate) fn written(metric: Metric, value: f64) -> String {
    match metric {
        Metric::Accuracy | Metric::BalancedAccuracy => format!("{:.2} %", 100.0 * value),
        Metric::F1Macro
        | Metric::RocAuc
        | Metric::AveragePrecision
        | Metric::LogLoss
        | Metric::ExpectedCalibrationError
        | Metric::R2 => format!("{value:.4}"),
        Metric::Rmse | Metric::Mae | Metric::MedianAbsoluteError | Metric::Pinball => {
            significant(value)
        }
    }
}

/// Prints a table of metrics, a line for each split.
///
/// # Errors
///
/// If the writer fails.
pub fn write_metrics(out: &mut impl Write, splits: &[(&str, usize, &Metrics)]) -> io::Result<()> {
    let columns: Vec<Metric> = Metric::VARIANTS
        .iter()
        .copied()
        .filter(|metric| {
            splits
                .iter()
                .any(|(_, _, metrics)| is_worth_a_column(*metric, metrics))
        })
        .collect();
    let names = splits.iter().map(|(name, ..)| name.chars().count() + 1);
    let width = names.max().unwrap_or(0).max(8);
    write!(out, "{:<width$}{:>6}", "", "rows")?;
    for &metric in &columns {
        write!(out, "{:>12}", heading(metric))?;
    }
    writeln!(out)?;
    for (name, rows, metrics) in splits {
        write!(out, "{name:<width$}{rows:>6}")?;
        for &metric in &columns {
            let value = metric.of(metrics).map(|value| written(metric, value));
            write!(out, "{:>12}", value.unwrap_or_default())?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Prints the metrics of each of several targets for the test rows; nothing of a single one.
///
/// # Errors
///
/// If the writer fails.
pub fn write_targets(
    out: &mut impl Write,
    test: &Evaluation,
    rows: usize,
    targets: &[String],
) -> io::Result<()> {
    if test.per_target.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nEach target of the test rows; above are the means")?;
    let lines = targets.iter().zip(&test.per_target);
    let lines: Vec<_> = lines
        .map(|(name, metrics)| (name.as_str(), rows, metrics))
        .collect();
    write_metrics(out, &lines)
}

/// A line for what keeps rows of a split from being judged as others are; nothing if all are.
pub fn shortcomings(name: SplitName, evaluation: &Evaluation) -> String {
    let mut lines = String::new();
    let (not_finite, unknown) = (evaluation.num_not_finite, evaluation.num_unknown);
    if not_finite > 0 {
        let rows = counted(not_finite, "row has", "rows have");
        let _ = writeln!(
            lines,
            "warning: {rows} no finite prediction, so there are no metrics of {name} rows"
        );
    }
    if unknown > 0 {
        let rows = counted(unknown, "row is", "rows are");
        let _ = writeln!(
            lines,
            "warning: {rows} of a class that the model does not know: wrong predictions, without a \
             log-loss and a ranking of {name} rows"
        );
    }
    lines
}

/// Whether a metric says something that no other one does: the pinball loss at the median is half the
/// mean absolute error.
pub(crate) fn is_worth_a_column(metric: Metric, metrics: &Metrics) -> bool {
    let value = metric.of(metrics);
    match (metric, value, metrics.mae) {
        (Metric::Pinball, Some(pinball), Some(mae)) => (2.0 * pinball - mae).abs() > 1e-9 * mae,
        _ => value.is_some(),
    }
}

/// Four significant digits, for values in the units of the data.
pub(crate) fn significant(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    #[allow(clippy::cast_possible_truncation)] // A logarithm is between -308 and 308.
    let magnitude = value.abs().log10().floor() as i32;
    if !(-4..8).contains(&magnitude) {
        return format!("{value:.3e}");
    }
    let decimals = usize::try_from(3 - magnitude).unwrap_or(0);
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_the_columns_of_its_task_alone() {
        let mut metrics = Metrics::default();
        metrics.rmse = Some(53.276);
        metrics.mae = Some(0.012_345);
        metrics.r2 = Some(0.5);
        let mut out = Vec::new();

        write_metrics(&mut out, &[("test", 89, &metrics)]).unwrap();

        assert_eq!(
            String::from_utf8(out).unwrap(),
            "          rows        RMSE         MAE          R²\n\
             test        89       53.28     0.01235      0.5000\n"
        );
    }
}
