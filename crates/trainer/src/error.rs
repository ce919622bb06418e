mod conversions;

use std::path::PathBuf;

use mlp_training::Divergence;

use crate::option_name::{dashed, subject};

/// Why a command could not be carried out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An option has a value that it cannot have.
    #[error("`--{}` is {value}, but must be {allowed}", dashed(option))]
    InvalidOption {
        /// The option, such as `learning_rate`.
        option: String,
        /// The value it was given.
        value: String,
        /// The values it may have.
        allowed: String,
    },
    /// Two options, or an option and the data, do not fit each other.
    #[error("{what}")]
    Mismatch {
        /// Which ones, and why.
        what: String,
        /// What to do instead.
        hint: String,
    },
    /// An option was given that the model has no use for.
    #[error("`--{}` does not apply to `--model {model}`", dashed(option))]
    UnusedOption {
        /// The option, such as `dropout`.
        option: String,
        /// The model.
        model: &'static str,
    },
    /// An option was given that the built-in data set has no use for.
    #[error("`--{}` does not apply to the data set `{dataset}`", dashed(option))]
    OptionOfOtherData {
        /// The option, such as `noise`.
        option: &'static str,
        /// The data set.
        dataset: &'static str,
    },
    /// Options could not be merged.
    #[error("the options cannot be merged: {0}")]
    Options(serde_json::Error),
    /// The named data set is neither built in nor a file.
    #[error("there is no data set `{name}`")]
    UnknownDataset {
        /// The name.
        name: String,
        /// The most similar name there is, if one is similar.
        nearest: Option<&'static str>,
    },
    /// A table was named, but not which of its columns to predict.
    #[error("which column of `{name}` should be predicted?")]
    NoTarget {
        /// The table.
        name: String,
        /// Its columns.
        columns: Vec<String>,
    },
    /// The program was built without the backend.
    #[error(
        "the backend `{backend}` is not compiled into this program, which has {}",
        compiled_in.join(", ")
    )]
    BackendNotCompiledIn {
        /// The backend.
        backend: &'static str,
        /// Those that are.
        compiled_in: Vec<&'static str>,
    },
    /// A table does not have a row.
    #[error("there is no row {row}: the {table} has {rows}, counted from 1")]
    NoRow {
        /// The row.
        row: String,
        /// The table, or a file of it.
        table: &'static str,
        /// How many there are.
        rows: usize,
    },
    /// The program was built without the page.
    #[error("the page is not compiled into this program")]
    PlayNotCompiledIn,
    /// The page cannot be served.
    #[cfg(feature = "play")]
    #[error(transparent)]
    Play(#[from] mlp_playground::Error),
    /// The program was built without the server.
    #[error("the server is not compiled into this program")]
    ServeNotCompiledIn,
    /// Models cannot be served.
    #[cfg(feature = "serve")]
    #[error(transparent)]
    Serve(#[from] mlp_server::Error),
    /// The curves of a training cannot be sent to a log.
    #[error(transparent)]
    Log(#[from] crate::logs::Error),
    /// The program was built without any backend.
    #[error("no backend is compiled into this program")]
    NoBackend,
    /// A configuration file could not be understood.
    #[error("`{}` is not a valid configuration file: {source}", path.display())]
    ConfigFile {
        /// The file.
        path: PathBuf,
        /// Line, column and reason.
        source: Box<toml::de::Error>,
    },
    /// The table that a run names is not that of a training. What it is, is not shown.
    #[error("`{name}`, which the run names, is not a file with the columns of the training")]
    OtherTable {
        /// The file.
        name: String,
    },
    /// The file of kinds of columns that a run names is none. What it is, is not shown.
    #[error("`{}`, which the run names, is not a file of kinds of columns", path.display())]
    OtherSchema {
        /// The file.
        path: PathBuf,
    },
    /// A folder is neither a run nor a table.
    #[error("`{}` is a folder without a run, and not one of tables", path.display())]
    NothingToInspect {
        /// The folder.
        path: PathBuf,
    },
    /// A file of predictions would replace one that it is made from.
    #[error("`{}` is read, so it cannot be the output", path.display())]
    OutputIsInput {
        /// The file.
        path: PathBuf,
    },
    /// An output would replace a file of the run, or the table that it was trained on.
    #[error("`{}` belongs to the run or is its table, so it cannot be the output", path.display())]
    OutputIsOfRun {
        /// The file.
        path: PathBuf,
    },
    /// Another program has written a file of the same name in the meantime.
    #[error("`{}` was written by another program in the meantime; the predictions are in `{}`", path.display(), kept.display())]
    OutputTaken {
        /// The file of the other program.
        path: PathBuf,
        /// Where the own file is.
        kept: PathBuf,
    },
    /// The output folder exists, and was not to be overwritten.
    #[error("`{}` exists", path.display())]
    RunExists {
        /// The folder.
        path: PathBuf,
    },
    /// Another program trains in the output folder.
    #[error("another program is training in `{}`", path.display())]
    BeingTrained {
        /// The folder.
        path: PathBuf,
    },
    /// A file would be replaced that no explanation has written.
    #[error("`{}` is not of an earlier explanation, so it is not replaced", path.display())]
    NotOfExplanation {
        /// The file.
        path: PathBuf,
    },
    /// There is something in the folder of a run through which a training does not write.
    #[error("`{}` is {what}, so nothing is written there", path.display())]
    ForeignEntry {
        /// The link, pipe or the like.
        path: PathBuf,
        /// What it is.
        what: &'static str,
    },
    /// There is no run in a folder.
    #[error("there is no run in `{}`", path.display())]
    NoRun {
        /// The folder.
        path: PathBuf,
    },
    /// A training was to go on with another option.
    #[error("{} is {now}, but the run has {then}", subject(option))]
    OtherOption {
        /// The option.
        option: String,
        /// Its value.
        now: String,
        /// That of the run.
        then: String,
    },
    /// A training that is complete was to go on.
    #[error("the training in `{}` is complete", path.display())]
    NothingToResume {
        /// The folder of the run.
        path: PathBuf,
    },
    /// A run is another one than at the beginning of a command.
    #[error("the run in `{}` was replaced in the meantime", path.display())]
    RunReplaced {
        /// The folder of the run.
        path: PathBuf,
    },
    /// A run was to be used before there was anything in it.
    #[error("the training in `{}` was stopped before there was anything to keep", path.display())]
    NothingTrained {
        /// The folder of the run.
        path: PathBuf,
    },
    /// A cross-validation that is not complete has no model.
    #[error("the cross-validation in `{}` is not complete, so it has no model yet", path.display())]
    UnfinishedFolds {
        /// The folder of the run.
        path: PathBuf,
    },
    /// The output folder exists and holds something else, which is not to be lost.
    #[error("`{}` exists and is not a run, so it is not overwritten", path.display())]
    NotARun {
        /// The folder.
        path: PathBuf,
    },
    /// A run lacks a file, so that it did not end well or was damaged.
    #[error("`{file}` is missing in `{}`", run.display())]
    IncompleteRun {
        /// The run's folder.
        run: PathBuf,
        /// The file.
        file: &'static str,
    },
    /// The configuration of a run lacks a setting.
    #[error("`{}` lacks `{key}`, so it is damaged or of another version", path.display())]
    IncompleteConfig {
        /// The file.
        path: PathBuf,
        /// The setting.
        key: String,
    },
    /// The configuration of a run is damaged.
    #[error("`{}` is damaged: {reason} in line {line}", path.display())]
    RunConfig {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The configuration of a run was changed after its training.
    #[error("`{}` is not as the training wrote it", path.display())]
    ChangedConfig {
        /// The file.
        path: PathBuf,
    },
    /// `summary.json` of a run was changed after its training, or is damaged in a way that is still JSON.
    #[error("`{}` is not as the training wrote it: its SHA-256 is another one", path.display())]
    ChangedSummary {
        /// The file.
        path: PathBuf,
    },
    /// `summary.json` of a run is damaged.
    #[error("`{}` is damaged: {source}", path.display())]
    Summary {
        /// The file.
        path: PathBuf,
        /// Where and what.
        source: serde_json::Error,
    },
    /// A loss became NaN or infinite; what was good before is kept.
    #[error("{divergence}")]
    Diverged {
        /// Where, and the likely cause.
        divergence: Box<Divergence>,
        /// Where the best model before that epoch is kept, and of which epoch it is.
        kept: Option<(PathBuf, usize)>,
    },
    /// Some trainings of a benchmark failed.
    #[error("{failed} of {all} trainings failed")]
    FailedTrainings {
        /// How many.
        failed: usize,
        /// How many trainings there are.
        all: usize,
        /// The file of the results, with the reasons.
        results: PathBuf,
    },
    /// A file that should hold the results of a benchmark holds something else.
    #[error("`{}` does not hold the results of a benchmark, so it is left as it is", path.display())]
    NotResults {
        /// The file.
        path: PathBuf,
    },
    /// A line of the results of a benchmark is damaged.
    #[error("line {line} of `{}` is no result of a training: {reason}", path.display())]
    DamagedLine {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The table of a run is no longer where it was.
    #[error("there is no file `{name}`, which the run was trained on")]
    TableGone {
        /// The file or pattern that the run names.
        name: String,
    },
    /// A file or folder could not be read or written.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// `create`, `read`, `write`, `remove`, `rename` or `start`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The data could not be read or used.
    #[error(transparent)]
    Data(mlp_datasets::Error),
    /// The network could not be trained.
    #[error(transparent)]
    Training(mlp_training::Error),
    /// The model could not be written for other programs.
    #[error(transparent)]
    Export(mlp_export::Error),
    /// The model could not be explained.
    #[error(transparent)]
    Explanation(mlp_explanations::Error),
    /// The model could not be saved, loaded or used.
    #[error(transparent)]
    Inference(#[from] mlp_inference::Error),
}

impl Error {
    /// Whether the command itself is wrong, rather than what happened while it ran.
    pub fn is_usage(&self) -> bool {
        #[cfg(feature = "serve")]
        if let Self::Serve(mlp_server::Error::SameName { .. } | mlp_server::Error::BadName { .. }) =
            self
        {
            return true;
        }
        if let Self::Log(error) = self {
            return error.is_usage();
        }
        matches!(
            self,
            Self::InvalidOption { .. }
                | Self::Mismatch { .. }
                | Self::UnusedOption { .. }
                | Self::OptionOfOtherData { .. }
                | Self::Options(_)
                | Self::Training(
                    mlp_training::Error::NoTarget
                        | mlp_training::Error::Settings { .. }
                        | mlp_training::Error::MetricOfOtherTask { .. }
                        | mlp_training::Error::CannotSelect { .. }
                        | mlp_training::Error::ClassWeightsOfNumbers { .. }
                        | mlp_training::Error::LossNeedsClasses { .. }
                        | mlp_training::Error::TooFewDistinctRows { .. }
                        | mlp_training::Error::OtherTraining { .. }
                        | mlp_training::Error::OtherData,
                )
                | Self::OtherOption { .. }
                | Self::NothingToResume { .. }
                | Self::UnknownDataset { .. }
                | Self::NoTarget { .. }
                | Self::BackendNotCompiledIn { .. }
                | Self::NoBackend
                | Self::PlayNotCompiledIn
                | Self::ServeNotCompiledIn
                | Self::NoRow { .. }
                | Self::Explanation(
                    mlp_explanations::Error::UnknownColumn { .. }
                        | mlp_explanations::Error::UnknownOutput { .. }
                        | mlp_explanations::Error::NoMetric { .. }
                )
                | Self::ConfigFile { .. }
        )
    }
}
