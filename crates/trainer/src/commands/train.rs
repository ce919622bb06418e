use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use mlp_datasets::Dataset;
use mlp_training::{Ending, Fitted, Outcome, Spread, StopHandle, Training};

use super::{Status, write_json};
use crate::data::check_options;
use crate::display::Display;
use crate::drawings::draw;
use crate::escaped::stderr;
use crate::options::Options;
use crate::report::table::{write_columns, write_schema};
use crate::report::warnings;
use crate::signals::{exit, on_signal};
use crate::summary::{FoldsSummary, PredictionSummary, Summary};
use crate::{Error, RunDirectory, TrainingConfig, built_in, load_dataset, report, run_files};

/// Train a network and keep the best epoch's weights.
#[derive(Args, Debug, Default)]
#[allow(clippy::struct_excessive_bools)] // They are flags.
pub struct TrainCommand {
    #[command(flatten)]
    options: Options,

    /// Read options from a TOML file; options given on the command line take precedence
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    config: Option<PathBuf>,
    /// Print every option that has a value, in the form of a configuration file, and exit
    #[arg(long, help_heading = "Output")]
    print_config: bool,
    /// Print the kinds of the table's columns, in the form of a file for `--schema-file`, and exit
    #[arg(long, help_heading = "Output")]
    schema: bool,
    /// Folder of the run [default: runs/DATASET-MODEL-NUMBER]
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    output: Option<PathBuf>,
    /// Overwrite the folder if it holds a run
    #[arg(long, help_heading = "Output")]
    force: bool,
    /// Print one JSON document and nothing else
    #[arg(long, help_heading = "Output")]
    json: bool,
    /// Show a progress bar rather than the dashboard
    #[arg(long, help_heading = "Output")]
    no_tui: bool,
}

impl TrainCommand {
    pub(super) fn run(self, out: &mut impl Write) -> anyhow::Result<Status> {
        let mut options = match &self.config {
            Some(path) => self.options.or(&Options::from_file(path)?)?,
            None => self.options.clone(),
        };
        let dataset = self.load(&mut options)?;
        if self.schema {
            write_schema(out, options.dataset(), &dataset)?;
            return Ok(Status::Success);
        }
        let config = TrainingConfig::resolve(&options, &dataset)?;
        if self.print_config {
            write!(out, "{}", config.to_toml()?)?;
            return Ok(Status::Success);
        }
        describe(&config, &dataset)?;

        let name = format!("{}-{}", dataset.name, config.model());
        let run = match &self.output {
            Some(path) => RunDirectory::create(path, self.force)?,
            None => RunDirectory::create_numbered(Path::new("runs"), &name)?,
        };
        let stop = StopHandle::new();
        stop_on_ctrl_c(&stop)?;
        let display = Display::detect(self.no_tui, self.json);
        let training = config
            .training()
            .with_folder(run.path())
            .with_stop(stop.clone());
        let training = display.follow(training, &stop);
        if config.folds().is_some() {
            self.fit_folds(&config, &training, &dataset, run, display, out)
        } else {
            self.fit(&config, &training, &dataset, run, out)
        }
    }

    /// Checks the options, which is quick, and then loads the data set, which may take long.
    fn load(&self, options: &mut Options) -> Result<Dataset, Error> {
        let name = options.dataset().to_owned();
        check_options(&name, &options.table)?;
        if !self.schema {
            TrainingConfig::check(options)?;
        }
        if let Some(path) = &self.output {
            RunDirectory::check(path, self.force)?;
        }
        let needs_target = !self.schema && !options.is_clustering();
        let load_options = options.load_options();
        load_dataset(&name, &load_options, &mut options.table, needs_target)
    }

    /// Trains once.
    fn fit(
        &self,
        config: &TrainingConfig,
        training: &Training,
        dataset: &Dataset,
        run: RunDirectory,
        out: &mut impl Write,
    ) -> anyhow::Result<Status> {
        config.save(run.path())?;
        let device = config.backend.device()?;
        let fitted = training.fit(dataset, &device).map_err(Error::from)?;
        if fitted.is_interrupted() && fitted.epochs == 0 {
            let _ = writeln!(
                stderr(),
                "stopped before the first epoch had ended, so nothing is kept"
            );
            return Ok(Status::Interrupted);
        }
        let (path, summary) = run.keep(|folder, path| {
            config.save(folder)?;
            fitted.model.save(folder)?;
            let summary = Summary::of(&fitted, dataset, config, path);
            summary.save(folder)?;
            Ok::<_, Error>(summary)
        })?;
        if let Ending::Diverged {
            rows,
            loss,
            epoch,
            learning_rate,
        } = fitted.ending
        {
            let kept = match &fitted.outcome {
                Outcome::Prediction(outcome) => Some((path, outcome.best_epoch)),
                Outcome::Clustering(_) => None,
            };
            return Err(Error::Diverged {
                split: rows,
                loss,
                epoch,
                learning_rate,
                kept,
            }
            .into());
        }
        if let Outcome::Prediction(outcome) = &fitted.outcome {
            for (name, evaluation) in &outcome.evaluations {
                let _ = write!(stderr(), "{}", report::shortcomings(*name, evaluation));
            }
        }
        // The run is complete. A picture that cannot be drawn takes nothing from it.
        if let Outcome::Clustering(outcome) = &fitted.outcome
            && let Err(error) = draw(
                &fitted.model,
                dataset,
                &outcome.found,
                &path.join("pictures"),
            )
        {
            let _ = writeln!(stderr(), "warning: the pictures cannot be drawn: {error:#}");
        }
        if self.json {
            write_json(out, &summary)?;
        } else {
            match (&summary, &fitted.outcome) {
                (Summary::Prediction(summary), Outcome::Prediction(outcome)) => {
                    report::write_training(out, summary, &fitted, outcome, &config.recipe)?;
                }
                (Summary::Clustering(summary), _) => report::write_clustering(out, summary)?,
                (Summary::Prediction(_), Outcome::Clustering(_)) => {}
            }
        }
        Ok(Status::of(fitted.is_interrupted()))
    }

    /// Trains once for each fold.
    fn fit_folds(
        &self,
        config: &TrainingConfig,
        training: &Training,
        dataset: &Dataset,
        run: RunDirectory,
        display: Display,
        out: &mut impl Write,
    ) -> anyhow::Result<Status> {
        let device = config.backend.device()?;
        let start = std::time::Instant::now();
        let begins = |fold: usize, num_folds: usize| {
            if display == Display::Bar {
                let _ = writeln!(stderr(), "fold {fold} of {num_folds}");
            }
        };
        let fitted = training
            .fit_folds(dataset, &device, begins)
            .map_err(Error::from)?;
        let is_complete = Some(fitted.len()) == config.folds();
        let refit = if is_complete {
            refit(&fitted, config, training, dataset, display)?
        } else {
            None
        };
        let (_, summary) = run.keep(|folder, path| {
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
            run_files::save_summary(&summary, folder)?;
            Ok::<_, Error>(summary)
        })?;
        if self.json {
            write_json(out, &summary)?;
        } else {
            report::write_folds(out, &summary)?;
        }
        Ok(Status::of(summary.interrupted))
    }
}

/// Trains on all rows, after the folds have shown how good the model is; `None` if the user stops
/// it.
fn refit(
    folds: &[Fitted],
    config: &TrainingConfig,
    training: &Training,
    dataset: &Dataset,
    display: Display,
) -> anyhow::Result<Option<Fitted>> {
    if display == Display::Bar {
        let _ = writeln!(stderr(), "all rows");
    }
    let device = config.backend.device()?;
    let fitted = training
        .refit(folds, dataset, &device)
        .map_err(Error::from)?;
    Ok((!fitted.is_interrupted()).then_some(fitted))
}

fn fold_folder(run: &Path, fold: usize) -> PathBuf {
    run.join(format!("fold-{fold}"))
}

/// Writes on stderr what was found in a table, and what is odd about it.
fn describe(config: &TrainingConfig, dataset: &Dataset) -> Result<(), Error> {
    // stderr may be closed, which is no reason not to train.
    let out = &mut stderr();
    if built_in(config.dataset()).is_none() {
        let _ = write_columns(out, config.dataset(), dataset);
        let _ = warnings::warn_of_columns(out, dataset);
    }
    if !config.reason.is_empty() {
        let _ = writeln!(out, "  model        {}: {}", config.model(), config.reason);
    }
    warnings::warn_of_training(out, config, dataset)
}

/// Ctrl-C lets the learner finish its batch; a second one ends the program immediately.
fn stop_on_ctrl_c(stop: &StopHandle) -> anyhow::Result<()> {
    let stop = stop.clone();
    on_signal(move || {
        if stop.is_stopped() {
            exit();
        }
        stop.stop();
    })
}

impl Status {
    fn of(interrupted: bool) -> Self {
        if interrupted {
            Self::Interrupted
        } else {
            Self::Success
        }
    }
}
