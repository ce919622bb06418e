//! A training for each fold, and then one on all rows.

use burn::tensor::Device;
use mlp_datasets::{Dataset, Split, SplitName};

use super::Training;
use crate::divergence::Divergence;
use crate::fitted::{Ending, Fitted, Outcome};
use crate::recipe::Method;
use crate::{Error, supervised};

impl Training {
    /// Trains once for each fold of a data set, with the rows of the fold for testing. `begins` is
    /// called with each fold, from 1, and how many there are. With a folder, each fold has a folder
    /// in it: `fold-1` and so on.
    ///
    /// There are fewer models than folds if training is stopped.
    ///
    /// # Errors
    ///
    /// As [`fit`](Self::fit); also if the recipe finds clusters, or its rows cannot be split into
    /// folds.
    pub fn fit_folds(
        &self,
        dataset: &Dataset,
        device: &Device,
        mut begins: impl FnMut(usize, usize),
    ) -> Result<Vec<Fitted>, Error> {
        let Some(recipe) = self.recipe.as_supervised() else {
            return Err(Error::UnusedSetting {
                setting: "folds".to_owned(),
                model: self.recipe.model().into(),
            });
        };
        self.recipe.check()?;
        let folds = self.folds(dataset)?;
        // Before the first fold is trained, not after it.
        for split in &folds {
            supervised::check_selection(recipe.training(), dataset, split)?;
        }
        let mut fitted = Vec::with_capacity(folds.len());
        for (split, fold) in folds.iter().zip(1..) {
            begins(fold, folds.len());
            let folder = self.create_folder(&format!("fold-{fold}"))?;
            let session = self.session(&self.recipe, dataset, device, folder)?;
            let model = self.recipe.model();
            let outcome = supervised::fit(recipe, model, dataset, split, &session);
            let outcome = match outcome {
                // Its model would count like those that were trained to their end.
                Ok(Fitted {
                    ending: Ending::Diverged(divergence),
                    ..
                })
                | Err(Error::Diverged(divergence)) => {
                    return Err(Error::DivergedFold(Divergence {
                        part: Some(format!("fold {fold} of {}", folds.len())),
                        ..divergence
                    }));
                }
                outcome => outcome?,
            };
            if outcome.is_interrupted() {
                // A fold that was not trained to its end would be compared with those that were.
                break;
            }
            fitted.push(outcome);
        }
        if fitted.is_empty() {
            return Err(Error::InterruptedTooEarly);
        }
        Ok(fitted)
    }

    /// Trains on all rows, for as many epochs as the best epochs of the folds have as their median. The
    /// folds have shown how good such a model is; this is the one to use.
    ///
    /// Of nine tables, its log-loss or RMSE on rows that no fold had seen was below that of a single
    /// training on all nine, and within 8 % of that of the averaged predictions of the five folds, which
    /// was better on six; but those take five networks. The table is in BENCHMARKS.md.
    ///
    /// # Errors
    ///
    /// As [`fit`](Self::fit); also if there are no folds.
    pub fn refit(
        &self,
        folds: &[Fitted],
        dataset: &Dataset,
        device: &Device,
    ) -> Result<Fitted, Error> {
        let mut recipe = self.recipe.clone();
        let training = recipe.as_supervised_mut();
        let (Some(epochs), Some(training)) = (median_of_best_epochs(folds), training) else {
            return Err(Error::InterruptedTooEarly);
        };
        let training = training.training_mut();
        training.epochs = epochs;
        training.patience = None;
        let rows: Vec<usize> = (0..dataset.table.num_rows()).collect();
        let split = Split {
            train: rows.clone(),
            valid: rows,
            test: Vec::new(),
        };
        let mut session = self.session(&recipe, dataset, device, self.folder.clone())?;
        // With more epochs in each fold, the number of these may have become smaller.
        if let Err(Error::OtherTraining { .. }) = session.beginning(supervised::PART) {
            session.resumed = None;
        }
        let Some(recipe) = recipe.as_supervised() else {
            return Err(Error::InterruptedTooEarly);
        };
        let mut fitted = supervised::fit(recipe, self.recipe.model(), dataset, &split, &session)?;
        if let Outcome::Prediction(outcome) = &mut fitted.outcome {
            // The same rows under another name.
            outcome.rows.remove(&SplitName::Valid);
            outcome.evaluations.remove(&SplitName::Valid);
        }
        Ok(fitted)
    }

    /// The splits of a cross-validation; a single one if the recipe has no folds. The validation rows of an ensemble
    /// are training rows as well: those of other members.
    ///
    /// # Errors
    ///
    /// If there are too few rows, or which rows test is fixed.
    pub fn folds(&self, dataset: &Dataset) -> Result<Vec<Split>, Error> {
        let (table, partition) = (&dataset.table, &dataset.partition);
        let Some(split) = self.recipe.split(self.seed)? else {
            return Ok(Vec::new());
        };
        if let Method::Ensemble(recipe) = self.recipe.method() {
            return Ok(vec![self.rotation(recipe, dataset)?.overall()]);
        }
        let recipe = self.recipe.as_supervised();
        Ok(match recipe.and_then(|recipe| recipe.data().folds) {
            Some(folds) => Split::folds(table, partition, &split, folds)?,
            None => vec![Split::new(table, partition, &split)?],
        })
    }
}

/// The median of the best epochs of the models of folds, the lower one of two; `None` without models.
fn median_of_best_epochs(folds: &[Fitted]) -> Option<usize> {
    let best_epochs = folds.iter().filter_map(|fold| match &fold.outcome {
        Outcome::Prediction(outcome) => Some(outcome.best_epoch.max(1)),
        Outcome::Clustering(_) => None,
    });
    let mut best_epochs: Vec<usize> = best_epochs.collect();
    best_epochs.sort_unstable();
    best_epochs
        .get(best_epochs.len().checked_sub(1)? / 2)
        .copied()
}
