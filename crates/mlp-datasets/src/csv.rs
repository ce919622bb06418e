use std::collections::BTreeSet;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use csv::{ErrorKind, ReaderBuilder, StringRecord, Trim};

use crate::{Error, Table, Target, TargetValues, Task, file};

/// Reads the named columns of a CSV file, which may be compressed with gzip.
///
/// The first line names the columns. They may stand in any order, and others are ignored.
///
/// # Errors
///
/// If the file cannot be read, lacks a column or rows, has rows of other lengths than the header,
/// or one of the cells that are read is no finite number.
pub fn read_features(path: &Path, feature_names: &[String]) -> Result<Table, Error> {
    let mut rows = Rows::new(path, file::open(path)?)?;
    let columns = feature_names
        .iter()
        .map(|name| rows.column(name))
        .collect::<Result<Vec<_>, _>>()?;

    let mut features = Vec::new();
    while rows.advance()? {
        for &column in &columns {
            features.push(rows.number(column)?);
        }
    }
    Table::new(feature_names.to_vec(), features, None)
}

/// Reads the content of a CSV file whose last column is the target; `name` is for messages.
pub(crate) fn parse_table(name: &str, content: &[u8], task: Task) -> Result<Table, Error> {
    let path = Path::new(name);
    let content = file::decompress(content).map_err(|source| file::cannot_read(path, source))?;
    let mut rows = Rows::new(path, content)?;
    let last = rows.header.len() - 1;

    let mut features = Vec::new();
    let mut classes = Vec::new();
    let mut numbers = Vec::new();
    while rows.advance()? {
        for column in 0..last {
            features.push(rows.number(column)?);
        }
        match task {
            Task::Classification => classes.push(rows.record[last].to_owned()),
            Task::Regression => numbers.push(rows.number(last)?),
        }
    }
    let mut names = rows.header;
    let target = Target {
        name: names.remove(last),
        values: match task {
            Task::Classification => label(&classes),
            Task::Regression => TargetValues::Numbers(numbers),
        },
    };
    Table::new(names, features, Some(target))
}

/// Numbers the classes: as numbers are ordered if all are integers, else as words are.
fn label(classes: &[String]) -> TargetValues {
    let distinct: BTreeSet<&String> = classes.iter().collect();
    let mut names: Vec<String> = distinct.into_iter().cloned().collect();
    if names.iter().all(|name| name.parse::<i64>().is_ok()) {
        names.sort_by_key(|name| name.parse::<i64>().ok());
    }
    let position = |class| {
        let label = names.iter().position(|name| name == class);
        label.expect("each class is among the distinct ones")
    };
    TargetValues::Classes {
        labels: classes.iter().map(position).collect(),
        names,
    }
}

/// The rows below the header of a CSV file, one at a time, with errors that say where they are.
struct Rows<'a> {
    path: PathBuf,
    header: Vec<String>,
    reader: csv::Reader<Box<dyn Read + 'a>>,
    record: StringRecord,
    any: bool,
}

impl<'a> Rows<'a> {
    fn new(path: &Path, input: Box<dyn Read + 'a>) -> Result<Self, Error> {
        let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(input);
        let header = reader.headers().map_err(|error| locate(path, error))?;
        if header.is_empty() {
            return Err(Error::EmptyFile {
                path: path.to_owned(),
            });
        }
        Ok(Self {
            path: path.to_owned(),
            header: header.iter().map(str::to_owned).collect(),
            reader,
            record: StringRecord::new(),
            any: false,
        })
    }

    fn column(&self, name: &str) -> Result<usize, Error> {
        let mut found = (0..self.header.len()).filter(|&column| self.header[column] == name);
        match (found.next(), found.next()) {
            (Some(column), None) => Ok(column),
            (Some(_), Some(_)) => Err(Error::DuplicateColumn {
                path: self.path.clone(),
                column: name.to_owned(),
            }),
            (None, _) => Err(Error::MissingColumn {
                path: self.path.clone(),
                column: name.to_owned(),
                found: self.header.clone(),
            }),
        }
    }

    /// Goes to the next row; `false` after the last one.
    fn advance(&mut self) -> Result<bool, Error> {
        let more = self
            .reader
            .read_record(&mut self.record)
            .map_err(|error| locate(&self.path, error))?;
        self.any |= more;
        if !self.any {
            return Err(Error::NoRows {
                path: self.path.clone(),
            });
        }
        Ok(more)
    }

    /// The number in a column of the current row.
    fn number(&self, column: usize) -> Result<f32, Error> {
        let value = &self.record[column];
        match value.parse::<f32>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err(Error::BadCell {
                path: self.path.clone(),
                line: self.record.position().map_or(0, csv::Position::line),
                column: self.header[column].clone(),
                value: value.to_owned(),
            }),
        }
    }
}

fn locate(path: &Path, error: csv::Error) -> Error {
    let path = path.to_owned();
    let line = error.position().map_or(1, csv::Position::line);
    match error.into_kind() {
        ErrorKind::Utf8 { .. } => Error::NotUtf8 { path, line },
        ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => Error::RaggedRow {
            path,
            line,
            found: len,
            expected: expected_len,
        },
        ErrorKind::Io(source) => file::cannot_read(&path, source),
        other => file::cannot_read(&path, io::Error::other(format!("{other:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of reading the columns `a` and `b` of a file with this content.
    fn read(content: impl AsRef<[u8]>) -> Result<Table, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.csv");
        std::fs::write(&path, content).unwrap();
        read_features(&path, &["a".into(), "b".into()]).map_err(|error| {
            let folder = format!("{}/", folder.path().display());
            error.to_string().replace(&folder, "")
        })
    }

    #[test]
    fn columns_are_found_by_name_in_any_order() {
        let table = read("b,species,a\n1,oak, 2.5\n-3e2,elm,.5\n").unwrap();
        assert_eq!(table.feature_names(), ["a", "b"]);
        assert_eq!(table.features(), [2.5, 1.0, 0.5, -300.0]);
    }

    #[test]
    fn byte_order_mark_quotes_blank_lines_and_crlf_are_understood() {
        let table = read("\u{feff}a,\"b\"\r\n\r\n1,\"2\"\r\n").unwrap();
        assert_eq!(table.features(), [1.0, 2.0]);
    }

    #[test]
    fn a_compressed_file_is_read() {
        assert_eq!(
            read(file::gzip(b"a,b\n1,2\n")).unwrap().features(),
            [1.0, 2.0]
        );
    }

    #[test]
    fn each_fault_is_named_with_its_place() {
        for (content, message) in [
            (&b""[..], "`x.csv` is empty"),
            (b"\n\n", "`x.csv` is empty"),
            (b"a,b\n", "`x.csv` has a header, but no rows"),
            (b"a,c\n1,2\n", "`x.csv` has no column `b`, but `a`, `c`"),
            (b"a,b,a\n1,2,3\n", "`x.csv` has more than one column `a`"),
            (
                b"a,b\n1,2\n3\n",
                "line 3 of `x.csv` has 1 cells, but the header has 2",
            ),
            (
                b"a,b\n1,2,3\n",
                "line 2 of `x.csv` has 3 cells, but the header has 2",
            ),
            (b"a,b\n1,2\n3,\xff\n", "`x.csv` is not UTF-8 in line 3"),
            (b"\xff,b\n", "`x.csv` is not UTF-8 in line 1"),
        ] {
            assert_eq!(read(content).unwrap_err(), message);
        }
        for value in ["", "x", "nan", "-inf", "1e39", "1,5", "1 2"] {
            assert_eq!(
                read(format!("a,b\n1,2\n3,\"{value}\"\n")).unwrap_err(),
                format!("line 3 of `x.csv` has `{value}` as `b`, which is no finite number")
            );
        }
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = read_features(Path::new("no/such.csv"), &["a".into()]).unwrap_err();
        assert_eq!(error.to_string(), "cannot read `no/such.csv`");
    }

    #[test]
    fn the_last_column_is_the_target() {
        let table = parse_table("x", b"a,y\n1,2.5\n3,-1\n", Task::Regression).unwrap();
        let target = table.target().unwrap();
        assert_eq!(table.feature_names(), ["a"]);
        assert_eq!(target.name, "y");
        assert_eq!(target.values, TargetValues::Numbers(vec![2.5, -1.0]));
    }

    #[test]
    fn classes_are_ordered_as_words_or_as_numbers() {
        for (classes, labels, names) in [
            (["pear", "apple", "pear"], [1, 0, 1], ["apple", "pear"]),
            (["10", "9", "10"], [1, 0, 1], ["9", "10"]),
            (["10", "9", "x"], [0, 1, 2], ["10", "9"]),
        ] {
            let [first, second, third] = classes;
            let content = format!("a,y\n1,{first}\n2,{second}\n3,{third}\n");
            let table = parse_table("x", content.as_bytes(), Task::Classification).unwrap();
            let TargetValues::Classes {
                labels: l,
                names: n,
            } = &table.target().unwrap().values
            else {
                panic!("classes were asked for");
            };
            assert_eq!(l, &labels);
            assert_eq!(n[..2], names);
        }
    }
}
