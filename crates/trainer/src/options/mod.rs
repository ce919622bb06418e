//! What a user can set: on the command line, in a configuration file, or both.

mod data;
mod merge;
mod model;
mod names;
mod schema_file;
mod table;
mod toml_file;
mod training;

use std::path::{Path, PathBuf};

use clap::Args;
use mlp_datasets::{LoadOptions, Task};
use mlp_training::{Choice, Model, Problem, Settings};
use serde::{Deserialize, Serialize};
use strum::VariantArray;

pub use data::DataOptions;
pub(crate) use merge::{first_key, merge, set};
pub use model::ModelOptions;
pub(crate) use names::named;
pub(crate) use schema_file::{ColumnEntry, WrittenColumn};
pub use table::TableOptions;
pub(crate) use table::{ascii, parse_delimiter, parse_encoding, parse_escape};
pub(crate) use toml_file::read_toml;
pub use training::TrainingOptions;

use crate::{Backend, Error};

/// Every option of a training: on the command line, and in the sections of a configuration file.
///
/// Options that are not set get the defaults of the model's recipe. Which of them a model has, and
/// which values they may have, is for its recipe to say.
#[derive(Args, Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// What to train on: a built-in data set (`trainer datasets` lists them), a file (CSV, JSON,
    /// Parquet, Arrow, Excel or OpenDocument, also compressed), a pattern of files such as `'data/*.csv'`, a
    /// folder, or `-` for standard input
    pub dataset: Option<String>,
    /// Random seed for the split, weights, order of rows and dropout [default: 0]
    #[arg(long, value_name = "N", help_heading = "Training")]
    pub seed: Option<u64>,
    /// Compute backend, among those compiled in [default: the first of flex, ndarray, …]
    #[arg(long, value_parser = named::<Backend>(), help_heading = "Training")]
    pub backend: Option<Backend>,
    /// Rows of a generated data set [default: 500]
    #[arg(long, value_name = "N", help_heading = "Data")]
    pub samples: Option<usize>,
    /// Noise of a generated data set, 0 or more [default: by data set]
    #[arg(
        long,
        value_name = "SIGMA",
        help_heading = "Data",
        allow_negative_numbers = true
    )]
    pub noise: Option<f64>,
    /// Folder of the IDX files of `mnist` and `idx`
    #[arg(long, value_name = "DIR", help_heading = "Data")]
    pub data_dir: Option<PathBuf>,
    /// Download `mnist` if it is not in the folder
    #[arg(long, help_heading = "Data")]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub download: bool,
    /// Address to download from instead
    #[arg(long, value_name = "URL", help_heading = "Data")]
    pub mirror: Option<String>,
    /// In the run of one fold of a cross-validation, which of the folds it is, from 1.
    #[arg(skip)]
    pub fold: Option<usize>,

    /// Section `[model]`.
    #[command(flatten)]
    pub model: ModelOptions,
    /// Section `[training]`.
    #[command(flatten)]
    pub training: TrainingOptions,
    /// Section `[data]`.
    #[command(flatten)]
    pub data: DataOptions,
    /// Section `[table]`.
    #[command(flatten)]
    pub table: TableOptions,
}

impl Options {
    /// The data set that is trained on if none is named.
    pub const DEFAULT_DATASET: &str = "iris";

    /// Reads a configuration file.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, is not TOML, or has an unknown key or a value of a wrong type.
    pub fn from_file(path: &Path) -> Result<Self, Error> {
        read_toml(path)
    }

    /// These options, and those of a file where they are not set.
    ///
    /// # Errors
    ///
    /// If they cannot be put together, which does not happen with options that were parsed.
    pub fn or(&self, file: &Self) -> Result<Self, Error> {
        merge::merge(file, self)
    }

    /// The name of the data set.
    pub fn dataset(&self) -> &str {
        self.dataset.as_deref().unwrap_or(Self::DEFAULT_DATASET)
    }

    /// How the data set is loaded.
    pub fn load_options(&self) -> LoadOptions {
        LoadOptions {
            seed: self.seed.unwrap_or_default(),
            samples: self.samples,
            noise: self.noise,
            data_dir: self.data_dir.clone(),
            download: self.download,
            mirror: self.mirror.clone(),
        }
    }

    /// Whether clusters are to be found, rather than a target predicted.
    pub fn is_clustering(&self) -> bool {
        let by_task = self.table.task == Some(Task::Clustering);
        self.model.name.map_or(by_task, Model::is_clustering)
    }

    /// The model that is asked for, or that suits a problem, and why.
    ///
    /// # Errors
    ///
    /// If the task is clustering and the model predicts, or both a model and a preset are given.
    pub fn choose(&self, problem: Problem) -> Result<Choice, Error> {
        let clustering = self.table.task == Some(Task::Clustering);
        let given = |model| Choice {
            model,
            settings: Settings::default(),
            reason: String::new(),
        };
        match (self.model.name, self.model.preset) {
            (Some(model), Some(preset)) => Err(Error::Mismatch {
                what: format!(
                    "`--preset {preset}` chooses the model, and `--model {model}` does too"
                ),
                hint: "leave out one of them".to_owned(),
            }),
            (None, Some(preset)) if clustering => Err(Error::Mismatch {
                what: format!("`--preset {preset}` is for models that predict"),
                hint: "leave it out, or choose a `--model`".to_owned(),
            }),
            (None, None) if clustering => Ok(given(Model::Idec)),
            (None, preset) => Ok(preset
                .unwrap_or_default()
                .choose(problem, &self.settings()?)),
            (Some(model), None) if clustering && !model.is_clustering() => {
                let models = Model::VARIANTS.iter().filter(|model| model.is_clustering());
                let models: Vec<_> = models.map(|model| format!("`{model}`")).collect();
                Err(Error::Mismatch {
                    what: format!("`--model {model}` does not find clusters"),
                    hint: format!("use one of {}", models.join(", ")),
                })
            }
            (Some(model), None) => Ok(given(model)),
        }
    }

    /// What is set of a recipe.
    ///
    /// # Errors
    ///
    /// If it cannot be put together, which does not happen with options that were parsed.
    pub fn settings(&self) -> Result<Settings, Error> {
        let mut model = merge::set(&self.model)?;
        model.remove("name");
        model.remove("preset");
        Ok(Settings {
            model,
            training: merge::set(&self.training)?,
            data: merge::set(&self.data)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_of_a_file_is_an_error_that_names_it() {
        let error = toml::from_str::<Options>("[training]\nlearning_rat = 0.1").unwrap_err();

        assert!(
            error.to_string().contains("unknown field `learning_rat`"),
            "{error}"
        );
    }

    #[test]
    fn the_command_line_takes_precedence_over_a_file() {
        let typed: Options =
            toml::from_str("[training]\nepochs = 3\n[table]\ntarget = ['a']").unwrap();
        let file = "seed = 5\n[training]\nepochs = 7\nbatch_size = 9\n[table]\ntarget = ['b']\n\
                    drop = ['c']\n[table.split]\nweight = 'w'";
        let file: Options = toml::from_str(file).unwrap();

        let both = typed.or(&file).unwrap();

        assert_eq!(both.seed, Some(5));
        assert_eq!(
            (both.training.epochs, both.training.batch_size),
            (Some(3), Some(9))
        );
        assert_eq!(
            (both.table.target, both.table.drop),
            (vec!["a".into()], vec!["c".into()])
        );
        assert_eq!(both.table.split.weight.as_deref(), Some("w"));
    }

    #[test]
    fn settings_are_what_was_set_and_nothing_else() {
        let options = "[model]\nname = 'mlp'\nhidden = []\n[training]\nweight_decay = 0.1";
        let options: Options = toml::from_str(options).unwrap();
        let settings = options.settings().unwrap();
        assert_eq!(settings.model.len(), 1);
        assert!(settings.model.contains_key("hidden"));
        assert_eq!(settings.training.len(), 1);
        assert!(settings.data.is_empty());
    }
}
