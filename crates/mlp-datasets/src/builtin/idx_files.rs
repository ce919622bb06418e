use std::borrow::Cow;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// Images and labels for training, then for testing, by their plain names.
pub(super) const FILES: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];

/// The path of a file that may be compressed.
pub(super) fn find(folder: &Path, name: &'static str) -> Result<PathBuf, Error> {
    [Cow::Borrowed(name), format!("{name}.gz").into()]
        .iter()
        .map(|name| folder.join(name.as_ref()))
        .find(|path| path.exists())
        .ok_or_else(|| Error::MissingFile {
            folder: folder.to_owned(),
            file: name,
        })
}
