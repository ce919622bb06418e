use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use mlp_datasets::{Dataset, Source};

use super::write_json;
use crate::data::check_options;
use crate::option_name::dashed;
use crate::options::{Options, TableOptions, first_key};
use crate::report::FoldMetrics;
use crate::report::inspection::{Inspection, write_inspection};
use crate::report::run_contents::{RunContents, write_run_contents};
use crate::report::warnings;
use crate::run::{State, load};
use crate::{Backend, Error, TrainingConfig, built_in, load_dataset};

/// Show what is in a table and how its columns relate to the target, without training, or what is in a run.
#[derive(Args, Debug)]
pub struct InspectCommand {
    /// What to look at: a built-in data set; a CSV, JSON, Parquet or Arrow file or a workbook; a folder or a
    /// pattern of such files; `-` for standard input; or the folder of a run
    #[arg(value_name = "DATASET|RUN")]
    dataset: String,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
    /// Random seed of the split, on which some warnings depend [default: 0]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Folder of the IDX files of `mnist` and `idx`
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    #[command(flatten)]
    table: TableOptions,
}

impl InspectCommand {
    pub(super) fn run(self, out: &mut impl Write) -> anyhow::Result<()> {
        let path = Path::new(&self.dataset);
        if built_in(&self.dataset).is_none() && path.is_dir() {
            if State::of(path).is_some() {
                return self.run_of(path, out);
            }
            if !may_have_tables(path) {
                return Err(Error::NothingToInspect {
                    path: path.to_owned(),
                }
                .into());
            }
        }
        let mut options = Options {
            dataset: Some(self.dataset),
            seed: self.seed,
            data_dir: self.data_dir,
            table: self.table,
            ..Options::default()
        };
        let name = options.dataset().to_owned();
        check_options(&name, &options.table)?;
        let load_options = options.load_options();
        let dataset = load_dataset(&name, &load_options, &mut options.table, false)?;
        let inspection = Inspection::of(&name, &dataset, warned(&options, &dataset));
        if self.json {
            write_json(out, &inspection)?;
        } else {
            write_inspection(out, &inspection, &dataset)?;
        }
        Ok(())
    }

    /// Shows what is in the run of a folder.
    fn run_of(&self, run: &Path, out: &mut impl Write) -> anyhow::Result<()> {
        let option = match first_key(&self.table)? {
            Some(option) => Some(option),
            None if self.seed.is_some() => Some("seed".to_owned()),
            None => self.data_dir.as_ref().map(|_| "data_dir".to_owned()),
        };
        if let Some(option) = option {
            return Err(Error::Mismatch {
                what: format!(
                    "`--{}` is for a table, but `{}` is a run",
                    dashed(&option),
                    run.display()
                ),
                hint: "leave it out, or name the table: `trainer inspect FILE`".to_owned(),
            }
            .into());
        }
        let device = Backend::preferred()?.device()?;
        let (model, config, summary) = load(run, &device)?;
        let mut contents = RunContents::of(run, &model, &config, &summary);
        if config.is_of_all_rows() {
            contents.folds = Some(FoldMetrics::load(run)?);
        }
        if self.json {
            write_json(out, &contents)?;
        } else {
            write_run_contents(out, &contents)?;
        }
        Ok(())
    }
}

/// Whether a folder has files, but no runs.
fn may_have_tables(folder: &Path) -> bool {
    let is_run = |entry: std::fs::DirEntry| State::of(&entry.path()).is_some();
    let has_runs = folder
        .read_dir()
        .is_ok_and(|mut entries| entries.any(|entry| entry.is_ok_and(is_run)));
    !has_runs && Source::new(&folder.to_string_lossy()).is_ok()
}

/// The warnings of a training with default settings, and why it could not begin, if it could not.
fn warned(options: &Options, dataset: &Dataset) -> Vec<String> {
    let mut lines = Vec::new();
    let is_built_in = built_in(options.dataset()).is_some();
    if !is_built_in {
        // A vector takes whatever is written.
        let _ = warnings::warn_of_columns(&mut lines, dataset);
    }
    let mut fault = None;
    if dataset.table.target().is_some() {
        let config = TrainingConfig::resolve(options, dataset);
        let warned =
            config.and_then(|config| warnings::warn_of_training(&mut lines, &config, dataset));
        fault = warned.err();
    }
    let lines = String::from_utf8_lossy(&lines);
    let lines = lines.lines().map(|line| {
        let text = line.strip_prefix("warning: ");
        text.unwrap_or(line).to_owned()
    });
    let fault = fault.map(|error| format!("training cannot begin: {error}"));
    lines.chain(fault).collect()
}
