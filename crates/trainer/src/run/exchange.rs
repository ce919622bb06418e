use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::state::remove_run;
use crate::escaped::stderr;

/// Exchanges two folders at once.
#[cfg(target_os = "linux")]
pub fn swap(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};

    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

/// Exchanges two folders at once.
#[cfg(not(target_os = "linux"))]
pub fn swap(_one: &Path, _other: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// The new name of a folder is on the disk once the folder around it is.
pub fn sync(folder: Option<&Path>) {
    let folder = folder.filter(|folder| *folder != Path::new(""));
    let _ = File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
}

/// Removes a run that was replaced. What others have put into its folder is kept beside.
pub fn remove_replaced(old: &Path, target: &Path) {
    if remove_run(old).is_ok() || !old.exists() {
        return;
    }
    let mut names = (1..).map(|number| numbered(target, ".old", number));
    let beside = names.find(|path| fs::symlink_metadata(path).is_err());
    let left = match beside {
        Some(beside) if fs::rename(old, &beside).is_ok() => beside,
        Some(_) | None => old.to_owned(),
    };
    let _ = writeln!(
        stderr(),
        "warning: what else was in `{}` is in `{}`",
        target.display(),
        left.display()
    );
}

/// A path with something after its name.
pub fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(suffix);
    path.with_file_name(name)
}

/// The same, and from the second one on with a number: `NAME.old`, `NAME.old-2` and so on.
pub fn numbered(path: &Path, suffix: &str, number: usize) -> PathBuf {
    match number {
        1 => with_suffix(path, suffix),
        _ => with_suffix(path, &format!("{suffix}-{number}")),
    }
}
