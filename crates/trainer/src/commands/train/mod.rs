mod attempts;
mod earlier_config;
mod folds;
mod report;

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use mlp_datasets::Dataset;
use mlp_training::{Ending, Fitted, Outcome, StopHandle};

use super::{Status, write_json};
use crate::data::{check_options, load_resumed};
use crate::display::Display;
use crate::drawings::draw;
use crate::escaped::stderr;
use crate::logs::{Destinations, Logs, RunEnding, continue_logs};
use crate::options::Options;
use crate::report::table::{write_columns, write_schema};
use crate::report::warnings;
use crate::run::{all_runs, replacements, resumed_options, same_training};
use crate::signals::{exit, on_signal};
use crate::summary::Summary;
use crate::{Error, RunDirectory, TrainingConfig, built_in, load_dataset, report as printed};
use attempts::Attempts;
use earlier_config::EarlierConfig;

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
    /// Go on with the training of a run that was stopped, as if it had not been; of all options, only
    /// `--epochs` and `--pretraining-epochs` may be higher than in the run; a table that was moved is named where
    /// it is now
    #[arg(
        long,
        value_name = "RUN",
        help_heading = "Output",
        conflicts_with_all = ["config", "print_config", "schema", "output", "force"]
    )]
    resume: Option<PathBuf>,
    /// If a loss stops being finite, begin anew with a tenth of the learning rate, up to N times
    /// [default: 0]
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        hide_default_value = true,
        help_heading = "Training"
    )]
    retry: usize,
    /// Overwrite the folder if it holds a run
    #[arg(long, help_heading = "Output")]
    force: bool,
    /// Write no report and no model card into the folder of the run
    #[arg(long, help_heading = "Output")]
    no_report: bool,
    /// Print one JSON document and nothing else
    #[arg(long, help_heading = "Output")]
    json: bool,
    /// Send the learning curves elsewhere too: `tensorboard` writes event files into the run's folder,
    /// `tensorboard=DIR` into another one, `mlflow=URL` sends them to an MLflow server; may be given once for each
    #[arg(long, value_name = "LOG", help_heading = "Output")]
    log: Vec<String>,
    /// Show a progress bar rather than the dashboard
    #[arg(long, help_heading = "Output")]
    no_tui: bool,
}

impl TrainCommand {
    pub(super) fn run(self, out: &mut impl Write) -> anyhow::Result<Status> {
        let mut options = match (&self.resume, &self.config) {
            (Some(run), _) => resumed_options(run, &self.options)?,
            (None, Some(path)) => self.options.or(&Options::from_file(path)?)?,
            (None, None) => self.options.clone(),
        };
        if let Some(fold) = options.fold {
            return Err(Error::Mismatch {
                what: format!(
                    "this is the configuration of fold {fold} of a cross-validation, which is not trained alone"
                ),
                hint: "take the run around it, or its `config.toml`".to_owned(),
            }
            .into());
        }
        let mut destinations = Destinations::parse(&self.log).map_err(Error::from)?;
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

        let resumed = self.resume.as_deref();
        if let Some(run) = resumed {
            continue_logs(run, &mut destinations);
        }
        let logs = Logs::open(destinations, &dataset, resumed, self.force).map_err(Error::from)?;
        let run = self.run_directory(&config, &dataset)?;
        let earlier = resumed.and_then(|_| EarlierConfig::of(run.path()));
        config.save(run.path())?;
        logs.begin(&run, resumed, &config)?;
        let stop = StopHandle::new();
        let display = Display::detect(self.no_tui, self.json);
        stop_on_ctrl_c(&stop, display)?;
        let mut attempts = Attempts {
            config,
            dataset: &dataset,
            left: self.retry,
            resumes: self.resume.is_some(),
            stop,
            display,
            logs: logs.clone(),
        };
        let status = if attempts.config.folds().is_some() {
            self.fit_folds(&mut attempts, run, out)
        } else {
            self.fit(&mut attempts, run, out)
        };
        logs.end(ending(&status));
        if let (Err(error), Some(earlier)) = (&status, earlier) {
            earlier.restore_after(error);
        }
        status
    }

    /// The folder in which the training goes on, or a new one.
    fn run_directory(
        &self,
        config: &TrainingConfig,
        dataset: &Dataset,
    ) -> Result<RunDirectory, Error> {
        match (&self.resume, &self.output) {
            (Some(run), _) => RunDirectory::resume(run),
            (None, Some(path)) => {
                say_what_can_go_on(same_training(replacements(path), config));
                RunDirectory::create(path, self.force)
            }
            (None, None) => {
                let runs = Path::new("runs");
                say_what_can_go_on(same_training(all_runs(runs), config));
                let name = format!("{}-{}", dataset.name, config.model());
                RunDirectory::create_numbered(runs, &name)
            }
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
            self.check_inputs(options, path)?;
        }
        let needs_target = !self.schema && !options.is_clustering();
        let mut load_options = options.load_options();
        if self.resume.is_some() {
            // Only who is here may ask for it.
            load_options.download = self.options.download;
            load_options.mirror.clone_from(&self.options.mirror);
            return load_resumed(
                &name,
                &load_options,
                &mut options.table,
                needs_target,
                &self.options,
            );
        }
        load_dataset(&name, &load_options, &mut options.table, needs_target)
    }

    /// Checks that no file that is read would be replaced with the run that it lies in.
    fn check_inputs(&self, options: &Options, output: &Path) -> Result<(), Error> {
        let table = &options.table;
        let test = table.split.test.as_deref().map(Path::new);
        let dataset = Some(Path::new(options.dataset())).filter(|path| path.is_file());
        let read = [
            dataset,
            test,
            table.schema_file.as_deref(),
            self.config.as_deref(),
        ];
        let Ok(output) = output.canonicalize() else {
            return Ok(());
        };
        let mut read = read.into_iter().flatten();
        let within = |path: &&Path| {
            path.canonicalize()
                .is_ok_and(|path| path.starts_with(&output))
        };
        match read.find(within) {
            None => Ok(()),
            Some(path) => Err(Error::Mismatch {
                what: format!(
                    "`{}` is read, but would be replaced with the run around it",
                    path.display()
                ),
                hint: "choose another folder with `--output`, or move the file".to_owned(),
            }),
        }
    }

    /// Trains once.
    fn fit(
        &self,
        attempts: &mut Attempts<'_>,
        run: RunDirectory,
        out: &mut impl Write,
    ) -> anyhow::Result<Status> {
        let dataset = attempts.dataset;
        let device = attempts.config.backend.device()?;
        let (run, fitted) = attempts.train(run, |_, training| {
            let fitted = training.fit(dataset, &device)?;
            let diverged = match &fitted.ending {
                Ending::Diverged(divergence) => Some(divergence.clone()),
                Ending::Complete
                | Ending::Converged
                | Ending::NotSeparated
                | Ending::OutOfPatience
                | Ending::Interrupted => None,
            };
            Ok((fitted, diverged))
        })?;
        let config = &attempts.config;
        attempts.logs.results(&fitted);
        // Before the folder gets its name.
        attempts.logs.flush();
        if fitted.is_interrupted() && fitted.epochs == 0 {
            run.discard();
            let _ = writeln!(
                stderr(),
                "stopped before the first epoch had ended, so nothing is kept"
            );
            return Ok(Status::Interrupted);
        }
        let (path, summary) = run.keep(|folder, path| {
            config.save(folder)?;
            fitted.model.save(folder)?;
            draw_clusters(&fitted, dataset, folder);
            let summary = Summary::of(&fitted, dataset, config, path);
            if !self.no_report {
                report::write(
                    &report::Trained {
                        folder,
                        run: path,
                        model: &fitted.model,
                        config,
                        summary: &summary,
                        dataset,
                    },
                    &[],
                    None,
                );
            }
            // It says that the run is complete, so it comes last.
            summary.save(folder)?;
            Ok::<_, Error>(summary)
        })?;
        if let Ending::Diverged(divergence) = &fitted.ending {
            let kept = match &fitted.outcome {
                Outcome::Prediction(outcome) => Some((path, outcome.best_epoch)),
                Outcome::Clustering(_) => None,
            };
            let divergence = Box::new(divergence.clone());
            return Err(Error::Diverged { divergence, kept }.into());
        }
        if let Outcome::Prediction(outcome) = &fitted.outcome {
            for (name, evaluation) in &outcome.evaluations {
                let _ = write!(stderr(), "{}", printed::shortcomings(*name, evaluation));
            }
        }
        if fitted.is_interrupted() {
            say_how_to_go_on(&path);
        }
        if self.json {
            write_json(out, &summary)?;
        } else {
            match (&summary, &fitted.outcome) {
                (Summary::Prediction(summary), Outcome::Prediction(outcome)) => {
                    printed::write_training(out, summary, &fitted, outcome, &config.recipe)?;
                }
                (Summary::Clustering(summary), _) => printed::write_clustering(out, summary)?,
                (Summary::Prediction(_), Outcome::Clustering(_)) => {}
            }
        }
        Ok(Status::of(fitted.is_interrupted()))
    }
}

/// How a training has ended, for its logs.
fn ending(status: &anyhow::Result<Status>) -> RunEnding {
    match status {
        Ok(Status::Success) => RunEnding::Finished,
        Ok(Status::Interrupted) => RunEnding::Stopped,
        Err(error) => match error.downcast_ref() {
            Some(Error::Training(mlp_training::Error::InterruptedTooEarly)) => RunEnding::Stopped,
            Some(_) | None => RunEnding::Failed,
        },
    }
}

/// Draws what a clustering has found. A picture that cannot be drawn takes nothing from the run.
fn draw_clusters(fitted: &Fitted, dataset: &Dataset, run: &Path) {
    let Outcome::Clustering(outcome) = &fitted.outcome else {
        return;
    };
    let folder = run.join("pictures");
    if let Err(error) = draw(&fitted.model, dataset, &outcome.found, &folder) {
        let _ = writeln!(stderr(), "warning: the pictures cannot be drawn: {error:#}");
    }
}

/// Says on stderr that the same training was begun before.
fn say_what_can_go_on(same: Option<PathBuf>) {
    if let Some(same) = same {
        let _ = writeln!(
            stderr(),
            "note: the same training was stopped in `{0}`; `trainer train --resume {0}` goes on with it",
            same.display()
        );
    }
}

/// Says on stderr how a training that its user has stopped goes on.
fn say_how_to_go_on(run: &Path) {
    let run = run.display();
    let _ = writeln!(stderr(), "`trainer train --resume {run}` goes on");
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

/// Ctrl-C lets the learner finish its batch, or what it has found be evaluated; a second one ends the program
/// immediately.
fn stop_on_ctrl_c(stop: &StopHandle, display: Display) -> anyhow::Result<()> {
    let stop = stop.clone();
    on_signal(move || {
        if stop.is_stopped() {
            exit();
        }
        stop.stop();
        if display == Display::Bar {
            // Below the bar, which has no end of line on a terminal.
            let before = if io::stderr().is_terminal() { "\n" } else { "" };
            let _ = writeln!(
                stderr(),
                "{before}stopping with the model so far; another Ctrl-C ends at once"
            );
        }
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
