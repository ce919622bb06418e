use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use mlp_datasets::SplitName;
use mlp_inference::Metric;
use serde::{Deserialize, Serialize};
use strum::VariantArray;

use super::written;
use crate::Error;
use crate::run::files;

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
