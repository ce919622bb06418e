//! `model.safetensors`: the weights of a network.
//!
//! Tensors are named by their path in the module, such as `hidden.0.linear.weight`. The names of
//! enum variants are not part of the path, so that wrapping a layer in an enum, or adding a variant,
//! does not change the file. Files of format versions 1 and 2 contain them
//! (`hidden.0.normalization.Batch.gamma`); they are removed on reading.

use std::path::Path;

use burn::module::Module;
use burn::store::{ApplyResult, ModuleSnapshot, SafetensorsStore};

use crate::error::Error;

const WEIGHTS_FILE: &str = "model.safetensors";

/// Names of enum variants in a path: the only segments that begin with a capital.
const VARIANTS: &str = r"(^|\.)(?:[A-Z][A-Za-z0-9]*\.)+";

/// Writes the weights of a module into a folder.
///
/// # Errors
///
/// If the file cannot be written.
pub fn save<M: Module>(module: &M, folder: &Path) -> Result<(), Error> {
    let path = folder.join(WEIGHTS_FILE);
    // The order of the store's own metadata changes from run to run, but the same weights should
    // give the same file.
    let mut store = SafetensorsStore::from_file(&path)
        .clear_metadata()
        .metadata("format", "burn")
        .skip_enum_variants(true)
        .overwrite(true);
    module.save_into(&mut store).map_err(|error| Error::Io {
        action: "write",
        path,
        source: std::io::Error::other(error.to_string()),
    })
}

/// Reads the weights of a module from a folder.
///
/// # Errors
///
/// If the file is missing or damaged, lacks a tensor, or contains one that the module does not have.
pub fn load<M: Module>(module: &mut M, folder: &Path) -> Result<(), Error> {
    let path = folder.join(WEIGHTS_FILE);
    if !path.is_file() {
        return Err(Error::MissingFile {
            folder: folder.to_owned(),
            file: WEIGHTS_FILE,
        });
    }
    // Mismatches are collected below: the store's own messages advise the programmer.
    let mut store = SafetensorsStore::from_file(&path)
        .with_key_remapping(VARIANTS, "$1")
        .skip_enum_variants(true)
        .validate(false)
        .allow_partial(true);
    let reason = match module.load_from(&mut store) {
        Ok(result) => mismatch(&result),
        Err(error) => Some(error.to_string()),
    };
    match reason {
        None => Ok(()),
        Some(reason) => Err(Error::Weights { path, reason }),
    }
}

/// The tensors that do not fit, if there are any.
fn mismatch(result: &ApplyResult) -> Option<String> {
    let mut faults: Vec<String> = result.errors.iter().map(ToString::to_string).collect();
    let missing = result.missing.iter().map(|(path, _)| path);
    faults.extend(missing.map(|path| format!("`{path}` is missing")));
    let unused = result.unused.iter();
    faults.extend(unused.map(|path| format!("`{path}` is not part of the network")));
    (!faults.is_empty()).then(|| faults.join("; "))
}
