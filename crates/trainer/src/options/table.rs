use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use mlp_datasets::{ColumnKind, Dialect, ReadOptions, Source, Task};
use serde::{Deserialize, Serialize};

use super::named;
use crate::Error;

/// How your own table is read.
#[derive(Args, Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[command(next_help_heading = "Your own table")]
pub struct TableOptions {
    /// Column to predict, or several columns of numbers
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub target: Vec<String>,
    /// What is learned [default: inferred from the values of the target]
    #[arg(long, value_name = "TASK", value_parser = named::<Task>())]
    pub task: Option<Task>,
    /// Columns to read as numbers
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub numeric: Vec<String>,
    /// Columns to read as categories
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categorical: Vec<String>,
    /// Columns to leave out
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub drop: Vec<String>,
    /// TOML file with the kinds of columns, as `--schema` prints it
    #[arg(long, value_name = "FILE")]
    pub schema_file: Option<PathBuf>,
    /// Further text that means "missing" (empty cells, NA, N/A, NaN, null, ? and - always do)
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// Character between cells [default: detected from the first rows]
    #[arg(long, value_name = "CHARACTER", value_parser = parse_delimiter)]
    pub delimiter: Option<char>,
    /// Whether the first row names the columns [default: detected from the first rows]
    #[arg(long, value_name = "BOOL")]
    pub header: Option<bool>,
    /// Sheet of a workbook to read, by its name or its number from 1 [default: the first one with data]
    #[arg(long, value_name = "SHEET")]
    pub sheet: Option<String>,
    /// Section `[table.split]`.
    #[command(flatten)]
    #[serde(skip_serializing_if = "SplitOptions::is_empty")]
    pub split: SplitOptions,
}

/// Which rows of your own table train, validate and test, and how much each counts; only for models
/// that predict.
#[derive(Args, Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[command(next_help_heading = "Your own table")]
pub struct SplitOptions {
    /// Column of numbers by which rows are weighted, in training and in all metrics
    #[arg(long, value_name = "COLUMN")]
    pub weight: Option<String>,
    /// Separate file of test rows
    #[arg(long, value_name = "FILE", conflicts_with_all = ["split_column", "group_column", "split_by_time"])]
    pub test: Option<String>,
    /// Column that holds `train`, `valid` or `test`
    #[arg(long, value_name = "COLUMN", conflicts_with_all = ["group_column", "split_by_time"])]
    pub split_column: Option<String>,
    /// Column whose equal values stay together in training, validation or test
    #[arg(long, value_name = "COLUMN", conflicts_with = "split_by_time")]
    pub group_column: Option<String>,
    /// Column of dates or numbers; the rows with the latest values become the test set. Of dates,
    /// month, day, weekday and hour are inputs
    #[arg(long, value_name = "COLUMN")]
    pub split_by_time: Option<String>,
}

impl SplitOptions {
    /// Whether none is set.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A file of kinds of columns.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SchemaFile {
    columns: BTreeMap<String, ColumnKind>,
}

impl TableOptions {
    /// How a table is read.
    ///
    /// # Errors
    ///
    /// If the file of kinds cannot be read, or no file matches the pattern of test tables.
    pub fn read_options(&self) -> Result<ReadOptions, Error> {
        let mut kinds = match &self.schema_file {
            Some(path) => read_kinds(path)?,
            None => BTreeMap::new(),
        };
        for (columns, kind) in [
            (&self.numeric, ColumnKind::Numeric),
            (&self.categorical, ColumnKind::Categorical),
            (&self.drop, ColumnKind::Drop),
        ] {
            kinds.extend(columns.iter().map(|column| (column.clone(), kind)));
        }
        Ok(ReadOptions {
            target: self.target.clone(),
            task: self.task,
            weight: self.split.weight.clone(),
            split: self.split.split_column.clone(),
            group: self.split.group_column.clone(),
            time: self.split.split_by_time.clone(),
            test: self.split.test.as_deref().map(Source::new).transpose()?,
            kinds,
            model: None,
            dialect: self.dialect(),
        })
    }

    /// The same, without the kinds of columns.
    #[must_use]
    pub fn without_kinds(&self) -> Self {
        Self {
            numeric: Vec::new(),
            categorical: Vec::new(),
            drop: Vec::new(),
            schema_file: None,
            ..self.clone()
        }
    }

    /// How texts are read.
    pub fn dialect(&self) -> Dialect {
        Dialect {
            #[allow(clippy::cast_possible_truncation)] // An ASCII character, as was checked.
            delimiter: self.delimiter.map(|delimiter| delimiter as u8),
            header: self.header,
            missing: self.missing.clone(),
        }
    }
}

fn read_kinds(path: &Path) -> Result<BTreeMap<String, ColumnKind>, Error> {
    let text = fs::read_to_string(path).map_err(|source| Error::Io {
        action: "read",
        path: path.to_owned(),
        source,
    })?;
    let file: SchemaFile = toml::from_str(&text).map_err(|source| Error::ConfigFile {
        path: path.to_owned(),
        source: Box::new(source),
    })?;
    Ok(file.columns)
}

pub(crate) fn parse_delimiter(text: &str) -> Result<char, String> {
    let text = if text == "\\t" { "\t" } else { text };
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(delimiter), None) if delimiter.is_ascii() && delimiter != '"' => Ok(delimiter),
        _ => Err("a delimiter is one ASCII character, such as `;`, or `\\t` for a tab".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delimiter_is_one_character() {
        assert_eq!(parse_delimiter(";"), Ok(';'));
        assert_eq!(parse_delimiter("\\t"), Ok('\t'));
        for text in ["", ";;", "–", "\""] {
            assert!(parse_delimiter(text).is_err(), "{text}");
        }
    }
}
