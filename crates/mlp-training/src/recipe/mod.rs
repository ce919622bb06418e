//! Recipes: what a model is made of, and how it learns.
//!
//! A recipe is one struct with three sections. `model` describes the network, `training` how it
//! learns, and `data` how rows become inputs. Each recipe has the settings that it uses and no
//! others, with defaults for a [`Problem`](crate::Problem).

mod autoencoder;
mod class_weights;
mod cluster_count;
mod data_settings;
mod deep_clustering;
mod grid_size;
mod mlp;
mod neuron;
mod selection;
mod self_organising_map;
mod settings;
mod supervised;
mod training_settings;

pub use autoencoder::{AutoencoderRecipe, AutoencoderSettings, AutoencoderTraining};
pub use class_weights::ClassWeights;
pub use cluster_count::ClusterCount;
pub use data_settings::{ClusteringData, SupervisedData};
pub use deep_clustering::{DeepClusteringRecipe, DeepClusteringSettings, DeepClusteringTraining};
pub use grid_size::GridSize;
pub use mlp::{MlpRecipe, MlpSettings};
pub use neuron::{LearningRule, NeuronRecipe, NeuronSettings};
pub use selection::{Criterion, Selection, Ties};
pub use self_organising_map::{MapRecipe, MapSettings, MapTraining};
pub use settings::Settings;
pub use supervised::SupervisedRecipe;
pub use training_settings::SupervisedTraining;

use mlp_datasets::{Dataset, Task};
use serde_json::Value;

use crate::model::Model;
use crate::{Error, Problem};

/// A recipe of any model.
///
/// ```
/// use mlp_datasets::{Scaling, Task};
/// use mlp_training::{MlpRecipe, Problem, Recipe};
///
/// let problem = Problem { task: Task::Regression, num_rows: 800, scaling: Scaling::Standard };
/// let mut recipe = MlpRecipe::new(problem);
/// recipe.model.hidden = vec![32];
/// recipe.training.epochs = 50;
/// let recipe = Recipe::from(recipe);
/// assert!(recipe.check().is_ok());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Recipe {
    /// One layer of neurons.
    Neuron(NeuronRecipe),
    /// Hidden layers of neurons.
    Mlp(MlpRecipe),
    /// Units on a grid.
    SelfOrganisingMap(MapRecipe),
    /// A network that reconstructs its inputs from a few numbers.
    Autoencoder(AutoencoderRecipe),
    /// An autoencoder whose codes learn to form clusters.
    DeepClustering(DeepClusteringRecipe),
}

/// The settings of a recipe, section by section, to be written down.
pub struct Sections<'a> {
    /// What the network is.
    pub model: &'a dyn erased_serde::Serialize,
    /// How it learns.
    pub training: &'a dyn erased_serde::Serialize,
    /// How rows become inputs.
    pub data: &'a dyn erased_serde::Serialize,
}

/// What every recipe can tell of itself.
trait Describe {
    fn model(&self) -> Model;

    fn sections(&self) -> Sections<'_>;

    fn check(&self) -> Result<(), Error>;

    fn as_supervised(&self) -> Option<&dyn SupervisedRecipe> {
        None
    }
}

impl Recipe {
    /// The recipe of a model: its defaults for a problem, with what the settings say instead.
    ///
    /// # Errors
    ///
    /// If a setting does not apply to the model, or is out of range.
    pub fn new(model: Model, problem: Problem, settings: &Settings) -> Result<Self, Error> {
        let neuron = |rule| -> Result<Self, Error> {
            let mut recipe = settings.apply_supervised(NeuronRecipe::new(rule, problem), model)?;
            recipe.rule = rule;
            Ok(Self::Neuron(recipe))
        };
        let deep = |keeps_reconstruction| -> Result<Self, Error> {
            let recipe = DeepClusteringRecipe::new(keeps_reconstruction, problem);
            let mut recipe = settings.apply(recipe, model)?;
            recipe.keeps_reconstruction = keeps_reconstruction;
            Ok(Self::DeepClustering(recipe))
        };
        let recipe = match model {
            Model::Perceptron => neuron(LearningRule::Rosenblatt)?,
            Model::Adaline => neuron(LearningRule::WidrowHoff)?,
            Model::Logistic => neuron(LearningRule::Logistic)?,
            Model::Mlp => Self::Mlp(settings.apply_supervised(MlpRecipe::new(problem), model)?),
            Model::Som => Self::SelfOrganisingMap(settings.apply(MapRecipe::new(problem), model)?),
            Model::Autoencoder => {
                Self::Autoencoder(settings.apply(AutoencoderRecipe::new(problem), model)?)
            }
            Model::Dec => deep(false)?,
            Model::Idec => deep(true)?,
        };
        recipe.check()?;
        Ok(recipe)
    }

    /// The name of the model.
    pub fn model(&self) -> Model {
        self.describe().model()
    }

    /// All settings, with which [`new`](Self::new) makes the same recipe again.
    pub fn sections(&self) -> Sections<'_> {
        self.describe().sections()
    }

    /// Checks that every setting is in its range. Whether they fit the data is seen when it is
    /// there.
    ///
    /// # Errors
    ///
    /// Names the first setting that is out of range.
    pub fn check(&self) -> Result<(), Error> {
        self.describe().check()
    }

    /// Whether a model has a setting.
    pub fn has_setting(model: Model, setting: &str) -> bool {
        let task = if model.is_clustering() {
            Task::Clustering
        } else {
            Task::Classification
        };
        let mut settings = [(); 3].map(|()| Settings::default());
        let [of_model, of_training, of_data] = &mut settings;
        of_model.model.insert(setting.to_owned(), Value::Null);
        of_training.training.insert(setting.to_owned(), Value::Null);
        of_data.data.insert(setting.to_owned(), Value::Null);
        // Nothing is no value of most settings, but that is another error.
        settings.iter().any(|settings| {
            let recipe = Self::new(model, Problem::unknown(task), settings);
            !matches!(recipe, Err(Error::UnusedSetting { .. }))
        })
    }

    /// The recipe, if its network predicts rather than finds clusters.
    pub fn as_supervised(&self) -> Option<&dyn SupervisedRecipe> {
        self.describe().as_supervised()
    }

    /// Checks that the settings suit a data set.
    ///
    /// # Errors
    ///
    /// If it has no target to predict, or its target is one that the loss or the metric cannot
    /// take.
    pub fn check_for(&self, dataset: &Dataset) -> Result<(), Error> {
        let Some(recipe) = self.as_supervised() else {
            return Ok(());
        };
        let task = dataset.table.task().ok_or(Error::NoTarget)?;
        recipe
            .training()
            .check_task(task, self.model(), &dataset.name)
    }

    fn describe(&self) -> &dyn Describe {
        match self {
            Self::Neuron(recipe) => recipe,
            Self::Mlp(recipe) => recipe,
            Self::SelfOrganisingMap(recipe) => recipe,
            Self::Autoencoder(recipe) => recipe,
            Self::DeepClustering(recipe) => recipe,
        }
    }
}

/// Makes a recipe a [`Recipe`].
macro_rules! into_recipe {
    ($($recipe:ident => $variant:ident),*) => {$(
        impl From<$recipe> for Recipe {
            fn from(recipe: $recipe) -> Self {
                Self::$variant(recipe)
            }
        }
    )*};
}

into_recipe!(
    NeuronRecipe => Neuron,
    MlpRecipe => Mlp,
    MapRecipe => SelfOrganisingMap,
    AutoencoderRecipe => Autoencoder,
    DeepClusteringRecipe => DeepClustering
);

/// An error unless a value is in its range.
fn require(
    holds: bool,
    setting: &'static str,
    value: impl ToString,
    allowed: &str,
) -> Result<(), Error> {
    if holds {
        Ok(())
    } else {
        Err(Error::invalid(setting, value, allowed))
    }
}
