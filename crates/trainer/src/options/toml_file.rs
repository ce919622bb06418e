use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use serde::de::DeserializeOwned;

use crate::Error;

/// The most bytes of a file, which may be a pipe or a device without an end.
const MOST_BYTES: u64 = 1 << 24;

/// Reads a file that its user has written in TOML.
///
/// # Errors
///
/// If the file cannot be read, is not TOML, or has an unknown key or a value of a wrong type.
pub fn read_toml<T: DeserializeOwned>(path: &Path) -> Result<T, Error> {
    let text = read(path).map_err(|source| Error::Io {
        action: "read",
        path: path.to_owned(),
        source,
    })?;
    toml::from_str(&text).map_err(|source| Error::ConfigFile {
        path: path.to_owned(),
        source: Box::new(source),
    })
}

fn read(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    let length = File::open(path)?
        .take(MOST_BYTES + 1)
        .read_to_string(&mut text)?;
    if length as u64 > MOST_BYTES {
        let reason = format!("it is larger than {} MiB", MOST_BYTES >> 20);
        return Err(io::Error::new(ErrorKind::FileTooLarge, reason));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_device_without_an_end_is_not_read_to_its_end() {
        let read: Result<toml::Table, _> = read_toml(Path::new("/dev/zero"));
        let Err(Error::Io { source, .. }) = read else {
            panic!("{read:?}");
        };
        assert_eq!(source.to_string(), "it is larger than 16 MiB");
    }
}
