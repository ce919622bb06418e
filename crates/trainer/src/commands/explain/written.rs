use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use mlp_inference::whole_file;
use serde::{Deserialize, Serialize};

use super::document::Document;
use crate::Error;
use crate::pictures::PictureError;
use crate::run::KeptFiles;

/// The file that lists the others.
const DOCUMENT: &str = "explanation.json";
/// A larger one is not ours.
const MOST_BYTES: u64 = 1 << 28;

/// A folder that an explanation is written to, which knows what was written.
pub struct Written<'a> {
    folder: &'a Path,
    /// Those that are not replaced.
    kept: &'a KeptFiles,
    /// Those of an earlier explanation, if there is one.
    earlier: Option<Vec<String>>,
    files: Vec<String>,
}

/// `explanation.json`.
#[derive(Serialize)]
struct Content<'a> {
    #[serde(flatten)]
    document: &'a Document,
    /// The other files of the explanation, so that the next one can remove them.
    files: &'a [String],
}

/// What an earlier `explanation.json` says.
#[derive(Deserialize)]
struct Earlier {
    files: Vec<String>,
}

impl<'a> Written<'a> {
    pub fn to(folder: &'a Path, kept: &'a KeptFiles) -> Result<Self, Error> {
        if folder.as_os_str() == "-" {
            return Err(Error::InvalidOption {
                option: "output".to_owned(),
                value: "`-`".to_owned(),
                allowed: "the name of a folder".to_owned(),
            });
        }
        whole_file::create_folder(folder).map_err(|source| Error::Io {
            action: "create",
            path: folder.to_owned(),
            source,
        })?;
        Ok(Self {
            folder,
            kept,
            earlier: earlier(&folder.join(DOCUMENT)),
            files: Vec::new(),
        })
    }

    pub fn file(&mut self, name: &str, content: &[u8]) -> Result<(), Error> {
        let path = self.replaceable(name)?;
        whole_file::write(&path, content).map_err(|source| cannot("write", path, source))?;
        self.files.push(name.to_owned());
        Ok(())
    }

    /// The path of a file that is not there yet, or is that of an earlier explanation.
    fn replaceable(&self, name: &str) -> Result<PathBuf, Error> {
        let path = self.folder.join(name);
        self.kept.check_replaceable(&path)?;
        let is_own = self.earlier.as_ref().is_some_and(|earlier| {
            name == DOCUMENT || earlier.iter().any(|earlier| earlier == name)
        });
        if path.exists() && !is_own {
            return Err(Error::NotOfExplanation { path });
        }
        Ok(path)
    }

    /// A picture that is saved as PNG and SVG.
    pub fn picture(
        &mut self,
        name: &str,
        save: impl FnOnce(&Path, &str) -> Result<(), PictureError>,
    ) -> anyhow::Result<()> {
        let files = [format!("{name}.png"), format!("{name}.svg")];
        for file in &files {
            self.replaceable(file)?;
        }
        save(self.folder, name)?;
        self.files.extend(files);
        Ok(())
    }

    /// Writes the document, and removes what an earlier explanation has written and this one has not. Files of
    /// others stay.
    pub fn finish(self, document: &Document) -> anyhow::Result<()> {
        let path = self.replaceable(DOCUMENT)?;
        let content = Content {
            document,
            files: &self.files,
        };
        let mut json = serde_json::to_vec_pretty(&content)?;
        json.push(b'\n');
        whole_file::write(&path, &json).map_err(|source| cannot("write", path, source))?;
        let stale = self
            .earlier
            .iter()
            .flatten()
            .filter(|name| !self.files.contains(name));
        for name in stale.filter(|name| is_ours(name)) {
            let path = self.folder.join(name);
            let is_file = fs::symlink_metadata(&path).is_ok_and(|found| found.is_file());
            if is_file && self.kept.check(&path).is_ok() {
                fs::remove_file(&path).map_err(|source| cannot("remove", path, source))?;
            }
        }
        Ok(())
    }
}

/// The files of an earlier explanation in the same folder, if there is one.
fn earlier(path: &Path) -> Option<Vec<String>> {
    let is_readable =
        fs::symlink_metadata(path).is_ok_and(|found| found.is_file() && found.len() < MOST_BYTES);
    if !is_readable {
        return None;
    }
    let json = whole_file::read(path).ok()?;
    let earlier: Earlier = serde_json::from_slice(&json).ok()?;
    Some(earlier.files)
}

/// Whether an explanation has files of such a name: the list may have been changed, and must not name others.
fn is_ours(name: &str) -> bool {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let begin = ["importance", "dependence", "rows", "row"];
    let rest = begin.iter().find_map(|begin| stem.strip_prefix(begin));
    let is_numbered = rest.is_some_and(|rest| {
        let rest = rest.strip_prefix("-test").unwrap_or(rest);
        rest.chars()
            .all(|character| character == '-' || character.is_ascii_digit())
    });
    is_numbered && ["csv", "png", "svg"].contains(&ending)
}

fn cannot(action: &'static str, path: PathBuf, source: io::Error) -> Error {
    Error::Io {
        action,
        path,
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_explanations_are_removed() {
        for name in [
            "row-5.png",
            "row-test-5.svg",
            "rows.csv",
            "dependence-1-2.svg",
            "importance-2.png",
        ] {
            assert!(is_ours(name), "{name}");
        }
        for name in [
            "../row-5.png",
            "row-5.txt",
            "row-a.png",
            "model.json",
            "importance/x.png",
            "",
        ] {
            assert!(!is_ours(name), "{name}");
        }
    }
}
