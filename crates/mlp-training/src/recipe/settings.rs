use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::SupervisedRecipe;
use crate::{Error, Optimizer};

/// Some settings of a recipe, section by section: what a user has set. The rest keep the recipe's
/// defaults.
///
/// ```
/// use mlp_datasets::Task;
/// use mlp_training::{Model, Problem, Recipe, Settings};
///
/// let mut settings = Settings::default();
/// settings.model.insert("hidden".into(), [32, 16].into());
/// assert!(Recipe::new(Model::Mlp, Problem::unknown(Task::Regression), &settings).is_ok());
///
/// let error = Recipe::new(Model::Som, Problem::unknown(Task::Clustering), &settings);
/// let error = error.unwrap_err().to_string();
/// assert_eq!(error, "`hidden` does not apply to the model `som`");
/// ```
#[derive(Serialize, Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// What the network is.
    pub model: Map<String, Value>,
    /// How it learns.
    pub training: Map<String, Value>,
    /// How rows become inputs.
    pub data: Map<String, Value>,
}

impl Settings {
    /// These settings, and others that take precedence over them.
    #[must_use]
    pub fn or(mut self, over: &Self) -> Self {
        self.model.extend(over.model.clone());
        self.training.extend(over.training.clone());
        self.data.extend(over.data.clone());
        self
    }

    /// A recipe with these settings in place of its own.
    ///
    /// # Errors
    ///
    /// If it lacks one of them, or a value is of another type.
    pub(super) fn apply<R>(&self, recipe: R, model: &'static str) -> Result<R, Error>
    where
        R: Serialize + DeserializeOwned,
    {
        let failed = |source| Error::Settings { model, source };
        let mut merged = serde_json::to_value(recipe).map_err(failed)?;
        for (section, given) in [
            ("model", &self.model),
            ("training", &self.training),
            ("data", &self.data),
        ] {
            if let Some(Value::Object(section)) = merged.get_mut(section) {
                section.extend(given.clone());
            }
        }
        let mut unused = None;
        let recipe = serde_ignored::deserialize(merged, |path| {
            unused.get_or_insert_with(|| path.to_string());
        });
        let recipe = recipe.map_err(failed)?;
        match unused {
            None => Ok(recipe),
            Some(path) => Err(Error::UnusedSetting {
                setting: path.rsplit('.').next().unwrap_or(&path).to_owned(),
                model,
            }),
        }
    }

    /// The same for a recipe that predicts. Learning rate, weight decay and clipping belong
    /// to their optimizer, so those of the recipe's own optimizer are no defaults for another one.
    pub(super) fn apply_supervised<R>(&self, mut recipe: R, model: &'static str) -> Result<R, Error>
    where
        R: SupervisedRecipe + Serialize + DeserializeOwned,
    {
        if let Some(optimizer) = self.training.get("optimizer") {
            let optimizer: Optimizer = serde_json::from_value(optimizer.clone())
                .map_err(|source| Error::Settings { model, source })?;
            recipe.training_mut().set_optimizer(optimizer);
        }
        self.apply(recipe, model)
    }
}
