//! How far the run in a folder is, and what belongs to it.

use std::fs::{self, File};
use std::path::Path;

use same_file::Handle;
use serde::Serialize;

use crate::run_files::{CONFIG_FILE, SUMMARY_FILE};

/// Who holds a lock on it trains in the folder.
pub const LOCK_FILE: &str = "lock";

/// How far a run is.
#[derive(Serialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is complete.
    Complete,
    /// A program trains it.
    Training,
    /// Its training was killed.
    Unfinished,
}

impl State {
    /// That of the run in a folder, if there is one.
    pub fn of(folder: &Path) -> Option<Self> {
        if is_being_trained(folder) {
            Some(Self::Training)
        } else if folder.join(SUMMARY_FILE).is_file() {
            Some(Self::Complete)
        } else {
            is_run(folder).then_some(Self::Unfinished)
        }
    }

    /// Its name, for display.
    pub fn name(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Training => "training",
            Self::Unfinished => "unfinished",
        }
    }
}

/// Removes a run whose training was killed. What others have put there stays.
pub fn remove_unfinished(folder: &Path) {
    if State::of(folder) == Some(State::Unfinished) {
        remove_run(folder);
    }
}

/// Reads something of a run, again if the run was replaced in the meantime, so that it is of one run.
pub fn unchanged<T, E>(run: &Path, mut read: impl FnMut() -> Result<T, E>) -> Result<T, E> {
    /// Nobody replaces a run so often.
    const MOST: usize = 100;
    for _ in 1..MOST {
        let before = Handle::from_path(run).ok();
        let found = read();
        if before.is_some() && Handle::from_path(run).ok() == before {
            return found;
        }
        if before.is_none() && found.is_err() && !run.exists() {
            return found;
        }
    }
    read()
}

/// Whether a folder holds a run, be it complete or not.
pub fn is_run(path: &Path) -> bool {
    path.join("model.json").is_file()
        || path.join("fold-1").join("model.json").is_file()
        || path.join(LOCK_FILE).is_file()
}

/// Whether a program trains in a folder.
pub fn is_being_trained(path: &Path) -> bool {
    let Ok(lock) = File::open(path.join(LOCK_FILE)) else {
        return false;
    };
    matches!(lock.try_lock(), Err(fs::TryLockError::WouldBlock))
}

/// Removes what a training writes into a folder, and the folder unless there is something else.
pub fn remove_run(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && (name.starts_with("fold-") || name.starts_with("member-")) {
            remove_run(&path);
        } else if is_folder && name == "checkpoint" {
            let _ = fs::remove_dir_all(&path);
        } else if !is_folder && WRITTEN.contains(&&*name) {
            let _ = fs::remove_file(&path);
        }
    }
    let _ = fs::remove_dir(folder);
}

/// The files that a training writes.
const WRITTEN: [&str; 9] = [
    LOCK_FILE,
    CONFIG_FILE,
    "metrics.csv",
    "pretraining.csv",
    "clustering.csv",
    "map.csv",
    "model.json",
    "model.safetensors",
    SUMMARY_FILE,
];
