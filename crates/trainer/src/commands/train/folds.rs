use std::io::Write;
use std::path::{Path, PathBuf};

use mlp_training::{Fitted, Outcome, Spread};

use super::attempts::Attempts;
use super::{TrainCommand, report, say_how_to_go_on};
use crate::commands::{Status, write_json};
use crate::display::Display;
use crate::escaped::stderr;
use crate::run::files;
use crate::summary::{FoldsSummary, PredictionSummary, Summary};
use crate::{Error, RunDirectory, report as printed};

impl TrainCommand {
    /// Trains once for each fold.
    pub(super) fn fit_folds(
        &self,
        attempts: &mut Attempts<'_>,
        run: RunDirectory,
        out: &mut impl Write,
    ) -> anyhow::Result<Status> {
        let (dataset, display) = (attempts.dataset, attempts.display);
        let device = attempts.config.backend.device()?;
        let start = std::time::Instant::now();
        let announce = |name: &str| {
            if display == Display::Bar {
                let _ = writeln!(stderr(), "{name}");
            }
        };
        let logs = attempts.logs.clone();
        let begins = |fold: usize, num_folds: usize| {
            announce(&format!("fold {fold} of {num_folds}"));
            logs.begin_fold(Some(fold));
        };
        let (run, (fitted, refit)) = attempts.train(run, |config, training| {
            let fitted = training.fit_folds(dataset, &device, begins)?;
            // The folds have shown how good the model is.
            let refit = if Some(fitted.len()) == config.folds() {
                announce("all rows");
                logs.begin_fold(None);
                Some(training.refit(&fitted, dataset, &device)?)
            } else {
                None
            };
            let refit = refit.filter(|refit| !refit.is_interrupted());
            Ok(((fitted, refit), None))
        })?;
        let config = &attempts.config;
        logs.results_of_folds(&fitted);
        if let Some(refit) = &refit {
            logs.results(refit);
        }
        logs.flush();
        let (path, summary) = run.keep(|folder, path| {
            for (fitted, fold) in fitted.iter().zip(1..) {
                let (folder, path) = (fold_folder(folder, fold), fold_folder(path, fold));
                // The model makes the folder.
                fitted.model.save(&folder)?;
                config.of_fold(fold).save(&folder)?;
                Summary::of(fitted, dataset, config, &path).save(&folder)?;
            }
            let of_all = |fitted: &Fitted| {
                config.save(folder)?;
                fitted.model.save(folder)?;
                Ok::<_, Error>(match &fitted.outcome {
                    Outcome::Prediction(outcome) => Some(PredictionSummary::of(
                        fitted, outcome, dataset, config, path,
                    )),
                    Outcome::Clustering(_) => None,
                })
            };
            let summary = FoldsSummary {
                run: path.to_owned(),
                task: fitted[0].model.task(),
                model: config.model(),
                backend: config.backend,
                seed: config.seed,
                folds: fitted.len(),
                seconds: start.elapsed().as_secs_f64(),
                metrics: Spread::of_folds(&fitted),
                interrupted: refit.is_none(),
                refit: refit.as_ref().map(of_all).transpose()?.flatten(),
            };
            if let (false, Some(fitted_on_all), Some(of_all)) =
                (self.no_report, &refit, summary.refit.clone())
            {
                let models: Vec<_> = fitted.iter().map(|fitted| &fitted.model).collect();
                report::write(
                    &report::Trained {
                        folder,
                        run: path,
                        model: &fitted_on_all.model,
                        config,
                        summary: &Summary::Prediction(of_all),
                        dataset,
                    },
                    &models,
                    serde_json::to_value(&summary).ok().as_ref(),
                );
            }
            files::save_summary(&summary, folder)?;
            Ok::<_, Error>(summary)
        })?;
        if summary.interrupted {
            say_how_to_go_on(&path);
        }
        if self.json {
            write_json(out, &summary)?;
        } else {
            printed::write_folds(out, &summary)?;
        }
        Ok(Status::of(summary.interrupted))
    }
}

fn fold_folder(run: &Path, fold: usize) -> PathBuf {
    run.join(format!("fold-{fold}"))
}
