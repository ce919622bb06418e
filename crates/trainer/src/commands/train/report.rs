use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use mlp_datasets::Dataset;
use mlp_inference::SavedModel;
use serde_json::Value;

use crate::escaped::stderr;
use crate::run::files::{CARD_FILE, REPORT_FILE};
use crate::run_report::{Judged, Subject};
use crate::summary::Summary;
use crate::{Error, TrainingConfig};

/// The largest table, in cells, whose training writes a report: reading and predicting it takes no noticeable time.
const MOST_CELLS: usize = 2_000_000;
/// How many rows are predicted for it.
const MOST_ROWS: usize = 20_000;

/// A training that has just ended.
pub struct Trained<'a> {
    /// The folder with its files.
    pub folder: &'a Path,
    /// The name that the folder will have.
    pub run: &'a Path,
    /// The model.
    pub model: &'a SavedModel,
    /// The configuration.
    pub config: &'a TrainingConfig,
    /// The metrics.
    pub summary: &'a Summary,
    /// What it was trained on.
    pub dataset: &'a Dataset,
}

/// Writes the report and the model card. One that cannot be written takes nothing from the run.
pub fn write(trained: &Trained<'_>, folds: &[&SavedModel], metrics: Option<&Value>) {
    let table = &trained.dataset.table;
    if table.num_rows().saturating_mul(table.num_features()) > MOST_CELLS {
        let _ = writeln!(
            stderr(),
            "note: the table is large, so `trainer report {}` writes the report when you want one",
            trained.run.display()
        );
        return;
    }
    // Not even a fault in a drawing takes a trained network with it.
    let written = catch_unwind(AssertUnwindSafe(|| try_write(trained, folds, metrics)));
    if let Err(error) = written.unwrap_or_else(|_| Err(anyhow::anyhow!("it panicked"))) {
        let _ = writeln!(stderr(), "warning: the report cannot be written: {error:#}");
    }
}

fn try_write(
    trained: &Trained<'_>,
    folds: &[&SavedModel],
    metrics: Option<&Value>,
) -> anyhow::Result<()> {
    let judged = judged(trained, folds)?;
    let subject = Subject {
        folder: trained.folder,
        model: trained.model,
        config: trained.config,
        summary: trained.summary,
        folds: metrics,
        dataset: trained.dataset,
        judged: judged.as_ref(),
        warnings: Vec::new(),
        shows_rows: true,
    };
    let file = |name: &str| trained.folder.join(name);
    subject.write(&file(REPORT_FILE), &file(CARD_FILE), false)?;
    Ok(())
}

/// The rows that the model is judged by.
fn judged(trained: &Trained<'_>, folds: &[&SavedModel]) -> Result<Option<Judged>, Error> {
    let &Trained {
        model,
        config,
        dataset,
        ..
    } = trained;
    if model.clustering().is_some() {
        return Ok(None);
    }
    let limit = (MOST_ROWS, config.seed);
    if folds.is_empty() {
        return Judged::by_split(model, dataset, &config.split(dataset)?, limit);
    }
    let splits = config.training().folds(dataset)?;
    let tested = folds.iter().zip(splits);
    let tested: Vec<_> = tested.map(|(&model, split)| (model, split.test)).collect();
    Judged::by_folds(&tested, dataset, limit)
}
