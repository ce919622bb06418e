use std::io::{IsTerminal, Write, stderr, stdin, stdout};
use std::path::{Path, PathBuf};

use burn::train::Interrupter;
use clap::Args;
use mlp_datasets::Dataset;

use super::Status;
use crate::clustering::is_clustering;
use crate::report::table::{
    warn_of_odd_cells, warn_of_unseen_classes, write_columns, write_schema,
};
use crate::{
    ClusteringConfig, Ending, Error, Model, Progress, RunDirectory, TrainingConfig,
    TrainingOptions, cluster, cross_validate, load_dataset, report, train,
};

/// Train a network and keep the best epoch's.
#[derive(Args, Debug, Default)]
#[allow(clippy::struct_excessive_bools)] // They are flags.
pub struct TrainCommand {
    #[command(flatten)]
    options: TrainingOptions,

    /// Read options from a TOML file; those typed here come first
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    config: Option<PathBuf>,
    /// Print every option with its value, in the form of a configuration file, and do no more
    #[arg(long, help_heading = "Output")]
    print_config: bool,
    /// Print the kinds of the table's columns, in the form of a file for `--schema-file`, and do no
    /// more
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
        let progress = self.progress();
        let mut options = self.options.clone();
        if let Some(path) = &self.config {
            options = options.or(TrainingOptions::from_file(path)?);
        }
        let name = options.dataset.as_deref();
        let name = name.unwrap_or(TrainingConfig::DEFAULT_DATASET);
        let clustering = is_clustering(&options);
        let needs_target = !self.schema && !clustering;
        let dataset = load_dataset(name, &options.load_options(), &options.table, needs_target)?;
        if self.schema {
            write_schema(out, name, &dataset)?;
            return Ok(Status::Success);
        }
        let name = name.to_owned();
        if clustering {
            return self.cluster(options, &dataset, progress, out);
        }
        let config = TrainingConfig::resolve(options, &dataset)?;
        if self.print_config {
            write!(out, "{}", toml::to_string(&config)?)?;
            return Ok(Status::Success);
        }
        if !config.table.target.is_empty() {
            // What is told on the way may be read by nobody.
            let _ = write_columns(&mut stderr(), &name, &dataset);
            let _ = warn_of_odd_cells(&mut stderr(), &dataset);
        }
        if config.folds.is_none() {
            let split = config.split(&dataset)?;
            let _ = warn_of_unseen_classes(&mut stderr(), &dataset, &split);
        }

        let run = self.run_directory(&dataset.name, config.model)?;
        let interrupter = Interrupter::new();
        stop_on_ctrl_c(&interrupter)?;
        let interrupted = if config.folds.is_some() {
            let begins = |fold, num_folds| {
                if progress == Progress::Bar {
                    let _ = writeln!(stderr(), "fold {fold} of {num_folds}");
                }
            };
            let outcome = cross_validate(&config, &dataset, run, progress, &interrupter, begins)?;
            if self.json {
                serde_json::to_writer(&mut *out, &outcome)?;
                writeln!(out)?;
            } else {
                report::write_cross_validation(out, &outcome)?;
            }
            outcome.interrupted
        } else {
            let outcome = train(&config, &dataset, run, progress, &interrupter)?;
            if self.json {
                serde_json::to_writer(&mut *out, &outcome.summary)?;
                writeln!(out)?;
            } else {
                report::write_training(out, &outcome)?;
            }
            outcome.ending == Ending::Interrupted
        };
        Ok(if interrupted {
            Status::Interrupted
        } else {
            Status::Success
        })
    }

    /// Finds groups rather than to predict.
    fn cluster(
        &self,
        options: TrainingOptions,
        dataset: &Dataset,
        progress: Progress,
        out: &mut impl Write,
    ) -> anyhow::Result<Status> {
        let config = ClusteringConfig::resolve(options, dataset)?;
        if self.print_config {
            write!(out, "{}", toml::to_string(&config)?)?;
            return Ok(Status::Success);
        }
        if crate::built_in(&config.dataset).is_none() {
            // What is told on the way may be read by nobody.
            let _ = write_columns(&mut stderr(), &config.dataset, dataset);
            let _ = warn_of_odd_cells(&mut stderr(), dataset);
        }
        let run = self.run_directory(&dataset.name, config.model)?;
        let interrupter = Interrupter::new();
        stop_on_ctrl_c(&interrupter)?;
        let summary = cluster(&config, dataset, run, progress, &interrupter)?;
        if self.json {
            serde_json::to_writer(&mut *out, &summary)?;
            writeln!(out)?;
        } else {
            report::write_clustering(out, &summary)?;
        }
        Ok(if summary.interrupted {
            Status::Interrupted
        } else {
            Status::Success
        })
    }

    fn run_directory(&self, dataset: &str, model: Model) -> Result<RunDirectory, Error> {
        if let Some(path) = &self.output {
            return RunDirectory::create(path, self.force);
        }
        RunDirectory::create_numbered(Path::new("runs"), &format!("{dataset}-{model}"))
    }

    /// The dashboard needs a terminal to draw on and keys to listen to.
    fn progress(&self) -> Progress {
        let on_terminal = stdout().is_terminal() && stdin().is_terminal();
        if on_terminal && !self.no_tui && !self.json && cfg!(feature = "tui") {
            Progress::Dashboard
        } else if self.json && !stderr().is_terminal() {
            Progress::Silent
        } else {
            Progress::Bar
        }
    }
}

/// Ctrl-C lets the learner finish its batch; a second one ends the program on the spot.
fn stop_on_ctrl_c(interrupter: &Interrupter) -> anyhow::Result<()> {
    let interrupter = interrupter.clone();
    ctrlc::set_handler(move || {
        if interrupter.should_stop() {
            #[allow(clippy::exit)] // The user insists.
            std::process::exit(130);
        }
        interrupter.stop(Some("Ctrl-C"));
    })?;
    Ok(())
}
