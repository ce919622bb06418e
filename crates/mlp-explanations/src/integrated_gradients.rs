use mlp_datasets::Table;
use mlp_inference::SavedModel;

use crate::attribution::{Attribution, Background, ColumnContribution, Explained};
use crate::error::{Error, check_range};
use crate::member::Member;
use crate::sample::sampled;
use crate::sources::Sources;
use crate::way::Way;

/// How many background rows the mean is taken of, at most.
const MAX_BACKGROUND: usize = 10_000;

/// What each column of a row adds to its prediction, from the gradients on the straight way from a
/// baseline to the row ([Sundararajan et al. 2017](https://arxiv.org/abs/1703.01365)).
///
/// ```text
/// contribution of input i = (xᵢ − bᵢ)·∫₀¹ ∂f/∂xᵢ (b + α·(x − b)) dα
/// ```
///
/// with the gradients of Burn's autodiff, and Gauss-Legendre quadrature. Contributions add up to
/// `f(x) − f(b)`, up to the error of the quadrature, which is reported. They are summed over the inputs that
/// a column becomes: the slots of a category, the parts of a date, the coordinates of an embedding.
///
/// The way goes through scaled numbers, and through the embedding vectors of categories. Its baseline `b` is
/// the mean of the background rows, input by input: the mean of a number as it is scaled, the shares of the
/// categories, and the mean of their vectors. `f` is the probability of a class, its score for a model
/// without probabilities, or the number in the units of the target. An ensemble is the mean of its
/// members, each with the baseline of its own inputs.
///
/// A contribution says what the column adds in this model, and not what would happen if one changed it.
///
/// ```
/// use burn::tensor::Device;
/// use mlp_datasets::{BuiltIn, LoadOptions};
/// use mlp_explanations::{Background, IntegratedGradients};
/// use mlp_training::{MlpRecipe, Problem, Training};
///
/// let iris = BuiltIn::Iris.load(&LoadOptions::default())?;
/// let fitted = Training::new(MlpRecipe::new(Problem::of(&iris)?)).fit(&iris, &Device::flex())?;
/// let rows: Vec<usize> = (0..150).collect();
/// let background = Background { table: &iris.table, rows: &rows };
///
/// let found = IntegratedGradients::default();
/// let found = found.compute(&fitted.model, &iris.table, &[149], background, Some("virginica"))?;
///
/// assert!(found[0].gap.abs() < 1e-3);
/// assert!(found[0].strongest()[0].column.starts_with("petal"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct IntegratedGradients {
    /// How many points of the way gradients are taken at, at least 1. More make the gap smaller.
    pub steps: usize,
    /// The seed by which background rows are drawn if there are more than 10,000.
    pub seed: u64,
}

impl Default for IntegratedGradients {
    fn default() -> Self {
        Self {
            steps: 200,
            seed: 0,
        }
    }
}

impl IntegratedGradients {
    /// Explains rows of a table: the class or the target of a name, or else the predicted class of each row
    /// or the first target.
    ///
    /// # Errors
    ///
    /// If a setting is out of range, no rows are given, the model finds clusters or has no such class or
    /// target, a column is missing, a prediction is not finite, or the device fails.
    ///
    /// # Panics
    ///
    /// If a row is not in its table.
    pub fn compute(
        &self,
        model: &SavedModel,
        table: &Table,
        rows: &[usize],
        background: Background<'_>,
        output: Option<&str>,
    ) -> Result<Vec<Attribution>, Error> {
        self.compute_with(model, table, rows, background, output, &mut |_, _| {})
    }

    /// The same; `progress` gets how many points of the ways are done, and of how many.
    ///
    /// # Errors
    ///
    /// As [`compute`](Self::compute).
    ///
    /// # Panics
    ///
    /// If a row is not in its table.
    pub fn compute_with(
        &self,
        model: &SavedModel,
        table: &Table,
        rows: &[usize],
        background: Background<'_>,
        output: Option<&str>,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Vec<Attribution>, Error> {
        check_range("steps", self.steps, 10_000, "between 1 and 10000")?;
        let mut sources = Sources::new(model, "integrated gradients")?;
        if rows.is_empty() || background.rows.is_empty() {
            return Err(Error::NoRows);
        }
        let all = sources.add(table, rows)?;
        let explained = Explained::of_rows(model, rows, &sources.predict(all)?, output)?;
        let drawn = sampled(background.rows, MAX_BACKGROUND, self.seed);
        let names = model.preprocessor().feature_names();
        let mut contributions = vec![vec![0.0; names.len()]; rows.len()];
        let mut baselines = vec![0.0; rows.len()];
        let members = Member::all(model, "integrated gradients")?;
        let num_points = members.len() * rows.len() * self.steps;
        for (index, member) in members.iter().enumerate() {
            let way = Way::new(member, background.table, &drawn)?;
            let before = index * rows.len() * self.steps;
            let mut progress = |done: usize| progress(before + done, num_points);
            let integrals = way.integrate(table, &explained, self.steps, &mut progress)?;
            let (share, places) = (member.share, member.places(&names));
            for (row, integrals) in integrals.iter().enumerate() {
                for (sum, &place) in contributions[row].iter_mut().zip(&places) {
                    *sum += share * way.of_column(integrals, place);
                }
            }
            let at_baseline = way.at_baseline()?;
            for (sum, explained) in baselines.iter_mut().zip(&explained) {
                *sum += share * way.restored(at_baseline[explained.index], explained.index);
            }
        }
        let found = explained.iter().zip(contributions).zip(baselines);
        let found = found.map(|((explained, contributions), baseline)| {
            let columns = names.iter().zip(contributions);
            let columns = columns.map(|(column, contribution)| ColumnContribution {
                column: column.clone(),
                contribution,
                standard_error: None,
            });
            Attribution::new(explained, baseline, columns.collect())
        });
        Ok(found.collect())
    }
}
