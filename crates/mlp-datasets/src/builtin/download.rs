use std::any::Any;
use std::env;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::panic;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use burn_std::network::downloader::download_file_as_bytes;

use super::idx_files::{FILES, find};
use super::options::LoadOptions;
use crate::error::Error;
use crate::input::checksum::sha256;
use crate::input::compression::decompress;
use crate::input::file;

/// The address of the files if no mirror is given.
const MNIST_URL: &str = "https://storage.googleapis.com/cvdf-datasets/mnist/";

/// The SHA-256 of the uncompressed [`FILES`].
const MNIST_CHECKSUMS: [&str; 4] = [
    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
];

/// The folder of MNIST's files, after those that are not in it were downloaded.
pub(super) fn mnist(options: &LoadOptions) -> Result<PathBuf, Error> {
    let folder = match &options.data_dir {
        Some(folder) => folder.clone(),
        None => cache_folder()?.join("mlp-datasets").join("mnist"),
    };
    let url = options.mirror.as_deref().unwrap_or(MNIST_URL);
    fetch(&folder, url, MNIST_CHECKSUMS)?;
    Ok(folder)
}

/// The folder of files that can be downloaded again, by the XDG Base Directory Specification.
fn cache_folder() -> Result<PathBuf, Error> {
    let given = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    given
        // The specification says to ignore a relative path.
        .filter(|folder| folder.is_absolute())
        .or_else(|| env::home_dir().map(|home| home.join(".cache")))
        .ok_or_else(|| Error::Io {
            action: "create",
            path: PathBuf::from("~/.cache"),
            source: io::Error::new(io::ErrorKind::NotFound, "there is no home folder"),
        })
}

/// Downloads those of the [`FILES`] that are not in a folder, and checks all of them.
pub(crate) fn fetch(folder: &Path, url: &str, checksums: [&str; 4]) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|source| Error::Io {
        action: "create",
        path: folder.to_owned(),
        source,
    })?;
    for (name, checksum) in FILES.into_iter().zip(checksums) {
        if let Ok(path) = find(folder, name) {
            check(&path.display().to_string(), &file::read(&path)?, checksum)?;
            continue;
        }
        let url = format!("{}/{name}.gz", url.trim_end_matches('/'));
        let bytes = download(&url, name)?;
        let mut content = Vec::new();
        decompress(bytes.as_slice())
            .and_then(|mut input| input.read_to_end(&mut content))
            .map_err(|error| Error::Download {
                url: url.clone(),
                reason: error.to_string(),
            })?;
        check(&url, &content, checksum)?;
        // A mirror may serve uncompressed files.
        let suffix = if bytes == content { "" } else { ".gz" };
        write(&folder.join(format!("{name}{suffix}")), &bytes)?;
    }
    Ok(())
}

fn check(file: &str, content: &[u8], expected: &str) -> Result<(), Error> {
    let found = sha256(content);
    if found == expected {
        return Ok(());
    }
    Err(Error::Checksum {
        file: file.to_owned(),
        found,
        expected: expected.to_owned(),
    })
}

/// Writes a file completely or not at all.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    // Another process may download the same file.
    let part = path.with_added_extension(format!("{}.part", std::process::id()));
    let written = File::create(&part)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&part, path));
    written.map_err(|source| {
        // The first error is the one to report.
        let _ = fs::remove_file(&part);
        Error::Io {
            action: "write",
            path: path.to_owned(),
            source,
        }
    })
}

/// Calls Burn's downloader and turns its panics into errors: it unwraps whatever can go wrong.
fn download(url: &str, message: &str) -> Result<Vec<u8>, Error> {
    const THREAD: &str = "mlp-datasets-download";
    // Two downloads at a time would replace each other's panic hook.
    static HOOK: Mutex<()> = Mutex::new(());

    let failed = |reason: String| Error::Download {
        url: url.to_owned(),
        reason,
    };
    // The downloader starts an async executor, which must not happen within another one: hence the
    // thread.
    let thread = thread::Builder::new().name(THREAD.to_owned());
    let _guard = HOOK.lock().unwrap_or_else(PoisonError::into_inner);
    let hook = Arc::new(panic::take_hook());
    panic::set_hook({
        let hook = Arc::clone(&hook);
        Box::new(move |info| {
            if thread::current().name() != Some(THREAD) {
                hook(info);
            }
        })
    });
    let result = thread::scope(|scope| {
        let running = thread.spawn_scoped(scope, || download_file_as_bytes(url, message));
        running.map(thread::ScopedJoinHandle::join)
    });
    drop(panic::take_hook());
    panic::set_hook(match Arc::try_unwrap(hook) {
        Ok(hook) => hook,
        Err(hook) => Box::new(move |info| hook(info)),
    });
    match result {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(panic)) => Err(failed(reason(&*panic))),
        Err(error) => Err(failed(error.to_string())),
    }
}

/// The message of a panic, without the words of `unwrap`.
fn reason(panic: &(dyn Any + Send)) -> String {
    let message = match (panic.downcast_ref::<String>(), panic.downcast_ref::<&str>()) {
        (Some(message), _) => message.as_str(),
        (None, Some(message)) => message,
        (None, None) => "the downloader failed",
    };
    if message.contains("on a `None` value") {
        return "the server does not give the length of the file".to_owned();
    }
    let (_, error) = message
        .split_once(" on an `Err` value: ")
        .unwrap_or(("", message));
    error.to_owned()
}

#[cfg(test)]
mod tests;
