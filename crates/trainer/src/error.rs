use std::path::PathBuf;

use crate::Backend;
use crate::data::nearest;

/// Why a command could not be carried out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An option has a value that it cannot have.
    #[error("`--{option}` is {value}, but must be {allowed}")]
    InvalidOption {
        /// The option, without its dashes.
        option: &'static str,
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
    /// The network's configuration is out of range.
    #[error(transparent)]
    Network(#[from] mlp_models::InvalidConfig),
    /// The named data set is neither built in nor a file.
    #[error("no data set is called `{name}`")]
    UnknownDataset {
        /// The name.
        name: String,
        /// The most similar name there is, if one is similar.
        nearest: Option<&'static str>,
    },
    /// A table of one's own was named, but not what to predict of it.
    #[error("`{name}` is a table, and no column of it was named to predict")]
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
    #[error("`{}` is no configuration: {source}", path.display())]
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
    #[error("`{}` exists and is no run, so it is not overwritten", path.display())]
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
    /// Training went astray.
    #[error(
        "the {split} loss became {loss} in epoch {epoch}, at a learning rate of {learning_rate}"
    )]
    Diverged {
        /// `train` or `valid`.
        split: &'static str,
        /// The loss: NaN or infinite.
        loss: f64,
        /// The epoch, from 1.
        epoch: usize,
        /// The learning rate in that epoch.
        learning_rate: f64,
        /// Where the best model before that epoch is kept, and of which epoch it is.
        kept: Option<(PathBuf, usize)>,
    },
    /// The learner failed.
    #[error("training failed: {reason}")]
    Training {
        /// What it said.
        reason: String,
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
    /// The data could not be had.
    #[error(transparent)]
    Data(#[from] mlp_datasets::Error),
    /// A picture could not be drawn.
    #[error(transparent)]
    Picture(#[from] crate::pictures::PictureError),
    /// The model could not be saved, loaded or used.
    #[error(transparent)]
    Inference(#[from] mlp_inference::Error),
}

impl Error {
    /// Whether the command itself is wrong, rather than what happened while it ran.
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::InvalidOption { .. }
                | Self::Mismatch { .. }
                | Self::Network(_)
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
                    "say `--target COLUMN`; there are `{}`{more}",
                    names.join("`, `")
                ))
            }
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
            _ => None,
        }
    }
}

/// What to try if a table cannot be read or learned from.
fn data_hint(error: &mlp_datasets::Error) -> Option<String> {
    use mlp_datasets::Error as Data;

    match error {
        Data::MissingColumn { column, found, .. } => {
            let nearest = nearest(column, found.iter().map(String::as_str))?;
            Some(format!("did you mean `{nearest}`?"))
        }
        Data::BadCell { column, value, .. } if value.len() < 40 => Some(format!(
            "if `{value}` stands for a missing value, say `--missing '{value}'` when `{column}` is \
             trained on"
        )),
        Data::RaggedRow { .. } => Some(
            "a delimiter within a cell needs quotes around the cell; another delimiter is named \
             with `--delimiter`"
                .to_owned(),
        ),
        Data::NotUtf8 { .. } => Some(
            "convert the file, for example with `iconv --from-code latin1 --to-code utf-8`"
                .to_owned(),
        ),
        Data::DuplicateColumn { .. } => Some("rename one of them in the file".to_owned()),
        Data::BadTarget { .. } => {
            Some("name another column with `--target`, or see `--schema` and `--task`".to_owned())
        }
        Data::NoFeatures { .. } => {
            Some("`--numeric` and `--categorical` keep columns that were left out".to_owned())
        }
        Data::UnknownClass { .. } => {
            Some("the model can only judge classes that it was trained on".to_owned())
        }
        _ => None,
    }
}

fn compiled_in() -> String {
    let names: Vec<_> = Backend::compiled_in()
        .into_iter()
        .map(Backend::name)
        .collect();
    names.join(", ")
}
