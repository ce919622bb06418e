use std::path::PathBuf;

use clap::{Args, Command};
use mlp_datasets::SplitName;
use mlp_inference::Metric;
use mlp_models::InvalidConfig;
use mlp_training::{Model, Recipe};
use strum::VariantArray;

use crate::Backend;
use crate::nearest::nearest;
use crate::options::{DataOptions, ModelOptions, TrainingOptions};

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
        model: Model,
    },
    /// Options could not be put together.
    #[error("the options cannot be put together: {0}")]
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
        compiled_in()
    )]
    BackendNotCompiledIn {
        /// The backend.
        backend: Backend,
    },
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
    /// The output folder exists, and was not to be overwritten.
    #[error("`{}` exists", path.display())]
    RunExists {
        /// The folder.
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
    /// `summary.json` of a run is damaged.
    #[error("`{}` is damaged: {source}", path.display())]
    Summary {
        /// The file.
        path: PathBuf,
        /// Where and what.
        source: serde_json::Error,
    },
    /// A loss became NaN or infinite; what was good before is kept.
    #[error(
        "the {split} loss became {loss} in epoch {epoch}, at a learning rate of {learning_rate}"
    )]
    Diverged {
        /// Which rows' loss.
        split: SplitName,
        /// The loss.
        loss: f64,
        /// The epoch, from 1.
        epoch: usize,
        /// The learning rate in that epoch.
        learning_rate: f64,
        /// Where the best model before that epoch is kept, and of which epoch it is.
        kept: Option<(PathBuf, usize)>,
    },
    /// A file or folder could not be read or written.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// `create`, `read`, `write`, `remove` or `rename`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The data could not be read or used.
    #[error(transparent)]
    Data(#[from] mlp_datasets::Error),
    /// The network could not be trained.
    #[error(transparent)]
    Training(mlp_training::Error),
    /// The model could not be saved, loaded or used.
    #[error(transparent)]
    Inference(#[from] mlp_inference::Error),
}

impl From<mlp_training::Error> for Error {
    /// Settings are options here, and errors of other crates come as such.
    fn from(error: mlp_training::Error) -> Self {
        use mlp_training::Error as Cause;

        #[allow(clippy::wildcard_enum_match_arm)] // Everything else stays as it is.
        match error {
            Cause::InvalidSetting {
                setting,
                value,
                allowed,
            } => Self::InvalidOption {
                option: setting.to_owned(),
                value,
                allowed,
            },
            Cause::Network(InvalidConfig {
                field,
                value,
                allowed,
                ..
            }) => Self::InvalidOption {
                option: option_of(field).to_owned(),
                value,
                allowed: allowed.to_owned(),
            },
            Cause::UnusedSetting { setting, model } => Self::UnusedOption {
                option: setting,
                model,
            },
            Cause::Diverged {
                split,
                loss,
                epoch,
                learning_rate,
            } => Self::Diverged {
                split,
                loss,
                epoch,
                learning_rate,
                kept: None,
            },
            Cause::Data(mlp_datasets::Error::InvalidOption {
                option,
                value,
                allowed,
            }) => Self::InvalidOption {
                option: option.to_owned(),
                value,
                allowed,
            },
            Cause::Data(error) => Self::Data(error),
            Cause::Inference(error) => Self::Inference(error),
            error => Self::Training(error),
        }
    }
}

/// The option that sets a field of a network's configuration.
fn option_of(field: &str) -> &str {
    match field {
        "hidden_sizes" => "hidden",
        "activations" => "activation",
        "rows" | "columns" => "grid",
        "noise" => "denoising",
        field => field,
    }
}

/// An option as it is typed.
fn dashed(option: &str) -> String {
    option.replace('_', "-")
}

impl Error {
    /// Whether the command itself is wrong, rather than what happened while it ran.
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::InvalidOption { .. }
                | Self::Mismatch { .. }
                | Self::UnusedOption { .. }
                | Self::Options(_)
                | Self::Training(
                    mlp_training::Error::NoTarget
                        | mlp_training::Error::Settings { .. }
                        | mlp_training::Error::MetricOfOtherTask { .. }
                        | mlp_training::Error::ClassWeightsOfNumbers { .. }
                        | mlp_training::Error::LossNeedsClasses { .. }
                        | mlp_training::Error::TooFewDistinctRows { .. },
                )
                | Self::UnknownDataset { .. }
                | Self::NoTarget { .. }
                | Self::BackendNotCompiledIn { .. }
                | Self::NoBackend
                | Self::ConfigFile { .. }
        )
    }

    /// What to try instead, if there is something.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Mismatch { hint, .. } => Some(hint.clone()),
            Self::UnknownDataset { nearest, name } => Some(match nearest {
                Some(nearest) => format!("did you mean `{nearest}`? `trainer datasets` lists all"),
                None => format!("`trainer datasets` lists all; a file of that name is `./{name}`"),
            }),
            Self::NoTarget { columns, .. } => {
                const MOST: usize = 20;
                let names: Vec<_> = columns.iter().take(MOST).map(String::as_str).collect();
                let more = match columns.len().saturating_sub(MOST) {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                Some(format!(
                    "name it with `--target COLUMN`; the columns are `{}`{more}",
                    names.join("`, `")
                ))
            }
            Self::UnusedOption { model, .. } => Some(format!(
                "`--model {model}` has {}",
                list(&options_of(*model))
            )),
            Self::Training(error) => training_hint(error),
            Self::Data(error) | Self::Inference(mlp_inference::Error::Data(error)) => {
                data_hint(error)
            }
            Self::BackendNotCompiledIn { backend } => Some(format!(
                "build it in with `cargo run -p trainer --features {backend} -- … --backend {backend}`"
            )),
            Self::NoBackend => Some("build with `--features flex`".to_owned()),
            Self::RunExists { .. } => Some(
                "choose another folder with `--output`, or overwrite it with `--force`".to_owned(),
            ),
            Self::Diverged {
                learning_rate,
                kept,
                ..
            } => {
                let smaller = learning_rate / 10.0;
                let kept = match kept {
                    Some((path, epoch)) => {
                        format!("the model of epoch {epoch} is kept in `{}`", path.display())
                    }
                    None => "no epoch ended well, so nothing is kept".to_owned(),
                };
                Some(format!(
                    "try `--learning-rate {smaller}` or `--clip-norm 1`; {kept}"
                ))
            }
            Self::Options(_)
            | Self::InvalidOption { .. }
            | Self::ConfigFile { .. }
            | Self::NotARun { .. }
            | Self::IncompleteRun { .. }
            | Self::Summary { .. }
            | Self::Io { .. }
            | Self::Inference(_) => None,
        }
    }
}

/// The options of the sections `[model]`, `[training]` and `[data]` that a model has.
fn options_of(model: Model) -> Vec<String> {
    let all = ModelOptions::augment_args(Command::new(""));
    let all = DataOptions::augment_args(TrainingOptions::augment_args(all));
    let names = all.get_arguments().map(|argument| argument.get_id().as_str());
    let options = names.filter(|name| Recipe::has_setting(model, name));
    options.map(|name| format!("`--{}`", dashed(name))).collect()
}

fn list(names: &[String]) -> String {
    match names {
        [] => "no options".to_owned(),
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        names => names.join(", "),
    }
}

/// What to try if settings do not fit the data.
fn training_hint(error: &mlp_training::Error) -> Option<String> {
    use mlp_training::Error as Cause;

    #[allow(clippy::wildcard_enum_match_arm)] // The others have nothing to try.
    match error {
        Cause::NoTarget => Some("name the column to predict with `--target COLUMN`".to_owned()),
        Cause::MetricOfOtherTask { task, .. } => {
            let metrics = Metric::VARIANTS.iter().filter(|metric| metric.task() == *task);
            let names: Vec<_> = metrics.map(|metric| format!("`{metric}`")).collect();
            Some(format!("for {task} `--select` takes {}", names.join(", ")))
        }
        Cause::ClassWeightsOfNumbers { .. } => {
            Some("`--weight COLUMN` takes the weight of each row from the table".to_owned())
        }
        Cause::LossNeedsClasses { model, .. } => Some(match model {
            Model::Perceptron | Model::Logistic => {
                "use `--model mlp` or `--model adaline`".to_owned()
            }
            _ => "use `--loss mean_squared_error`, `mean_absolute_error` or `huber`".to_owned(),
        }),
        Cause::TooFewDistinctRows { .. } => {
            Some("ask for fewer clusters with `--clusters`, or give more rows".to_owned())
        }
        _ => None,
    }
}

/// What to try if a table cannot be read or learned from.
fn data_hint(error: &mlp_datasets::Error) -> Option<String> {
    use mlp_datasets::Error as Data;

    #[allow(clippy::wildcard_enum_match_arm)] // The others have nothing to try.
    match error {
        Data::MissingColumn { column, found, .. } => {
            let nearest = nearest(column, found.iter().map(String::as_str))?;
            Some(format!("did you mean `{nearest}`?"))
        }
        Data::BadCell { column, value, .. } if value.len() < 40 => Some(format!(
            "if `{value}` means \"missing\", add `--missing '{value}'` when training on `{column}`"
        )),
        Data::RaggedRow { .. } => Some(
            "a cell that contains the delimiter needs quotes; `--delimiter` sets another delimiter"
                .to_owned(),
        ),
        Data::NotUtf8 { .. } => Some(
            "convert the file, for example with `iconv --from-code latin1 --to-code utf-8`"
                .to_owned(),
        ),
        Data::DuplicateColumn { .. } => Some("rename one of them in the file".to_owned()),
        Data::BadTarget {
            non_numeric: Some(value),
            ..
        } => Some(format!("if `{value}` means \"missing\", add `--missing '{value}'`")),
        Data::BadTarget { .. } => {
            Some("name another column with `--target`, or see `--schema` and `--task`".to_owned())
        }
        Data::NoFeatures { .. } => {
            Some("`--numeric` and `--categorical` keep columns that were left out".to_owned())
        }
        Data::UnknownClass { .. } => {
            Some("the model can only be evaluated on classes that it was trained on".to_owned())
        }
        Data::NoDataDir { can_download, .. } => Some(if *can_download {
            "name their folder with `--data-dir DIR`, or fetch them with `--download`".to_owned()
        } else {
            "name their folder with `--data-dir DIR`".to_owned()
        }),
        Data::DownloadNotCompiledIn => {
            Some("build the program with `--features download`".to_owned())
        }
        _ => None,
    }
}

fn compiled_in() -> String {
    let names: Vec<_> = Backend::compiled_in()
        .iter()
        .map(ToString::to_string)
        .collect();
    names.join(", ")
}
