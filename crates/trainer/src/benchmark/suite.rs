use std::path::Path;

use mlp_datasets::Task;
use serde::Deserialize;

use super::data::BenchmarkData;
use crate::options::{TableOptions, read_toml};
use crate::{Error, built_in};

/// A file that lists data sets.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Suite {
    dataset: Vec<Entry>,
}

/// A data set of a suite.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: Option<String>,
    path: String,
    target: Option<OneOrMore>,
    test: Option<String>,
    task: Option<Task>,
    #[serde(default)]
    drop: Vec<String>,
    /// The other options of your own table, as in a configuration file.
    #[serde(default)]
    table: TableOptions,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

/// Reads the data sets of a suite. Its paths start at the folder of the file.
///
/// # Errors
///
/// If the file cannot be read, is not TOML, or has an unknown key or a value of a wrong type.
pub fn read_suite(path: &Path) -> Result<Vec<BenchmarkData>, Error> {
    let suite: Suite = read_toml(path)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    Ok(suite
        .dataset
        .into_iter()
        .map(|entry| entry.in_folder(folder))
        .collect())
}

impl Entry {
    fn in_folder(self, folder: &Path) -> BenchmarkData {
        let beside = |path: String| folder.join(path).to_string_lossy().into_owned();
        let mut table = self.table;
        match self.target {
            Some(OneOrMore::One(target)) => table.target = vec![target],
            Some(OneOrMore::More(targets)) => table.target = targets,
            None => {}
        }
        table.task = self.task.or(table.task);
        table.drop.extend(self.drop);
        table.split.test = self.test.or(table.split.test).map(beside);
        table.schema_file = table.schema_file.map(|file| folder.join(file));
        let path = match built_in(&self.path) {
            Some(_) => self.path,
            None => beside(self.path),
        };
        BenchmarkData::new(self.name, path, table)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_suite_names_files_beside_it_and_built_in_data_sets() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("suite.toml");
        let text = "[[dataset]]\npath = 'iris'\n\n\
                    [[dataset]]\nname = 'houses'\npath = 'h.csv'\ntarget = 'price'\ndrop = ['id']\n\
                    test = 'h-test.csv'\ntask = 'regression'\n[dataset.table]\ndelimiter = ';'\n";
        fs::write(&path, text).unwrap();

        let data = read_suite(&path).unwrap();

        assert_eq!(data[0], BenchmarkData::parse("iris", 0));
        assert_eq!(data[1].name, "houses");
        let beside = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        assert_eq!(data[1].path, beside("h.csv"));
        let table = &data[1].table;
        assert_eq!(
            (&table.target[..], &table.drop[..]),
            (&["price".into()][..], &["id".into()][..])
        );
        assert_eq!(table.split.test, Some(beside("h-test.csv")));
        assert_eq!(
            (table.task, table.delimiter),
            (Some(Task::Regression), Some(';'))
        );
    }

    #[test]
    fn an_unknown_key_of_a_suite_is_an_error_that_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("suite.toml");
        fs::write(&path, "[[dataset]]\npath = 'iris'\ntargets = 'x'\n").unwrap();

        let error = read_suite(&path).unwrap_err().to_string();

        assert!(error.contains("unknown field `targets`"), "{error}");
    }
}
