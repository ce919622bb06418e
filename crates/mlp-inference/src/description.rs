use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use mlp_datasets::{Preprocessor, TargetEncoding};
use mlp_models::NetworkConfig;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{Error, OutputKind};

/// The version of the saved form that this crate writes, and the one it reads.
pub const FORMAT_VERSION: u64 = 2;

const DESCRIPTION_FILE: &str = "model.json";

/// What `model.json` holds: everything about a model but its weights.
#[derive(Serialize, Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// The [version](FORMAT_VERSION) of this form.
    pub format_version: u64,
    /// The network's kind and sizes.
    pub network: NetworkConfig,
    /// What the network's outputs mean.
    pub output: OutputKind,
    /// The quantile, in (0, 1), that predicted numbers are meant to be; 0.5 if they are not.
    pub quantile: f64,
    /// How rows become inputs, and outputs become classes or numbers.
    pub preprocessor: Preprocessor,
}

/// What the model of a folder is for.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To predict classes or numbers: a [`SavedModel`](crate::SavedModel).
    #[default]
    Prediction,
    /// To find groups: a [`ClusterModel`](crate::ClusterModel).
    Clustering,
}

impl Purpose {
    /// Reads what the model of a folder is for.
    ///
    /// # Errors
    ///
    /// If there is no model, or its description is damaged or of another version.
    pub fn of(folder: &Path) -> Result<Self, Error> {
        let (path, json) = read(folder)?;
        let Head { purpose, .. } = parse(&path, &json)?;
        Ok(purpose)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Prediction => "prediction",
            Self::Clustering => "clustering",
        }
    }
}

/// The part of `model.json` that every version and every purpose has.
#[derive(Deserialize)]
struct Head {
    format_version: u64,
    #[serde(default)]
    purpose: Purpose,
}

/// Writes `model.json`.
pub(crate) fn save<T: Serialize>(description: &T, folder: &Path) -> Result<(), Error> {
    let path = folder.join(DESCRIPTION_FILE);
    let mut json =
        serde_json::to_string_pretty(description).map_err(|source| Error::Description {
            path: path.clone(),
            source,
        })?;
    json.push('\n');
    fs::write(&path, json).map_err(|source| Error::Io {
        action: "write",
        path,
        source,
    })
}

/// Reads `model.json`: where it lies, and what it says.
pub(crate) fn load<T: DeserializeOwned>(
    folder: &Path,
    expected: Purpose,
) -> Result<(PathBuf, T), Error> {
    let (path, json) = read(folder)?;
    // The head first: the rest of another version's file may have another form.
    let Head {
        format_version,
        purpose,
    } = parse(&path, &json)?;
    if format_version != FORMAT_VERSION {
        return Err(Error::FormatVersion {
            path,
            found: format_version,
            expected: FORMAT_VERSION,
        });
    }
    if purpose != expected {
        return Err(Error::OtherPurpose {
            folder: folder.to_owned(),
            found: purpose.name(),
            expected: expected.name(),
        });
    }
    let description = parse(&path, &json)?;
    Ok((path, description))
}

fn read(folder: &Path) -> Result<(PathBuf, String), Error> {
    if !folder.is_dir() {
        return Err(Error::NoFolder {
            path: folder.to_owned(),
        });
    }
    let path = folder.join(DESCRIPTION_FILE);
    let json = fs::read_to_string(&path).map_err(|source| match source.kind() {
        ErrorKind::NotFound => Error::MissingFile {
            folder: folder.to_owned(),
            file: DESCRIPTION_FILE,
        },
        _ => Error::Io {
            action: "read",
            path: path.clone(),
            source,
        },
    })?;
    Ok((path, json))
}

fn parse<T: DeserializeOwned>(path: &Path, json: &str) -> Result<T, Error> {
    serde_json::from_str(json).map_err(|source| Error::Description {
        path: path.to_owned(),
        source,
    })
}

impl Description {
    /// Writes `model.json`.
    pub(crate) fn save(&self, folder: &Path) -> Result<(), Error> {
        save(self, folder)
    }

    /// Reads and checks `model.json`.
    pub(crate) fn load(folder: &Path) -> Result<Self, Error> {
        let (path, description) = load::<Self>(folder, Purpose::Prediction)?;
        description.check(&path)?;
        Ok(description)
    }

    fn check(&self, path: &Path) -> Result<(), Error> {
        self.network.check().map_err(|source| Error::Network {
            path: path.to_owned(),
            source,
        })?;
        self.preprocessor.check()?;
        let contradiction = |reason: String| {
            Err(Error::Contradiction {
                path: path.to_owned(),
                reason,
            })
        };
        let (d_input, d_output) = (self.network.d_input(), self.network.d_output());
        let width = self.preprocessor.width();
        if width != d_input {
            return contradiction(format!(
                "{width} numbers a row for a network of {d_input} inputs"
            ));
        }
        let (places, expected) = (
            self.preprocessor.cardinalities(),
            self.network.cardinalities(),
        );
        if places != expected {
            return contradiction(format!(
                "categories of {places:?} places for embeddings of {expected:?}"
            ));
        }
        if !(self.quantile > 0.0 && self.quantile < 1.0) {
            return contradiction(format!("a quantile of {}", self.quantile));
        }
        if let (TargetEncoding::Numbers { outputs }, OutputKind::Numbers) =
            (&self.preprocessor.target, self.output)
        {
            return if outputs.len() == d_output {
                Ok(())
            } else {
                contradiction(format!("{d_output} outputs for {} numbers", outputs.len()))
            };
        }
        match (self.preprocessor.classes(), self.output) {
            (Some(classes), OutputKind::Softmax) if classes.len() == d_output => Ok(()),
            (Some(classes), OutputKind::Sigmoid | OutputKind::Scores)
                if classes.len() == d_output || (classes.len() == 2 && d_output == 1) =>
            {
                Ok(())
            }
            (None, output) => contradiction(format!(
                "{d_output} outputs of kind {output:?} for a number"
            )),
            (Some(classes), output) => contradiction(format!(
                "{d_output} outputs of kind {output:?} for {} classes",
                classes.len()
            )),
        }
    }
}
