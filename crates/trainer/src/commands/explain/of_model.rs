use mlp_datasets::Table;
use mlp_explanations::{
    Dependence, Importances, PartialDependence, PermutationImportance, Quantity,
};
use mlp_inference::SavedModel;

use super::document::Document;
use super::method::Method;
use super::{ExplainCommand, Explained};
use crate::Error;
use crate::display::Steps;

/// How many columns the dependence is shown of, unless they are named.
const SHOWN: usize = 4;

/// How many cells go through a model for the importance of its columns, unless more rows are asked for:
/// those of a minute or so.
const CELLS: usize = 25_000_000_000;
/// As few rows are used in a very wide table.
const FEWEST_ROWS: usize = 200;

impl ExplainCommand {
    /// The importance of the columns, and the dependence on some if that is asked for.
    pub(super) fn explain_model(
        &self,
        method: Method,
        explained: &Explained<'_>,
    ) -> Result<Document, Error> {
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
        let width = model.preprocessor().column_names().len();
        let repeats = self.repeats.unwrap_or(defaults.repeats);
        let cells_of_row = width.saturating_mul(width).saturating_mul(repeats);
        let of_budget = (CELLS / cells_of_row.max(1)).max(FEWEST_ROWS);
        let importance = PermutationImportance {
            repeats,
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
}
