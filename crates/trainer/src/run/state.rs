//! How far the run in a folder is, and what belongs to it.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::Path;

use mlp_inference::whole_file;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::files::{SUMMARY_FILE, load_config, load_summary};
use super::written::{Folder, entries, is_being_written};
use crate::logs::remove_event_files;

/// Who holds a lock on it trains in the folder.
pub const LOCK_FILE: &str = "lock";
/// What is in that file, since other programs have files of that name too.
pub const LOCK_TEXT: &str = "`trainer` trains, or has trained, in this folder.\n";

/// What is in it too if the run is to take the place of another one beside it.
pub fn text_of_replacement(target: &Path) -> String {
    let name = target.file_name().unwrap_or_default();
    format!("Then it takes the place of `{}`.\n", name.to_string_lossy())
}

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
    /// It has a model, but no summary of a training that can be read: it was copied alone, or is damaged.
    ModelOnly,
}

impl State {
    /// That of the run in a folder, if there is one.
    pub fn of(folder: &Path) -> Option<Self> {
        if is_being_trained(folder) {
            return Some(Self::Training);
        }
        if folder.join(SUMMARY_FILE).is_file() {
            let summary: Result<Value, _> = load_summary(folder);
            return Some(match summary {
                Ok(summary) if summary["interrupted"] == Value::Bool(true) => Self::Stopped,
                Ok(_) => Self::Complete,
                Err(_) => Self::ModelOnly,
            });
        }
        // A training has a lock until its model is complete.
        is_run(folder).then(|| {
            if folder.join(LOCK_FILE).exists() {
                Self::Unfinished
            } else {
                Self::ModelOnly
            }
        })
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
            Self::ModelOnly => "model only",
        }
    }
}

/// Removes a run whose training was killed, unless it is a link. What others have put there stays.
///
/// # Errors
///
/// Why the folder is still there; [`ErrorKind::DirectoryNotEmpty`] if that is for what others have put there.
pub fn remove_unfinished(folder: &Path) -> io::Result<()> {
    if State::of(folder) != Some(State::Unfinished) {
        return Ok(());
    }
    remove_run(folder)
}

/// Whether a folder holds a run, be it complete or not: other programs have files of the same names, so there must be
/// something in one that only this program writes.
pub fn is_run(path: &Path) -> bool {
    let models = ["model.json", "fold-1/model.json"].map(|name| path.join(name));
    let lock = path.join(LOCK_FILE);
    let is_begun = is_file(&lock)
        || path.join(SUMMARY_FILE).is_file()
        || models.iter().any(|path| path.is_file());
    is_begun && (is_config(path) || is_lock(&lock) || models.iter().any(|path| is_model(path)))
}

/// Whether `config.toml` of a folder is one that says all of a training.
fn is_config(folder: &Path) -> bool {
    let config: Result<toml::Table, _> = load_config(folder);
    config.is_ok_and(|config| {
        let model = config.get("model").and_then(|model| model.get("name"));
        config.get("dataset").is_some_and(toml::Value::is_str)
            && config.get("seed").is_some_and(toml::Value::is_integer)
            && model.is_some_and(toml::Value::is_str)
    })
}

/// Whether a file is the lock of a training. Earlier versions left it empty, which says nothing.
fn is_lock(path: &Path) -> bool {
    is_file(path) && whole_file::read(path).is_ok_and(|text| text.starts_with(LOCK_TEXT.as_bytes()))
}

/// Whether the run in a folder is to take the place of another one.
pub fn is_to_replace(folder: &Path, target: &Path) -> bool {
    let text = whole_file::read(&folder.join(LOCK_FILE)).unwrap_or_default();
    text.ends_with(text_of_replacement(target).as_bytes())
}

/// Whether a file describes a model.
fn is_model(path: &Path) -> bool {
    #[derive(Deserialize)]
    struct Versioned {
        #[serde(rename = "format_version")]
        _format_version: u64,
    }

    whole_file::read(path)
        .is_ok_and(|content| serde_json::from_slice::<Versioned>(&content).is_ok())
}

/// Whether there is a regular file, and no link to one.
fn is_file(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file())
}

/// Whether there is a folder, and no link to one.
fn is_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir())
}

/// Whether a program trains in a folder.
pub fn is_being_trained(path: &Path) -> bool {
    let path = path.join(LOCK_FILE);
    // A pipe would be waited for.
    if !is_file(&path) {
        return false;
    }
    let Ok(lock) = File::open(path) else {
        return false;
    };
    matches!(lock.try_lock(), Err(fs::TryLockError::WouldBlock))
}

/// Whether there is a state from which the training of a run can go on.
pub fn has_checkpoint(folder: &Path) -> bool {
    entries(folder).any(|(entry, name, kind)| {
        kind.is_dir()
            && match Folder::Training.within(&name) {
                Some(Folder::Checkpoints) => entries(&entry.path()).next().is_some(),
                Some(Folder::Training) => has_checkpoint(&entry.path()),
                Some(Folder::Events | Folder::Pictures) | None => false,
            }
    })
}

/// Removes the checkpoints of a run, as far as that is possible.
pub fn remove_checkpoints(folder: &Path) {
    for (entry, name, kind) in entries(folder) {
        match Folder::Training.within(&name) {
            Some(is @ Folder::Checkpoints) if kind.is_dir() => {
                // What stays is found out when a training goes on.
                let _ = remove_written(&entry.path(), is);
            }
            Some(Folder::Training) if kind.is_dir() => remove_checkpoints(&entry.path()),
            Some(_) | None => {}
        }
    }
}

/// Removes the files that were being written in the folder of a run when its training was killed.
pub fn remove_parts(folder: &Path) {
    for (entry, name, kind) in entries(folder) {
        let within = Folder::Training.within(&name);
        if kind.is_dir() && matches!(within, Some(Folder::Training | Folder::Checkpoints)) {
            remove_parts(&entry.path());
        } else if kind.is_file() && is_being_written(&name) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Copies the checkpoints of a run into another folder.
pub fn copy_checkpoints(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name());
        if !entry.file_type()?.is_dir() {
            continue;
        }
        let target = to.join(&name);
        match Folder::Training.within(&name.to_string_lossy()) {
            Some(Folder::Checkpoints) => {
                fs::create_dir_all(&target)?;
                for file in fs::read_dir(&path)? {
                    let file = file?;
                    if file.file_type()?.is_file() {
                        fs::copy(file.path(), target.join(file.file_name()))?;
                    }
                }
            }
            Some(Folder::Training) => {
                fs::create_dir_all(&target)?;
                copy_checkpoints(&path, &target)?;
            }
            Some(Folder::Events | Folder::Pictures) | None => {}
        }
    }
    Ok(())
}

/// Removes what a training writes into a folder, as far as that is possible, and the folder unless there is something
/// else. Nothing is removed behind a link.
///
/// # Errors
///
/// Why the folder is still there.
pub fn remove_run(folder: &Path) -> io::Result<()> {
    if is_folder(folder) {
        remove_written(folder, Folder::Training)
    } else {
        Err(ErrorKind::NotADirectory.into())
    }
}

fn remove_written(folder: &Path, is: Folder) -> io::Result<()> {
    let mut first = Ok(());
    for (entry, name, kind) in entries(folder) {
        let path = entry.path();
        let removed = if kind.is_file() && is.has_file(&name) {
            fs::remove_file(&path)
        } else if kind.is_dir() {
            match is.within(&name) {
                Some(Folder::Events) => {
                    remove_event_files(&path);
                    Ok(())
                }
                Some(within) => remove_written(&path, within),
                None => Ok(()),
            }
        } else {
            Ok(())
        };
        first = first.and(removed);
    }
    // What cannot be removed is why the folder is not empty.
    first.and(fs::remove_dir(folder))
}

#[cfg(test)]
mod tests;
