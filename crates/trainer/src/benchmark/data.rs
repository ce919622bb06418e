use std::path::Path;

use crate::built_in;
use crate::options::TableOptions;

/// What is replaced by the seed in the names of files, so that each seed can have a split of its own.
const SEED: &str = "{seed}";

/// A data set of a benchmark.
#[derive(Clone, Debug, PartialEq)]
pub struct BenchmarkData {
    /// What it is called in the results.
    pub name: String,
    /// A built-in data set or the files of a table, where `{seed}` means the seed.
    pub path: String,
    /// How its table is read, where that differs from the other tables.
    pub table: TableOptions,
}

impl BenchmarkData {
    /// Parses the name of a built-in data set, `FILE`, `FILE:TARGET` or `FILE:TARGET:TEST_FILE`. A file
    /// name may contain colons if there is such a file, for one of the seeds.
    pub fn parse(text: &str, seed: u64) -> Self {
        if built_in(text).is_some() {
            return Self::new(None, text.to_owned(), TableOptions::default());
        }
        let (path, columns) = divide(text, |path| Path::new(&with_seed(path, seed)).exists());
        let (target, test) = match columns.and_then(|columns| columns.split_once(':')) {
            Some((target, test)) => (Some(target), Some(test)),
            None => (columns, None),
        };
        let mut table = TableOptions::default();
        if let Some(target) = target.filter(|target| !target.is_empty()) {
            table.target = target.split(',').map(str::to_owned).collect();
        }
        table.split.test = test.map(str::to_owned);
        Self::new(None, path.to_owned(), table)
    }

    /// A data set that is called by its name or, without one, by that of its file or folder.
    pub fn new(name: Option<String>, path: String, table: TableOptions) -> Self {
        let name = name.unwrap_or_else(|| match built_in(&path) {
            Some(built_in) => built_in.name().to_owned(),
            None => name_of(&path, table.split.test.is_some()),
        });
        Self { name, path, table }
    }

    /// The same data set with the files of a seed.
    #[must_use]
    pub fn for_seed(&self, seed: u64) -> Self {
        let mut data = self.clone();
        data.path = with_seed(&self.path, seed);
        data.table.split.test = self
            .table
            .split
            .test
            .as_deref()
            .map(|test| with_seed(test, seed));
        data
    }
}

fn with_seed(path: &str, seed: u64) -> String {
    path.replace(SEED, &seed.to_string())
}

/// Divides a text at the colon after a file.
fn divide(text: &str, exists: impl Fn(&str) -> bool) -> (&str, Option<&str>) {
    let at = |index: usize| (&text[..index], Some(&text[index + 1..]));
    if exists(text) {
        return (text, None);
    }
    // The colon after the letter of a drive belongs to the file.
    let has_drive = matches!(text.as_bytes(), [_, b':', b'\\' | b'/', ..]);
    let colons = || {
        text.match_indices(':')
            .map(|(index, _)| index)
            .skip(usize::from(has_drive))
    };
    let after_file = colons().find(|&index| exists(&text[..index]));
    after_file
        .or_else(|| colons().next())
        .map_or((text, None), at)
}

/// A short name for files: that of the file without extensions, the seed and, if the test rows are
/// elsewhere, `train`; if nothing remains, that of its folder.
pub fn name_of(path: &str, has_test: bool) -> String {
    let parts = Path::new(path).iter().rev();
    let names = parts.map(|part| {
        let part = part.to_string_lossy();
        let stem = part.split('.').find(|part| !part.is_empty()).unwrap_or("");
        let stem = stem.replace(SEED, "");
        let stem = stem
            .strip_suffix("train")
            .filter(|_| has_test)
            .unwrap_or(&stem);
        let is_filler = |character: char| "-_*?/ ".contains(character);
        stem.trim_matches(is_filler).to_owned()
    });
    let mut names = names.filter(|name| !name.is_empty());
    names.next().unwrap_or_else(|| "table".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_divided_from_its_target_at_the_first_colon_unless_there_is_a_longer_name() {
        let nothing = |_: &str| false;
        assert_eq!(divide("a.csv", nothing), ("a.csv", None));
        assert_eq!(divide("a.csv:y", nothing), ("a.csv", Some("y")));
        assert_eq!(divide("a.csv:y:b.csv", nothing), ("a.csv", Some("y:b.csv")));
        assert_eq!(divide(r"C:\a.csv:y", nothing), (r"C:\a.csv", Some("y")));
        assert_eq!(divide("é:y", nothing), ("é", Some("y")));
        assert_eq!(
            divide("a:1.csv:y", |path| path == "a:1.csv"),
            ("a:1.csv", Some("y"))
        );
        assert_eq!(
            divide("a:1.csv", |path| path == "a:1.csv"),
            ("a:1.csv", None)
        );
    }

    #[test]
    fn a_data_set_is_named_like_its_file_or_folder() {
        for (path, has_test, name) in [
            ("data/fruit.csv.gz", false, "fruit"),
            ("train.csv", false, "train"),
            ("splits/adult-train.csv", true, "adult"),
            ("splits/{seed}/adult_train.csv", true, "adult"),
            ("adult/{seed}-train.csv", true, "adult"),
            ("adult/train.csv", true, "adult"),
            ("sales/*.csv", false, "sales"),
            ("{seed}.csv", false, "table"),
        ] {
            assert_eq!(name_of(path, has_test), name, "{path}");
        }
    }

    #[test]
    fn files_of_both_parts_may_depend_on_the_seed() {
        let data = BenchmarkData::parse("{seed}/a-train.csv:y,z:{seed}/a-test.csv", 0).for_seed(7);
        assert_eq!(data.name, "a");
        assert_eq!(data.path, "7/a-train.csv");
        assert_eq!(data.table.target, ["y", "z"]);
        assert_eq!(data.table.split.test.as_deref(), Some("7/a-test.csv"));
    }
}
