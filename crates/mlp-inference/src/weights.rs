//! The file of a model's weights.

use std::fmt::Display;
use std::path::Path;

use burn::store::SafetensorsStore;

use crate::Error;

const WEIGHTS_FILE: &str = "model.safetensors";

/// Writes `model.safetensors` into a folder, by what a module does with a store.
///
/// # Errors
///
/// If it cannot be written.
pub fn save<T, E: Display>(
    folder: &Path,
    write: impl FnOnce(&mut SafetensorsStore) -> Result<T, E>,
) -> Result<(), Error> {
    let path = folder.join(WEIGHTS_FILE);
    // The store's own metadata comes in an order that changes from run to run, and the same weights
    // should be the same file.
    let mut store = SafetensorsStore::from_file(&path)
        .clear_metadata()
        .metadata("format", "burn")
        .overwrite(true);
    match write(&mut store) {
        Ok(_) => Ok(()),
        Err(error) => Err(Error::Io {
            action: "write",
            path,
            source: std::io::Error::other(error.to_string()),
        }),
    }
}

/// Reads `model.safetensors` of a folder, by what a module does with a store.
///
/// # Errors
///
/// If it is missing, damaged, or holds the weights of another network.
pub fn load<T, E: Display>(
    folder: &Path,
    read: impl FnOnce(&mut SafetensorsStore) -> Result<T, E>,
) -> Result<(), Error> {
    let path = folder.join(WEIGHTS_FILE);
    if !path.is_file() {
        return Err(Error::MissingFile {
            folder: folder.to_owned(),
            file: WEIGHTS_FILE,
        });
    }
    match read(&mut SafetensorsStore::from_file(&path)) {
        Ok(_) => Ok(()),
        Err(error) => Err(Error::Weights {
            path,
            reason: error.to_string(),
        }),
    }
}
