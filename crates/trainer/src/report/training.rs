use std::io::{self, Write};

use mlp_datasets::{SplitName, TargetEncoding, Task};
use mlp_training::{
    Criterion, Ending, Evaluations, Fitted, MembersOfKind, Recipe, SupervisedRecipe,
};

use super::phrases::{epochs, program};
use super::{write_confusion, write_metrics, write_targets};
use crate::run::files::REPORT_FILE;
use crate::summary::PredictionSummary;

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
