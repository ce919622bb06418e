use std::path::Path;

use mlp_datasets::{Dataset, LoadOptions, Split, Task};
use mlp_inference::Metric;
use mlp_training::{Choice, Model, Problem, Recipe, Sections, Training};
use serde::Serialize;

use crate::options::{Options, TableOptions, TrainingOptions, first_key};
use crate::run::files;
use crate::{Backend, Error};

/// A training with every setting resolved.
///
/// Written to a file, it is a configuration file that gives the same training again.
#[derive(Clone, Debug)]
pub struct TrainingConfig {
    /// The options that do not concern the recipe.
    options: Options,
    /// What computes.
    pub backend: Backend,
    /// The seed.
    pub seed: u64,
    /// What is trained, and how.
    pub recipe: Recipe,
    /// Why this model, if nobody asked for it; else empty.
    pub reason: String,
}

impl TrainingConfig {
    /// Checks all options before any data is read: the recipe has defaults for some table, and the
    /// model takes its final ones from the data set.
    ///
    /// # Errors
    ///
    /// If an option does not apply to the model, is out of range, or does not fit another one.
    pub fn check(options: &Options) -> Result<(), Error> {
        let task = if options.is_clustering() {
            Task::Clustering
        } else {
            options.table.task.unwrap_or(Task::Classification)
        };
        let config = Self::new(options, Problem::unknown(task))?;
        check_quantile(options)?;
        if config.backend.is_compiled_in() {
            Ok(())
        } else {
            Err(config.backend.not_compiled_in())
        }
    }

    /// Resolves every setting for a data set.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check), and if the options do not fit the data set.
    pub fn resolve(options: &Options, dataset: &Dataset) -> Result<Self, Error> {
        let problem = if options.is_clustering() {
            Problem::clustering(dataset)
        } else {
            Problem::of(dataset)?
        };
        let config = Self::new(options, problem)?;
        config.recipe.check_for(dataset)?;
        Ok(config)
    }

    /// The same for the data set of the training, by which the members of an ensemble are resolved.
    ///
    /// # Errors
    ///
    /// As [`resolve`](Self::resolve).
    pub fn resolved_for(&self, dataset: &Dataset) -> Result<Self, Error> {
        Self::resolve(&self.options, dataset)
    }

    /// The same with another learning rate.
    ///
    /// # Errors
    ///
    /// If the recipe has none.
    pub fn with_learning_rate(&self, rate: f64, dataset: &Dataset) -> Result<Self, Error> {
        let mut options = self.options.clone();
        options.training.learning_rate = Some(rate);
        Self::resolve(&options, dataset)
    }

    /// The learning rate, unless each of several models has its own.
    pub fn learning_rate(&self) -> Option<f64> {
        let training = serde_json::to_value(self.recipe.sections().training).ok()?;
        training["learning_rate"].as_f64()
    }

    fn new(options: &Options, problem: Problem) -> Result<Self, Error> {
        let Choice {
            model,
            settings,
            reason,
        } = options.choose(problem)?;
        if model.is_clustering()
            && let Some(option) = first_key(&options.table.split)?
        {
            return Err(Error::UnusedOption {
                option,
                model: model.into(),
            });
        }
        let backend = options.backend.map_or_else(Backend::preferred, Ok)?;
        Ok(Self {
            options: options.clone(),
            backend,
            seed: options.seed.unwrap_or(0),
            recipe: Recipe::new(model, problem, &settings.or(&options.settings()?))?,
            reason,
        })
    }

    /// Reads `config.toml` of a run.
    ///
    /// # Errors
    ///
    /// If it is missing or damaged.
    pub fn load(run: &Path) -> Result<Self, Error> {
        let options: Options = files::load_config(run)?;
        let task = if options.is_clustering() {
            Task::Clustering
        } else {
            Task::Classification
        };
        let config = Self::new(&options, Problem::unknown(task))?;
        // A setting that the file lacks would silently get a default.
        let given = options.settings()?;
        let sections = config.recipe.sections();
        for (section, given) in [
            (sections.model, &given.model),
            (sections.training, &given.training),
            (sections.data, &given.data),
        ] {
            let settings = serde_json::to_value(section).map_err(Error::Options)?;
            let mut names = settings.as_object().into_iter().flat_map(|all| all.keys());
            if let Some(key) = names.find(|name| !given.contains_key(*name)) {
                return Err(Error::IncompleteConfig {
                    path: run.join(files::CONFIG_FILE),
                    key: key.clone(),
                });
            }
        }
        Ok(config)
    }

    /// Writes `config.toml` into a run's folder.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn save(&self, run: &Path) -> Result<(), Error> {
        files::save_config(&self.resolved(), run)
    }

    /// The configuration file.
    ///
    /// # Errors
    ///
    /// If it cannot be serialised, which does not happen with resolved settings.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(&self.resolved())
    }

    /// The same for one fold of a cross-validation, from 1.
    #[must_use]
    pub fn of_fold(&self, fold: usize) -> Self {
        let mut config = self.clone();
        config.options.fold = Some(fold);
        config
    }

    /// The name of the data set.
    pub fn dataset(&self) -> &str {
        self.options.dataset()
    }

    /// The name of the model.
    pub fn model(&self) -> Model {
        self.recipe.model()
    }

    /// How many folds there are, in a cross-validation.
    pub fn folds(&self) -> Option<usize> {
        self.recipe.as_supervised()?.data().folds
    }

    /// Whether it is that of a model of all rows, which follows a cross-validation.
    pub fn is_of_all_rows(&self) -> bool {
        self.folds().is_some() && self.options.fold.is_none()
    }

    /// How your own table is read.
    pub fn table(&self) -> &TableOptions {
        &self.options.table
    }

    /// How the data set is loaded.
    pub fn load_options(&self) -> LoadOptions {
        self.options.load_options()
    }

    /// The training, which nobody follows yet.
    pub fn training(&self) -> Training {
        Training::new(self.recipe.clone())
            .with_seed(self.seed)
            .with_threads_awake(self.backend.is_host())
    }

    /// Which rows train, validate and test.
    ///
    /// # Errors
    ///
    /// If there are too few rows, or the model takes all of them.
    pub fn split(&self, dataset: &Dataset) -> Result<Split, Error> {
        let folds = self.training().folds(dataset)?;
        let fold = self.options.fold.unwrap_or(1);
        let split = folds.into_iter().nth(fold.saturating_sub(1));
        split.ok_or_else(|| Error::InvalidOption {
            option: "fold".to_owned(),
            value: fold.to_string(),
            allowed: "one of the folds".to_owned(),
        })
    }

    fn resolved(&self) -> Resolved<'_> {
        let Sections {
            model,
            training,
            data,
        } = self.recipe.sections();
        let options = &self.options;
        Resolved {
            dataset: options.dataset(),
            seed: self.seed,
            backend: self.backend,
            samples: options.samples,
            noise: options.noise,
            data_dir: options.data_dir.as_deref(),
            fold: options.fold,
            model: ModelSection {
                name: self.recipe.model(),
                settings: model,
            },
            training,
            data,
            table: &options.table,
        }
    }
}

/// What a configuration file holds once everything is resolved.
#[derive(Serialize)]
struct Resolved<'a> {
    dataset: &'a str,
    seed: u64,
    backend: Backend,
    samples: Option<usize>,
    noise: Option<f64>,
    data_dir: Option<&'a Path>,
    fold: Option<usize>,
    model: ModelSection<'a>,
    training: &'a dyn erased_serde::Serialize,
    data: &'a dyn erased_serde::Serialize,
    table: &'a TableOptions,
}

#[derive(Serialize)]
struct ModelSection<'a> {
    name: Model,
    #[serde(flatten)]
    settings: &'a dyn erased_serde::Serialize,
}

/// Checks that a quantile is asked for together with the loss that learns it, or the metric that judges it.
fn check_quantile(options: &Options) -> Result<(), Error> {
    let TrainingOptions {
        quantile,
        loss,
        select,
        ..
    } = &options.training;
    match (quantile, loss) {
        (Some(quantile), None) if *select != Some(Metric::Pinball) => Err(Error::Mismatch {
            what: format!(
                "`--quantile {quantile}` is for the loss `pinball`; the default loss predicts means"
            ),
            hint: "add `--loss pinball`".to_owned(),
        }),
        _ => Ok(()),
    }
}
