//! `trainer explain`.

mod check;
mod document;
mod folder;
mod method;
mod of_model;
mod of_rows;
mod written;

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use document::Document;
use method::Method;
use mlp_datasets::{Dataset, SplitName};
use mlp_inference::{Metric, SavedModel};

use super::row_numbers::RowNumbers;
use super::table_of_run::{TableOfRun, splits};
use super::write_json;
use crate::escaped::stderr;
use crate::options::named;
use crate::report::explanation::{ExplainedRows, write_dependence, write_importances, write_row};
use crate::report::warnings;
use crate::run::{KeptFiles, load};
use crate::summary::Summary;
use crate::{Backend, Error, TrainingConfig};

/// Explain what a run's model has learned, or why it predicts what it does for some rows.
#[derive(Args, Debug)]
pub struct ExplainCommand {
    /// Folder of the run
    run: PathBuf,
    #[command(flatten)]
    table: TableOfRun,
    /// How to explain it [default: `importance`, or `integrated_gradients` with `--rows`]
    #[arg(long, value_parser = named::<Method>())]
    method: Option<Method>,
    /// Rows whose predictions are explained, as 1,5,10-20: numbers in the table, from 1, those of rows without a
    /// target included; test:3 is in a separate test file
    #[arg(long, value_name = "ROWS")]
    rows: Option<RowNumbers>,
    /// Column to show the dependence on, as often as needed [default: the four most important]
    #[arg(long, value_name = "COLUMN")]
    column: Vec<String>,
    /// Class to explain [default: the predicted one of each row; for the dependence, the second of two
    /// classes, or all]
    #[arg(long, value_name = "CLASS")]
    class: Option<String>,
    /// Target to explain, if the model predicts several numbers [default: the first]
    #[arg(long, value_name = "TARGET", conflicts_with = "class")]
    target: Option<String>,
    /// Metric that gets worse without a column [default: `log_loss` or `accuracy` for classes,
    /// `rmse` or `pinball` for numbers]
    #[arg(long, value_parser = named::<Metric>())]
    metric: Option<Metric>,
    /// How often each column is shuffled [default: 5]
    #[arg(long, value_name = "N")]
    repeats: Option<usize>,
    /// Orders of the columns that are drawn for each row, for `shapley` [default: 128]
    #[arg(long, value_name = "N")]
    samples: Option<usize>,
    /// Points that gradients are taken at for each row, for `integrated_gradients` [default: 200]
    #[arg(long, value_name = "N")]
    steps: Option<usize>,
    /// Most rows that are used, of which so many are drawn [default: 5000 for the importance, fewer from 1000
    /// columns on; 500 for the dependence]
    #[arg(long, value_name = "N")]
    max_rows: Option<usize>,
    /// Seed of everything that is drawn
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Compute backend [default: the first one compiled in]
    #[arg(long, value_parser = named::<Backend>())]
    backend: Option<Backend>,
    /// Print one JSON document and nothing else
    #[arg(long)]
    json: bool,
    /// Folder to write tables (CSV), explanation.json and pictures (PNG and SVG) to
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
}

/// A model with the rows that it is explained with.
struct Explained<'a> {
    model: &'a SavedModel,
    dataset: &'a Dataset,
    /// What the rows are called.
    called: &'static str,
    rows: Vec<usize>,
}

impl ExplainCommand {
    pub(super) fn run(self, out: &mut impl Write) -> anyhow::Result<()> {
        let backend = self.backend.map_or_else(Backend::preferred, Ok)?;
        let (model, config, trained) = load(&self.run, &backend.device()?)?;
        let method = self.method();
        self.check(method)?;
        let Summary::Prediction(trained) = trained else {
            let method = method.described();
            return Err(Error::from(mlp_explanations::Error::Clustering { method }).into());
        };
        let needs_target =
            method == Method::Importance || method == Method::Dependence && self.column.is_empty();
        let is_training = self.table.names_training(&config);
        let (dataset, is_training) = if needs_target || is_training {
            self.table.load_and_recognise(&config, &model, &trained)?
        } else {
            (self.table.load_features(&config, &model)?, false)
        };
        let _ = warnings::write_empty_inputs(&mut stderr(), &dataset.empty_inputs);
        let (called, rows) = explained_rows(&config, &dataset, is_training)?;
        let explained = Explained {
            model: &model,
            dataset: &dataset,
            called,
            rows,
        };
        let document = match method {
            Method::Importance | Method::Dependence => self.explain_model(method, &explained)?,
            Method::IntegratedGradients | Method::Shapley => {
                let found =
                    self.explain_rows(method, &explained, (&config, &trained), is_training)?;
                Document::of(method, &explained.dataset.name, called).with_rows(found)
            }
        };
        if let Some(folder) = &self.output {
            let mut kept = KeptFiles::of(&self.run);
            if let Some(name) = self.table.name() {
                kept = kept.with_table(name);
            }
            folder::write(folder, &document, &kept)?;
        }
        if self.json {
            return Ok(write_json(out, &document)?);
        }
        let target = format!("`{}`", model.target_names().join("`, `"));
        print(out, &document, &target)?;
        if let Some(folder) = &self.output {
            let _ = writeln!(stderr(), "\nwritten to {}", folder.display());
        }
        Ok(())
    }

    fn method(&self) -> Method {
        self.method.unwrap_or(if self.rows.is_some() {
            Method::IntegratedGradients
        } else {
            Method::Importance
        })
    }
}

/// The rows that a model is explained with: those that it was tested on, or the validation rows if there
/// are none, or the training rows.
fn explained_rows(
    config: &TrainingConfig,
    dataset: &Dataset,
    is_training: bool,
) -> Result<(&'static str, Vec<usize>), Error> {
    let mut splits = splits(config, dataset, is_training)?;
    let mut take = |wanted: SplitName| {
        let position = splits
            .iter()
            .position(|(name, rows)| *name == wanted && !rows.is_empty());
        position.map(|position| splits.swap_remove(position).1)
    };
    if let Some(rows) = take(SplitName::Test) {
        return Ok((if is_training { "test rows" } else { "rows" }, rows));
    }
    let (called, rows) = match take(SplitName::Valid) {
        Some(rows) => ("validation rows", rows),
        None => ("training rows", take(SplitName::Train).unwrap_or_default()),
    };
    let _ = writeln!(
        stderr(),
        "warning: there are no test rows, so {called} explain the model, which it has learned from"
    );
    Ok((called, rows))
}

fn print(out: &mut impl Write, document: &Document, target: &str) -> anyhow::Result<()> {
    let rows = ExplainedRows {
        rows: document.explained_with,
        dataset: &document.dataset,
        target,
    };
    if let Some(importance) = &document.importance {
        write_importances(out, importance, rows)?;
    }
    for dependence in &document.dependence {
        for output in &dependence.outputs {
            write_dependence(out, dependence, output, rows)?;
        }
    }
    for row in &document.rows {
        write_row(out, row, rows)?;
    }
    Ok(())
}
