//! What commands print for the user.

mod aligned;
mod clustering;
pub(crate) mod explanation;
mod folds;
pub(crate) mod inspection;
mod phrases;
pub(crate) mod run_contents;
pub(crate) mod table;
pub(crate) mod trace;
pub(crate) mod warnings;

use std::fmt::Write as _;
use std::io::{self, Write};

use mlp_datasets::{SplitName, TargetEncoding, Task};
use mlp_inference::{Evaluation, Metric, Metrics};
use mlp_training::{
    Criterion, Ending, Evaluations, Fitted, MembersOfKind, Recipe, SupervisedRecipe,
};
use strum::VariantArray;

pub(crate) use aligned::{Aligned, cut, widest};
pub use clustering::{write_cluster_metrics, write_clustering};
pub use folds::{FoldMetrics, FoldSpread, write_fold_metrics, write_out_of_fold};
pub(crate) use phrases::{counted, quoted};
use phrases::{epochs, program};

use crate::run::files::REPORT_FILE;
use crate::summary::{FoldsSummary, PredictionSummary};

/// How many classes a confusion matrix is printed for; a larger one would not fit a terminal.
const MAX_CONFUSION_CLASSES: usize = 12;

/// Prints the end of a training: metrics, confusion matrix, the folder of the run, what to do next.
///
/// # Errors
///
/// If the writer fails.
pub fn write_training(
    out: &mut impl Write,
    summary: &PredictionSummary,
    fitted: &Fitted,
    outcome: &Evaluations,
    recipe: &Recipe,
) -> io::Result<()> {
    writeln!(
        out,
        "{} trained for {} on {} in {:.2} s; {}",
        summary.model,
        epochs(summary.epochs),
        summary.backend,
        summary.seconds,
        kept(summary, recipe),
    )?;
    let is_single_layer = recipe
        .as_supervised()
        .is_some_and(SupervisedRecipe::is_single_layer);
    if let Some(remark) = remark(summary, &fitted.ending, is_single_layer) {
        writeln!(out, "{remark}")?;
    }
    write_logarithms(out, &fitted.model.preprocessor().target)?;
    writeln!(out)?;
    let splits = outcome.evaluations.iter();
    let splits = splits.map(|(name, found)| (name.name(), outcome.rows[name], &found.metrics));
    let baseline = outcome.baseline.as_ref().map(|found| {
        let rows = outcome.rows.get(&SplitName::Test);
        ("baseline", rows.copied().unwrap_or(0), &found.metrics)
    });
    let lines: Vec<_> = splits.chain(baseline).collect();
    write_metrics(out, &lines)?;
    if outcome.baseline.is_some() {
        let quantile = recipe.predicted_quantile();
        let same = match (outcome.task, quantile) {
            (Task::Classification, _) => "the most frequent class".to_owned(),
            (Task::Regression | Task::Clustering, Some(quantile)) => {
                format!("the quantile {quantile}")
            }
            (Task::Regression | Task::Clustering, None) => "the mean".to_owned(),
        };
        writeln!(
            out,
            "\nbaseline: {same} of the training rows, predicted for every test row"
        )?;
    }
    if let Some(test) = outcome.evaluations.get(&SplitName::Test) {
        let rows = outcome.rows[&SplitName::Test];
        let targets = fitted.model.preprocessor().target.names();
        write_targets(out, test, rows, &targets)?;
    }
    if let (Some(test), Some(classes)) = (
        outcome.evaluations.get(&SplitName::Test),
        fitted.model.classes(),
    ) {
        write_confusion(out, test, classes)?;
    }
    let run = summary.run.display();
    writeln!(out, "\nrun     {run}")?;
    if summary.run.join(REPORT_FILE).is_file() {
        writeln!(out, "report  {run}/{REPORT_FILE}")?;
    }
    writeln!(out, "next    {} evaluate {run}", program())
}

/// Which epoch's model was kept, and why.
pub(crate) fn kept(summary: &PredictionSummary, recipe: &Recipe) -> String {
    let best_epoch = summary.best_epoch;
    if best_epoch == 0 {
        return "no epoch was completed, so the weights were kept as they were".to_owned();
    }
    if !summary.members.is_empty() {
        return mean_of(&summary.members);
    }
    let by = match recipe
        .as_supervised()
        .map(|recipe| recipe.selection().criterion)
    {
        Some(Criterion::Loss) => " (lowest validation loss)".to_owned(),
        Some(Criterion::Accuracy) => " (highest validation accuracy)".to_owned(),
        Some(Criterion::Metric(metric)) => format!(" (best validation {metric})"),
        None => String::new(),
    };
    format!("kept the model of epoch {best_epoch}{by}")
}

/// Says of which targets the logarithms were learned.
fn write_logarithms(out: &mut impl Write, target: &TargetEncoding) -> io::Result<()> {
    let TargetEncoding::Numbers { outputs } = target else {
        return Ok(());
    };
    for output in outputs.iter().filter(|output| output.log_factor.is_some()) {
        writeln!(
            out,
            "learned the logarithm of `{}`, which is above 0 and has a long tail; `--target-transform none` learns the \
             number itself",
            output.name
        )?;
    }
    Ok(())
}

/// What an ensemble is the mean of, and what it gained nothing by.
fn mean_of(kinds: &[MembersOfKind]) -> String {
    let (counted, left_out): (Vec<_>, Vec<_>) = kinds.iter().partition(|kind| kind.weight > 0.0);
    let with_share = |kind: &MembersOfKind| {
        let (MembersOfKind { model, members, .. }, share) = (kind, kind.weight * 100.0);
        format!("{members} × {model} ({share:.0} %)")
    };
    let counted: Vec<String> = counted.into_iter().map(with_share).collect();
    let mean = format!("the mean of {}", counted.join(", "));
    if left_out.is_empty() {
        return mean;
    }
    let left_out = left_out.iter().map(|kind| kind.model.to_string());
    let left_out = left_out.collect::<Vec<_>>().join(" and ");
    format!("{mean}; validation rows gained nothing by {left_out}")
}

/// What is remarkable about how training ended.
fn remark(summary: &PredictionSummary, ending: &Ending, is_single_layer: bool) -> Option<String> {
    let num_epochs = summary.epochs;
    match ending {
        Ending::Complete | Ending::Diverged(_) => None,
        Ending::Converged => Some(format!(
            "converged: every training row was classified correctly in epoch {num_epochs}, so no \
             weight changes any more"
        )),
        Ending::NotSeparated => Some(format!(
            "not converged: every one of the {num_epochs} epochs misclassified at least one training \
             row, so the classes were not linearly separable{}",
            if is_single_layer {
                "; a hidden layer can separate them: `--model mlp`"
            } else {
                ""
            }
        )),
        Ending::OutOfPatience => Some(format!(
            "stopped early: validation has not improved since epoch {}",
            summary.best_epoch
        )),
        Ending::Interrupted => Some("interrupted: the best model so far is kept".to_owned()),
    }
}

/// Prints the end of a cross-validation: mean and standard deviation of each metric on the test rows.
///
/// # Errors
///
/// If the writer fails.
pub fn write_folds(out: &mut impl Write, outcome: &FoldsSummary) -> io::Result<()> {
    writeln!(
        out,
        "{} trained on {} {} on {} in {:.2} s{}\n",
        outcome.model,
        outcome.folds,
        if outcome.folds == 1 { "fold" } else { "folds" },
        outcome.backend,
        outcome.seconds,
        if outcome.interrupted {
            "; interrupted, so not all that was asked for is there"
        } else {
            ""
        },
    )?;
    let test = outcome.metrics.get(&SplitName::Test).into_iter().flatten();
    let test = test.map(|(name, spread)| {
        let spread = FoldSpread {
            mean: spread.mean,
            std: spread.std,
            folds: spread.folds,
        };
        ((*name).to_owned(), spread)
    });
    let found = FoldMetrics {
        folds: outcome.folds,
        test: test.collect(),
    };
    write_fold_metrics(out, &found)?;
    let run = outcome.run.display();
    writeln!(out)?;
    match outcome.folds {
        1 => writeln!(out, "fold   {run}/fold-1")?,
        folds => writeln!(out, "folds  {run}/fold-1 to {run}/fold-{folds}")?,
    }
    match &outcome.refit {
        None => writeln!(out, "next   {} evaluate {run}/fold-1", program()),
        Some(refit) => {
            writeln!(
                out,
                "run    {run}: trained on all {} rows for {}, the median of the folds' best",
                refit.rows.values().sum::<usize>(),
                epochs(refit.epochs),
            )?;
            if outcome.run.join(REPORT_FILE).is_file() {
                writeln!(out, "report {run}/{REPORT_FILE}")?;
            }
            writeln!(out, "next   {} predict {run} FILE", program())
        }
    }
}

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

/// Prints the confusion matrix with recall and precision, unless there are too many classes to fit a
/// terminal.
///
/// # Errors
///
/// If the writer fails.
pub fn write_confusion(
    out: &mut impl Write,
    evaluation: &Evaluation,
    classes: &[String],
) -> io::Result<()> {
    let Some(matrix) = &evaluation.confusion_matrix else {
        return Ok(());
    };
    if classes.len() > MAX_CONFUSION_CLASSES {
        return Ok(());
    }
    let name_width = widest(classes.iter().map(String::as_str));
    let cell_width = name_width.max(5) + 2;
    writeln!(
        out,
        "\nConfusion matrix of the test rows: actual class down, predicted class across"
    )?;
    let percent = |share: Option<f64>| match share {
        Some(share) => format!("{:.2} %", 100.0 * share),
        None => "-".to_owned(),
    };
    // A row of its own for classes that the model does not know.
    let unknown = "(others)".to_owned();
    let name_width = if matrix.len() > classes.len() {
        name_width.max(unknown.len())
    } else {
        name_width
    };
    write!(out, "{:name_width$}", "")?;
    for class in classes {
        write!(out, "{:>cell_width$}", Aligned(class))?;
    }
    writeln!(out, "{:>12}{:>12}", "recall", "precision")?;
    for (index, (class, row)) in classes.iter().chain([&unknown]).zip(matrix).enumerate() {
        write!(out, "{:<name_width$}", Aligned(class))?;
        for count in row {
            write!(out, "{count:>cell_width$}")?;
        }
        if let Some(metrics) = evaluation.per_class.get(index) {
            let (recall, precision) = (percent(metrics.recall), percent(metrics.precision));
            write!(out, "{recall:>12}{precision:>12}")?;
        }
        writeln!(out)?;
    }
    Ok(())
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
fn significant(value: f64) -> String {
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
    use std::sync::Arc;

    use mlp_inference::Classes;

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

    #[test]
    fn a_confusion_matrix_lines_up_under_its_classes() {
        let classes = ["malignant".to_owned(), "benign".to_owned()];
        let predicted = |labels: &[usize]| Classes {
            names: Arc::from(classes.clone()),
            labels: labels.iter().copied().map(Some).collect(),
            probabilities: None,
        };
        let printed = |predicted: Classes, labels: &[Option<usize>]| {
            let evaluation = Evaluation::of_classes(&predicted, labels, None);
            let mut out = Vec::new();
            write_confusion(&mut out, &evaluation, &classes).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(
            printed(predicted(&[0, 0, 0, 1, 1]), &[0, 0, 0, 0, 1].map(Some)),
            "\nConfusion matrix of the test rows: actual class down, predicted class across\n\
             \x20          malignant     benign      recall   precision\n\
             malignant          3          1     75.00 %    100.00 %\n\
             benign             0          1    100.00 %     50.00 %\n"
        );
        assert_eq!(
            printed(predicted(&[0, 0]), &[Some(0), None]),
            "\nConfusion matrix of the test rows: actual class down, predicted class across\n\
             \x20          malignant     benign      recall   precision\n\
             malignant          1          0    100.00 %     50.00 %\n\
             benign             0          0           -           -\n\
             (others)           1          0\n"
        );
    }
}
