use mlp_datasets::Table;
use mlp_inference::SavedModel;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use crate::attribution::{Attribution, Background, ColumnContribution, Explained};
use crate::error::{Error, check_range};
use crate::sample::sampled;
use crate::sources::Sources;

/// The Shapley value of each column of a row, by sampling
/// ([Štrumbelj and Kononenko 2014](https://doi.org/10.1007/s10115-013-0679-x)).
///
/// ```text
/// φⱼ = mean over orders of the columns and background rows w of
///      f(columns before j and j of x, the others of w) − f(columns before j of x, the others of w)
/// ```
///
/// On the way from `w` to `x`, column after column, each column adds what it changes, so that the values add
/// up to the prediction minus the mean prediction of the background rows that were drawn. Each order
/// is also gone backwards, which cancels much of the luck of the order (antithetic sampling). A column is one of the
/// table, whatever number of inputs it becomes. Background rows come in turn, so that each counts as
/// often, up to one; they count alike, whatever their weights.
///
/// A value says what the column adds in this model, compared with the background, and not what
/// would happen if one changed it. Mixed rows may be ones that never occur.
///
/// A sample takes `2·(columns + 1)` predictions. Any model that predicts can be explained.
///
/// ```
/// use burn::tensor::Device;
/// use mlp_datasets::{BuiltIn, LoadOptions};
/// use mlp_explanations::{Background, Shapley};
/// use mlp_training::{MlpRecipe, Problem, Training};
///
/// let iris = BuiltIn::Iris.load(&LoadOptions::default())?;
/// let fitted = Training::new(MlpRecipe::new(Problem::of(&iris)?)).fit(&iris, &Device::flex())?;
/// let rows: Vec<usize> = (0..150).collect();
/// let background = Background { table: &iris.table, rows: &rows };
///
/// let found = Shapley::default().compute(&fitted.model, &iris.table, &[0], background, None)?;
///
/// assert_eq!(found[0].output, "setosa");
/// let sum: f64 = found[0].columns.iter().map(|column| column.contribution).sum();
/// assert!((found[0].prediction - found[0].baseline - sum).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Shapley {
    /// How many orders of the columns are drawn, at least 1. The standard error halves with four times as
    /// many.
    pub samples: usize,
    /// The seed of the orders and of the background rows.
    pub seed: u64,
}

impl Default for Shapley {
    fn default() -> Self {
        Self {
            samples: 128,
            seed: 0,
        }
    }
}

impl Shapley {
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

    /// The same; `progress` gets how many samples are done, and of how many.
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
        check_range("samples", self.samples, 1_000_000, "between 1 and 1000000")?;
        let mut sources = Sources::new(model, "Shapley values")?;
        if rows.is_empty() || background.rows.is_empty() {
            return Err(Error::NoRows);
        }
        let explained = sources.add(table, rows)?;
        let drawn = sampled(background.rows, self.samples, self.seed);
        let first_drawn = sources.add(background.table, &drawn)?.start;
        let predicted = sources.predict(explained)?;
        let all = Explained::of_rows(model, rows, &predicted, output)?;
        let names = model.preprocessor().column_names();
        let num_samples = self.samples * all.len();
        let mut found = Vec::with_capacity(all.len());
        for (source, explained) in all.iter().enumerate() {
            // The same orders for each row, so that rows can be compared.
            let mut random = StdRng::seed_from_u64(self.seed);
            let mut sums = Sums::new(names.len());
            let batch = (sources.rows_at_once() / (2 * (names.len() + 1))).max(1);
            let mut done = 0;
            while done < self.samples {
                let samples = done..self.samples.min(done + batch);
                let walks: Vec<Walk> = samples
                    .clone()
                    .map(|sample| Walk {
                        background: first_drawn + sample % drawn.len(),
                        ranks: ranks(names.len(), &mut random),
                    })
                    .collect();
                sums.add(&sources, &walks, source, explained)?;
                done = samples.end;
                progress(source * self.samples + done, num_samples);
            }
            let columns = names.iter().zip(0..);
            let columns = columns.map(|(column, index)| ColumnContribution {
                column: column.clone(),
                contribution: sums.mean(index),
                standard_error: sums.standard_error(index),
            });
            let baseline = sums.baseline / sums.count;
            found.push(Attribution::new(explained, baseline, columns.collect()));
        }
        Ok(found)
    }
}

/// The place of each column in a random order.
fn ranks(num_columns: usize, random: &mut StdRng) -> Vec<usize> {
    let mut ranks: Vec<usize> = (0..num_columns).collect();
    ranks.shuffle(random);
    ranks
}

/// A way from a background row to the row that is explained, column after column, and the same
/// backwards.
struct Walk {
    /// The background row.
    background: usize,
    /// The place of each column.
    ranks: Vec<usize>,
}

/// What the samples so far add up to.
struct Sums {
    count: f64,
    /// The predictions of the background rows.
    baseline: f64,
    /// The mean of each column's contributions, and their squared differences from it
    /// ([Welford 1962](https://doi.org/10.2307/1266577)).
    columns: Vec<(f64, f64)>,
}

impl Sums {
    fn new(num_columns: usize) -> Self {
        Self {
            count: 0.0,
            baseline: 0.0,
            columns: vec![(0.0, 0.0); num_columns],
        }
    }

    fn add(
        &mut self,
        sources: &Sources<'_>,
        walks: &[Walk],
        source: usize,
        explained: &Explained,
    ) -> Result<(), Error> {
        let num_columns = self.columns.len();
        let steps = num_columns + 1;
        // Of each walk, the steps there, and then those in the opposite order.
        let pick = |row: usize, column: usize| {
            let walk = &walks[row / (2 * steps)];
            let step = row % (2 * steps);
            let rank = walk.ranks[column];
            let is_changed = if step < steps {
                rank < step
            } else {
                num_columns - 1 - rank < step - steps
            };
            if is_changed { source } else { walk.background }
        };
        let predicted = sources.predict_mixed(walks.len() * 2 * steps, pick)?;
        let at = |walk: usize, step: usize| {
            let value = predicted.of_row(walk * 2 * steps + step)[explained.index];
            if value.is_finite() {
                Ok(value)
            } else {
                Err(Error::NotFinite { row: explained.row })
            }
        };
        for (index, walk) in walks.iter().enumerate() {
            self.count += 1.0;
            self.baseline += at(index, 0)?;
            for (column, (mean, squares)) in self.columns.iter_mut().enumerate() {
                let there = walk.ranks[column];
                let back = steps + num_columns - 1 - there;
                let there = at(index, there + 1)? - at(index, there)?;
                let back = at(index, back + 1)? - at(index, back)?;
                let contribution = f64::midpoint(there, back);
                let difference = contribution - *mean;
                *mean += difference / self.count;
                *squares += difference * (contribution - *mean);
            }
        }
        Ok(())
    }

    fn mean(&self, column: usize) -> f64 {
        self.columns[column].0
    }

    /// `None` for a single sample.
    fn standard_error(&self, column: usize) -> Option<f64> {
        let (_, squares) = self.columns[column];
        let degrees = self.count - 1.0;
        (degrees > 0.0).then(|| (squares / degrees / self.count).sqrt())
    }
}
