use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use mlp_datasets::SplitName;
use mlp_inference::Metric;
use serde::{Deserialize, Serialize};
use strum::VariantArray;

use super::phrases::{epochs, program};
use super::written;
use crate::Error;
use crate::run::files::{self, REPORT_FILE};
use crate::summary::FoldsSummary;

/// The metrics of the test rows over the folds of a cross-validation.
#[derive(Serialize, Clone, Debug, Default, PartialEq)]
pub struct FoldMetrics {
    /// How many folds there are.
    pub folds: usize,
    /// Each metric, by its name.
    pub test: BTreeMap<String, FoldSpread>,
}

/// A metric over the folds.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
pub struct FoldSpread {
    /// The mean.
    pub mean: f64,
    /// The standard deviation, with n − 1.
    pub std: f64,
    /// Of how many folds.
    pub folds: usize,
}

/// What is read of the summary of a cross-validation.
#[derive(Deserialize)]
struct Document {
    folds: usize,
    metrics: BTreeMap<SplitName, BTreeMap<String, FoldSpread>>,
}

impl FoldMetrics {
    /// Those of a run.
    ///
    /// # Errors
    ///
    /// If its summary cannot be read.
    pub fn load(run: &Path) -> Result<Self, Error> {
        let mut document: Document = files::load_summary(run)?;
        Ok(Self {
            folds: document.folds,
            test: document
                .metrics
                .remove(&SplitName::Test)
                .unwrap_or_default(),
        })
    }
}

/// Prints the metrics of the test rows over the folds, in the order in which metrics are always listed.
///
/// # Errors
///
/// If the writer fails.
pub fn write_fold_metrics(out: &mut impl Write, found: &FoldMetrics) -> io::Result<()> {
    writeln!(
        out,
        "{:<28}{:>12}{:>12}",
        "test metrics over the folds", "mean", "std. dev."
    )?;
    for &metric in Metric::VARIANTS {
        let name: &str = metric.into();
        if let Some(spread) = found.test.get(name) {
            let (mean, std) = (written(metric, spread.mean), written(metric, spread.std));
            write!(out, "{name:<28}{mean:>12}{std:>12}")?;
            if spread.folds < found.folds {
                write!(out, "  {} of {} folds", spread.folds, found.folds)?;
            }
            writeln!(out)?;
        }
    }
    Ok(())
}

/// Prints that the metrics above are of rows that the model has learned from, and those over the folds.
///
/// # Errors
///
/// If the writer fails.
pub fn write_out_of_fold(out: &mut impl Write, found: &FoldMetrics) -> io::Result<()> {
    writeln!(
        out,
        "\nThe model was trained on all of these rows. How good it is on others was measured by the folds:\n"
    )?;
    write_fold_metrics(out, found)
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
