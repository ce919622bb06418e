use std::io::Write;

use mlp_datasets::{Dataset, RowPlace, SplitName, Table};
use mlp_explanations::{Attribution, Background, IntegratedGradients, Shapley, value_text};
use mlp_inference::SavedModel;

use super::super::row_numbers::typed;
use super::super::table_of_run::splits;
use super::method::Method;
use super::{ExplainCommand, Explained};
use crate::display::Steps;
use crate::escaped::stderr;
use crate::report::counted;
use crate::report::explanation::{ExplainedRow, ExplainedValue};
use crate::summary::PredictionSummary;
use crate::{Error, TrainingConfig};

impl ExplainCommand {
    /// Why the model predicts what it does for the rows that are asked for.
    pub(super) fn explain_rows(
        &self,
        method: Method,
        explained: &Explained<'_>,
        (config, trained): (&TrainingConfig, &PredictionSummary),
        is_training: bool,
    ) -> Result<Vec<ExplainedRow>, Error> {
        let Explained { model, dataset, .. } = explained;
        let places = self.rows.clone().unwrap_or_default();
        let places = places.of(&dataset.places)?;
        let with_all;
        let (table, rows) = if let Some(rows) = rows_of(dataset, &places) {
            (&dataset.table, rows)
        } else {
            with_all = self.with_rows_without_target(&places, (config, model))?;
            let rows = places.iter().map(|place| place.number - 1);
            (&with_all.table, rows.collect())
        };
        let output = self.explained_output(model)?;
        let mut of_training = None;
        let background_rows = if is_training {
            training_rows(config, dataset)?
        } else {
            let (found, rows) = self.background(dataset, (config, trained), model)?;
            of_training = found;
            rows
        };
        let background = of_training.as_ref().map_or(&dataset.table, |of| &of.table);
        // If the table of the training is gone, the background is the table itself.
        let compared = match (is_training, &of_training) {
            (false, None) => "rows of the table",
            (true, _) | (false, Some(_)) => "training rows",
        };
        let background = Background {
            table: background,
            rows: &background_rows,
        };
        let mut shown = Steps::new("explaining rows");
        let mut advance = |done, all| shown.advance(done, all);
        let seed = self.seed;
        let found = if method == Method::Shapley {
            let samples = self.samples.unwrap_or(Shapley::default().samples);
            let shapley = Shapley { samples, seed };
            shapley.compute_with(model, table, &rows, background, output, &mut advance)?
        } else {
            let steps = self.steps.unwrap_or(IntegratedGradients::default().steps);
            let gradients = IntegratedGradients { steps, seed };
            gradients.compute_with(model, table, &rows, background, output, &mut advance)?
        };
        warn_of_gaps(&found);
        let test_file = config.table().split.test.as_deref();
        let named = found.iter().zip(&places);
        Ok(named
            .map(|(found, place)| ExplainedRow {
                row: place.number,
                test_file: test_file.filter(|_| place.is_test).map(str::to_owned),
                baseline_of: method.baseline_of(compared),
                ..explained_row(table, found)
            })
            .collect())
    }

    /// The table of the training with the rows that have no target, which can be explained as well.
    fn with_rows_without_target(
        &self,
        places: &[RowPlace],
        (config, model): (&TrainingConfig, &SavedModel),
    ) -> Result<Dataset, Error> {
        let of_test = places.iter().find(|place| place.is_test);
        match of_test {
            // Rows of two files cannot be in one table then.
            Some(place) => Err(Error::Mismatch {
                what: format!(
                    "rows without a target are asked for, and row `{}` of the test file",
                    typed(*place)
                ),
                hint:
                    "name the test file to explain its rows: `trainer explain RUN FILE --rows ROWS`"
                        .to_owned(),
            }),
            None => self.table.load_features(config, model),
        }
    }

    /// The rows that the rows of another table are compared with: those of the training. If its table is gone,
    /// those of the other one. `None` is the table that is explained.
    fn background(
        &self,
        dataset: &Dataset,
        (config, trained): (&TrainingConfig, &PredictionSummary),
        model: &SavedModel,
    ) -> Result<(Option<Dataset>, Vec<usize>), Error> {
        let missing = match self.table.of_training().load(config, model, true) {
            Ok(trained_on) => {
                let rows = training_rows(config, &trained_on)?;
                return Ok((Some(trained_on), rows));
            }
            Err(error @ Error::TableGone { .. }) => error,
            Err(error) => return Err(error),
        };
        // It may have been moved.
        if let Ok((moved, true)) = self.table.load_and_recognise(config, model, trained) {
            let rows = training_rows(config, &moved)?;
            return Ok((Some(moved), rows));
        }
        let name = &dataset.name;
        if dataset.table.num_rows() < 2 {
            return Err(Error::Mismatch {
                what: format!(
                    "a row is compared with others, but {missing}, and `{name}` has this row only"
                ),
                hint: "name a table with more rows, or put the table of the training back"
                    .to_owned(),
            });
        }
        let _ = writeln!(
            stderr(),
            "warning: {missing}, so the rows are compared with all rows of `{name}` instead of those of the training"
        );
        Ok((None, (0..dataset.table.num_rows()).collect()))
    }
}

/// The rows of the table at some places; `None` if one has no target.
fn rows_of(dataset: &Dataset, places: &[RowPlace]) -> Option<Vec<usize>> {
    let rows = places.iter().map(|&place| dataset.places.row(place));
    rows.collect()
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
        test_file: None,
        baseline_of: String::new(),
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
