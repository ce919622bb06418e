use std::path::{Path, PathBuf};

use bytes::Bytes;
use glob::{MatchOptions, Pattern};

use super::digest::digest;
use super::input::Input;
use super::notes::Notes;
use super::partitions;
use super::place::Place;
use crate::error::Error;

/// Where a table is read from: a file, several files with the same columns, or standard input.
///
/// The format of a file is detected from its first bytes, whatever its name is: CSV, JSON (an object for
/// each row, one in each line or all in an array), Parquet, Arrow IPC, or a workbook of Excel or
/// `OpenDocument`. Each may be compressed with gzip, Zstandard or bzip2.
#[derive(Clone, Debug)]
pub struct Source {
    inputs: Vec<Input>,
    notes: Notes,
}

impl Source {
    /// The source for a path, a folder, a pattern such as `data/*.csv` for several files, or `-` for
    /// standard input.
    ///
    /// All files below a folder are read in alphabetical order, but no hidden ones, none with a `_` in front,
    /// and no backups such as `a.csv~`. Folders such as `year=2024` are columns, both below a folder and below
    /// the part of a pattern that has no wildcards.
    ///
    /// # Errors
    ///
    /// If no file matches a pattern or is in a folder, or if it is the address of another computer.
    /// Whether a file can be read is not checked until it is read.
    pub fn new(spec: &str) -> Result<Self, Error> {
        let notes = Notes::default();
        if spec == "-" {
            let inputs = vec![Input::new(Place::Stdin, Vec::new(), &notes)];
            return Ok(Self { inputs, notes });
        }
        let path = Path::new(spec);
        if is_address(spec) && !path.exists() {
            return Err(Error::Remote {
                address: spec.to_owned(),
            });
        }
        let no_match = |reason: String| Error::NoMatch {
            pattern: spec.to_owned(),
            reason,
        };
        let is_pattern = spec.contains(['*', '?', '[']) && !path.exists();
        let (base, paths) = if is_pattern {
            // In alphabetical order.
            let paths = glob::glob(spec).map_err(|error| no_match(error.to_string()))?;
            (before_wildcards(spec), paths.flatten().collect())
        } else {
            (path.to_owned(), vec![path.to_owned()])
        };
        let mut inputs = Vec::with_capacity(paths.len());
        for path in paths {
            let files = if path.is_dir() {
                partitions::files_below(&path, &notes)?
            } else {
                vec![path]
            };
            for file in files {
                let keys = partitions::keys(&base, &file);
                inputs.push(Input::new(Place::of(file), keys, &notes));
            }
        }
        if inputs.is_empty() {
            let reason = if is_pattern {
                "there is no such file"
            } else {
                "the folder has no file"
            };
            return Err(no_match(reason.to_owned()));
        }
        Ok(Self { inputs, notes })
    }

    /// Bytes in memory, in any format that a file can have. The name is used in messages.
    pub fn from_bytes(name: &str, bytes: impl Into<Bytes>) -> Self {
        let notes = Notes::default();
        let place = Place::Bytes {
            name: PathBuf::from(name),
            bytes: bytes.into(),
        };
        Self {
            inputs: vec![Input::new(place, Vec::new(), &notes)],
            notes,
        }
    }

    /// Reads the sheet of this name, or of this number from 1, from workbooks. Without it, the first sheet
    /// with the wanted columns is read, or the first one with a table.
    #[must_use]
    pub fn with_sheet(mut self, sheet: impl Into<String>) -> Self {
        let sheet = sheet.into();
        let inputs = self.inputs.into_iter();
        self.inputs = inputs.map(|input| input.with_sheet(&sheet)).collect();
        self
    }

    /// What was noticed so far while the source was read, such as sheets of a workbook that are not read.
    pub fn notes(&self) -> Vec<String> {
        self.notes.all()
    }

    /// The paths of all files; nothing for standard input and for what is in memory.
    pub fn paths(&self) -> Vec<PathBuf> {
        self.inputs.iter().filter_map(Input::file).collect()
    }

    /// Whether a file is one of those that [`new`](Self::new) finds, or lies in their folder. Folders are not looked
    /// through for it, which takes long if there are many files.
    pub fn finds(spec: &str, file: &Path) -> bool {
        let Ok(file) = file.canonicalize() else {
            return false;
        };
        let path = Path::new(spec);
        if let Ok(path) = path.canonicalize() {
            return file.starts_with(path);
        }
        let base = before_wildcards(spec);
        let (Ok(folder), Ok(rest)) = (
            Path::new(".").join(&base).canonicalize(),
            path.strip_prefix(&base),
        ) else {
            return false;
        };
        let folder = Pattern::escape(&folder.to_string_lossy());
        let pattern = Path::new(&folder).join(rest);
        let options = MatchOptions {
            require_literal_separator: true,
            ..MatchOptions::default()
        };
        Pattern::new(&pattern.to_string_lossy())
            .is_ok_and(|pattern| pattern.matches_path_with(&file, options))
    }

    /// A short name: that of the file without its extensions, with `_` for all characters but
    /// letters, digits and `-`.
    pub fn name(&self) -> String {
        let path = self.inputs[0].path();
        let stem = path.file_name().unwrap_or_default().to_string_lossy();
        let stem = stem.split('.').find(|part| !part.is_empty());
        // Folders may have any name; a pattern's `*` is not in the names of its files.
        let name = stem.unwrap_or("table");
        let to_word = |character: char| {
            if character.is_alphanumeric() || character == '-' {
                character
            } else {
                '_'
            }
        };
        name.chars().map(to_word).collect()
    }

    pub(crate) fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// A digest of the bytes of all files, by which it is noticed that one has changed.
    ///
    /// # Errors
    ///
    /// If a file cannot be read.
    pub fn digest(&self) -> Result<String, Error> {
        digest(&self.inputs)
    }

    /// The same source, with standard input read into memory, so that it can be read twice.
    ///
    /// # Errors
    ///
    /// If standard input cannot be read.
    pub fn into_rereadable(self) -> Result<Self, Error> {
        let inputs = self.inputs.into_iter().map(Input::into_rereadable);
        Ok(Self {
            inputs: inputs.collect::<Result<_, _>>()?,
            notes: self.notes,
        })
    }
}

/// Whether a text is an address, such as `https://example.org/a.csv`.
fn is_address(spec: &str) -> bool {
    spec.split_once("://").is_some_and(|(scheme, _)| {
        scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// The folder before the first wildcard of a pattern.
fn before_wildcards(pattern: &str) -> PathBuf {
    let components = Path::new(pattern).components();
    let is_plain = |component: &std::path::Component| {
        !component
            .as_os_str()
            .to_string_lossy()
            .contains(['*', '?', '['])
    };
    components.take_while(is_plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(spec: &Path) -> Result<Vec<PathBuf>, Error> {
        let source = Source::new(&spec.display().to_string())?;
        Ok(source.inputs().iter().map(Input::path).collect())
    }

    #[test]
    fn a_pattern_gives_its_files_in_alphabetical_order() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.csv", "a.csv", "c.txt"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(
            paths(&folder.path().join("*.csv")).unwrap(),
            ["a.csv", "b.csv"].map(|name| folder.path().join(name))
        );
        let none = paths(&folder.path().join("*.tsv"));
        assert!(matches!(none, Err(Error::NoMatch { .. })));
    }

    #[test]
    fn files_of_a_source_are_known_without_looking_for_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(path("k=1/[x]")).unwrap();
        for name in ["a.csv", "k=1/b.csv", "k=1/[x]/c.csv"] {
            std::fs::write(path(name), "").unwrap();
        }
        let found = |spec: &str| {
            let spec = path(spec).display().to_string();
            ["a.csv", "k=1/b.csv", "k=1/[x]/c.csv"].map(|name| Source::finds(&spec, &path(name)))
        };
        assert_eq!(found("a.csv"), [true, false, false]);
        assert_eq!(found("k=1/../a.csv"), [true, false, false]);
        assert_eq!(found(""), [true, true, true]);
        assert_eq!(found("k=1"), [false, true, true]);
        assert_eq!(found("*.csv"), [true, false, false]);
        assert_eq!(found("k=*/*.csv"), [false, true, false]);
        assert_eq!(found("**/*.csv"), [true, true, true]);
        assert_eq!(found("b.csv"), [false; 3]);
        assert!(!Source::finds("*", &path("none.csv")));
    }

    #[test]
    fn a_folder_gives_all_files_below_it_but_hidden_ones() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let empty = paths(folder.path());
        assert!(matches!(empty, Err(Error::NoMatch { .. })));
        std::fs::create_dir_all(path("k=2/_temporary")).unwrap();
        std::fs::create_dir_all(path("k=1")).unwrap();
        for name in [
            "k=2/b",
            "k=2/a",
            "k=1/c",
            "_SUCCESS",
            "k=1/.c.crc",
            "k=2/_temporary/d",
        ] {
            std::fs::write(path(name), "").unwrap();
        }
        let all = ["k=1/c", "k=2/a", "k=2/b"].map(path);
        assert_eq!(paths(folder.path()).unwrap(), all);
        assert_eq!(paths(&path("k=*")).unwrap(), all);
    }

    #[test]
    fn backups_in_a_folder_are_not_read_and_compressed_copies_are_noted() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["a.csv", "a.csv~", "b.csv.bak", "b.csv", "b.csv.gz"] {
            std::fs::write(path(name), "").unwrap();
        }
        let source = Source::new(&folder.path().display().to_string()).unwrap();
        let read: Vec<PathBuf> = source.inputs().iter().map(Input::path).collect();
        assert_eq!(read, ["a.csv", "b.csv", "b.csv.gz"].map(path));
        let shown = |name: &str| path(name).display().to_string();
        assert_eq!(
            source.notes(),
            [
                format!(
                    "`{}`, `{}` are not read, as they are copies of other files",
                    shown("a.csv~"),
                    shown("b.csv.bak")
                ),
                format!(
                    "`{}` is next to the same file without the compression; both are read",
                    shown("b.csv.gz")
                ),
            ]
        );
    }

    #[test]
    fn the_name_is_that_of_the_file_without_its_extensions() {
        for (spec, name) in [
            ("data/titanic.csv.gz", "titanic"),
            ("titanic", "titanic"),
            (".hidden.csv", "hidden"),
            ("my data (1).csv", "my_data__1_"),
            ("-", "stdin"),
        ] {
            assert_eq!(Source::new(spec).unwrap().name(), name);
        }
    }

    #[test]
    fn addresses_are_rejected() {
        for spec in [
            "https://example.org/a.csv",
            "s3://bucket/a.parquet",
            "gs://b/*.csv",
        ] {
            assert!(
                matches!(Source::new(spec), Err(Error::Remote { .. })),
                "{spec}"
            );
        }
        assert!(Source::new("C:\\a.csv").is_ok());
    }
}
