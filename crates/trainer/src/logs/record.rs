use std::path::{Path, PathBuf};

use mlp_inference::whole_file;
use serde::{Deserialize, Serialize};

use crate::Error;

/// The file of a run that says where its curves are besides.
pub const LOG_FILE: &str = "log.json";

/// Where the curves of a run are, so that a training that goes on continues them. There are no secrets in it.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
#[serde(default)]
pub struct Record {
    /// The folder of the event files, unless it is in that of the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tensorboard: Option<PathBuf>,
    /// The run on an MLflow server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mlflow: Option<MlflowRun>,
}

/// A run on an MLflow server.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct MlflowRun {
    /// The address of the server.
    pub address: String,
    /// The identifier of the run.
    pub run: String,
}

impl Record {
    /// Reads that of a run; nothing is known if there is none, or it is damaged.
    pub fn load(run: &Path) -> Self {
        let bytes = whole_file::read(&run.join(LOG_FILE)).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// Writes it into the folder of a run.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn save(&self, run: &Path) -> Result<(), Error> {
        let path = run.join(LOG_FILE);
        let json = serde_json::to_string_pretty(self).map_err(std::io::Error::other);
        json.and_then(|json| whole_file::write(&path, (json + "\n").as_bytes()))
            .map_err(|source| Error::Io {
                action: "write",
                path,
                source,
            })
    }
}
