use std::collections::HashMap;

use mlp_datasets::{Source, Task};
use serde_json::Value;

use super::candidate::Candidate;
use super::data::BenchmarkData;
use crate::data::source;
use crate::options::{Options, TableOptions, merge, set};
use crate::{Backend, Error, TrainingConfig, built_in};

/// How many digits of a digest tell two files apart.
const DIGEST_DIGITS: usize = 16;

/// All that is to be trained.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The names of the data sets.
    pub data: Vec<String>,
    /// The names of the models.
    pub models: Vec<String>,
    /// The seeds.
    pub seeds: Vec<u64>,
    /// Every training. A seed is done with all data sets and models before the next one begins, so that
    /// an interrupted benchmark can compare all of them.
    pub cells: Vec<Cell>,
}

/// One training.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The name of the data set.
    pub data: String,
    /// The name of the model.
    pub model: String,
    /// The seed.
    pub seed: u64,
    /// Every option that has a value but the seed and the files, as JSON.
    pub settings: String,
    /// A digest of the files, by which it is noticed that they changed; empty for a built-in data set.
    pub digest: String,
    /// All options.
    pub options: Options,
}

impl Plan {
    /// Combines data sets, models and seeds with the options that all of them share.
    ///
    /// # Errors
    ///
    /// If there is no data set, two have the same name, a file cannot be read, or an option does not
    /// suit a model.
    pub fn new(
        common: &Options,
        data: &[BenchmarkData],
        candidates: &[Candidate],
        seeds: &[u64],
    ) -> Result<Self, Error> {
        if data.is_empty() {
            return Err(Error::Mismatch {
                what: "no data set is named".to_owned(),
                hint: "name built-in data sets (`trainer datasets` lists them), files as \
                       `FILE:TARGET`, or a list of data sets with `--suite FILE`"
                    .to_owned(),
            });
        }
        let names: Vec<_> = data.iter().map(|data| data.name.clone()).collect();
        let models: Vec<_> = candidates.iter().map(|model| model.name.clone()).collect();
        check_names(
            "data sets",
            &names,
            "give each a `name` in a file for `--suite`",
        )?;
        check_names("models", &models, "rename the configuration file")?;
        check_common(common, data)?;

        let are_built_in = are_all_built_in(data);
        let mut digests = HashMap::new();
        let mut cells = Vec::new();
        for &seed in seeds {
            for data in data {
                let data = data.for_seed(seed);
                let table = table_of(common, &data, are_built_in)?;
                let files = (data.path.clone(), table.split.test.clone());
                let digest = match digests.get(&files) {
                    Some(digest) => String::clone(digest),
                    None => digest(&data.path, &table)?,
                };
                digests.insert(files, digest.clone());
                for candidate in candidates {
                    let given = common.or(&candidate.options)?;
                    let options = Options {
                        dataset: Some(data.path.clone()),
                        seed: Some(seed),
                        backend: Some(given.backend.map_or_else(Backend::preferred, Ok)?),
                        table: table.clone(),
                        ..given
                    };
                    TrainingConfig::check(&options)?;
                    cells.push(Cell {
                        data: data.name.clone(),
                        model: candidate.name.clone(),
                        seed,
                        settings: settings(&options)?,
                        digest: digest.clone(),
                        options,
                    });
                }
            }
        }
        Ok(Self {
            data: names,
            models,
            seeds: seeds.to_vec(),
            cells,
        })
    }
}

fn check_names(what: &str, names: &[String], hint: &str) -> Result<(), Error> {
    for (index, name) in names.iter().enumerate() {
        if names[..index].contains(name) {
            return Err(Error::Mismatch {
                what: format!("two {what} are called `{name}`"),
                hint: hint.to_owned(),
            });
        }
    }
    Ok(())
}

/// Checks that there is a use for the options that all trainings share.
fn check_common(common: &Options, data: &[BenchmarkData]) -> Result<(), Error> {
    // Options of your own table do not concern built-in data sets, if there is a table besides.
    if are_all_built_in(data) {
        crate::data::check_options(&data[0].path, &common.table)?;
    }
    let tasks = data.iter().map(|data| data.table.task);
    if tasks
        .chain([common.table.task])
        .any(|task| task == Some(Task::Clustering))
    {
        return Err(Error::Mismatch {
            what: "a benchmark compares predictions, and no clusters".to_owned(),
            hint: "the task is `classification` or `regression`".to_owned(),
        });
    }
    if common.data.folds.is_some() {
        return Err(Error::Mismatch {
            what: "`--folds` does not apply to a benchmark, which trains once for each seed"
                .to_owned(),
            hint: "repeat it with more `--seeds`".to_owned(),
        });
    }
    Ok(())
}

fn are_all_built_in(data: &[BenchmarkData]) -> bool {
    data.iter().all(|data| built_in(&data.path).is_some())
}

/// How a data set is read: by its own options, and those of all tables where they are not set.
fn table_of(
    common: &Options,
    data: &BenchmarkData,
    are_built_in: bool,
) -> Result<TableOptions, Error> {
    if built_in(&data.path).is_some() {
        crate::data::check_options(&data.path, &data.table)?;
        // Columns that all tables leave out are meant for a file, if there is one.
        let own = &data.table.drop;
        let drop = if own.is_empty() && are_built_in {
            &common.table.drop
        } else {
            own
        };
        return Ok(TableOptions {
            drop: drop.clone(),
            ..TableOptions::default()
        });
    }
    merge(&common.table, &data.table)
}

/// A digest of the files of a table, whose target must be named; nothing for a built-in data set.
fn digest(path: &str, table: &TableOptions) -> Result<String, Error> {
    if built_in(path).is_some() {
        return Ok(String::new());
    }
    let sources = [
        Some(source(path, table.sheet.as_deref())?),
        table.split.test.as_deref().map(Source::new).transpose()?,
    ];
    let mut digests = Vec::new();
    for (source, name) in sources.iter().flatten().zip([path, "--test"]) {
        if name == "-" {
            return Err(Error::Mismatch {
                what: "standard input cannot be read several times".to_owned(),
                hint: "save the table in a file".to_owned(),
            });
        }
        let digest = source.digest()?;
        digests.push(digest[..DIGEST_DIGITS].to_owned());
    }
    if table.target.is_empty() {
        return Err(Error::Mismatch {
            what: format!("which column of `{path}` should be predicted?"),
            hint: format!("name it as `{path}:TARGET`, or for all files with `--target`"),
        });
    }
    Ok(digests.join("-"))
}

/// What distinguishes the settings of two trainings, besides seed and files.
fn settings(options: &Options) -> Result<String, Error> {
    let mut options = Options {
        dataset: None,
        seed: None,
        ..options.clone()
    };
    options.table.split.test = None;
    Ok(Value::Object(set(&options)?).to_string())
}
