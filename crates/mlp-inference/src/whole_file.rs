//! Files that are read and written as a whole.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::Builder;
pub use tempfile::NamedTempFile;

/// Writes a file that appears whole or not at all, in place of one that there may be, whose permissions it
/// gets. It is on the disk when this returns.
///
/// # Errors
///
/// If it cannot be written.
pub fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = part_of(path)?;
    // Not by the temporary file itself, whose errors tell its name.
    file.as_file_mut().write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    sync(parent(path))
}

/// An empty file beside another one, to be given its name when it is complete, with its permissions if
/// there is one. It is removed when it is dropped before that.
///
/// # Errors
///
/// If it cannot be created, or there is a device or a pipe, which must not become a file.
pub fn part_of(path: &Path) -> io::Result<NamedTempFile> {
    if fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        return Err(not_regular());
    }
    // A name of its own: another process may write the same file, and what is there is not ours.
    let mut builder = Builder::new();
    builder.prefix(".").suffix(".part");
    #[cfg(unix)]
    builder.permissions(permissions(path));
    builder.tempfile_in(parent(path)).map_err(without_path)
}

/// What the system said, without the temporary name: the caller names the file that is meant.
fn without_path(error: io::Error) -> io::Error {
    // `tempfile` puts the path after what the system said, and hides its code.
    let text = error.to_string();
    match text.split_once(" at path ") {
        Some((said, _)) => io::Error::new(error.kind(), said),
        None => error,
    }
}

/// Reads a regular file whole. A pipe could be waited for, and a device has no end.
///
/// # Errors
///
/// If it is another kind of file, or cannot be read.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        return Err(not_regular());
    }
    fs::read(path)
}

/// Creates a file to be written bit by bit, in place of a regular file that there may be. A link is not followed, and a
/// pipe not waited for.
///
/// # Errors
///
/// If something else than a regular file is there, or it cannot be created.
pub fn create(path: &Path) -> io::Result<File> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => fs::remove_file(path)?,
        Ok(_) => return Err(not_regular()),
        // There is nothing, or the file cannot be created for the same reason.
        Err(_) => {}
    }
    File::create_new(path)
}

/// Checks that there is no link in the place of a folder, through which files of others would be written.
///
/// # Errors
///
/// If there is one.
pub fn check_folder(path: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink()) {
        let reason = "its folder is a link";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
    }
    Ok(())
}

fn not_regular() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file")
}

/// Makes a folder and those around it, as far as they are not there.
///
/// # Errors
///
/// If one cannot be made; what is there under its name and no folder is named.
pub fn create_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path).map_err(|error| {
        let mut there = path
            .ancestors()
            .filter(|path| path.symlink_metadata().is_ok());
        match there.next() {
            Some(there) if !there.is_dir() => {
                let reason = format!("`{}` is not a folder", there.display());
                io::Error::new(io::ErrorKind::NotADirectory, reason)
            }
            Some(_) | None => error,
        }
    })
}

/// Where a link leads, be there something or not; a path that is no link is given back.
pub fn followed(path: &Path) -> PathBuf {
    /// As many as Linux follows.
    const MOST_LINKS: usize = 40;
    let mut followed = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(target) = fs::read_link(&followed) else {
            break;
        };
        followed = followed.parent().unwrap_or(Path::new("")).join(target);
    }
    followed
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// Those of the file that is replaced, or what the system gives to new files.
#[cfg(unix)]
fn permissions(path: &Path) -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt;

    match fs::metadata(path) {
        Ok(metadata) => metadata.permissions(),
        Err(_) => fs::Permissions::from_mode(0o666),
    }
}

/// The new name of a file is on the disk once its folder is.
#[cfg(unix)]
fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        write(&path, b"first").unwrap();
        write(&path, b"second").unwrap();
        assert_eq!(read(&path).unwrap(), b"second");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_are_not_widened() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        write(&path, b"first").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        write(&path, b"second").unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }

    #[test]
    fn an_error_does_not_tell_the_temporary_name() {
        let folder = tempfile::tempdir().unwrap();
        let error = write(&folder.path().join("none/file"), b"").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert!(!error.to_string().contains(".part"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_created_anew_but_not_through_a_link() {
        use std::os::unix::fs::symlink;

        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("theirs"), "theirs").unwrap();
        symlink(path("theirs"), path("link")).unwrap();
        symlink(path("none"), path("dangling")).unwrap();
        for name in ["link", "dangling"] {
            let error = create(&path(name)).unwrap_err();
            assert_eq!(error.to_string(), "it is not a regular file");
        }
        assert_eq!(read(&path("theirs")).unwrap(), b"theirs");
        assert!(!path("none").exists());
        create(&path("theirs")).unwrap().write_all(b"new").unwrap();
        assert_eq!(read(&path("theirs")).unwrap(), b"new");
        symlink(folder.path(), path("folder")).unwrap();
        assert!(check_folder(&path("folder")).is_err());
        assert!(check_folder(folder.path()).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_does_not_become_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let error = write(&pipe, b"text").unwrap_err();
        assert_eq!(error.to_string(), "it is not a regular file");
        assert!(!fs::metadata(&pipe).unwrap().is_file());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_no_folder_is_named_when_one_is_to_be_made_below_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, b"").unwrap();
        for path in [file.clone(), file.join("new/run")] {
            let error = create_folder(&path).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("`{}` is not a folder", file.display())
            );
        }
        create_folder(&folder.path().join("new/run")).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_to_where_nothing_is() {
        use std::os::unix::fs::symlink;

        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        symlink("second", path("first")).unwrap();
        symlink(path("file"), path("second")).unwrap();
        symlink("circle", path("circle")).unwrap();
        assert_eq!(followed(&path("first")), path("file"));
        assert_eq!(followed(&path("file")), path("file"));
        followed(&path("circle"));
    }

    #[cfg(unix)]
    #[test]
    fn what_the_system_says_is_kept_if_no_file_is_in_the_way() {
        let folder = tempfile::tempdir().unwrap();
        // Longer than the name of a file can be.
        let error = create_folder(&folder.path().join("n".repeat(300))).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidFilename);
    }

    #[test]
    fn a_file_is_created_where_there_is_none_but_not_below_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new");
        create(&path).unwrap().write_all(b"text").unwrap();
        assert_eq!(read(&path).unwrap(), b"text");
        assert!(create(&path.join("below")).is_err());
        assert_eq!(read(&path).unwrap(), b"text");
    }

    #[test]
    fn a_file_does_not_replace_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("folder");
        fs::create_dir(&path).unwrap();
        let error = write(&path, b"text").unwrap_err();
        assert_ne!(error.to_string(), "it is not a regular file");
        assert!(path.is_dir());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_is_completed_in_the_folder_that_it_is_for() {
        assert_eq!(parent(Path::new("run/model.json")), Path::new("run"));
        assert_eq!(parent(Path::new("model.json")), Path::new("."));
        let folder = tempfile::tempdir().unwrap();
        let part = part_of(&folder.path().join("file")).unwrap();
        assert_eq!(part.path().parent(), Some(folder.path()));
    }

    #[test]
    fn a_folder_is_not_read_as_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let error = read(folder.path()).unwrap_err();
        assert_eq!(error.to_string(), "it is not a regular file");
    }
}
