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
mod describe;
mod ensemble;
mod grid_size;
mod mlp;
mod model;
mod network_inputs;
mod neuron;
mod numerical;
mod preset;
mod real_mlp;
mod require;
mod resnet;
mod selection;
mod self_organising_map;
mod settings;
mod size;
mod supervised;
mod tabm;
mod training_settings;

pub use autoencoder::{AutoencoderRecipe, AutoencoderSettings, AutoencoderTraining};
pub use class_weights::ClassWeights;
pub use cluster_count::ClusterCount;
pub use data_settings::{ClusteringData, SupervisedData};
pub use deep_clustering::{DeepClusteringRecipe, DeepClusteringSettings, DeepClusteringTraining};
use describe::Describe;
pub(crate) use describe::Method;
pub use describe::Sections;
pub use ensemble::{EnsembleRecipe, EnsembleSettings};
pub use grid_size::GridSize;
pub use mlp::{MlpRecipe, MlpSettings};
pub use model::Model;
pub use network_inputs::NetworkInputs;
pub use neuron::{LearningRule, NeuronRecipe, NeuronSettings};
pub use numerical::{NumericalKind, NumericalSettings};
pub use preset::{Choice, Preset};
pub use real_mlp::{RealMlpRecipe, RealMlpSettings};
pub use resnet::{ResNetRecipe, ResNetSettings};
pub use selection::{Criterion, Selection, Ties};
pub use self_organising_map::{MapRecipe, MapSettings, MapTraining};
pub use settings::Settings;
use size::check_size;
pub use supervised::SupervisedRecipe;
pub use tabm::{TabMRecipe, TabMSettings};
pub use training_settings::SupervisedTraining;

use mlp_datasets::{Dataset, SplitConfig, Task};
use mlp_models::TabMVariant;
use serde_json::Value;

use crate::{Error, Problem};

/// A recipe of any model.
///
/// ```
/// use mlp_datasets::{Scaling, Task};
/// use mlp_training::{MlpRecipe, Problem, Recipe};
///
/// let problem = Problem {
///     task: Task::Regression,
///     num_rows: 800,
///     num_columns: 5,
///     scaling: Scaling::Standard,
/// };
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
    /// Residual blocks.
    ResNet(ResNetRecipe),
    /// The network of `RealMLP`.
    RealMlp(RealMlpRecipe),
    /// An ensemble that shares its weights.
    TabM(TabMRecipe),
    /// Several networks, whose predictions are averaged.
    Ensemble(EnsembleRecipe),
    /// Units on a grid.
    SelfOrganisingMap(MapRecipe),
    /// A network that reconstructs its inputs from a few numbers.
    Autoencoder(AutoencoderRecipe),
    /// An autoencoder whose codes learn to form clusters.
    DeepClustering(DeepClusteringRecipe),
}

impl Recipe {
    /// The recipe of a model: its defaults for a problem, with what the settings say instead.
    ///
    /// # Errors
    ///
    /// If a setting does not apply to the model, or is out of range.
    pub fn new(model: Model, problem: Problem, settings: &Settings) -> Result<Self, Error> {
        let name = model.into();
        let neuron = |rule| -> Result<Self, Error> {
            let mut recipe = settings.apply_supervised(NeuronRecipe::new(rule, problem), name)?;
            recipe.rule = rule;
            Ok(Self::Neuron(recipe))
        };
        let deep = |keeps_reconstruction| -> Result<Self, Error> {
            let recipe = DeepClusteringRecipe::new(keeps_reconstruction, problem);
            let mut recipe = settings.apply(recipe, name)?;
            recipe.keeps_reconstruction = keeps_reconstruction;
            Ok(Self::DeepClustering(recipe))
        };
        let embedded_mlp = |kind| -> Result<Self, Error> {
            let recipe = MlpRecipe::with_numerical_embedding(kind, problem);
            let mut recipe = settings.apply_supervised(recipe, name)?;
            recipe.named_for = kind;
            Ok(Self::Mlp(recipe))
        };
        let real_mlp = |is_simplified| -> Result<Self, Error> {
            let recipe = RealMlpRecipe::new(is_simplified, problem);
            let mut recipe = settings.apply_supervised(recipe, name)?;
            recipe.is_simplified = is_simplified;
            Ok(Self::RealMlp(recipe))
        };
        let tabm = |variant| -> Result<Self, Error> {
            let recipe = TabMRecipe::new(variant, problem);
            let mut recipe = settings.apply_supervised(recipe, name)?;
            recipe.variant = variant;
            Ok(Self::TabM(recipe))
        };
        let recipe = match model {
            Model::Perceptron => neuron(LearningRule::Rosenblatt)?,
            Model::Adaline => neuron(LearningRule::WidrowHoff)?,
            Model::Logistic => neuron(LearningRule::Logistic)?,
            Model::Mlp => Self::Mlp(settings.apply_supervised(MlpRecipe::new(problem), name)?),
            Model::ResNet => {
                Self::ResNet(settings.apply_supervised(ResNetRecipe::new(problem), name)?)
            }
            Model::MlpPlr => embedded_mlp(NumericalKind::Periodic)?,
            Model::MlpPl => embedded_mlp(NumericalKind::PiecewiseLinear)?,
            Model::RealMlp => real_mlp(false)?,
            Model::RealMlpS => real_mlp(true)?,
            Model::TabM => tabm(TabMVariant::Full)?,
            Model::TabMMini => tabm(TabMVariant::Mini)?,
            Model::TabMPacked => tabm(TabMVariant::Packed)?,
            Model::Ensemble => {
                Self::Ensemble(EnsembleRecipe::new(problem).with_settings(settings)?)
            }
            Model::Som => Self::SelfOrganisingMap(settings.apply(MapRecipe::new(problem), name)?),
            Model::Autoencoder => {
                Self::Autoencoder(settings.apply(AutoencoderRecipe::new(problem), name)?)
            }
            Model::Dec => deep(false)?,
            Model::Idec => deep(true)?,
        };
        recipe.check()?;
        Ok(recipe)
    }

    /// The name of the model.
    pub fn model(&self) -> Model {
        match self {
            Self::Neuron(recipe) => match recipe.rule {
                LearningRule::Rosenblatt => Model::Perceptron,
                LearningRule::WidrowHoff => Model::Adaline,
                LearningRule::Logistic => Model::Logistic,
            },
            Self::Mlp(recipe) => match recipe.named_for {
                NumericalKind::Periodic => Model::MlpPlr,
                NumericalKind::PiecewiseLinear => Model::MlpPl,
                NumericalKind::None | NumericalKind::Pbld => Model::Mlp,
            },
            Self::ResNet(_) => Model::ResNet,
            Self::RealMlp(recipe) if recipe.is_simplified => Model::RealMlpS,
            Self::RealMlp(_) => Model::RealMlp,
            Self::TabM(recipe) => match recipe.variant {
                TabMVariant::Full => Model::TabM,
                TabMVariant::Mini => Model::TabMMini,
                TabMVariant::Packed => Model::TabMPacked,
            },
            Self::Ensemble(_) => Model::Ensemble,
            Self::SelfOrganisingMap(_) => Model::Som,
            Self::Autoencoder(_) => Model::Autoencoder,
            Self::DeepClustering(recipe) if recipe.keeps_reconstruction => Model::Idec,
            Self::DeepClustering(_) => Model::Dec,
        }
    }

    /// All settings, with which [`new`](Self::new) makes the same recipe again.
    pub fn sections(&self) -> Sections<'_> {
        self.describe().sections()
    }

    /// Checks that every setting is in its range. Whether they suit a data set is checked by
    /// [`check_for`](Self::check_for).
    ///
    /// # Errors
    ///
    /// Names the first setting that is out of range.
    pub fn check(&self) -> Result<(), Error> {
        self.describe().check()?;
        let is_packed = self.model() == Model::TabMPacked;
        let model = self.sections().model;
        // Sizes are whole numbers, which JSON always has.
        check_size(&serde_json::to_value(model).unwrap_or_default(), is_packed)
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
        // `null` has the wrong type for most settings, but that is a different error.
        settings.iter().any(|settings| {
            let recipe = Self::new(model, Problem::unknown(task), settings);
            !matches!(recipe, Err(Error::UnusedSetting { .. }))
        })
    }

    /// The recipe, if its network predicts rather than finds clusters.
    pub fn as_supervised(&self) -> Option<&dyn SupervisedRecipe> {
        match self.method() {
            Method::Supervised(recipe) => Some(recipe),
            Method::Ensemble(_)
            | Method::Map(_)
            | Method::Autoencoder(_)
            | Method::DeepClustering(_) => None,
        }
    }

    /// How rows are split, with the seed of the training; `None` if the recipe finds clusters.
    ///
    /// # Errors
    ///
    /// If a member of an ensemble does not have a setting.
    pub(crate) fn split(&self, seed: u64) -> Result<Option<SplitConfig>, Error> {
        match self.method() {
            Method::Supervised(recipe) => Ok(Some(recipe.data().split(seed))),
            Method::Ensemble(recipe) => match recipe.members()?.first() {
                Some(member) => member.split(seed),
                None => Ok(None),
            },
            Method::Map(_) | Method::Autoencoder(_) | Method::DeepClustering(_) => Ok(None),
        }
    }

    /// The quantile that its model learns to predict, if it does.
    pub fn predicted_quantile(&self) -> Option<f64> {
        match self.method() {
            Method::Supervised(recipe) => recipe.training().predicted_quantile(),
            Method::Ensemble(recipe) => recipe.members().ok()?.first()?.predicted_quantile(),
            Method::Map(_) | Method::Autoencoder(_) | Method::DeepClustering(_) => None,
        }
    }

    /// The same, to be changed.
    pub(crate) fn as_supervised_mut(&mut self) -> Option<&mut dyn SupervisedRecipe> {
        match self {
            Self::Neuron(recipe) => Some(recipe),
            Self::Mlp(recipe) => Some(recipe),
            Self::ResNet(recipe) => Some(recipe),
            Self::RealMlp(recipe) => Some(recipe),
            Self::TabM(recipe) => Some(recipe),
            Self::Ensemble(_)
            | Self::SelfOrganisingMap(_)
            | Self::Autoencoder(_)
            | Self::DeepClustering(_) => None,
        }
    }

    /// How it is trained.
    pub(crate) fn method(&self) -> Method<'_> {
        self.describe().method()
    }

    /// Checks that the settings suit a data set.
    ///
    /// # Errors
    ///
    /// If it has no target to predict, or its target is one that the loss or the metric cannot
    /// take.
    pub fn check_for(&self, dataset: &Dataset) -> Result<(), Error> {
        if let Self::Ensemble(recipe) = self {
            let mut members = recipe.members()?.into_iter();
            return members.try_for_each(|member| member.check_for(dataset));
        }
        let data = match self.method() {
            Method::Supervised(recipe) => recipe.data().preprocessor(),
            Method::Map(recipe) => recipe.data.preprocessor(),
            Method::Autoencoder(recipe) => recipe.data.preprocessor(),
            Method::DeepClustering(recipe) => recipe.data.preprocessor(),
            // Its members were checked.
            Method::Ensemble(_) => return Ok(()),
        };
        data.check_for(&dataset.table)?;
        let Some(recipe) = self.as_supervised() else {
            return Ok(());
        };
        let task = dataset.table.task().ok_or(Error::NoTarget)?;
        recipe
            .training()
            .check_task(task, self.model().into(), &dataset.name)
    }

    fn describe(&self) -> &dyn Describe {
        match self {
            Self::Neuron(recipe) => recipe,
            Self::Mlp(recipe) => recipe,
            Self::ResNet(recipe) => recipe,
            Self::RealMlp(recipe) => recipe,
            Self::TabM(recipe) => recipe,
            Self::Ensemble(recipe) => recipe,
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
    ResNetRecipe => ResNet,
    RealMlpRecipe => RealMlp,
    TabMRecipe => TabM,
    EnsembleRecipe => Ensemble,
    MapRecipe => SelfOrganisingMap,
    AutoencoderRecipe => Autoencoder,
    DeepClusteringRecipe => DeepClustering
);
