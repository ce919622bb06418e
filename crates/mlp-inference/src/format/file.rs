use std::io::ErrorKind;
use std::path::Path;

use serde::Deserialize;
use serde::de::Error as _;
use serde_json::{Map, Value};

use super::check::check;
use super::description::Description;
use super::{v1, v2};
use crate::error::Error;
use crate::{digest, whole_file};

/// The version of the format that this crate writes, and the highest one that it reads.
pub const FORMAT_VERSION: u64 = 3;

const DESCRIPTION_FILE: &str = "model.json";

impl Description {
    /// Reads `model.json` of a folder, without the weights beside it.
    ///
    /// # Errors
    ///
    /// If the folder or the file is missing, or the file is damaged, was changed, contradicts itself or was
    /// written by a newer version.
    pub fn load(folder: impl AsRef<Path>) -> Result<Self, Error> {
        let folder = folder.as_ref();
        let path = folder.join(DESCRIPTION_FILE);
        let text = whole_file::read(&path).map_err(|source| {
            if source.kind() != ErrorKind::NotFound {
                let path = path.clone();
                return Error::Io {
                    action: "read",
                    path,
                    source,
                };
            }
            let folder = folder.to_owned();
            if folder.is_dir() {
                Error::MissingFile {
                    folder,
                    file: DESCRIPTION_FILE,
                }
            } else {
                Error::NoFolder { path: folder }
            }
        })?;
        let damaged = |source| Error::Damaged {
            path: path.clone(),
            source,
        };
        let (version, mut document) = parse(&text).map_err(damaged)?;
        if version > FORMAT_VERSION {
            return Err(Error::NewerFormat {
                path,
                found: version,
                supported: FORMAT_VERSION,
            });
        }
        if !digest::verify(&mut document) {
            return Err(Error::Changed { path });
        }
        let document = Value::Object(upgrade(document, version));
        let description = Self::deserialize(document).map_err(damaged)?;
        check(&description, &path)?;
        Ok(description)
    }

    /// Writes `model.json` into a folder, with a digest of its content. The file appears whole or not at all.
    pub(crate) fn save(&self, folder: &Path) -> Result<(), Error> {
        let path = folder.join(DESCRIPTION_FILE);
        let write = || {
            let json = digest::to_json(self)?;
            whole_file::write(&path, json.as_bytes())
        };
        write().map_err(|source| Error::Io {
            action: "write",
            path: path.clone(),
            source,
        })
    }
}

/// The version of a document, and the document.
fn parse(text: &[u8]) -> serde_json::Result<(u64, Map<String, Value>)> {
    let document: Map<String, Value> = serde_json::from_slice(text)?;
    match document.get("format_version").map(Value::as_u64) {
        None => Err(serde_json::Error::missing_field("format_version")),
        Some(None | Some(0)) => Err(serde_json::Error::custom(
            "`format_version` must be an integer of 1 or more",
        )),
        Some(Some(version)) => Ok((version, document)),
    }
}

fn upgrade(mut document: Map<String, Value>, version: u64) -> Map<String, Value> {
    if version < 2 {
        document = v1::upgrade(document);
    }
    if version < 3 {
        document = v2::upgrade(document);
    }
    document
}
