//! What identifies a file or a folder, under whatever name or link. Anything else than what is expected is not opened: a
//! pipe would be waited for.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use same_file::Handle;

/// What identifies a folder, whatever its name becomes.
///
/// # Errors
///
/// If there is none, or something else.
pub fn identity(folder: &Path) -> io::Result<Handle> {
    if !fs::metadata(folder)?.is_dir() {
        return Err(ErrorKind::NotADirectory.into());
    }
    Handle::from_path(folder)
}

/// What identifies a regular file, if there is one.
pub fn identity_of_file(path: &Path) -> Option<Handle> {
    let is_regular = fs::metadata(path).is_ok_and(|found| found.is_file());
    is_regular.then(|| Handle::from_path(path).ok()).flatten()
}
