use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use mlp_inference::whole_file::{followed, part_of};
use same_file::Handle;
use tempfile::TempPath;

use crate::Error;
use crate::run::identity_of_file;

const BUFFER_SIZE: usize = 1 << 17;

/// A file that appears complete or not at all, unless it is a device or a pipe, which is written to.
///
/// It is written under a name of its own in the same folder, so that two programs that write the same
/// file do not get into each other's way.
pub struct OutputFile {
    path: PathBuf,
    /// The file that is written for now, unless it is a device or a pipe.
    part: Option<TempPath>,
    /// What was there before.
    replaced: Option<Handle>,
}

impl OutputFile {
    /// Opens a file that is to appear at a path, or to replace the one that is there.
    ///
    /// # Errors
    ///
    /// If it cannot be written to.
    pub fn create(path: &Path) -> Result<(Self, BufWriter<File>), Error> {
        let io = |source| cannot_write(path, source);
        let is_device = path
            .metadata()
            .is_ok_and(|known| !known.is_file() && !known.is_dir());
        // A link is followed, so that it goes on being one.
        let target = path.canonicalize().unwrap_or_else(|_| followed(path));
        let (part, file) = if is_device {
            // By its own name: what `/dev/stdout` leads to may have none.
            let file = File::options().write(true).open(path).map_err(io)?;
            (None, file)
        } else {
            let (file, part) = part_of(&target).map_err(io)?.into_parts();
            (Some(part), file)
        };
        let replaced = match &part {
            Some(_) => identity_of_file(&target),
            None => None,
        };
        let output = Self {
            path: target,
            part,
            replaced,
        };
        Ok((output, BufWriter::with_capacity(BUFFER_SIZE, file)))
    }

    /// The file that is written for now, unless it is a device or a pipe.
    pub fn part(&self) -> Option<&Path> {
        self.part.as_deref()
    }

    /// Gives the file its name.
    ///
    /// # Errors
    ///
    /// If it cannot be moved. If another program has written a file of this name in the meantime, that
    /// one is left as it is, and this one is kept beside it.
    pub fn keep(self) -> Result<(), Error> {
        let Some(part) = self.part else {
            return Ok(());
        };
        File::open(&part)
            .and_then(|file| file.sync_all())
            .map_err(|source| cannot_write(&self.path, source))?;
        let kept = match self.replaced {
            // As far as one can tell: there is no way to replace a certain file only.
            Some(replaced) => {
                let is_same = identity_of_file(&self.path).is_some_and(|now| now == replaced);
                if is_same || !self.path.exists() {
                    return persist(part, &self.path);
                }
                keep_beside(part, &self.path)?
            }
            None => match part.persist_noclobber(&self.path) {
                Ok(()) => return Ok(()),
                Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                    keep_beside(error.path, &self.path)?
                }
                Err(error) => return Err(cannot_write(&self.path, error.error)),
            },
        };
        Err(Error::OutputTaken {
            path: self.path,
            kept,
        })
    }
}

fn persist(part: TempPath, path: &Path) -> Result<(), Error> {
    let persisted = part.persist(path);
    persisted.map_err(|error| cannot_write(path, error.error))
}

/// Keeps a file under the first name with a number that is free: `out-2.csv` for `out.csv`.
fn keep_beside(mut part: TempPath, path: &Path) -> Result<PathBuf, Error> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path
        .extension()
        .map(|extension| extension.to_string_lossy());
    for number in 2.. {
        let name = match &extension {
            Some(extension) => format!("{stem}-{number}.{extension}"),
            None => format!("{stem}-{number}"),
        };
        let beside = path.with_file_name(name);
        match part.persist_noclobber(&beside) {
            Ok(()) => return Ok(beside),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => part = error.path,
            Err(error) => return Err(cannot_write(&beside, error.error)),
        }
    }
    unreachable!("there are more numbers than files")
}

fn cannot_write(path: &Path, source: io::Error) -> Error {
    Error::Io {
        action: "write",
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::io::Write;

    fn written(path: &Path, text: &str) -> OutputFile {
        let (output, mut file) = OutputFile::create(path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file.flush().unwrap();
        output
    }

    #[test]
    fn of_two_programs_that_write_a_file_one_is_kept_beside_the_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        for before in [false, true] {
            if before {
                fs::write(&path, "before").unwrap();
            }
            let (first, second) = (written(&path, "first"), written(&path, "second"));
            first.keep().unwrap();
            let error = second.keep().unwrap_err();

            assert_eq!(fs::read_to_string(&path).unwrap(), "first");
            let Error::OutputTaken { kept, .. } = error else {
                panic!("{error}");
            };
            assert_eq!(fs::read_to_string(&kept).unwrap(), "second");
            assert!(kept.ends_with(if before { "out-3.csv" } else { "out-2.csv" }));
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }

    #[test]
    fn a_file_that_is_not_kept_leaves_nothing_and_what_was_there_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        fs::write(&path, "before").unwrap();
        drop(written(&path, "half"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_nothing_gets_its_file_and_goes_on_being_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link.csv");
        std::os::unix::fs::symlink("file.csv", &link).unwrap();
        written(&link, "text").keep().unwrap();
        assert!(link.is_symlink());
        assert_eq!(
            fs::read_to_string(folder.path().join("file.csv")).unwrap(),
            "text"
        );
    }

    #[cfg(unix)]
    #[test]
    fn the_file_of_a_stranger_is_left_alone_and_permissions_are_not_widened() {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        let victim = folder.path().join("victim");
        fs::write(&victim, "theirs").unwrap();
        symlink(&victim, folder.path().join("out.csv.part")).unwrap();
        fs::write(&path, "before").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();

        written(&path, "mine").keep().unwrap();

        assert_eq!(fs::read_to_string(&victim).unwrap(), "theirs");
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}
