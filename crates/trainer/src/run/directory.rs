use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use mlp_inference::whole_file::{create_folder, followed};
use same_file::Handle;

use super::exchange::{numbered, remove_replaced, swap, sync, with_suffix};
use super::files::{CONFIG_FILE, SUMMARY_FILE};
use super::identity::identity;
use super::resumption::is_continued_in;
use super::state::{
    LOCK_FILE, LOCK_TEXT, State, copy_checkpoints, has_checkpoint, is_being_trained, is_run,
    is_to_replace, remove_checkpoints, remove_parts, remove_run, text_of_replacement,
};
use super::written;
use crate::Error;
use crate::escaped::stderr;

/// The folder of a run while it is made.
///
/// A new run is trained in its folder, where one can see how far it is. It is complete once there is a
/// `summary.json`, which is written last. With `force`, it is trained in a folder beside the old
/// run, `NAME.new`, and both are exchanged when it is complete, so that whoever reads the old one
/// sees either of them whole.
///
/// A training that fails, or is killed, leaves its folder behind if there is a checkpoint from which it
/// can go on. A finished run is never thrown away: if its folder was moved, or the old run is no longer the one that it
/// should replace, it is kept beside, as `NAME-2`.
#[derive(Debug)]
pub struct RunDirectory {
    /// Where it is trained.
    folder: PathBuf,
    /// The folder as it was made.
    identity: Handle,
    target: PathBuf,
    /// The run that is to be replaced.
    replaced: Option<Handle>,
    /// Held while it is trained.
    lock: File,
    ending: Ending,
}

/// What becomes of the folder when the training is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// It is complete.
    Kept,
    /// It stays if the training can go on, and is removed if not.
    Failed,
    /// It is removed.
    Discarded,
    /// It stays whatever happens: it was there before.
    Resumed,
}

impl RunDirectory {
    /// Makes a folder for a run.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check), and if it cannot be made.
    pub fn create(target: &Path, force: bool) -> Result<Self, Error> {
        Self::check(target, force)?;
        // A link goes on being one, and the run that it leads to is replaced as a whole.
        let target = &followed(target);
        if target.file_name().is_none() {
            return Err(Error::InvalidOption {
                option: "output".to_owned(),
                value: format!("`{}`", target.display()),
                allowed: "the name of a folder".to_owned(),
            });
        }
        if is_empty_folder(target) {
            return Self::in_folder(target, target, None);
        }
        if target.exists() {
            let replaced = identity(target).map_err(|source| cannot("read", target, source))?;
            let folder = create_new(target)?;
            return Self::in_folder(&folder, target, Some(replaced));
        }
        if let Some(parent) = target.parent() {
            create_folder(parent).map_err(|source| cannot("create", target, source))?;
        }
        match fs::create_dir(target) {
            Ok(()) => Self::in_folder(target, target, None),
            // Another training was faster, or it is a link to nothing.
            Err(source) if source.kind() == ErrorKind::AlreadyExists => Err(Error::RunExists {
                path: target.to_owned(),
            }),
            Err(source) => Err(cannot("create", target, source)),
        }
    }

    /// Checks that a run may be written to a folder.
    ///
    /// # Errors
    ///
    /// If it exists and is not a run, or is one and `force` is not set, or is being trained.
    pub fn check(target: &Path, force: bool) -> Result<(), Error> {
        let path = || target.to_owned();
        if !target.exists() || is_empty_folder(target) {
            Ok(())
        } else if is_being_trained(target) {
            Err(Error::BeingTrained { path: path() })
        } else if !is_run(target) {
            Err(Error::NotARun { path: path() })
        } else if !force {
            Err(Error::RunExists { path: path() })
        } else {
            Ok(())
        }
    }

    /// Makes a folder for a run `NAME-1`, or with the next number that is free, in a folder of
    /// runs.
    ///
    /// # Errors
    ///
    /// If it cannot be made.
    pub fn create_numbered(runs: &Path, name: &str) -> Result<Self, Error> {
        create_folder(runs).map_err(|source| cannot("create", runs, source))?;
        let folder = create_first(|number| runs.join(format!("{name}-{number}")))?;
        Self::in_folder(&folder, &folder, None)
    }

    /// The folder of a run whose training goes on. A run without a model goes on where it is; one that
    /// has a model already is not touched until the new one is complete, as with `force`.
    ///
    /// # Errors
    ///
    /// If there is no run, another program trains it, a file or folder of the run is a link, or a folder cannot be
    /// made.
    pub fn resume(target: &Path) -> Result<Self, Error> {
        let target = &followed(target);
        let path = || target.to_owned();
        written::check(target)?;
        match State::of(target) {
            None => Err(Error::NoRun { path: path() }),
            Some(State::Training) => Err(Error::BeingTrained { path: path() }),
            Some(State::Unfinished) => Self::again(target, target, None),
            Some(State::Complete | State::Stopped | State::ModelOnly) => {
                let replaced = identity(target).map_err(|source| cannot("read", target, source))?;
                if let Some(folder) = continued(target) {
                    return Self::again(&folder, target, Some(replaced));
                }
                let folder = create_new(target)?;
                let run = Self::in_folder(&folder, target, Some(replaced))?;
                match copy_checkpoints(target, &folder) {
                    Ok(()) => Ok(run),
                    Err(source) => {
                        run.discard();
                        Err(cannot("write", &folder, source))
                    }
                }
            }
        }
    }

    /// In a folder in which a training was killed.
    fn again(folder: &Path, target: &Path, replaced: Option<Handle>) -> Result<Self, Error> {
        written::check(folder)?;
        let lock_file = folder.join(LOCK_FILE);
        let mut lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock_file)
            .map_err(|source| cannot("create", &lock_file, source))?;
        let is_taken = matches!(lock.try_lock(), Err(TryLockError::WouldBlock));
        // Another program may have completed it in the meantime.
        if is_taken || folder.join(SUMMARY_FILE).is_file() {
            let path = folder.to_owned();
            return Err(Error::BeingTrained { path });
        }
        // Earlier versions left it empty.
        let _ = lock.write_all(LOCK_TEXT.as_bytes());
        let mut run = Self::locked(folder, target, replaced, lock)?;
        run.ending = Ending::Resumed;
        remove_parts(folder);
        Ok(run)
    }

    fn in_folder(folder: &Path, target: &Path, replaced: Option<Handle>) -> Result<Self, Error> {
        let lock_file = folder.join(LOCK_FILE);
        let mut lock = File::create_new(&lock_file).map_err(|source| {
            // Two trainings found the same empty folder.
            if source.kind() == ErrorKind::AlreadyExists {
                let path = folder.to_owned();
                return Error::BeingTrained { path };
            }
            cannot("create", &lock_file, source)
        })?;
        // A network drive may not support locks. The folder still keeps two trainings apart.
        let _ = lock.try_lock();
        let mut text = LOCK_TEXT.to_owned();
        if replaced.is_some() {
            text.push_str(&text_of_replacement(target));
        }
        // If the disk is full, what follows fails too.
        let _ = lock.write_all(text.as_bytes());
        Self::locked(folder, target, replaced, lock)
    }

    fn locked(
        folder: &Path,
        target: &Path,
        replaced: Option<Handle>,
        lock: File,
    ) -> Result<Self, Error> {
        Ok(Self {
            identity: identity(folder).map_err(|source| cannot("read", folder, source))?,
            folder: folder.to_owned(),
            target: target.to_owned(),
            replaced,
            lock,
            ending: Ending::Failed,
        })
    }

    /// Removes the folder: there is nothing to keep.
    pub fn discard(mut self) {
        if self.ending == Ending::Failed {
            self.ending = Ending::Discarded;
        }
    }

    /// The folder that files are written to.
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// The folder in which it will be when it is complete.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Forgets what was trained so far: another training begins in the folder.
    pub fn begin_anew(&self) {
        remove_checkpoints(&self.folder);
    }

    /// Writes the finished run by a function that takes the folder to write to and the folder in which it
    /// will be. Returns the latter, which may be another one than was asked for if that
    /// was taken, and what the function returns.
    ///
    /// # Errors
    ///
    /// If the function fails, or the folder cannot be renamed.
    pub fn keep<T, E: From<Error>>(
        mut self,
        write: impl FnOnce(&Path, &Path) -> Result<T, E>,
    ) -> Result<(PathBuf, T), E> {
        let expected = self.target.clone();
        if !is(&self.folder, &self.identity) || written::check(&self.folder).is_err() {
            // Moved, deleted or replaced during the training, or something in it by a link.
            self.folder = create_beside(&self.target)?;
            self.target = self.folder.clone();
            self.replaced = None;
        }
        let may_replace = match &self.replaced {
            Some(replaced) => !self.target.exists() || is(&self.target, replaced),
            None => true,
        };
        if !may_replace {
            self.target = self.move_beside()?;
            self.replaced = None;
        }
        let written = write(&self.folder, &self.target)?;
        self.ending = Ending::Kept;
        let _ = fs::remove_file(self.folder.join(LOCK_FILE));
        if self.replaced.is_some() {
            self.exchange()?;
        }
        sync(self.target.parent());
        if self.target != expected {
            let _ = writeln!(
                stderr(),
                "warning: `{}` was moved or replaced in the meantime, so the run is in `{}`",
                expected.display(),
                self.target.display()
            );
        }
        Ok((self.target.clone(), written))
    }

    /// Gives the run its final name, and removes the run that had it.
    fn exchange(&mut self) -> Result<(), Error> {
        let (folder, target) = (&self.folder, &self.target);
        if is_being_trained(target) {
            self.target = self.move_beside()?;
            return Ok(());
        }
        let old = if swap(folder, target).is_ok() {
            Some(folder.clone())
        } else {
            // The old run was removed in the meantime, or the file system cannot exchange folders.
            let old = with_suffix(target, ".old");
            let is_moved = fs::rename(target, &old).is_ok();
            if fs::rename(folder, target).is_err() {
                if is_moved {
                    let _ = fs::rename(&old, target);
                }
                self.target = self.move_beside()?;
                return Ok(());
            }
            is_moved.then_some(old)
        };
        if let Some(old) = old {
            remove_replaced(&old, target);
        }
        Ok(())
    }

    /// Moves the folder to the first free name beside the target.
    fn move_beside(&mut self) -> Result<PathBuf, Error> {
        let beside = create_beside(&self.target)?;
        // An empty folder can be replaced.
        fs::rename(&self.folder, &beside).map_err(|source| cannot("create", &beside, source))?;
        self.folder.clone_from(&beside);
        Ok(beside)
    }
}

impl Drop for RunDirectory {
    fn drop(&mut self) {
        let _ = self.lock.unlock();
        if self.ending == Ending::Kept || !is(&self.folder, &self.identity) {
            return;
        }
        let can_go_on = self.ending != Ending::Discarded && has_checkpoint(&self.folder);
        if can_go_on {
            let _ = writeln!(
                stderr(),
                "the training is kept as far as it got: `trainer train --resume {}` goes on",
                self.folder.display()
            );
        } else if self.ending != Ending::Resumed {
            // What others have put there stays. Nothing more can be done about what cannot be removed.
            let _ = remove_run(&self.folder);
        }
    }
}

/// Whether a path is that of a certain folder, as far as one can see: if the system has no more open files, it
/// is believed to be.
fn is(path: &Path, folder: &Handle) -> bool {
    match identity(path) {
        Ok(found) => found == *folder,
        Err(error) => !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory),
    }
}

fn is_empty_folder(path: &Path) -> bool {
    fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none())
}

/// Creates the first folder that does not exist yet.
fn create_first(path: impl Fn(usize) -> PathBuf) -> Result<PathBuf, Error> {
    for number in 1.. {
        let path = path(number);
        match fs::create_dir(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(source) => return Err(cannot("create", &path, source)),
        }
    }
    unreachable!("there are more numbers than folders")
}

/// The folder in which the training of a run was gone on with before it was killed. One that was killed before it had a
/// configuration has nothing to go on with, and is removed.
fn continued(target: &Path) -> Option<PathBuf> {
    for folder in replacements(target) {
        if State::of(&folder) != Some(State::Unfinished) || !is_to_replace(&folder, target) {
            continue;
        }
        if is_continued_in(target, &folder) {
            return Some(folder);
        }
        if !folder.join(CONFIG_FILE).exists() {
            // Then another name is taken.
            let _ = remove_run(&folder);
        }
    }
    None
}

/// The folders `NAME.new`, `NAME.new-2` and so on that there are.
pub fn replacements(target: &Path) -> impl Iterator<Item = PathBuf> {
    let names = (1..).map(|number| numbered(target, ".new", number));
    names.take_while(|name| name.symlink_metadata().is_ok())
}

/// Creates the folder `NAME.new`, or the first one with a number that does not exist yet.
fn create_new(target: &Path) -> Result<PathBuf, Error> {
    create_first(|number| numbered(target, ".new", number))
}

/// Creates the first folder `NAME-2`, `NAME-3` and so on that does not exist yet.
///
/// The folder around it may have been moved too, and is then made again.
fn create_beside(path: &Path) -> Result<PathBuf, Error> {
    if let Some(parent) = path.parent() {
        create_folder(parent).map_err(|source| cannot("create", parent, source))?;
    }
    create_first(|number| numbered(path, "", number + 1))
}

fn cannot(action: &'static str, path: &Path, source: io::Error) -> Error {
    Error::Io {
        action,
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests;
