use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::Error;

/// The folder of a training while it is made.
///
/// Everything is written into a hidden folder next to the final one, which [`keep`](Self::keep)
/// renames; dropped before that, it leaves nothing behind. So a run is either complete or not there,
/// and an older one that is to be overwritten stays until the new one is complete.
#[derive(Debug)]
pub struct RunDirectory {
    staging: PathBuf,
    target: PathBuf,
    force: bool,
    /// Whether the final folder was made, empty, so that no other training takes its number.
    reserved: bool,
    kept: bool,
}

impl RunDirectory {
    /// Opens a folder for a run.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check), and if it cannot be written to.
    pub fn create(target: &Path, force: bool) -> Result<Self, Error> {
        Self::check(target, force)?;
        let Some(name) = target.file_name() else {
            return Err(Error::InvalidOption {
                option: "output".to_owned(),
                value: format!("`{}`", target.display()),
                allowed: "the name of a folder".to_owned(),
            });
        };
        // The process id keeps two trainings with the same target apart.
        let name = format!(".{}.{}.part", name.display(), std::process::id());
        let staging = target.with_file_name(name);
        fs::create_dir_all(&staging).map_err(|source| Error::Io {
            action: "create",
            path: staging.clone(),
            source,
        })?;
        Ok(Self {
            staging,
            target: target.to_owned(),
            force,
            reserved: false,
            kept: false,
        })
    }

    /// Checks that a run may be written to a folder.
    ///
    /// # Errors
    ///
    /// If it exists and is not a run, or is one and `force` is not set.
    pub fn check(target: &Path, force: bool) -> Result<(), Error> {
        let path = || target.to_owned();
        if !target.exists() {
            Ok(())
        } else if !is_run(target) {
            Err(Error::NotARun { path: path() })
        } else if !force {
            Err(Error::RunExists { path: path() })
        } else {
            Ok(())
        }
    }

    /// Opens a folder for a run `NAME-1`, or with the next number that is free, in a folder of
    /// runs.
    ///
    /// # Errors
    ///
    /// If it cannot be written to.
    pub fn create_numbered(runs: &Path, name: &str) -> Result<Self, Error> {
        let create = |path: &Path, source| Error::Io {
            action: "create",
            path: path.to_owned(),
            source,
        };
        fs::create_dir_all(runs).map_err(|source| create(runs, source))?;
        let mut numbers = 1..;
        let free = loop {
            let number = numbers.next().expect("there are more numbers than folders");
            let path = runs.join(format!("{name}-{number}"));
            match fs::create_dir(&path) {
                Ok(()) => break path,
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(source) => return Err(create(&path, source)),
            }
        };
        let mut run = Self::create(&free, true)?;
        run.reserved = true;
        Ok(run)
    }

    /// The folder that files are written to for now.
    pub fn path(&self) -> &Path {
        &self.staging
    }

    /// The folder of the finished run.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Gives the run its final name.
    ///
    /// # Errors
    ///
    /// If another run has taken the name in the meantime, or the folder cannot be renamed.
    pub fn keep(mut self) -> Result<PathBuf, Error> {
        if self.target.exists() {
            if !self.force {
                return Err(Error::RunExists {
                    path: self.target.clone(),
                });
            }
            remove(&self.target)?;
        }
        fs::rename(&self.staging, &self.target).map_err(|source| Error::Io {
            action: "create",
            path: self.target.clone(),
            source,
        })?;
        self.kept = true;
        Ok(self.target.clone())
    }
}

impl Drop for RunDirectory {
    fn drop(&mut self) {
        if !self.kept && self.reserved {
            // Empty, or it is not removed.
            let _ = fs::remove_dir(&self.target);
        }
        if !self.kept {
            // Nothing more can be done about a folder that cannot be removed.
            let _ = fs::remove_dir_all(&self.staging);
        }
    }
}

/// Whether a folder may be overwritten: it holds a run, or nothing.
fn is_run(path: &Path) -> bool {
    path.join("model.json").is_file()
        || path.join("fold-1").join("model.json").is_file()
        || fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none())
}

fn remove(path: &Path) -> Result<(), Error> {
    let removed = if path.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    match removed {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed.map_err(|source| Error::Io {
            action: "remove",
            path: path.to_owned(),
            source,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_is_not_kept_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let run = RunDirectory::create(&folder.path().join("run"), false).unwrap();
        fs::write(run.path().join("file"), "half").unwrap();

        drop(run);

        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn an_existing_run_is_overwritten_only_by_force_and_only_when_the_new_one_is_complete() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("run");
        fs::create_dir(&target).unwrap();
        fs::write(target.join("model.json"), "").unwrap();
        fs::write(target.join("old"), "").unwrap();

        let refused = RunDirectory::create(&target, false);
        assert!(matches!(refused, Err(Error::RunExists { .. })));

        drop(RunDirectory::create(&target, true).unwrap());
        assert!(target.join("old").exists());

        let run = RunDirectory::create(&target, true).unwrap();
        fs::write(run.path().join("new"), "").unwrap();
        run.keep().unwrap();
        assert!(target.join("new").exists());
        assert!(!target.join("old").exists());
    }

    #[test]
    fn a_folder_that_is_not_a_run_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("thesis.tex"), "").unwrap();

        let refused = RunDirectory::create(folder.path(), true);

        assert!(matches!(refused, Err(Error::NotARun { .. })));
    }

    #[test]
    fn simultaneous_trainings_get_different_numbers() {
        let folder = tempfile::tempdir().unwrap();
        let first = RunDirectory::create_numbered(folder.path(), "iris-mlp").unwrap();
        let second = RunDirectory::create_numbered(folder.path(), "iris-mlp").unwrap();
        drop(first);
        second.keep().unwrap();
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].as_ref().unwrap().file_name(), "iris-mlp-2");
    }

    #[test]
    fn numbered_runs_count_up() {
        let folder = tempfile::tempdir().unwrap();
        for number in 1..=3 {
            let run = RunDirectory::create_numbered(folder.path(), "iris-mlp").unwrap();
            let path = run.keep().unwrap();
            assert_eq!(path, folder.path().join(format!("iris-mlp-{number}")));
        }
    }
}
