use std::io::Write;

use mlp_datasets::{Dataset, SplitName, Table};
use mlp_explanations::{Attribution, Background, IntegratedGradients, Shapley, value_text};

use super::super::table_of_run::splits;
use super::method::Method;
use super::{ExplainCommand, Explained};
use crate::display::Steps;
use crate::escaped::stderr;
use crate::report::explanation::{ExplainedRow, ExplainedValue};
use crate::report::{counted, warnings};
use crate::{Error, TrainingConfig};

impl ExplainCommand {
    /// Why the model predicts what it does for the rows that are asked for.
    pub(super) fn explain_rows(
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

/// The rows that a model has learned from.
fn training_rows(config: &TrainingConfig, dataset: &Dataset) -> Result<Vec<usize>, Error> {
    let splits = splits(config, dataset, true)?;
    let mut rows = splits.into_iter();
    let rows = rows.find(|(name, _)| *name == SplitName::Train);
    Ok(rows.map(|(_, rows)| rows).unwrap_or_default())
}
