//! The configuration and the summary of a run, read and written.

use std::io::{self, ErrorKind};
use std::path::Path;

use mlp_datasets::sha256;
use mlp_inference::whole_file;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::Error;

/// The configuration of a run.
pub const CONFIG_FILE: &str = "config.toml";
/// The metrics of a run, which is complete once it has them.
pub const SUMMARY_FILE: &str = "summary.json";

/// Reads `config.toml` of a run.
///
/// # Errors
///
/// If it is missing or damaged.
pub fn load_config<T: DeserializeOwned>(run: &Path) -> Result<T, Error> {
    let text = read(run, CONFIG_FILE)?;
    toml::from_str(&text).map_err(|source: toml::de::Error| {
        let start = source.span().map_or(0, |span| span.start);
        let before = text.get(..start).unwrap_or_default();
        Error::RunConfig {
            path: run.join(CONFIG_FILE),
            line: before.lines().count().max(1),
            // Not the line itself: in the run of a stranger, it may be a link to a secret.
            reason: source
                .message()
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned(),
        }
    })
}

/// Writes `config.toml` into a run's folder.
///
/// # Errors
///
/// If it cannot be written.
pub fn save_config<T: Serialize>(config: &T, run: &Path) -> Result<(), Error> {
    write(
        run,
        CONFIG_FILE,
        toml::to_string(config).map_err(io::Error::other),
    )
}

/// Reads `summary.json` of a run.
///
/// # Errors
///
/// If it is missing or damaged.
pub fn load_summary<T: DeserializeOwned>(run: &Path) -> Result<T, Error> {
    let json = read(run, SUMMARY_FILE)?;
    serde_json::from_str(&json).map_err(|source| Error::Summary {
        path: run.join(SUMMARY_FILE),
        source,
    })
}

/// Writes `summary.json` into a run's folder, with the SHA-256 of its `config.toml`.
///
/// # Errors
///
/// If it cannot be written.
pub fn save_summary<T: Serialize>(summary: &T, run: &Path) -> Result<(), Error> {
    let config = read(run, CONFIG_FILE)?;
    let summary = Verified {
        summary,
        config_sha256: Some(sha256(config.as_bytes())),
    };
    let json = serde_json::to_string_pretty(&summary).map(|json| json + "\n");
    write(run, SUMMARY_FILE, json.map_err(io::Error::from))
}

/// Checks that `config.toml` of a run is the one that its training wrote: it says which rows were
/// tested.
///
/// # Errors
///
/// If it was changed, or a file is missing or damaged.
pub fn check_config(run: &Path) -> Result<(), Error> {
    let summary: Verified<serde::de::IgnoredAny> = load_summary(run)?;
    let config = read(run, CONFIG_FILE)?;
    match summary.config_sha256 {
        Some(expected) if expected != sha256(config.as_bytes()) => Err(Error::ChangedConfig {
            path: run.join(CONFIG_FILE),
        }),
        // Earlier versions did not write it down.
        Some(_) | None => Ok(()),
    }
}

/// A summary with what belongs to the file rather than to the training.
#[derive(Serialize, Deserialize)]
struct Verified<T> {
    #[serde(flatten)]
    summary: T,
    #[serde(default)]
    config_sha256: Option<String>,
}

fn read(run: &Path, file: &'static str) -> Result<String, Error> {
    let path = run.join(file);
    let text = whole_file::read(&path).and_then(|bytes| {
        String::from_utf8(bytes).map_err(|error| io::Error::new(ErrorKind::InvalidData, error))
    });
    text.map_err(|source| {
        if source.kind() == ErrorKind::NotFound {
            let run = run.to_owned();
            return Error::IncompleteRun { run, file };
        }
        Error::Io {
            action: "read",
            path,
            source,
        }
    })
}

fn write(run: &Path, file: &str, text: io::Result<String>) -> Result<(), Error> {
    let path = run.join(file);
    text.and_then(|text| whole_file::write(&path, text.as_bytes()))
        .map_err(|source| Error::Io {
            action: "write",
            path,
            source,
        })
}
