//! Folders of files, whose names may hold columns, as in `year=2024/month=01/part-0.parquet`.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, LargeStringArray, RecordBatch, RecordBatchReader, new_null_array,
};
use arrow_schema::{ArrowError, DataType, Schema, SchemaRef};

use super::column_type::untyped;
use super::file;
use super::notes::Notes;
use crate::error::Error;

/// What Hive writes where a value is missing.
const MISSING: &str = "__HIVE_DEFAULT_PARTITION__";
/// Folders within folders; more are a mistake, such as a loop of links.
const MAX_DEPTH: usize = 32;

/// A column whose value is the same in all rows of a file: its name and value, or `None` if it is
/// missing.
pub(super) type Key = (String, Option<String>);

/// All files below a folder in alphabetical order, but no hidden ones and none with a `_` in front, such
/// as `_SUCCESS`. Backups are left out with a note.
pub(super) fn files_below(folder: &Path, notes: &Notes) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    collect(folder, 0, &mut files)?;
    let (backups, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|path| is_backup(path));
    if !backups.is_empty() {
        notes.add(format!(
            "{} not read, as {} of other files",
            listed(&backups),
            if backups.len() == 1 {
                "it is a copy"
            } else {
                "they are copies"
            }
        ));
    }
    let twice = files.iter().filter(|path| {
        let unpacked = path.with_extension("");
        is_compressed(path) && files.contains(&unpacked)
    });
    let twice: Vec<PathBuf> = twice.cloned().collect();
    if !twice.is_empty() {
        notes.add(format!(
            "{} next to the same file without the compression; both are read",
            listed(&twice)
        ));
    }
    Ok(files)
}

/// Files in a sentence, with the verb behind them.
fn listed(paths: &[PathBuf]) -> String {
    const MOST: usize = 5;
    let shown = paths
        .iter()
        .take(MOST)
        .map(|path| path.display().to_string());
    let shown = shown.collect::<Vec<_>>().join("`, `");
    match paths.len() {
        1 => format!("`{shown}` is"),
        2..=MOST => format!("`{shown}` are"),
        more => format!("`{shown}` and {} more are", more - MOST),
    }
}

/// Whether a file is one that editors keep besides the one that they change.
fn is_backup(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.to_lowercase();
    let endings = ["~", ".bak", ".swp", ".swo", ".orig", ".tmp"];
    endings.iter().any(|ending| name.ends_with(ending)) || name.starts_with('#')
}

fn is_compressed(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| ["gz", "zst", "bz2"].contains(&ending))
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    let cannot_read = |source| file::cannot_read(folder, source);
    if depth > MAX_DEPTH {
        return Err(cannot_read(io::Error::other(
            "it is too deep within other folders",
        )));
    }
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let mut paths: Vec<PathBuf> = { entries }
        .map_err(cannot_read)?
        .into_iter()
        .filter(|entry| !entry.file_name().to_string_lossy().starts_with(['.', '_']))
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, depth + 1, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// The columns in the names of the folders between a folder and a file.
pub(super) fn keys(base: &Path, path: &Path) -> Vec<Key> {
    let below = path.strip_prefix(base).unwrap_or(path);
    let folders = below.parent().into_iter().flat_map(Path::components);
    let key = |component: Component| {
        let Component::Normal(name) = component else {
            return None;
        };
        let name = name.to_str()?;
        let (name, value) = name.split_once('=')?;
        let value = decode(value);
        (!name.is_empty()).then(|| (decode(name), (value != MISSING).then_some(value)))
    };
    folders.filter_map(key).collect()
}

/// A text in which bytes may be written as `%` and two digits.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = tail.get(..2).and_then(|code| str::from_utf8(code).ok());
        let is_code = |code: &&str| code.bytes().all(|byte| byte.is_ascii_hexdigit());
        let byte = code
            .filter(is_code)
            .and_then(|code| u8::from_str_radix(code, 16).ok());
        match byte {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            Some(_) | None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// Batches with the columns of the folders behind their own ones.
pub(super) struct WithKeys {
    batches: Box<dyn RecordBatchReader>,
    keys: Vec<Key>,
    schema: SchemaRef,
}

impl WithKeys {
    /// A column that the file has too is taken from the file.
    pub fn new(batches: Box<dyn RecordBatchReader>, keys: &[Key]) -> Self {
        let schema = batches.schema();
        let is_new = |(name, _): &&Key| schema.field_with_name(name).is_err();
        let keys: Vec<Key> = keys.iter().filter(is_new).cloned().collect();
        let mut fields: Vec<_> = schema.fields().iter().cloned().collect();
        let names = keys.iter().map(|(name, _)| name);
        fields.extend(names.map(|name| Arc::new(untyped(name, DataType::LargeUtf8))));
        Self {
            schema: Arc::new(Schema::new(fields)),
            batches,
            keys,
        }
    }
}

impl Iterator for WithKeys {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.batches.next()?;
        Some(batch.and_then(|batch| {
            let num_rows = batch.num_rows();
            let mut columns = batch.columns().to_vec();
            columns.extend(self.keys.iter().map(|(_, value)| -> ArrayRef {
                match value {
                    Some(value) => Arc::new(LargeStringArray::from_iter_values(
                        std::iter::repeat_n(value, num_rows),
                    )),
                    None => new_null_array(&DataType::LargeUtf8, num_rows),
                }
            }));
            debug_assert!(columns.iter().all(|column| column.len() == num_rows));
            RecordBatch::try_new(self.schema.clone(), columns)
        }))
    }
}

impl RecordBatchReader for WithKeys {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_in_the_names_of_folders() {
        let found = keys(
            Path::new("data"),
            Path::new(
                "data/year=2024/x/city=S%C3%A3o%20Paulo/b=__HIVE_DEFAULT_PARTITION__/a=1.parquet",
            ),
        );
        let text = |text: &str| Some(text.to_owned());
        let expected = [
            ("year", text("2024")),
            ("city", text("São Paulo")),
            ("b", None),
        ];
        assert_eq!(
            found,
            expected.map(|(name, value)| (name.to_owned(), value))
        );
        assert_eq!(keys(Path::new("a=1"), Path::new("a=1/x.csv")), []);
    }

    #[test]
    fn a_percent_sign_may_be_just_that() {
        for (text, decoded) in [
            ("5%", "5%"),
            ("%zz", "%zz"),
            ("a%2Fb", "a/b"),
            ("%ff", "%ff"),
            ("%+1", "%+1"),
        ] {
            assert_eq!(decode(text), decoded);
        }
    }
}
