//! The configuration and the summary of a run, read and written.

use std::io::{self, ErrorKind};
use std::path::Path;

use mlp_datasets::sha256;
use mlp_inference::{digest, whole_file};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Error;

/// The configuration of a run.
pub const CONFIG_FILE: &str = "config.toml";
/// The metrics of a run, which is complete once it has them.
pub const SUMMARY_FILE: &str = "summary.json";
/// The page of a run.
pub const REPORT_FILE: &str = "report.html";
/// The model card of a run.
pub const CARD_FILE: &str = "model-card.md";

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
/// If it is missing or damaged, or its content is not the one that was written.
pub fn load_summary<T: DeserializeOwned>(run: &Path) -> Result<T, Error> {
    let damaged = |source| Error::Summary {
        path: run.join(SUMMARY_FILE),
        source,
    };
    let json = read(run, SUMMARY_FILE)?;
    let mut document: Map<String, Value> = serde_json::from_str(&json).map_err(damaged)?;
    if !digest::verify(&mut document) {
        return Err(Error::ChangedSummary {
            path: run.join(SUMMARY_FILE),
        });
    }
    // From the text, so that errors have their line.
    serde_json::from_str(&json).map_err(damaged)
}

/// Writes `summary.json` into a run's folder, with the SHA-256 of its `config.toml` and that of its own
/// content.
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
    write(
        run,
        SUMMARY_FILE,
        digest::to_json(&summary).map_err(io::Error::from),
    )
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

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::json;
    use tempfile::TempDir;

    use super::*;

    /// The folder of a run, and the text of its summary.
    fn saved() -> (TempDir, String) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(CONFIG_FILE), "seed = 1\n").unwrap();
        let summary =
            json!({"epochs": 20, "metrics": {"test": {"rmse": 0.1, "r2": 1e-300}}, "rows": [3, 4]});
        save_summary(&summary, folder.path()).unwrap();
        let text = fs::read_to_string(folder.path().join(SUMMARY_FILE)).unwrap();
        (folder, text)
    }

    fn load(folder: &TempDir, text: &str) -> Result<Value, Error> {
        fs::write(folder.path().join(SUMMARY_FILE), text).unwrap();
        load_summary(folder.path())
    }

    #[test]
    fn a_summary_is_read_as_it_was_written() {
        let (folder, text) = saved();
        let summary = load(&folder, &text).unwrap();
        assert_eq!(
            summary["metrics"]["test"],
            json!({"rmse": 0.1, "r2": 1e-300})
        );
        check_config(folder.path()).unwrap();
    }

    #[test]
    fn any_other_figure_in_a_summary_is_noticed() {
        let (folder, text) = saved();
        for (index, digit) in text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| byte.is_ascii_digit())
        {
            let mut changed = text.clone().into_bytes();
            changed[index] = if digit == b'9' { b'1' } else { digit + 1 };
            let changed = String::from_utf8(changed).unwrap();
            // The name of the digest itself, or of a metric.
            let is_named = !changed.contains("\"sha256\"");
            let error = load(&folder, &changed);
            assert!(
                is_named || matches!(error, Err(Error::ChangedSummary { .. })),
                "{changed}"
            );
        }
        for (name, other) in [("epochs", "epoch"), ("r2", "r3"), ("rmse", "mse")] {
            let error = load(&folder, &text.replace(name, other));
            assert!(matches!(error, Err(Error::ChangedSummary { .. })), "{name}");
        }
    }

    #[test]
    fn a_summary_without_a_digest_and_one_that_was_laid_out_anew_are_read() {
        let (folder, text) = saved();
        let mut document: Map<String, Value> = serde_json::from_str(&text).unwrap();
        let one_line = serde_json::to_string(&document).unwrap();
        assert!(load(&folder, &one_line).is_ok());
        document.remove(digest::DIGEST).unwrap();
        document.insert("epochs".to_owned(), json!(21));
        let earlier = serde_json::to_string(&document).unwrap();
        assert_eq!(load(&folder, &earlier).unwrap()["epochs"], 21);
    }
}
