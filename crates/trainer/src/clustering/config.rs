use std::path::{Path, PathBuf};

use mlp_datasets::{CategoryEncoding, Dataset, LoadOptions, PreprocessorConfig, Scaling, Task};
use mlp_models::{
    ActivationConfig, AutoencoderConfig, Grid, InvalidConfig, SelfOrganisingMapConfig,
};
use serde::{Deserialize, Serialize};

use super::count::{ClusterCount, GridSize, num_distinct};
use super::defaults::{
    CLUSTERING_RATE, DEFAULT_CODE, MAX_CLUSTERING_EPOCHS, default_batch_size, default_hidden,
    map_epochs, settled,
};
use crate::config::{ClusteringOptions, TableOptions};
use crate::{Backend, Error, Model, TrainingOptions, run_files};

/// A clustering with every value settled.
///
/// Written to a file, it is a configuration file that gives the same clustering again.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // Each field is described at `TrainingOptions`.
pub struct ClusteringConfig {
    pub dataset: String,
    pub model: Model,
    /// Of an autoencoder.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<usize>,
    pub learning_rate: f64,
    pub epochs: usize,
    pub batch_size: usize,
    pub seed: u64,
    pub backend: Backend,
    pub scaling: Scaling,
    pub min_category_count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub samples: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub noise: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_dir: Option<PathBuf>,
    /// What concerns the model is there, whatever was said.
    pub clustering: ClusteringOptions,
    pub table: TableOptions,
}

impl ClusteringConfig {
    /// Settles every value.
    ///
    /// # Errors
    ///
    /// If a value is out of range, or an option has no meaning for a clustering.
    pub fn resolve(options: TrainingOptions, dataset: &Dataset) -> Result<Self, Error> {
        if let Some(option) = first_without_meaning(&options) {
            return Err(Error::Mismatch {
                what: format!("`--{option}` has no meaning for a clustering"),
                hint: "`trainer train --help` lists under `Clustering` what has".to_owned(),
            });
        }
        let rows = dataset.table.num_rows();
        let model = options.model.unwrap_or(Model::Idec);
        if !model.is_clustering() {
            return Err(Error::Mismatch {
                what: format!("`--model {model}` does not find groups"),
                hint: "those that do are som, autoencoder, dec and idec".to_owned(),
            });
        }
        let is_map = model == Model::Som;
        check_options_of_model(model, &options)?;
        let clustering = settled(options.clustering, model, rows);
        let config = Self {
            dataset: options
                .dataset
                .unwrap_or_else(|| crate::TrainingConfig::DEFAULT_DATASET.to_owned()),
            model,
            hidden: match options.hidden {
                _ if is_map => Vec::new(),
                Some(hidden) => hidden,
                None => default_hidden(rows),
            },
            learning_rate: options.learning_rate.unwrap_or(if is_map {
                1.0
            } else {
                CLUSTERING_RATE
            }),
            epochs: match (options.epochs, model) {
                (_, Model::Autoencoder) => 0,
                (Some(epochs), _) => epochs,
                (None, Model::Som) => map_epochs(rows),
                (None, _) => MAX_CLUSTERING_EPOCHS,
            },
            batch_size: options
                .batch_size
                .unwrap_or_else(|| default_batch_size(model, rows)),
            seed: options.seed.unwrap_or_default(),
            backend: match options.backend {
                Some(backend) => backend,
                None => Backend::preferred()?,
            },
            scaling: options.scaling.unwrap_or(dataset.scaling),
            min_category_count: options.min_category_count.unwrap_or(5),
            samples: options.samples,
            noise: options.noise,
            data_dir: options.data_dir,
            clustering,
            table: options.table,
        };
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), Error> {
        let invalid = |option, value: String, allowed: &str| {
            Err(Error::InvalidOption {
                option,
                value,
                allowed: allowed.to_owned(),
            })
        };
        if let ClusterCount::Exactly(count @ (0 | 1)) = self.clusters() {
            return invalid("clusters", count.to_string(), "2 or more, or `auto`");
        }
        if !(self.learning_rate.is_finite() && self.learning_rate > 0.0) {
            return invalid("learning-rate", self.learning_rate.to_string(), "above 0");
        }
        if self.epochs == 0 && self.model != Model::Autoencoder {
            return invalid("epochs", "0".to_owned(), "1 or more");
        }
        if self.batch_size == 0 {
            return invalid("batch-size", "0".to_owned(), "1 or more");
        }
        if self.clustering.pretraining_epochs == Some(0) {
            return invalid("pretraining-epochs", "0".to_owned(), "1 or more");
        }
        if let Some(radius) = self.clustering.last_radius
            && !(radius.is_finite() && radius > 0.0)
        {
            return invalid("last-radius", radius.to_string(), "above 0");
        }
        match self.clustering.gamma {
            Some(gamma) if !(gamma.is_finite() && gamma > 0.0) => {
                invalid("gamma", gamma.to_string(), "above 0")
            }
            _ => Ok(()),
        }
    }

    /// Checks that rows of inputs can be grouped as was asked.
    ///
    /// # Errors
    ///
    /// If they are too few, or too few that are not alike.
    pub fn check_rows(&self, inputs: &[f32], width: usize) -> Result<(), Error> {
        let num_rows = inputs.len() / width;
        let least = match self.clusters() {
            ClusterCount::Auto => 3,
            ClusterCount::Exactly(count) => count,
        };
        let num_distinct = num_distinct(inputs, width, least);
        if num_distinct >= least {
            return Ok(());
        }
        let what = if self.clusters() == ClusterCount::Auto && num_distinct > 1 {
            format!(
                "of {num_rows} rows {num_distinct} are not alike, which is too few to find groups"
            )
        } else if num_distinct == 1 {
            format!("all {num_rows} rows are alike, so there are no groups")
        } else {
            format!(
                "{least} clusters need as many rows that are not alike, but of {num_rows} rows there \
                 are {num_distinct}"
            )
        };
        Err(Error::Mismatch {
            what,
            hint: "give fewer clusters with `--clusters`, or more rows".to_owned(),
        })
    }

    /// How many clusters there are to be.
    pub fn clusters(&self) -> ClusterCount {
        self.clustering.clusters.unwrap_or(ClusterCount::Auto)
    }

    /// How rows become inputs: categories as 0 and 1, since a network that finds groups has no
    /// embeddings.
    pub fn preprocessor(&self) -> PreprocessorConfig {
        PreprocessorConfig {
            scaling: self.scaling,
            categories: CategoryEncoding::OneHot,
            min_category_count: self.min_category_count,
        }
    }

    /// The map, of rows of a width.
    ///
    /// # Errors
    ///
    /// If its grid is out of range.
    pub fn map(&self, width: usize) -> Result<SelfOrganisingMapConfig, InvalidConfig> {
        let size = self.clustering.grid.unwrap_or(GridSize {
            rows: 8,
            columns: 8,
        });
        let grid = Grid {
            rows: size.rows,
            columns: size.columns,
            topology: self.clustering.topology.unwrap_or_default(),
        };
        let config = SelfOrganisingMapConfig::new(width, grid)
            .with_neighbourhood(self.clustering.neighbourhood.unwrap_or_default())
            .with_tear_weight(self.clustering.tear_weight.unwrap_or(0.0));
        config.check()?;
        Ok(config)
    }

    /// The autoencoder, of rows of a width.
    ///
    /// # Errors
    ///
    /// If a size is out of range.
    pub fn autoencoder(&self, width: usize) -> Result<AutoencoderConfig, InvalidConfig> {
        let d_code = self.clustering.d_code.unwrap_or(DEFAULT_CODE);
        let config = AutoencoderConfig::new(width, self.hidden.clone(), d_code)
            .with_activation(ActivationConfig::Relu)
            .with_tied(self.clustering.tied.unwrap_or(false))
            .with_noise(self.clustering.denoising.unwrap_or(0.0));
        config.check()?;
        Ok(config)
    }

    /// How the data set is loaded.
    pub fn load_options(&self) -> LoadOptions {
        LoadOptions {
            seed: self.seed,
            samples: self.samples,
            noise: self.noise,
            data_dir: self.data_dir.clone(),
            download: false,
            mirror: None,
        }
    }

    /// Reads `config.toml` of a run.
    ///
    /// # Errors
    ///
    /// If it is missing or damaged.
    pub fn load(run: &Path) -> Result<Self, Error> {
        run_files::load_config(run)
    }

    /// Writes `config.toml` into a run's folder.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn save(&self, run: &Path) -> Result<(), Error> {
        run_files::save_config(self, run)
    }
}

/// Options that concern other models have no meaning.
fn check_options_of_model(model: Model, options: &TrainingOptions) -> Result<(), Error> {
    let said = &options.clustering;
    let of_maps = [
        ("grid", said.grid.is_some()),
        ("topology", said.topology.is_some()),
        ("neighbourhood", said.neighbourhood.is_some()),
        ("last-radius", said.last_radius.is_some()),
        ("tear-weight", said.tear_weight.is_some()),
    ];
    let of_codes = [
        ("d-code", said.d_code.is_some()),
        ("tied", said.tied.is_some()),
        ("denoising", said.denoising.is_some()),
        ("neighbours", said.neighbours.is_some()),
        ("pretraining-epochs", said.pretraining_epochs.is_some()),
        ("hidden", options.hidden.is_some()),
    ];
    let of_deep_clusters = [
        ("gamma", said.gamma.is_some()),
        ("epochs", options.epochs.is_some()),
    ];
    let without_meaning: Vec<(&str, bool)> = match model {
        Model::Som => of_codes.into_iter().chain([of_deep_clusters[0]]).collect(),
        Model::Autoencoder => of_maps.into_iter().chain(of_deep_clusters).collect(),
        _ => of_maps.to_vec(),
    };
    match without_meaning.iter().find(|(_, is_said)| *is_said) {
        None => Ok(()),
        Some((option, _)) => Err(Error::Mismatch {
            what: format!("`--{option}` has no meaning for `--model {model}`"),
            hint: "leave it out".to_owned(),
        }),
    }
}

/// The first option that was given and that only predictions have.
fn first_without_meaning(options: &TrainingOptions) -> Option<&'static str> {
    let table = &options.table;
    let given = [
        ("activation", options.activation.is_some()),
        ("dropout", options.dropout.is_some()),
        ("normalization", options.normalization.is_some()),
        ("loss", options.loss.is_some()),
        ("huber-delta", options.huber_delta.is_some()),
        ("quantile", options.quantile.is_some()),
        ("class-weights", options.class_weights.is_some()),
        ("label-smoothing", options.label_smoothing.is_some()),
        ("optimizer", options.optimizer.is_some()),
        ("weight-decay", options.weight_decay.is_some()),
        ("clip-norm", options.clip_norm.is_some()),
        ("patience", options.patience.is_some()),
        ("select", options.select.is_some()),
        ("folds", options.folds.is_some()),
        ("categories", options.categories.is_some()),
        ("d-embedding", options.d_embedding.is_some()),
        ("test-size", options.test_size.is_some()),
        ("valid-size", options.valid_size.is_some()),
        ("weight", table.weight.is_some()),
        ("test", table.test.is_some()),
        ("split-column", table.split_column.is_some()),
        ("group-column", table.group_column.is_some()),
        ("split-by-time", table.split_by_time.is_some()),
    ];
    let given = given.into_iter().find(|(_, is_given)| *is_given);
    given.map(|(option, _)| option)
}

/// Whether options ask for groups rather than for predictions.
pub fn is_clustering(options: &TrainingOptions) -> bool {
    options.table.task == Some(Task::Clustering) || options.model.is_some_and(Model::is_clustering)
}
