//! Files that are read and written as a whole.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

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
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    sync(parent(path))
}

/// An empty file beside another one, to be given its name when it is complete, with its permissions if
/// there is one. It is removed when it is dropped before that.
///
/// # Errors
///
/// If it cannot be created.
pub fn part_of(path: &Path) -> io::Result<NamedTempFile> {
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
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
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
        Ok(metadata) if metadata.is_file() => metadata.permissions(),
        Ok(_) | Err(_) => fs::Permissions::from_mode(0o666),
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

    #[test]
    fn a_folder_is_not_read_as_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let error = read(folder.path()).unwrap_err();
        assert_eq!(error.to_string(), "it is not a regular file");
    }
}
