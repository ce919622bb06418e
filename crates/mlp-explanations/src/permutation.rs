use mlp_datasets::Table;
use mlp_inference::{Metric, SavedModel};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use serde::Serialize;

use crate::error::{Error, check_range};
use crate::judge::Judge;
use crate::quantity::outputs;
use crate::sample::sampled;
use crate::sources::Sources;

/// How much a model needs each column: how much worse its predictions get if the values of the column
/// are shuffled among the rows ([Breiman 2001](https://doi.org/10.1023/A:1010933404324)).
///
/// ```text
/// importance = loss(rows with the column shuffled) − loss(rows)
/// ```
///
/// averaged over some shuffles; of a metric that is higher for a better model, the difference is the
/// other way round. A column is one of the table, whatever number of inputs it becomes. Rows count by the
/// weights of the table. The metric of several targets is the mean of theirs, so their importances are also given
/// one by one: targets with other units cannot be compared.
///
/// It says what this model uses, not what causes the target. Of two columns that say the same, either may
/// look unimportant, because the other one remains; and shuffling makes rows that never occur.
///
/// ```
/// use burn::tensor::Device;
/// use mlp_datasets::{BuiltIn, LoadOptions};
/// use mlp_explanations::PermutationImportance;
/// use mlp_training::{MlpRecipe, Problem, Training};
///
/// let iris = BuiltIn::Iris.load(&LoadOptions::default())?;
/// let fitted = Training::new(MlpRecipe::new(Problem::of(&iris)?)).fit(&iris, &Device::flex())?;
/// let rows: Vec<usize> = (0..150).collect();
///
/// let found = PermutationImportance::default().compute(&fitted.model, &iris.table, &rows)?;
///
/// assert_eq!(found.metric.name(), "log_loss");
/// assert!(found.columns[0].column.starts_with("petal"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct PermutationImportance {
    /// How often each column is shuffled, at least 1.
    pub repeats: usize,
    /// The seed of the shuffles, and of the rows if there are too many.
    pub seed: u64,
    /// The most rows that are used, at least 1; of more, so many are drawn.
    pub max_rows: usize,
    /// The metric that gets worse. By default the log-loss of a model with probabilities; the accuracy of
    /// one without, and if the class of a row is unknown; the root of the mean squared error of
    /// numbers, or the pinball loss if they are another quantile than the median.
    pub metric: Option<Metric>,
}

impl Default for PermutationImportance {
    fn default() -> Self {
        Self {
            repeats: 5,
            seed: 0,
            max_rows: 5_000,
            metric: None,
        }
    }
}

/// The importance of each column of a model.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Importances {
    /// The metric that gets worse.
    pub metric: Metric,
    /// The metric of the rows as they are.
    pub score: f64,
    /// How many rows were used.
    pub rows: usize,
    /// How often each column was shuffled.
    pub repeats: usize,
    /// The seed of the shuffles.
    pub seed: u64,
    /// The columns, the most important first. Of several targets, by the mean of their metrics.
    pub columns: Vec<ColumnImportance>,
    /// The same for each of several targets; nothing for one target, and for classes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<TargetImportances>,
}

/// The importance of each column for one of several targets.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct TargetImportances {
    /// The target.
    pub target: String,
    /// The metric of the rows as they are, in the units of the target if the metric has those.
    pub score: f64,
    /// The columns, the most important first.
    pub columns: Vec<ColumnImportance>,
}

/// The importance of a column.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct ColumnImportance {
    /// The column of the table.
    pub column: String,
    /// How much worse the metric gets, on average over the shuffles: above 0 if it does. In the units of
    /// the metric.
    pub mean: f64,
    /// The standard deviation over the shuffles, with n − 1; none for a single one.
    pub std: Option<f64>,
    /// How much worse the metric gets in each shuffle.
    pub repeats: Vec<f64>,
}

impl PermutationImportance {
    /// The importance of each column for rows of a table, by the target of the table.
    ///
    /// # Errors
    ///
    /// If a setting is out of range, no rows are given, the model finds clusters, a column or the target
    /// is missing, there is no such metric of the predictions, or the device fails.
    ///
    /// # Panics
    ///
    /// If a row is not in the table.
    pub fn compute(
        &self,
        model: &SavedModel,
        table: &Table,
        rows: &[usize],
    ) -> Result<Importances, Error> {
        self.compute_with(model, table, rows, &mut |_, _| {})
    }

    /// The same; `progress` gets how many shuffles are done, and of how many.
    ///
    /// # Errors
    ///
    /// As [`compute`](Self::compute).
    ///
    /// # Panics
    ///
    /// If a row is not in the table.
    pub fn compute_with(
        &self,
        model: &SavedModel,
        table: &Table,
        rows: &[usize],
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Importances, Error> {
        check_range("repeats", self.repeats, 10_000, "between 1 and 10000")?;
        check_range("max_rows", self.max_rows, usize::MAX, "1 or more")?;
        let mut sources = Sources::new(model, "permutation importance")?;
        if rows.is_empty() {
            return Err(Error::NoRows);
        }
        let rows = sampled(rows, self.max_rows, self.seed);
        let judge = Judge::new(model, table, &rows)?;
        let all = sources.add(table, &rows)?;
        let predicted = sources.predict(all)?;
        let metric = self
            .metric
            .unwrap_or_else(|| judge.default_metric(&judge.metrics(predicted.clone())));
        // That of all, and that of each of several targets.
        let scores = judge.scores(metric, predicted)?;

        let mut found: Vec<Vec<ColumnImportance>> = vec![Vec::new(); scores.len()];
        let names = model.preprocessor().column_names();
        let num_shuffles = names.len() * self.repeats;
        for (column, name) in names.into_iter().enumerate() {
            // The same shuffles for each column, so that none is ahead by luck.
            let mut random = StdRng::seed_from_u64(self.seed);
            let mut order: Vec<usize> = (0..rows.len()).collect();
            let mut repeats = vec![Vec::with_capacity(self.repeats); scores.len()];
            for repeat in 0..self.repeats {
                order.shuffle(&mut random);
                let pick = |row: usize, of: usize| if of == column { order[row] } else { row };
                let shuffled = sources.predict_mixed(rows.len(), pick)?;
                let shuffled = judge.scores(metric, shuffled)?;
                for ((repeats, score), shuffled) in repeats.iter_mut().zip(&scores).zip(shuffled) {
                    repeats.push(if metric.higher_is_better() {
                        score - shuffled
                    } else {
                        shuffled - score
                    });
                }
                progress(column * self.repeats + repeat + 1, num_shuffles);
            }
            for (columns, repeats) in found.iter_mut().zip(repeats) {
                columns.push(ColumnImportance::of(name.clone(), repeats));
            }
        }
        for columns in &mut found {
            columns.sort_by(|a, b| b.mean.total_cmp(&a.mean));
        }
        let columns = found.remove(0);
        let of_targets = outputs(model).into_iter().zip(&scores[1..]).zip(found);
        let targets = of_targets.map(|((target, &score), columns)| TargetImportances {
            target,
            score,
            columns,
        });
        Ok(Importances {
            metric,
            score: scores[0],
            rows: rows.len(),
            repeats: self.repeats,
            seed: self.seed,
            columns,
            targets: targets.collect(),
        })
    }
}

impl ColumnImportance {
    fn of(column: String, repeats: Vec<f64>) -> Self {
        let count = repeats.len() as f64;
        let mean = repeats.iter().sum::<f64>() / count;
        let squares: f64 = repeats.iter().map(|drop| (drop - mean).powi(2)).sum();
        Self {
            column,
            mean,
            std: (repeats.len() > 1).then(|| (squares / (count - 1.0)).sqrt()),
            repeats,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_is_that_of_a_sample() {
        let found = ColumnImportance::of("x".to_owned(), vec![1.0, 2.0, 6.0]);
        // Differences of −2, −1 and 3 from the mean 3: √(14 / 2).
        assert_eq!((found.mean, found.std), (3.0, Some(7f64.sqrt())));
        assert_eq!(ColumnImportance::of("x".to_owned(), vec![4.0]).std, None);
    }
}
