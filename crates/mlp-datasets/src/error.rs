use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::{BuiltIn, Dropped, Scaling, Task};

/// Why data could not be had, or does not fit.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No built-in set has the name.
    #[error("no data set is called `{name}`; there are {}", Listed(BuiltIn::ALL))]
    UnknownDataset {
        /// The name.
        name: String,
    },
    /// No scaling has the name.
    #[error("no scaling is called `{name}`; there are {}", Listed(&Scaling::ALL.map(Scaling::name)))]
    UnknownScaling {
        /// The name.
        name: String,
    },
    /// A setting has a value that it cannot have.
    #[error("`{option}` is {value}, but must be {allowed}")]
    InvalidOption {
        /// The setting, such as `test_size`.
        option: &'static str,
        /// The value it was given.
        value: String,
        /// The values it may have.
        allowed: String,
    },
    /// A setting was given that the data set has no use for.
    #[error("`{option}` means nothing to the data set `{dataset}`")]
    UnusedOption {
        /// The setting, such as `noise`.
        option: &'static str,
        /// The data set.
        dataset: BuiltIn,
    },
    /// A data set that lies in files was asked for, and not where they are.
    #[error("the data set `{dataset}` lies in files: name their folder with `--data-dir DIR`{}", or_download(*.dataset))]
    NoDataDir {
        /// The data set.
        dataset: BuiltIn,
    },
    /// A download was asked for, and the program has no network code.
    #[error("this program cannot download: build it with `--features download`")]
    DownloadNotCompiledIn,
    /// A file could not be downloaded.
    #[error("cannot download `{url}`: {reason}")]
    Download {
        /// The address.
        url: String,
        /// What went wrong.
        reason: String,
    },
    /// A file is not the one that was published.
    #[error("`{file}` is not the published file: its SHA-256 is {found}, but must be {expected}")]
    Checksum {
        /// The file's path or address.
        file: String,
        /// The checksum of its uncompressed content.
        found: String,
        /// The checksum it should have.
        expected: String,
    },
    /// A file or folder could not be read or written.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// `read`, `create` or `write`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A folder lacks a file that may be there under either of two names.
    #[error("`{}` holds neither `{file}` nor `{file}.gz`", folder.display())]
    MissingFile {
        /// The folder.
        folder: PathBuf,
        /// The plain name; the other one ends in `.gz`.
        file: &'static str,
    },
    /// A file has no line, not even a header.
    #[error("`{}` is empty", path.display())]
    EmptyFile {
        /// The file.
        path: PathBuf,
    },
    /// A file has a header and nothing else.
    #[error("`{}` has a header, but no rows", path.display())]
    NoRows {
        /// The file.
        path: PathBuf,
    },
    /// A file's text is not UTF-8.
    #[error("`{}` is not UTF-8 in line {line}", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
    },
    /// A row has more or fewer cells than the header.
    #[error("line {line} of `{}` has {found} cells, but the header has {expected}", path.display())]
    RaggedRow {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// How many cells the row has.
        found: u64,
        /// How many the header has.
        expected: u64,
    },
    /// A file lacks a column.
    #[error("`{}` has no column `{column}`, but {}", path.display(), Listed(found))]
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// The columns there are.
        found: Vec<String>,
    },
    /// A file has two columns of one name, so that the name does not say which is meant.
    #[error("`{}` has more than one column `{column}`", path.display())]
    DuplicateColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
    },
    /// A cell holds a value of another kind than its column.
    #[error("{place} of `{}` has `{}` as `{column}`, which is no {expected}", path.display(), Shortened(value))]
    BadCell {
        /// The file.
        path: PathBuf,
        /// Where in it.
        place: Place,
        /// The column.
        column: String,
        /// The cell's text.
        value: String,
        /// What it should be, such as `finite number`.
        expected: &'static str,
    },
    /// No file matches a pattern.
    #[error("`{pattern}` names no file: {reason}")]
    NoMatch {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A file is not what its beginning says, or ends too early.
    #[error("`{}` is damaged: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A column was named for two purposes, or is one that cannot be read.
    #[error("the column `{column}` of `{}` was named for two purposes, or is left out by `--drop`, or cannot be read", path.display())]
    RoleTaken {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
    },
    /// A column cannot be predicted.
    #[error("the target `{column}` of `{}` {reason}", path.display())]
    BadTarget {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// What is wrong with it, such as `is 1 in every row`.
        reason: String,
    },
    /// All columns are left out, or are no features.
    #[error("`{}` has no feature to learn from{}", path.display(), left_out(dropped))]
    NoFeatures {
        /// The file.
        path: PathBuf,
        /// The columns that were left out.
        dropped: Vec<Dropped>,
    },
    /// A file is no IDX file of bytes.
    #[error("`{}` is no IDX file of bytes: {reason}", path.display())]
    NotIdx {
        /// The file.
        path: PathBuf,
        /// What is wrong with its header.
        reason: String,
    },
    /// An IDX file is shorter or longer than its header says.
    #[error("`{}` holds {found} bytes of data, but its header announces {expected}", path.display())]
    IdxLength {
        /// The file.
        path: PathBuf,
        /// How many bytes follow the header.
        found: usize,
        /// How many should.
        expected: usize,
    },
    /// Two IDX files that belong together do not fit each other.
    #[error("`{}` has {first_has}, but `{}` has {second_has}", first.display(), second.display())]
    IdxMismatch {
        /// A file.
        first: PathBuf,
        /// What it has, such as `60000 images`.
        first_has: String,
        /// The other file.
        second: PathBuf,
        /// What that has.
        second_has: String,
    },
    /// The parts of a table do not fit each other.
    #[error("the table is wrong: {reason}")]
    InvalidTable {
        /// Which parts, and how.
        reason: String,
    },
    /// A table has too few rows for what was asked.
    #[error("{rows} rows are too few {purpose}")]
    TooFewRows {
        /// How many there are.
        rows: usize,
        /// What for, such as `to split in three`.
        purpose: &'static str,
    },
    /// A table has too few groups for what was asked.
    #[error("there are {groups} groups, but {needed} are needed, so that no part is without rows")]
    TooFewGroups {
        /// How many there are.
        groups: usize,
        /// How many are needed.
        needed: usize,
    },
    /// Folds were asked for of data whose test rows are given.
    #[error("which rows test is given by the data, a column or a file, so there are no folds")]
    FoldsGiven,
    /// A table lacks a feature that the preprocessor was fitted on.
    #[error("the table has no feature `{feature}`, but {}", Listed(found))]
    MissingFeature {
        /// The feature.
        feature: String,
        /// The features there are.
        found: Vec<String>,
    },
    /// A feature is of another kind than the one that the preprocessor was fitted on.
    #[error("the feature `{feature}` is {found}, but the model was trained on a {expected} one")]
    WrongKind {
        /// The feature.
        feature: String,
        /// What it is, such as `numeric`.
        found: &'static str,
        /// What it was in training.
        expected: &'static str,
    },
    /// A table without a target was used where one is needed.
    #[error("the table has no target")]
    NoTarget,
    /// A table's target is of the other kind.
    #[error("the table is for {found}, but the preprocessor is for {expected}")]
    WrongTask {
        /// The table's task.
        found: Task,
        /// The preprocessor's task.
        expected: Task,
    },
    /// A row's class is none that the preprocessor was fitted on.
    #[error("the class `{class}` is unknown; there are {}", Listed(known))]
    UnknownClass {
        /// The class.
        class: String,
        /// The known ones.
        known: Vec<String>,
    },
    /// A preprocessor, perhaps loaded from a damaged file, cannot be used.
    #[error("the preprocessing is wrong: {reason}")]
    InvalidPreprocessor {
        /// What is wrong with it.
        reason: String,
    },
}

impl Error {
    pub(crate) fn damaged(path: &Path, reason: &impl fmt::Display) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            reason: reason.to_string(),
        }
    }

    pub(crate) fn table(reason: impl Into<String>) -> Self {
        Self::InvalidTable {
            reason: reason.into(),
        }
    }
}

/// Where in a file something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a line of a text, from 1.
    Line(u64),
    /// In a row of a file without lines, from 1.
    Row(usize),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::Row(row) => write!(f, "row {row}"),
        }
    }
}

/// A text, or the beginning of a long one.
pub(crate) struct Shortened<'a>(pub &'a str);

impl fmt::Display for Shortened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 40;
        let Self(text) = self;
        for character in text.chars().take(MOST) {
            if character.is_control() {
                write!(f, "{}", character.escape_default())?;
            } else {
                write!(f, "{character}")?;
            }
        }
        if text.chars().nth(MOST).is_some() {
            write!(f, "…")?;
        }
        Ok(())
    }
}

fn left_out(dropped: &[Dropped]) -> String {
    if dropped.is_empty() {
        return String::new();
    }
    let dropped: Vec<String> = dropped.iter().take(16).map(ToString::to_string).collect();
    format!("; left out: {}", dropped.join(", "))
}

/// Names between backticks, the first of them if there are many.
struct Listed<'a, T>(&'a [T]);

impl<T: fmt::Display> fmt::Display for Listed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // All built-in sets, and no screen full of pixels.
        const MOST: usize = 18;
        let Self(names) = self;
        for (i, name) in names.iter().take(MOST).enumerate() {
            write!(f, "{}`{name}`", if i == 0 { "" } else { ", " })?;
        }
        match names.len() {
            0 => write!(f, "none"),
            len if len > MOST => write!(f, " and {} more", len - MOST),
            _ => Ok(()),
        }
    }
}

fn or_download(dataset: BuiltIn) -> &'static str {
    match dataset {
        BuiltIn::Mnist => ", or fetch them with `--download`",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_of_names_are_cut() {
        assert_eq!(Listed::<&str>(&[]).to_string(), "none");
        assert_eq!(Listed(&["a", "b"]).to_string(), "`a`, `b`");
        let pixels: Vec<_> = (0..784).map(|i| format!("pixel_{i}")).collect();
        assert!(
            Listed(&pixels)
                .to_string()
                .ends_with("`pixel_17` and 766 more")
        );
    }

    #[test]
    fn data_that_must_be_fetched_says_how() {
        let message = Error::NoDataDir {
            dataset: BuiltIn::Mnist,
        }
        .to_string();
        assert!(message.contains("`--data-dir DIR`"), "{message}");
        assert!(message.contains("`--download`"), "{message}");
    }
}
