use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use mlp_datasets::{ColumnKind, DateFormat, Dialect, Quote, ReadOptions, Source, Task};
use serde::{Deserialize, Serialize};

use super::named;
use super::schema_file::SchemaFile;
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
    /// Columns to leave out, of a built-in data set too
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub drop: Vec<String>,
    /// TOML file with the kinds of columns and how they are written, as `--schema` prints it
    #[arg(long, value_name = "FILE")]
    pub schema_file: Option<PathBuf>,
    /// Columns to read as dates, also numbers: seconds, milliseconds or microseconds since 1970, or
    /// 20240229134500
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub date: Vec<String>,
    /// Further text that means "missing", in all columns or, as COLUMN=VALUE, in one (empty cells, NA, None,
    /// NaN, null, ?, - and the like do)
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// Text such as NA that is a value here, in all columns or, as COLUMN=VALUE, in one
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub present: Vec<String>,
    /// Character before decimals, `.` or `,`, if a column can be read either way
    #[arg(long, value_name = "CHARACTER", value_parser = parse_decimal)]
    pub decimal: Option<char>,
    /// Order of day, month and year, if dates can be read in several ways: `dmy`, `mdy` or `ymd`
    #[arg(long, value_name = "ORDER", value_parser = parse_order)]
    pub dates: Option<DateFormat>,
    /// Character between cells, where a blank stands for any number of them [default: detected from the
    /// first rows]
    #[arg(long, value_name = "CHARACTER", value_parser = parse_delimiter)]
    pub delimiter: Option<char>,
    /// Character around cells that contain the delimiter, or `none` [default: detected from the first
    /// rows]
    #[arg(long, value_name = "CHARACTER")]
    pub quote: Option<Quote>,
    /// Character that makes the next quote part of a cell, such as `\` [default: detected from the first
    /// rows]
    #[arg(long, value_name = "CHARACTER", value_parser = parse_escape)]
    pub escape: Option<char>,
    /// Whether the first row names the columns [default: detected from the first rows]
    #[arg(long, value_name = "BOOL")]
    pub header: Option<bool>,
    /// Lines, or rows of a sheet, before the first row [default: comments and notes are detected in each file]
    #[arg(long, value_name = "N")]
    pub skip_lines: Option<u64>,
    /// Encoding, such as `windows-1252` [default: UTF-8, or UTF-16 where the file looks like it]
    #[arg(long, value_name = "NAME", value_parser = parse_encoding)]
    pub encoding: Option<String>,
    /// Sheet of a workbook to read, by its name or its number from 1 [default: the first one with a table]
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

impl TableOptions {
    /// How a table is read.
    ///
    /// # Errors
    ///
    /// If the file of kinds cannot be read, or no file matches the pattern of test tables.
    pub fn read_options(&self) -> Result<ReadOptions, Error> {
        let SchemaFile { mut kinds, formats } = match &self.schema_file {
            Some(path) => SchemaFile::read(path)?,
            None => SchemaFile::default(),
        };
        for (columns, kind) in [
            (&self.numeric, ColumnKind::Numeric),
            (&self.categorical, ColumnKind::Categorical),
            (&self.date, ColumnKind::Date),
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
            dialect: Dialect {
                columns: formats,
                ..self.dialect()
            },
        })
    }

    /// The same, without the kinds of columns.
    #[must_use]
    pub fn without_kinds(&self) -> Self {
        Self {
            numeric: Vec::new(),
            categorical: Vec::new(),
            date: Vec::new(),
            drop: Vec::new(),
            schema_file: None,
            ..self.clone()
        }
    }

    /// Joins names again that were divided at a comma which belongs to the name of a column; whether there were
    /// any.
    pub fn rejoin(&mut self, columns: &[String]) -> bool {
        let lists = [
            &mut self.target,
            &mut self.numeric,
            &mut self.categorical,
            &mut self.date,
            &mut self.drop,
        ];
        let mut has_joined = false;
        for list in lists {
            let joined = joined(list, columns);
            has_joined |= joined.len() < list.len();
            *list = joined;
        }
        has_joined
    }

    /// How texts are read.
    pub fn dialect(&self) -> Dialect {
        Dialect {
            delimiter: self.delimiter.and_then(ascii),
            quote: self.quote,
            escape: self.escape.and_then(ascii),
            header: self.header,
            skip_lines: self.skip_lines,
            encoding: self.encoding.clone(),
            missing: self.missing.clone(),
            present: self.present.clone(),
            decimal: self.decimal,
            dates: self.dates,
            columns: BTreeMap::new(),
        }
    }
}

/// Names of columns, of which neighbours that were divided at a comma are one again.
fn joined(pieces: &[String], columns: &[String]) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = pieces;
    while !rest.is_empty() {
        let found = (1..=rest.len()).rev().find_map(|count| {
            let name = rest[..count].join(",");
            // Quotes may be around a name with a comma, as in a CSV file.
            let bare = name.trim().trim_matches('"').to_owned();
            let name = [name, bare].into_iter().find(|name| columns.contains(name));
            name.map(|name| (count, name))
        });
        let (count, name) = found.unwrap_or_else(|| (1, rest[0].clone()));
        names.push(name);
        rest = &rest[count..];
    }
    names
}

fn parse_decimal(text: &str) -> Result<char, String> {
    match text {
        "." => Ok('.'),
        "," => Ok(','),
        _ => Err("decimals follow `.` or `,`".to_owned()),
    }
}

fn parse_order(text: &str) -> Result<DateFormat, String> {
    match text {
        "ymd" => Ok(DateFormat::YearFirst),
        "dmy" => Ok(DateFormat::DayFirst),
        "mdy" => Ok(DateFormat::MonthFirst),
        _ => Err("dates are in the order `dmy`, `mdy` or `ymd`".to_owned()),
    }
}

/// The byte of a character that is one in ASCII.
pub(crate) fn ascii(character: char) -> Option<u8> {
    u8::try_from(character).ok().filter(u8::is_ascii)
}

pub(crate) fn parse_escape(text: &str) -> Result<char, String> {
    match text.as_bytes() {
        [byte] if byte.is_ascii_punctuation() => Ok(char::from(*byte)),
        _ => Err("an escape is one ASCII character, such as `\\`".to_owned()),
    }
}

pub(crate) fn parse_encoding(text: &str) -> Result<String, String> {
    if Dialect::is_encoding(text) {
        Ok(text.to_owned())
    } else {
        Err(
            "known encodings are `utf-8`, `utf-16le`, `windows-1252`, `iso-8859-2`, `shift_jis`, \
             `gb18030` and the others of https://encoding.spec.whatwg.org"
                .to_owned(),
        )
    }
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
    fn names_with_commas_are_joined_again() {
        let columns = ["y, z", "a", "b,c,d", "b"].map(str::to_owned);
        let pieces = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        for (text, expected) in [
            ("y, z", &["y, z"][..]),
            ("\"y, z\"", &["y, z"]),
            ("a,b,c,d,b", &["a", "b,c,d", "b"]),
            ("a,x", &["a", "x"]),
        ] {
            assert_eq!(joined(&pieces(text), &columns), expected, "{text}");
        }
    }

    #[test]
    fn an_escape_is_one_character_and_an_encoding_is_known() {
        assert_eq!(parse_escape("\\"), Ok('\\'));
        assert!(parse_escape("\\\\").is_err());
        assert_eq!(parse_encoding("latin1"), Ok("latin1".to_owned()));
        assert!(parse_encoding("utf-7").is_err());
    }
}
