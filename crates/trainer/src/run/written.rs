//! What a training writes into the folder of its run, by name: nothing else is removed, and a training goes on
//! only among files and folders, not through links.

use std::fs::{self, DirEntry, FileType};
use std::path::Path;

use super::files::{CARD_FILE, CONFIG_FILE, REPORT_FILE, SUMMARY_FILE};
use super::state::LOCK_FILE;
use crate::Error;
use crate::logs::{LOG_FILE, TENSORBOARD_FOLDER};

/// The files in the folder of a training.
const FILES: [&str; 12] = [
    LOCK_FILE,
    CONFIG_FILE,
    LOG_FILE,
    "metrics.csv",
    "pretraining.csv",
    "clustering.csv",
    "map.csv",
    "model.json",
    "model.safetensors",
    REPORT_FILE,
    CARD_FILE,
    SUMMARY_FILE,
];
/// The parts of a training that have a checkpoint each.
const CHECKPOINTS: [&str; 4] = ["training", "pretraining", "clustering", "map"];
/// The pictures, without their endings.
const PICTURES: [&str; 6] = [
    "centroids",
    "component_planes",
    "embedding",
    "regions",
    "u_matrix",
    "win_map",
];
/// How many random characters are in the name of a file that is not complete.
const PART_CHARACTERS: usize = 6;

/// A folder of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folder {
    /// That of a training: of the run, of a fold or of a member.
    Training,
    /// That of its checkpoints.
    Checkpoints,
    /// That of its event files.
    Events,
    /// That of its pictures.
    Pictures,
}

impl Folder {
    /// What a folder within this one is by its name, if a training makes one of that name.
    pub fn within(self, name: &str) -> Option<Self> {
        let is_part = || {
            let number = ["fold-", "member-"].iter();
            let mut number = number.filter_map(|prefix| name.strip_prefix(prefix));
            number.next().is_some_and(is_number)
        };
        match (self, name) {
            (Self::Training, "checkpoint") => Some(Self::Checkpoints),
            (Self::Training, TENSORBOARD_FOLDER) => Some(Self::Events),
            (Self::Training, "pictures") => Some(Self::Pictures),
            (Self::Training, _) if is_part() => Some(Self::Training),
            (Self::Training | Self::Checkpoints | Self::Events | Self::Pictures, _) => None,
        }
    }

    /// Whether a training writes a file of a name into it.
    pub fn has_file(self, name: &str) -> bool {
        let stem_of = |endings: &[&str]| {
            let (stem, ending) = name.rsplit_once('.')?;
            endings.contains(&ending).then_some(stem)
        };
        let is_written = match self {
            Self::Training => {
                FILES.contains(&name) || stem_of(&["csv"]).is_some_and(is_numbered_phase)
            }
            Self::Checkpoints => stem_of(&["safetensors"])
                .is_some_and(|stem| CHECKPOINTS.contains(&stem) || is_numbered_phase(stem)),
            Self::Pictures => stem_of(&["png", "svg"]).is_some_and(|stem| PICTURES.contains(&stem)),
            // They have names with times, which `remove_event_files` knows.
            Self::Events => false,
        };
        is_written || is_being_written(name)
    }
}

/// Whether a file with such a name is not complete: [`whole_file`](mlp_inference::whole_file) gives it its own
/// when it is.
pub fn is_being_written(name: &str) -> bool {
    let part = name.strip_prefix('.');
    part.and_then(|name| name.strip_suffix(".part"))
        .is_some_and(|name| {
            name.len() == PART_CHARACTERS && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// Whether it is the name of a phase that is trained again: the first one has no number.
fn is_numbered_phase(name: &str) -> bool {
    name.strip_prefix("clustering-").is_some_and(is_number)
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<usize>().is_ok()
}

/// The entries of a folder with their names and kinds, where links are links.
pub fn entries(folder: &Path) -> impl Iterator<Item = (DirEntry, String, FileType)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let kind = entry.file_type().ok()?;
        Some((entry, name, kind))
    })
}

/// Checks that a training would write into files and folders only: a link leads to a file of somebody else, and
/// a pipe is waited for.
///
/// # Errors
///
/// If there is a link, or anything else, in the place of a file or a folder that a training writes.
pub fn check(folder: &Path) -> Result<(), Error> {
    check_folder(folder, Folder::Training)
}

fn check_folder(folder: &Path, is: Folder) -> Result<(), Error> {
    for (entry, name, kind) in entries(folder) {
        let within = is.within(&name);
        let is_right = match within {
            Some(_) => kind.is_dir(),
            // Those of folds are in folders of their own.
            None if is == Folder::Events => !kind.is_symlink(),
            None => kind.is_file() || !is.has_file(&name),
        };
        let path = entry.path();
        if !is_right {
            let what = if kind.is_symlink() {
                "a link"
            } else if within.is_some() {
                "not a folder"
            } else {
                "not a regular file"
            };
            return Err(Error::ForeignEntry { path, what });
        }
        match within {
            Some(within) => check_folder(&path, within)?,
            None if is == Folder::Events && kind.is_dir() => check_folder(&path, is)?,
            None => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_a_training_writes_are_its_own() {
        use Folder::{Checkpoints, Pictures, Training};

        for (folder, name, expected) in [
            (Training, "metrics.csv", true),
            (Training, "clustering-2.csv", true),
            (Training, "clustering-two.csv", false),
            (Training, ".a1B2c3.part", true),
            (Training, ".my-thesis.part", false),
            (Training, "thesis.tex", false),
            (Checkpoints, "training.safetensors", true),
            (Checkpoints, "clustering-3.safetensors", true),
            (Checkpoints, "my.safetensors", false),
            (Pictures, "u_matrix.png", true),
            (Pictures, "holiday.png", false),
        ] {
            assert_eq!(folder.has_file(name), expected, "{name}");
        }
        for (name, expected) in [
            ("fold-1", Some(Training)),
            ("member-12", Some(Training)),
            ("member-photos", None),
            ("member-+1", None),
            ("member-", None),
            ("checkpoint", Some(Checkpoints)),
            ("photos", None),
        ] {
            assert_eq!(Training.within(name), expected, "{name}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_place_of_what_a_training_writes_is_named() {
        use std::os::unix::fs::symlink;

        for name in [
            "lock",
            "metrics.csv",
            "checkpoint",
            "pictures",
            "member-7",
            "fold-1/checkpoint/training.safetensors",
            "tensorboard/train",
        ] {
            let folder = tempfile::tempdir().unwrap();
            let run = folder.path().join("run");
            let path = run.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            check(&run).unwrap();
            symlink(folder.path(), &path).unwrap();
            let error = check(&run).unwrap_err().to_string();
            let expected = format!("`{}` is a link", path.display());
            assert!(error.starts_with(&expected), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_others_link_to_is_no_concern_of_a_training() {
        let run = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/nowhere", run.path().join("notes")).unwrap();
        check(run.path()).unwrap();
    }
}
