//! `trainer explain`.

mod document;
mod folder;
mod method;

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use document::Document;
use method::Method;
use mlp_datasets::{Dataset, SplitName, Table};
use mlp_explanations::{
    Attribution, Background, Dependence, Importances, IntegratedGradients, PartialDependence,
    PermutationImportance, Quantity, Shapley, value_text,
};
use mlp_inference::{Metric, SavedModel};

use super::row_numbers::RowNumbers;
use super::table_of_run::{TableOfRun, splits};
use super::write_json;
use crate::display::Steps;
use crate::escaped::stderr;
use crate::options::named;
use crate::report::explanation::{
    ExplainedRow, ExplainedRows, ExplainedValue, write_dependence, write_importances, write_row,
};
use crate::report::{counted, warnings};
use crate::run::load;
use crate::summary::Summary;
use crate::{Backend, Error, TrainingConfig};

/// How many columns the dependence is shown of, unless they are named.
const SHOWN: usize = 4;

/// How many cells go through a model for the importance of its columns, unless more rows are asked for:
/// those of a minute or so.
const CELLS: usize = 25_000_000_000;
/// As few rows are used in a very wide table.
const FEWEST_ROWS: usize = 200;

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
    /// Rows whose predictions are explained, as 1,5,10-20: numbers in the table, from 1
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
    /// How often each column is shuffled
    #[arg(long, value_name = "N", default_value_t = 5)]
    repeats: usize,
    /// Orders of the columns that are drawn for each row, for `shapley`
    #[arg(long, value_name = "N", default_value_t = 128)]
    samples: usize,
    /// Points that gradients are taken at for each row, for `integrated_gradients`
    #[arg(long, value_name = "N", default_value_t = 200)]
    steps: usize,
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
                let found = self.explain_rows(method, &explained, &config, is_training)?;
                Document::of(method, &explained.dataset.name, called).with_rows(found)
            }
        };
        if let Some(folder) = &self.output {
            folder::write(folder, &document)?;
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

    /// Checks that the options fit the method.
    fn check(&self, method: Method) -> Result<(), Error> {
        let mismatch = |what: &str, hint: &str| {
            Err(Error::Mismatch {
                what: what.to_owned(),
                hint: hint.to_owned(),
            })
        };
        match method {
            Method::IntegratedGradients | Method::Shapley if self.rows.is_none() => mismatch(
                &format!("`--method {method}` explains rows, but none are named"),
                "name them with `--rows`, such as `--rows 1,5,10-20`",
            ),
            Method::Importance | Method::Dependence if self.rows.is_some() => mismatch(
                &format!("`--method {method}` explains the model, and no single rows"),
                "leave out `--rows`, or take `--method integrated_gradients` or `--method shapley`",
            ),
            Method::Importance | Method::IntegratedGradients | Method::Shapley
                if !self.column.is_empty() =>
            {
                mismatch(
                    &format!("`--column` does not apply to `--method {method}`"),
                    "take `--method dependence`",
                )
            }
            Method::Importance
            | Method::Dependence
            | Method::IntegratedGradients
            | Method::Shapley => Ok(()),
        }
    }

    /// The importance of the columns, and the dependence on some if that is asked for.
    fn explain_model(&self, method: Method, explained: &Explained<'_>) -> Result<Document, Error> {
        let Explained {
            model,
            dataset,
            rows,
            ..
        } = explained;
        let called = explained.called;
        let document = Document::of(method, &dataset.name, called);
        let of_columns = |columns: &[String]| {
            let columns = columns.iter();
            columns
                .map(|column| self.dependence(model, &dataset.table, rows, column))
                .collect::<Result<Vec<_>, Error>>()
        };
        match method {
            Method::Dependence if !self.column.is_empty() => {
                Ok(document.with_dependence(of_columns(&self.column)?))
            }
            Method::Dependence => {
                let found = self.importance(model, &dataset.table, rows)?;
                let columns = found.columns.iter().take(SHOWN);
                let columns: Vec<_> = columns.map(|of| of.column.clone()).collect();
                let dependence = of_columns(&columns)?;
                Ok(document.with_importance(found).with_dependence(dependence))
            }
            Method::Importance | Method::IntegratedGradients | Method::Shapley => {
                Ok(document.with_importance(self.importance(model, &dataset.table, rows)?))
            }
        }
    }

    fn importance(
        &self,
        model: &SavedModel,
        table: &Table,
        rows: &[usize],
    ) -> Result<Importances, Error> {
        let defaults = PermutationImportance::default();
        let width = model.preprocessor().features.len();
        let cells_of_row = width.saturating_mul(width).saturating_mul(self.repeats);
        let of_budget = (CELLS / cells_of_row.max(1)).max(FEWEST_ROWS);
        let importance = PermutationImportance {
            repeats: self.repeats,
            seed: self.seed,
            max_rows: self.max_rows.unwrap_or(defaults.max_rows.min(of_budget)),
            metric: self.metric,
        };
        let mut steps = Steps::new("shuffling columns");
        let mut advance = |done, all| steps.advance(done, all);
        Ok(importance.compute_with(model, table, rows, &mut advance)?)
    }

    /// The dependence of the outputs that are asked for.
    fn dependence(
        &self,
        model: &SavedModel,
        table: &Table,
        rows: &[usize],
        column: &str,
    ) -> Result<Dependence, Error> {
        let defaults = PartialDependence::default();
        let dependence = PartialDependence {
            max_rows: self.max_rows.unwrap_or(defaults.max_rows),
            seed: self.seed,
            ..defaults
        };
        let mut found = dependence.compute(model, table, rows, column)?;
        if let Some(output) = self.explained_output(model)? {
            found.outputs.retain(|of| of.output == output);
        } else if let (Quantity::Probability | Quantity::Score, [_, _]) =
            (found.quantity, found.outputs.as_slice())
        {
            // That of the first of two classes says the same, upside down.
            found.outputs.remove(0);
        }
        Ok(found)
    }

    /// The class or the target that is asked for.
    fn explained_output(&self, model: &SavedModel) -> Result<Option<&str>, Error> {
        let (asked, known) = match (&self.class, &self.target) {
            (Some(class), _) => (class, model.classes().unwrap_or_default().to_vec()),
            (None, Some(target)) if model.classes().is_none() => (target, model.target_names()),
            (None, Some(_)) => {
                return Err(Error::Mismatch {
                    what: "`--target` is for a model of several numbers, but this one predicts classes"
                        .to_owned(),
                    hint: "name a class with `--class`".to_owned(),
                });
            }
            (None, None) => return Ok(None),
        };
        if known.is_empty() {
            return Err(Error::Mismatch {
                what: "`--class` is for a model of classes, but this one predicts numbers"
                    .to_owned(),
                hint: "name one of several numbers with `--target`".to_owned(),
            });
        }
        if !known.contains(asked) {
            let output = asked.clone();
            return Err(mlp_explanations::Error::UnknownOutput { output, known }.into());
        }
        Ok(Some(asked))
    }

    /// Why the model predicts what it does for the rows that are asked for.
    fn explain_rows(
        &self,
        method: Method,
        explained: &Explained<'_>,
        config: &TrainingConfig,
        is_training: bool,
    ) -> Result<Vec<ExplainedRow>, Error> {
        let Explained { model, dataset, .. } = explained;
        let table = &dataset.table;
        let num_rows = table.num_rows();
        let _ = warnings::write_numbering(&mut stderr(), dataset);
        let rows = self.rows.clone().unwrap_or_default();
        let rows = rows.rows(num_rows).map_err(|row| Error::NoRow {
            row,
            rows: num_rows,
        })?;
        let output = self.explained_output(model)?;
        let trained_on;
        let (background, background_rows) = if is_training {
            (table, training_rows(config, dataset)?)
        } else {
            trained_on = self.table.of_training().load(config, model, true)?;
            (&trained_on.table, training_rows(config, &trained_on)?)
        };
        let background = Background {
            table: background,
            rows: &background_rows,
        };
        let mut shown = Steps::new("explaining rows");
        let mut advance = |done, all| shown.advance(done, all);
        let (steps, seed) = (self.steps, self.seed);
        let found = if method == Method::Shapley {
            let shapley = Shapley {
                samples: self.samples,
                seed,
            };
            shapley.compute_with(model, table, &rows, background, output, &mut advance)?
        } else {
            let gradients = IntegratedGradients { steps, seed };
            gradients.compute_with(model, table, &rows, background, output, &mut advance)?
        };
        warn_of_gaps(&found);
        Ok(found
            .iter()
            .map(|found| explained_row(table, found))
            .collect())
    }
}

/// Says that integrated gradients take too few steps.
fn warn_of_gaps(found: &[Attribution]) {
    let is_large = |found: &&Attribution| {
        let sizes = found.columns.iter().map(|of| of.contribution.abs());
        found.gap.abs() > 0.05 * sizes.sum::<f64>() && found.gap.abs() > 1e-5
    };
    let count = found.iter().filter(is_large).count();
    if count > 0 {
        let rows = counted(count, "row", "rows");
        let _ = writeln!(
            stderr(),
            "warning: the contributions to {rows} have an error of more than 5 %: take more `--steps`, \
             or `--method shapley`"
        );
    }
}

/// A row in the table's own values, its strongest columns first.
fn explained_row(table: &Table, found: &Attribution) -> ExplainedRow {
    let columns = found.strongest().into_iter().map(|of| ExplainedValue {
        column: of.column.clone(),
        value: table
            .column(&of.column)
            .and_then(|column| value_text(&column.values, found.row)),
        contribution: of.contribution,
        standard_error: of.standard_error,
    });
    ExplainedRow {
        row: found.row + 1,
        output: found.output.clone(),
        quantity: found.quantity,
        prediction: found.prediction,
        baseline: found.baseline,
        gap: found.gap,
        columns: columns.collect(),
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

/// The rows that a model has learned from.
fn training_rows(config: &TrainingConfig, dataset: &Dataset) -> Result<Vec<usize>, Error> {
    let splits = splits(config, dataset, true)?;
    let mut rows = splits.into_iter();
    let rows = rows.find(|(name, _)| *name == SplitName::Train);
    Ok(rows.map(|(_, rows)| rows).unwrap_or_default())
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
