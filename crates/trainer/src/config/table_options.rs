use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use clap::Args;
use mlp_datasets::{ColumnKind, Dialect, ReadOptions, Source, Task};
use serde::{Deserialize, Serialize};

use super::options::parse_name;
use crate::Error;

/// How a table of one's own is read and split: what a user said of it.
///
/// The same on the command line, in the section `[table]` of a configuration file, and in a run.
#[derive(Args, Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[command(next_help_heading = "Table of one's own")]
pub struct TableOptions {
    /// Column to predict, or several columns of numbers
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub target: Vec<String>,
    /// What is asked for: `classification` or `regression` of a target [default: told from its
    /// values], or `clustering`
    #[arg(long, value_name = "TASK", value_parser = parse_name::<Task>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<Task>,
    /// Column of numbers that says how much each row counts in training
    #[arg(long, value_name = "COLUMN")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<String>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_file: Option<PathBuf>,
    /// What stands for a missing value, beside nothing, NA, N/A, NaN, null, ? and -
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// What stands between cells [default: told from the first rows]
    #[arg(long, value_name = "CHARACTER", value_parser = parse_delimiter)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// Whether the first row names the columns: `true` or `false` [default: told from the first rows]
    #[arg(long, value_name = "BOOL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<bool>,
    /// Table of its own to test on
    #[arg(long, value_name = "FILE", conflicts_with_all = ["split_column", "group_column", "split_by_time"])]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test: Option<String>,
    /// Column that says `train`, `valid` or `test`
    #[arg(long, value_name = "COLUMN", conflicts_with_all = ["group_column", "split_by_time"])]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split_column: Option<String>,
    /// Column whose equal values stay together in training, validation or test
    #[arg(long, value_name = "COLUMN", conflicts_with = "split_by_time")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_column: Option<String>,
    /// Column of dates or numbers whose latest values test
    #[arg(long, value_name = "COLUMN")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split_by_time: Option<String>,
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
            weight: self.weight.clone(),
            split: self.split_column.clone(),
            group: self.group_column.clone(),
            time: self.split_by_time.clone(),
            test: self.test.as_deref().map(Source::new).transpose()?,
            kinds,
            model: None,
            dialect: self.dialect(),
        })
    }

    /// The same, with no word of the kinds of columns.
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

    /// Fills what was not said with what another source says.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        fn or<T>(list: Vec<T>, other: Vec<T>) -> Vec<T> {
            if list.is_empty() { other } else { list }
        }
        Self {
            target: or(self.target, other.target),
            task: self.task.or(other.task),
            weight: self.weight.or(other.weight),
            numeric: or(self.numeric, other.numeric),
            categorical: or(self.categorical, other.categorical),
            drop: or(self.drop, other.drop),
            schema_file: self.schema_file.or(other.schema_file),
            missing: or(self.missing, other.missing),
            delimiter: self.delimiter.or(other.delimiter),
            header: self.header.or(other.header),
            test: self.test.or(other.test),
            split_column: self.split_column.or(other.split_column),
            group_column: self.group_column.or(other.group_column),
            split_by_time: self.split_by_time.or(other.split_by_time),
        }
    }

    /// The first option that was given, if any was.
    pub fn first_given(&self) -> Option<&'static str> {
        let Self {
            target,
            task,
            weight,
            numeric,
            categorical,
            drop,
            schema_file,
            missing,
            delimiter,
            header,
            test,
            split_column,
            group_column,
            split_by_time,
        } = self;
        let given = [
            ("target", !target.is_empty()),
            ("task", task.is_some()),
            ("weight", weight.is_some()),
            ("numeric", !numeric.is_empty()),
            ("categorical", !categorical.is_empty()),
            ("drop", !drop.is_empty()),
            ("schema-file", schema_file.is_some()),
            ("missing", !missing.is_empty()),
            ("delimiter", delimiter.is_some()),
            ("header", header.is_some()),
            ("test", test.is_some()),
            ("split-column", split_column.is_some()),
            ("group-column", group_column.is_some()),
            ("split-by-time", split_by_time.is_some()),
        ];
        let first = given.into_iter().find(|(_, given)| *given);
        first.map(|(option, _)| option)
    }
}

fn read_kinds(path: &PathBuf) -> Result<BTreeMap<String, ColumnKind>, Error> {
    let text = fs::read_to_string(path).map_err(|source| Error::Io {
        action: "read",
        path: path.clone(),
        source,
    })?;
    let file: SchemaFile = toml::from_str(&text).map_err(|source| Error::ConfigFile {
        path: path.clone(),
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

    #[test]
    fn what_was_typed_comes_before_what_a_file_says() {
        let typed = TableOptions {
            target: vec!["a".into()],
            ..TableOptions::default()
        };
        let file: TableOptions = toml::from_str("target = ['b']\ndrop = ['c']").unwrap();
        let both = typed.or(file);
        assert_eq!(
            (both.target, both.drop),
            (vec!["a".into()], vec!["c".into()])
        );
    }
}
