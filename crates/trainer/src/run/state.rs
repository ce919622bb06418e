//! How far the run in a folder is, and what belongs to it.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use super::files::{CONFIG_FILE, SUMMARY_FILE, load_summary};
use crate::logs::{LOG_FILE, TENSORBOARD_FOLDER, remove_event_files};

/// Who holds a lock on it trains in the folder.
pub const LOCK_FILE: &str = "lock";

/// How far a run is.
#[derive(Serialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is complete.
    Complete,
    /// Its user stopped it, and it has the best model until then.
    Stopped,
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
            let summary: Value = load_summary(folder).unwrap_or_default();
            Some(if summary["interrupted"] == Value::Bool(true) {
                Self::Stopped
            } else {
                Self::Complete
            })
        } else {
            is_run(folder).then_some(Self::Unfinished)
        }
    }

    /// Whether its training can go on.
    pub fn can_go_on(self) -> bool {
        matches!(self, Self::Stopped | Self::Unfinished)
    }

    /// Its name, for display.
    pub fn name(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Stopped => "stopped",
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

/// The folder of checkpoints in that of a training.
const CHECKPOINTS: &str = "checkpoint";

/// Whether there is a state from which the training of a run can go on.
pub fn has_checkpoint(folder: &Path) -> bool {
    let of = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten();
    of(folder).any(|entry| {
        let (path, name) = (entry.path(), entry.file_name());
        if name == CHECKPOINTS {
            of(&path).next().is_some()
        } else {
            is_part(&name.to_string_lossy()) && has_checkpoint(&path)
        }
    })
}

/// Removes the checkpoints of a run, as far as that is possible.
pub fn remove_checkpoints(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if name == CHECKPOINTS {
            remove_files(&path, &["safetensors"]);
        } else if is_part(&name.to_string_lossy()) {
            remove_checkpoints(&path);
        }
    }
}

/// Removes the files that were being written in the folder of a run when its training was killed.
pub fn remove_parts(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if name == CHECKPOINTS || is_part(&name) {
                remove_parts(&path);
            }
        } else if is_being_written(&name) {
            let _ = fs::remove_file(&path);
        }
    }
}

/// Whether a file with such a name is not complete: [`whole_file`](mlp_inference::whole_file) gives it its own
/// when it is.
fn is_being_written(name: &str) -> bool {
    name.strip_prefix('.')
        .is_some_and(|name| name.strip_suffix(".part").is_some())
}

/// Copies the checkpoints of a run into another folder.
pub fn copy_checkpoints(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name());
        let target = to.join(&name);
        let is_folder = entry.file_type()?.is_dir();
        if is_folder && name == CHECKPOINTS {
            fs::create_dir_all(&target)?;
            for file in fs::read_dir(&path)? {
                let file = file?;
                if file.file_type()?.is_file() {
                    fs::copy(file.path(), target.join(file.file_name()))?;
                }
            }
        } else if is_folder && is_part(&name.to_string_lossy()) {
            fs::create_dir_all(&target)?;
            copy_checkpoints(&path, &target)?;
        }
    }
    Ok(())
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
        if is_folder && is_part(&name) {
            remove_run(&path);
        } else if is_folder && name == CHECKPOINTS {
            remove_files(&path, &["safetensors", "part"]);
        } else if is_folder && name == TENSORBOARD_FOLDER {
            remove_event_files(&path);
        } else if is_folder && name == "pictures" {
            remove_files(&path, &["png", "svg"]);
        } else if !is_folder && is_written(&name) {
            let _ = fs::remove_file(&path);
        }
    }
    let _ = fs::remove_dir(folder);
}

/// Removes the files with some endings from a folder, and the folder if it is empty then.
fn remove_files(folder: &Path, endings: &[&str]) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let ending = path.extension().and_then(|ending| ending.to_str());
        if ending.is_some_and(|ending| endings.contains(&ending)) {
            let _ = fs::remove_file(&path);
        }
    }
    let _ = fs::remove_dir(folder);
}

/// Whether a folder of a run is that of a fold or of a member.
fn is_part(name: &str) -> bool {
    name.starts_with("fold-") || name.starts_with("member-")
}

/// Whether a training writes a file of a name.
fn is_written(name: &str) -> bool {
    // The learning curve of a phase may have a number.
    let curve = name.strip_prefix("clustering-");
    let number = curve.and_then(|curve| curve.strip_suffix(".csv"));
    let is_curve = number.is_some_and(|number| number.parse::<usize>().is_ok());
    WRITTEN.contains(&name) || is_curve || is_being_written(name)
}

/// The files that a training writes.
const WRITTEN: [&str; 12] = [
    LOCK_FILE,
    CONFIG_FILE,
    LOG_FILE,
    "metrics.csv",
    "pretraining.csv",
    "clustering.csv",
    "map.csv",
    "model.json",
    "model.safetensors",
    "report.html",
    "model-card.md",
    SUMMARY_FILE,
];
