use std::io::{Write, stdin};

use clap::Args;

use super::write_json;
use crate::Error;
use crate::benchmark::measure;
use crate::message;
use crate::options::Options;

/// Train once for a benchmark: reads the options of the training from standard input as JSON, and prints
/// what was measured, or why that failed.
#[derive(Args, Debug)]
pub struct BenchmarkCellCommand {}

impl BenchmarkCellCommand {
    #[allow(clippy::unused_self)] // Like the other commands.
    pub(super) fn run(self, out: &mut impl Write) -> anyhow::Result<()> {
        let options: Options = serde_json::from_reader(stdin().lock()).map_err(Error::Options)?;
        let result = measure(options).map_err(|error| message(&error.into()));
        Ok(write_json(out, &result)?)
    }
}
