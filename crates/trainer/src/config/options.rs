use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use mlp_datasets::{CategoryEncoding, LoadOptions, Scaling};
use mlp_inference::Metric;
use mlp_models::{ActivationConfig, NormalizationKind, UnknownActivation};
use serde::de::value::Error as ValueError;
use serde::de::{DeserializeOwned, IntoDeserializer};
use serde::{Deserialize, Deserializer};

use super::{ClassWeights, ClusteringOptions, TableOptions};
use crate::{Backend, Error, LossKind, Model, Optimizer, Schedule};

/// What a user said of a training: on the command line, in a file, or nothing.
///
/// The keys of a configuration file are the fields' names. What is `None` here gets a default in
/// [`TrainingConfig`](super::TrainingConfig).
#[derive(Args, Deserialize, Clone, Debug, Default)]
#[serde(deny_unknown_fields, default)]
pub struct TrainingOptions {
    /// What to train on: a built-in data set (`trainer datasets` lists them), a CSV, Parquet or
    /// Arrow file, a pattern of files such as `'data/*.csv'`, or `-` for standard input
    pub dataset: Option<String>,

    /// Which network, and by which textbook's rule [default: mlp]
    #[arg(long, value_enum, help_heading = "Network")]
    pub model: Option<Model>,
    /// Units of each hidden layer, such as `64,64`; `none` for a linear model [default: 64,64, for
    /// numbers of many rows 128,128]
    #[arg(long, value_name = "SIZES", value_parser = parse_sizes, help_heading = "Network")]
    pub hidden: Option<Sizes>,
    /// Activation of the hidden layers: one for all, or one for each, such as `tanh,relu`
    /// [default: tanh for few rows, else relu]
    #[arg(long, value_name = "NAMES", value_parser = parse_activations, help_heading = "Network")]
    #[serde(deserialize_with = "one_or_more")]
    pub activation: Option<Activations>,
    /// Probability that a hidden unit is silenced in a step, in [0, 1) [default: 0]
    #[arg(
        long,
        value_name = "P",
        help_heading = "Network",
        allow_negative_numbers = true
    )]
    pub dropout: Option<f64>,
    /// What normalises the hidden layers: `none`, `batch` or `layer` [default: none]
    #[arg(long, value_name = "KIND", value_parser = parse_name::<NormalizationKind>, help_heading = "Network")]
    pub normalization: Option<NormalizationKind>,

    /// What to learn [default: by task and model]
    #[arg(long, value_enum, help_heading = "Training")]
    pub loss: Option<LossKind>,
    /// Where the Huber loss turns from squared to absolute, above 0 [default: 1]
    #[arg(
        long,
        value_name = "DELTA",
        help_heading = "Training",
        allow_negative_numbers = true
    )]
    pub huber_delta: Option<f32>,
    /// Quantile that the `pinball` loss learns, and that metric judges, in (0, 1) [default: 0.5]
    #[arg(
        long,
        value_name = "Q",
        help_heading = "Training",
        allow_negative_numbers = true
    )]
    pub quantile: Option<f64>,
    /// How much the classes count: `balanced`, or such as `yes=5,no=1` [default: alike]
    #[arg(long, value_name = "WEIGHTS", help_heading = "Training")]
    pub class_weights: Option<ClassWeights>,
    /// Share of each target that is spread over all classes, in [0, 1) [default: 0]
    #[arg(
        long,
        value_name = "SHARE",
        help_heading = "Training",
        allow_negative_numbers = true
    )]
    pub label_smoothing: Option<f32>,
    /// How gradients become steps [default: by model]
    #[arg(long, value_enum, help_heading = "Training")]
    pub optimizer: Option<Optimizer>,
    /// Size of the steps, above 0 [default: by optimizer]
    #[arg(
        long,
        value_name = "RATE",
        help_heading = "Training",
        allow_negative_numbers = true
    )]
    pub learning_rate: Option<f64>,
    /// How the learning rate changes over the training [default: by model]
    #[arg(long, value_enum, help_heading = "Training")]
    pub schedule: Option<Schedule>,
    /// Pull of the weights towards zero, 0 or more [default: by model]
    #[arg(
        long,
        value_name = "DECAY",
        help_heading = "Training",
        allow_negative_numbers = true
    )]
    pub weight_decay: Option<f32>,
    /// Norm to which each parameter's gradient is clipped, above 0 [default: no clipping]
    #[arg(
        long,
        value_name = "NORM",
        help_heading = "Training",
        allow_negative_numbers = true
    )]
    pub clip_norm: Option<f32>,
    /// How often all training rows are seen [default: by number of rows]
    #[arg(long, value_name = "N", help_heading = "Training")]
    pub epochs: Option<usize>,
    /// Rows a step [default: by number of rows]
    #[arg(long, value_name = "N", help_heading = "Training")]
    pub batch_size: Option<usize>,
    /// Stop after this many epochs without a better validation [default: never]
    #[arg(long, value_name = "N", help_heading = "Training")]
    pub patience: Option<usize>,
    /// Metric of the validation rows that says which epoch is the best, such as `accuracy`,
    /// `roc_auc` or `mae` [default: the loss]
    #[arg(long, value_name = "METRIC", help_heading = "Training")]
    pub select: Option<Metric>,
    /// Train this many times, so that each row tests once, and print means and deviations
    #[arg(long, value_name = "K", help_heading = "Training")]
    pub folds: Option<usize>,
    /// Where all chance comes from: split, weights, order, dropout [default: 0]
    #[arg(long, value_name = "N", help_heading = "Training")]
    pub seed: Option<u64>,
    /// What computes, among the backends compiled in [default: the first of flex, ndarray, …]
    #[arg(long, value_enum, help_heading = "Training")]
    pub backend: Option<Backend>,

    /// How numbers are scaled: `standard`, `robust`, `quantile`, `min_max`, `shared` or `none`
    /// [default: by data set]
    #[arg(long, value_name = "KIND", value_parser = parse_name::<Scaling>, help_heading = "Data")]
    pub scaling: Option<Scaling>,
    /// How categories become inputs: `one_hot`, `embedding`, or `auto` by their number
    /// [default: auto]
    #[arg(long, value_name = "KIND", value_parser = parse_name::<CategoryEncoding>, help_heading = "Data")]
    pub categories: Option<CategoryEncoding>,
    /// Training rows that a category needs, or it counts as one that was never seen [default: 5]
    #[arg(long, value_name = "N", help_heading = "Data")]
    pub min_category_count: Option<usize>,
    /// Numbers that an embedded category becomes [default: 8]
    #[arg(long, value_name = "N", help_heading = "Data")]
    pub d_embedding: Option<usize>,
    /// Share of the rows kept for the final test, in (0, 1) [default: 0.2]
    #[arg(
        long,
        value_name = "SHARE",
        help_heading = "Data",
        allow_negative_numbers = true
    )]
    pub test_size: Option<f64>,
    /// Share of the rows that choose the best epoch, in (0, 1) [default: 0.2, of many rows 0.1]
    #[arg(
        long,
        value_name = "SHARE",
        help_heading = "Data",
        allow_negative_numbers = true
    )]
    pub valid_size: Option<f64>,
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
    /// Download `mnist` if it is not there
    #[arg(long, help_heading = "Data")]
    pub download: bool,
    /// Where to download from instead
    #[arg(long, value_name = "URL", help_heading = "Data")]
    pub mirror: Option<String>,

    /// How groups are found where nothing is to be predicted.
    #[command(flatten)]
    pub clustering: ClusteringOptions,

    /// How a table of one's own is read.
    #[command(flatten)]
    pub table: TableOptions,
}

impl TrainingOptions {
    /// Reads a configuration file.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, is no TOML, has an unknown key, or a value of a wrong type.
    pub fn from_file(path: &Path) -> Result<Self, Error> {
        let text = fs::read_to_string(path).map_err(|source| Error::Io {
            action: "read",
            path: path.to_owned(),
            source,
        })?;
        toml::from_str(&text).map_err(|source| Error::ConfigFile {
            path: path.to_owned(),
            source: Box::new(source),
        })
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

    /// Fills what was not said with what another source says.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            dataset: self.dataset.or(other.dataset),
            model: self.model.or(other.model),
            hidden: self.hidden.or(other.hidden),
            activation: self.activation.or(other.activation),
            dropout: self.dropout.or(other.dropout),
            normalization: self.normalization.or(other.normalization),
            loss: self.loss.or(other.loss),
            huber_delta: self.huber_delta.or(other.huber_delta),
            quantile: self.quantile.or(other.quantile),
            class_weights: self.class_weights.or(other.class_weights),
            label_smoothing: self.label_smoothing.or(other.label_smoothing),
            optimizer: self.optimizer.or(other.optimizer),
            learning_rate: self.learning_rate.or(other.learning_rate),
            schedule: self.schedule.or(other.schedule),
            weight_decay: self.weight_decay.or(other.weight_decay),
            clip_norm: self.clip_norm.or(other.clip_norm),
            epochs: self.epochs.or(other.epochs),
            batch_size: self.batch_size.or(other.batch_size),
            patience: self.patience.or(other.patience),
            select: self.select.or(other.select),
            folds: self.folds.or(other.folds),
            seed: self.seed.or(other.seed),
            backend: self.backend.or(other.backend),
            scaling: self.scaling.or(other.scaling),
            categories: self.categories.or(other.categories),
            min_category_count: self.min_category_count.or(other.min_category_count),
            d_embedding: self.d_embedding.or(other.d_embedding),
            test_size: self.test_size.or(other.test_size),
            valid_size: self.valid_size.or(other.valid_size),
            samples: self.samples.or(other.samples),
            noise: self.noise.or(other.noise),
            data_dir: self.data_dir.or(other.data_dir),
            download: self.download || other.download,
            mirror: self.mirror.or(other.mirror),
            clustering: self.clustering.or(other.clustering),
            table: self.table.or(other.table),
        }
    }
}

/// Sizes of hidden layers. An alias, since clap takes `Vec` for an option that may be repeated.
type Sizes = Vec<usize>;
/// Activations of hidden layers, likewise.
type Activations = Vec<ActivationConfig>;

fn parse_sizes(text: &str) -> Result<Sizes, String> {
    if text == "none" {
        return Ok(Vec::new());
    }
    let parse = |size: &str| match size.trim().parse() {
        Ok(0) | Err(_) => Err(format!(
            "`{size}` is no size of a layer: give whole numbers of 1 or more, such as `64,64`, or \
             `none`"
        )),
        Ok(size) => Ok(size),
    };
    text.split(',').map(parse).collect()
}

fn parse_activations(text: &str) -> Result<Activations, UnknownActivation> {
    text.split(',').map(|name| name.trim().parse()).collect()
}

/// Parses a name as the configuration file would.
pub(super) fn parse_name<T: DeserializeOwned>(name: &str) -> Result<T, ValueError> {
    T::deserialize(name.into_deserializer())
}

/// Takes `"relu"` as well as `["relu", "tanh"]`.
fn one_or_more<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Activations>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "the name of an activation, or a list of names")]
    enum OneOrMore {
        One(ActivationConfig),
        More(Activations),
    }
    Ok(Some(match OneOrMore::deserialize(deserializer)? {
        OneOrMore::One(activation) => vec![activation],
        OneOrMore::More(activations) => activations,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_sizes_are_whole_numbers_from_one_on() {
        assert_eq!(parse_sizes("64, 32"), Ok(vec![64, 32]));
        assert_eq!(parse_sizes("none"), Ok(vec![]));
        for text in ["0", "64,0", "", "64,,32", "-1", "2.5"] {
            assert!(parse_sizes(text).is_err(), "`{text}` was taken");
        }
    }

    #[test]
    fn a_file_may_name_one_activation_or_several() {
        let options: TrainingOptions = toml::from_str("activation = 'tanh'").unwrap();
        assert_eq!(options.activation, Some(vec![ActivationConfig::Tanh]));

        let options: TrainingOptions = toml::from_str("activation = ['tanh', 'relu']").unwrap();
        assert_eq!(
            options.activation,
            Some(vec![ActivationConfig::Tanh, ActivationConfig::Relu])
        );
    }

    #[test]
    fn an_unknown_key_of_a_file_is_an_error_that_names_it() {
        let error = toml::from_str::<TrainingOptions>("learning_rat = 0.1").unwrap_err();

        assert!(
            error.to_string().contains("unknown field `learning_rat`"),
            "{error}"
        );
    }

    #[test]
    fn what_was_typed_comes_before_what_a_file_says() {
        let typed = TrainingOptions {
            epochs: Some(3),
            ..TrainingOptions::default()
        };
        let file: TrainingOptions = toml::from_str("epochs = 7\nseed = 5").unwrap();

        let both = typed.or(file);

        assert_eq!((both.epochs, both.seed), (Some(3), Some(5)));
    }
}
