//! The commands of the program, one in each file.

mod benchmark;
mod benchmark_cell;
mod datasets;
mod evaluate;
mod explain;
mod export;
mod inspect;
mod play;
mod predict;
mod report;
mod row_numbers;
mod runs;
mod serve;
mod table_of_run;
mod trace;
mod train;

use std::io::{self, Write};

use clap::{Parser, Subcommand};

pub use benchmark::BenchmarkCommand;
pub use benchmark_cell::BenchmarkCellCommand;
pub use datasets::DatasetsCommand;
pub use evaluate::EvaluateCommand;
pub use explain::ExplainCommand;
pub use export::ExportCommand;
pub use inspect::InspectCommand;
pub use play::PlayCommand;
pub use predict::PredictCommand;
pub use report::ReportCommand;
pub use runs::RunsCommand;
use serde::Serialize;
pub use serve::ServeCommand;
pub use trace::TraceCommand;
pub use train::TrainCommand;

use crate::Escaped;

/// Train neural networks for tables, evaluate them, and predict with them
#[derive(Parser, Debug)]
#[command(name = "trainer", version, max_term_width = 100)]
pub struct Cli {
    /// What to do; without a command, train on iris.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Train a network and keep the best epoch's weights
    Train(Box<TrainCommand>),
    /// Show what is in a table and how its columns relate to the target, or what is in a run
    Inspect(Box<InspectCommand>),
    /// Evaluate a run's model on the data it was trained on, or on other data
    Evaluate(EvaluateCommand),
    /// Explain what a run's model has learned, or why it predicts what it does for some rows
    Explain(Box<ExplainCommand>),
    /// Predict the rows of a table
    Predict(PredictCommand),
    /// Write a run's model for other programs: ONNX, safetensors or burnpack
    Export(ExportCommand),
    /// Write a self-contained HTML report of a run, and a model card
    Report(ReportCommand),
    /// Show the five steps of backpropagation for a row, with every number
    Trace(TraceCommand),
    /// Serve a playground in the browser: networks that learn while you watch, and backpropagation step by step
    Play(PlayCommand),
    /// Answer HTTP requests with the predictions of trained models
    ///
    /// `/` is a page to try them on, `/openapi.json` describes all requests, and `/metrics` is for Prometheus. The
    /// server speaks HTTP without TLS: let a proxy in front of it, such as Caddy or nginx, add that.
    Serve(Box<ServeCommand>),
    /// List runs with their state, metrics and size, and remove abandoned ones
    Runs(RunsCommand),
    /// Compare models on several data sets, with several seeds
    Benchmark(Box<BenchmarkCommand>),
    /// List the built-in data sets
    Datasets(DatasetsCommand),
    /// Train once for a benchmark, which calls this
    #[command(hide = true)]
    BenchmarkCell(BenchmarkCellCommand),
}

/// How a command that was carried out ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Successfully.
    Success,
    /// The user stopped it; what there was is kept.
    Interrupted,
}

impl Command {
    /// Runs the command; results go to `out`.
    ///
    /// # Errors
    ///
    /// If the command is wrong or fails, or `out` cannot be written to.
    pub fn run(self, out: &mut (impl Write + Send)) -> anyhow::Result<Status> {
        let text = &mut Escaped(&mut *out);
        match self {
            Self::Train(command) => command.run(text),
            Self::Inspect(command) => command.run(text).map(|()| Status::Success),
            Self::Evaluate(command) => command.run(text).map(|()| Status::Success),
            Self::Explain(command) => command.run(text).map(|()| Status::Success),
            // Its cells are those of the table.
            Self::Predict(command) => command.run(out).map(|()| Status::Success),
            Self::Export(command) => command.run(text).map(|()| Status::Success),
            Self::Report(command) => command.run(text).map(|()| Status::Success),
            Self::Trace(command) => command.run(text).map(|()| Status::Success),
            Self::Play(command) => command.run(text).map(|()| Status::Success),
            Self::Serve(command) => command.run(text).map(|()| Status::Success),
            Self::Runs(command) => command.run(text).map(|()| Status::Success),
            Self::Benchmark(command) => command.run(text),
            Self::Datasets(command) => command.run(text).map(|()| Status::Success),
            Self::BenchmarkCell(command) => command.run(text).map(|()| Status::Success),
        }
    }
}

/// Prints a document on a line.
fn write_json(out: &mut impl Write, document: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, document)?;
    writeln!(out)
}
