use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use strum::VariantArray;

use crate::names::{FirstOf, LeftOut, Listed, OfSheet, Shortened};
use crate::position::Position;

/// Why data cannot be read, or cannot be used as asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A name is not one of those to choose from.
    #[error("`{name}` is not a known {what}; choose from {}", Listed(known))]
    UnknownName {
        /// What should have the name, such as `data set`.
        what: &'static str,
        /// The name.
        name: String,
        /// The names to choose from.
        known: Vec<&'static str>,
    },
    /// A setting is out of range.
    #[error("`{option}` is {value}, but must be {allowed}")]
    InvalidOption {
        /// The setting, such as `test_size`.
        option: &'static str,
        /// The value it was given.
        value: String,
        /// The allowed values.
        allowed: String,
    },
    /// A setting was given that does not apply to the data set.
    #[error("`{option}` does not apply to the data set `{dataset}`")]
    UnusedOption {
        /// The setting, such as `noise`.
        option: &'static str,
        /// The name of the data set.
        dataset: &'static str,
    },
    /// A data set is read from files, and their folder was not given.
    #[error(
        "the data set `{dataset}` is read from files, but `data_dir`, their folder, is not set{}",
        if *can_download { "; `download` fetches them" } else { "" }
    )]
    NoDataDir {
        /// The name of the data set.
        dataset: &'static str,
        /// Whether the files can be downloaded instead.
        can_download: bool,
    },
    /// A download was requested, but this build has no network code.
    #[error("the feature `download` of mlp-datasets is not enabled in this build")]
    DownloadNotCompiledIn,
    /// A file could not be downloaded.
    #[error("cannot download `{url}`: {reason}")]
    Download {
        /// The address.
        url: String,
        /// What went wrong.
        reason: String,
    },
    /// A file differs from the one that was published.
    #[error("`{file}` is not the published file: its SHA-256 is {found} instead of {expected}")]
    Checksum {
        /// The file's path or address.
        file: String,
        /// The checksum of its uncompressed content.
        found: String,
        /// The published checksum.
        expected: String,
    },
    /// A file or folder could not be read or written.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// `read`, `create` or `write`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A folder contains a file under neither of its two possible names.
    #[error("`{}` contains neither `{file}` nor `{file}.gz`", folder.display())]
    MissingFile {
        /// The folder.
        folder: PathBuf,
        /// The plain name; the other possible name ends in `.gz`.
        file: &'static str,
    },
    /// A file is empty: it does not even have a header.
    #[error("`{}` is empty", path.display())]
    EmptyFile {
        /// The file.
        path: PathBuf,
    },
    /// A file has a header but no rows.
    #[error("`{}` has a header, but no rows", path.display())]
    NoRows {
        /// The file.
        path: PathBuf,
    },
    /// A JSON file is an empty list.
    #[error("`{}` has no rows", path.display())]
    NoRecords {
        /// The file.
        path: PathBuf,
    },
    /// A text file is not encoded in UTF-8.
    #[error("`{}` is not UTF-8 in line {line}, in `{column}`", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// The column.
        column: String,
        /// How the cell reads in Windows-1252.
        text: String,
    },
    /// All values of a column are unknown to a model.
    #[error(
        "no value of `{column}` was there in training: it has {}, but training had {}",
        FirstOf(found),
        FirstOf(known)
    )]
    UnknownCategories {
        /// The column.
        column: String,
        /// Its values.
        found: Vec<String>,
        /// The values of the training.
        known: Vec<String>,
    },
    /// A row writes a category in another case than the training did.
    #[error(
        "row {row} has `{}` as `{column}`, but training had `{}`",
        Shortened(value),
        Shortened(known)
    )]
    OtherCase {
        /// The row, from 1.
        row: usize,
        /// The column.
        column: String,
        /// Its value.
        value: String,
        /// The category of the training that it most likely is.
        known: String,
    },
    /// A text has bytes that are not in its encoding.
    #[error("line {line} of `{}` is not in the encoding `{encoding}`", path.display())]
    NotInEncoding {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// The encoding.
        encoding: String,
    },
    /// A text has a zero byte, which no text has.
    #[error("line {line} of `{}` has a zero byte (NUL) in it", path.display())]
    ZeroByte {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
    },
    /// A row or a cell is longer than any that a table has.
    #[error("line {line} of `{}` has {what} of more than {limit}", path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
        /// The line in which it begins, from 1.
        line: u64,
        /// What is too long, such as `a row`.
        what: &'static str,
        /// The most that is read, such as `64 MiB`.
        limit: String,
    },
    /// A quote is opened and not closed, so that other rows would be in its cell.
    #[error(
        "the quote that begins `{column}` in line {line} of `{}` is not closed: `{}`",
        path.display(),
        Shortened(value)
    )]
    OpenQuote {
        /// The file.
        path: PathBuf,
        /// The line in which it is opened, from 1.
        line: u64,
        /// The column.
        column: String,
        /// The text behind the quote, up to the end of the line.
        value: String,
    },
    /// A file is something else than a table.
    #[error("`{}` is {what}, not a table", path.display())]
    NotATable {
        /// The file.
        path: PathBuf,
        /// What it is, such as `a PDF document`.
        what: &'static str,
        /// What to do with it.
        instead: &'static str,
    },
    /// A row has more or fewer cells than the header.
    #[error(
        "line {line} of `{}` has {found} cell{}, but the header has {expected}",
        path.display(),
        if *found == 1 { "" } else { "s" }
    )]
    RaggedRow {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// The number of cells in the row.
        found: u64,
        /// The number of cells in the header.
        expected: u64,
    },
    /// A file lacks a column.
    #[error("`{}` has no column `{column}`; its columns are {}{}", path.display(), FirstOf(found), OfSheet(sheets))]
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// The columns of the file.
        found: Vec<String>,
        /// The sheet that was read and those that were not, if there are several.
        sheets: Vec<String>,
    },
    /// One of several files has a column that the first one lacks.
    #[error(
        "`{}` has a column `{column}`, but the first file, `{}`, has none of that name",
        path.display(),
        first.display()
    )]
    AddedColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// The first file.
        first: PathBuf,
    },
    /// A row has no weight, or one that is negative or not finite.
    #[error("row {row} of `{}` has {found} as `{column}`, but weights are 0 or more", path.display())]
    BadWeight {
        /// The file.
        path: PathBuf,
        /// The row, from 1, without the names of the columns.
        row: usize,
        /// The column of weights.
        column: String,
        /// The weight between backticks, or `nothing`.
        found: String,
    },
    /// A file has two columns of the same name.
    #[error("`{}` has more than one column `{column}`", path.display())]
    DuplicateColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
    },
    /// A cell has a value of another kind than its column.
    #[error(
        "{position} of `{}` has `{}` as `{column}`, where a {expected} was expected",
        path.display(),
        Shortened(value)
    )]
    BadCell {
        /// The file.
        path: PathBuf,
        /// The line or the row.
        position: Position,
        /// The column.
        column: String,
        /// The cell's text.
        value: String,
        /// What was expected, such as `number`.
        expected: &'static str,
    },
    /// A table is on another computer.
    #[error("`{address}` is an address, and tables are not read from the network")]
    Remote {
        /// The address.
        address: String,
    },
    /// A file has a format that is not read.
    #[error("`{}` is {format}, which cannot be read", path.display())]
    UnsupportedFormat {
        /// The file.
        path: PathBuf,
        /// What it is, such as `an ORC file`.
        format: &'static str,
    },
    /// A file has a password.
    #[error("`{}` has a password, so it cannot be read", path.display())]
    Encrypted {
        /// The file.
        path: PathBuf,
    },
    /// A workbook has no sheet of a name or number.
    #[error("`{}` has no sheet `{sheet}`; its sheets are {}", path.display(), FirstOf(found))]
    MissingSheet {
        /// The file.
        path: PathBuf,
        /// The name or number.
        sheet: String,
        /// The sheets of the workbook.
        found: Vec<String>,
    },
    /// A sheet has whole rows in one column.
    #[error(
        "the sheet `{sheet}` of `{}` has whole rows in one column, divided by `{}`",
        path.display(),
        delimiter.escape_default()
    )]
    UndividedSheet {
        /// The file.
        path: PathBuf,
        /// The sheet.
        sheet: String,
        /// What divides the cells of a row.
        delimiter: char,
    },
    /// A workbook has formulas that were never computed.
    #[error("`{}` has formulas in {}, but not their values", path.display(), FirstOf(columns))]
    FormulasWithoutValues {
        /// The file.
        path: PathBuf,
        /// The columns with formulas.
        columns: Vec<String>,
    },
    /// A sheet was named, but the file is not a workbook.
    #[error("`{}` is not a workbook, so it has no sheets to choose from", path.display())]
    NoSheets {
        /// The file.
        path: PathBuf,
    },
    /// A JSON file is not a row of objects.
    #[error("line {line} of `{}` is not JSON as it is read here: {reason}", path.display())]
    BadJson {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// A column is needed whose type is not supported.
    #[error("the column `{column}` of `{}` holds {data_type}, which cannot be used", path.display())]
    UnsupportedColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// What it holds, such as `lists`.
        data_type: &'static str,
    },
    /// No file matches a pattern or is in a folder.
    #[error("`{pattern}` matches no file: {reason}")]
    NoMatch {
        /// The pattern.
        pattern: String,
        /// Why.
        reason: String,
    },
    /// A file is not in the format that it begins like, or ends too early.
    #[error("`{}` is damaged: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A column is needed that has another role or is excluded.
    #[error("the column `{column}` of `{}` has two roles, or is excluded", path.display())]
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
        /// A text among numbers that may stand for a missing value, if that is the reason.
        non_numeric: Option<String>,
        /// A text that occurs and counts as a missing value, but may be a class.
        missing_text: Option<Box<str>>,
    },
    /// A feature cannot be derived.
    #[error("the derived feature `{}` {reason}", Shortened(expression))]
    InvalidDerivation {
        /// How it is written, such as `x*y`.
        expression: String,
        /// What is wrong with it, such as `is there twice`.
        reason: String,
    },
    /// No column is left to learn from.
    #[error("`{}` has no feature to learn from{}", path.display(), LeftOut(dropped))]
    NoFeatures {
        /// The file.
        path: PathBuf,
        /// The columns that were left out, each with the reason, such as
        /// ``"`id` (row numbers)"``.
        dropped: Vec<String>,
    },
    /// A file is not an IDX file of bytes.
    #[error("`{}` is not an IDX file of bytes: {reason}", path.display())]
    NotIdx {
        /// The file.
        path: PathBuf,
        /// What is wrong with its header.
        reason: String,
    },
    /// An IDX file is shorter or longer than its header promises.
    #[error("`{}` has {found} bytes of data, but its header promises {expected}", path.display())]
    IdxLength {
        /// The file.
        path: PathBuf,
        /// The number of bytes after the header.
        found: usize,
        /// The number of bytes that the header promises.
        expected: usize,
    },
    /// Two IDX files that belong together do not match.
    #[error("`{}` has {first_has}, but `{}` has {second_has}", first.display(), second.display())]
    IdxMismatch {
        /// One file.
        first: PathBuf,
        /// What it has, such as `60000 images`.
        first_has: String,
        /// The other file.
        second: PathBuf,
        /// What the other file has.
        second_has: String,
    },
    /// The parts of a table do not match.
    #[error("the table is not valid: {reason}")]
    InvalidTable {
        /// Which parts, and why.
        reason: String,
    },
    /// A table has too few rows for a purpose.
    #[error("{rows} rows are too few {purpose}")]
    TooFewRows {
        /// The number of rows.
        rows: usize,
        /// The purpose, such as `to train and validate`.
        purpose: &'static str,
    },
    /// The numbers or dates of a column can be read in two ways.
    #[error(
        "`{column}` of `{}` can be read in two ways: `{value}` is {} or {}", path.display(), readings[0],
        readings[1]
    )]
    Ambiguous {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// One of its cells.
        value: String,
        /// What it may mean.
        readings: Box<[String; 2]>,
        /// The option by which one of them is chosen: `decimal` or `dates`.
        option: &'static str,
    },
    /// All features have the same value in all rows that a model would be trained on.
    #[error(
        "no feature varies in the rows for training, so there is nothing to learn from; the features \
         are {}",
        FirstOf(features)
    )]
    NothingVaries {
        /// The features.
        features: Vec<String>,
    },
    /// The mean of the target cannot replace categories that each have a single row.
    #[error(
        "`{feature}` has another category in each of the {rows} training rows, so no category has a mean \
         of the target"
    )]
    NoMeans {
        /// The feature.
        feature: String,
        /// The number of training rows.
        rows: usize,
    },
    /// A table has too few different times for a split.
    #[error(
        "{times} different times are too few: {needed} are needed, one for each part of the split"
    )]
    TooFewTimes {
        /// The number of different times.
        times: usize,
        /// The number of parts.
        needed: usize,
    },
    /// A table has too few groups for a split.
    #[error("{groups} groups are too few: {needed} are needed, one for each part of the split")]
    TooFewGroups {
        /// The number of groups.
        groups: usize,
        /// The number of parts.
        needed: usize,
    },
    /// Folds were requested, but the test rows are fixed.
    #[error("the test rows are fixed (by the data, a column or a file), so folds cannot be used")]
    FixedTestRows,
    /// A table lacks a feature that the preprocessor was fitted on.
    #[error(
        "the table has no feature `{feature}`; its features are {}",
        FirstOf(found)
    )]
    MissingFeature {
        /// The feature.
        feature: String,
        /// The features of the table.
        found: Vec<String>,
    },
    /// A feature has another kind than the one that the preprocessor was fitted on.
    #[error("the feature `{feature}` is {found}, but was {expected} in training")]
    WrongKind {
        /// The feature.
        feature: String,
        /// Its kind, such as `numeric`.
        found: &'static str,
        /// Its kind in training.
        expected: &'static str,
    },
    /// A table without a target was used where one is needed.
    #[error("the table has no target")]
    NoTarget,
    /// A table's target is for another task.
    #[error("the table is for {found}, but the preprocessor is for {expected}")]
    WrongTask {
        /// The table's task, such as `regression`.
        found: &'static str,
        /// The preprocessor's task.
        expected: &'static str,
    },
    /// The class of a row is not one of those that the preprocessor was fitted on.
    #[error(
        "the class `{class}` is unknown; the known classes are {}",
        FirstOf(known)
    )]
    UnknownClass {
        /// The class.
        class: String,
        /// The known classes.
        known: Vec<String>,
    },
    /// A preprocessor cannot be used; it may come from a damaged file.
    #[error("the preprocessing is not valid: {reason}")]
    InvalidPreprocessor {
        /// What is wrong with it.
        reason: String,
    },
}

impl Error {
    /// The error of a name that is not that of a variant.
    pub(crate) fn unknown<T>(what: &'static str, name: &str) -> Self
    where
        T: VariantArray + Copy + Into<&'static str>,
    {
        Self::UnknownName {
            what,
            name: name.to_owned(),
            known: T::VARIANTS.iter().map(|&variant| variant.into()).collect(),
        }
    }

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
