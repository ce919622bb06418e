use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use mlp_datasets::Dataset;

use super::write_json;
use crate::data::check_options;
use crate::options::{Options, TableOptions};
use crate::report::inspection::{Inspection, write_inspection};
use crate::report::warnings;
use crate::{TrainingConfig, built_in, load_dataset};

/// Show what is in a table and how its columns relate to the target, without training.
#[derive(Args, Debug)]
pub struct InspectCommand {
    /// What to look at: a built-in data set, a CSV, Parquet or Arrow file, a pattern of files, or `-` for
    /// standard input
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
