use mlp_datasets::SplitConfig;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::describe::{Describe, Method, Sections};
use super::preset::tuned;
use super::require::require;
use super::{Model, Recipe, Settings, SupervisedData};
use crate::{Error, Problem};

/// Several networks, of one model or more, whose predictions are averaged.
///
/// Each member has a seed of its own, and the members of one model are validated on other rows each, so that
/// together they learn from all rows that are not for testing. The members of one model count as much in the mean
/// as predictions of validation rows gain by them (Caruana et al. 2004).
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct EnsembleRecipe {
    /// What the members' defaults depend on.
    #[serde(skip, default = "unknown")]
    problem: Problem,
    /// The members.
    pub model: EnsembleSettings,
    /// What is set of how the members learn; the rest are their defaults.
    pub training: Map<String, Value>,
    /// What is set of how rows become inputs, and how they are split.
    pub data: Map<String, Value>,
}

/// The members of an ensemble.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct EnsembleSettings {
    /// The models of the members, at least one, each of which predicts.
    pub members: Vec<Model>,
}

/// The models whose mean is strong on most tables.
pub(super) const KINDS: [Model; 4] = [Model::TabMMini, Model::MlpPl, Model::RealMlp, Model::Mlp];
/// A tenth of the rows is enough to select the epoch of a member, and there are other rows for the next one.
const VALID_SIZE: f64 = 0.1;

fn unknown() -> Problem {
    Problem::unknown(mlp_datasets::Task::Classification)
}

impl EnsembleRecipe {
    /// Of two members each of the models that are strong on most tables, for a problem.
    pub fn new(problem: Problem) -> Self {
        let SplitConfig { test_size, .. } = SupervisedData::new(problem).split(0);
        let split = [("test_size", test_size), ("valid_size", VALID_SIZE)];
        let split = split.map(|(name, size)| (name.to_owned(), size.into()));
        Self {
            problem,
            model: EnsembleSettings {
                members: KINDS.repeat(2),
            },
            training: Map::new(),
            data: split.into_iter().collect(),
        }
    }

    /// The recipe with what a user has set. Settings of training and data are those of the members, so
    /// whether they exist is for the members to say.
    pub(super) fn with_settings(mut self, settings: &Settings) -> Result<Self, Error> {
        let model = "ensemble";
        for (name, value) in &settings.model {
            if name != "members" {
                return Err(Error::UnusedSetting {
                    setting: name.clone(),
                    model,
                });
            }
            let members = serde_json::from_value(value.clone());
            self.model.members = members.map_err(|source| Error::Settings { model, source })?;
        }
        self.training.extend(settings.training.clone());
        self.data.extend(settings.data.clone());
        Ok(self)
    }

    /// The recipe of each member.
    ///
    /// # Errors
    ///
    /// If a setting is out of range, or a member does not have it.
    pub fn members(&self) -> Result<Vec<Recipe>, Error> {
        let given = Settings {
            model: Map::new(),
            training: self.training.clone(),
            data: self.data.clone(),
        };
        let member = |&model: &Model| {
            let settings = tuned(model, self.problem).or(&given);
            Recipe::new(model, self.problem, &settings)
        };
        self.model.members.iter().map(member).collect()
    }
}

impl Describe for EnsembleRecipe {
    fn sections(&self) -> Sections<'_> {
        Sections {
            model: &self.model,
            training: &self.training,
            data: &self.data,
        }
    }

    fn check(&self) -> Result<(), Error> {
        let members = &self.model.members;
        require(!members.is_empty(), "members", "empty", "one model or more")?;
        let is_valid = |model: &Model| !model.is_clustering() && *model != Model::Ensemble;
        if let Some(model) = members.iter().find(|model| !is_valid(model)) {
            let allowed = "models that predict, and not ensembles themselves";
            return Err(Error::invalid("members", model, allowed));
        }
        if self.data.contains_key("folds") {
            return Err(Error::UnusedSetting {
                setting: "folds".to_owned(),
                model: "ensemble",
            });
        }
        self.members().map(|_| ())
    }

    fn method(&self) -> Method<'_> {
        Method::Ensemble(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlp_datasets::Task;

    fn recipe(section: &str, name: &str, value: impl Into<Value>) -> Result<Recipe, Error> {
        let mut settings = Settings::default();
        let section = match section {
            "model" => &mut settings.model,
            "training" => &mut settings.training,
            _ => &mut settings.data,
        };
        section.insert(name.to_owned(), value.into());
        Recipe::new(
            Model::Ensemble,
            Problem::unknown(Task::Regression),
            &settings,
        )
    }

    #[test]
    fn an_ensemble_needs_members_that_predict() {
        let message = |members: &[&str]| {
            let members: Vec<Value> = members.iter().map(|&name| name.into()).collect();
            recipe("model", "members", members).unwrap_err().to_string()
        };
        assert_eq!(
            message(&[]),
            "`members` is empty, but must be one model or more"
        );
        for model in ["som", "ensemble"] {
            assert_eq!(
                message(&["mlp", model]),
                format!(
                    "`members` is {model}, but must be models that predict, and not ensembles themselves"
                )
            );
        }
    }

    #[test]
    fn what_is_set_of_the_training_is_set_of_each_member() {
        let Recipe::Ensemble(ensemble) = recipe("training", "epochs", 3).unwrap() else {
            panic!("it is an ensemble");
        };
        for member in ensemble.members().unwrap() {
            assert_eq!(member.as_supervised().unwrap().training().epochs, 3);
        }
        let error = recipe("training", "pretraining_epochs", 3).unwrap_err();
        assert!(matches!(error, Error::UnusedSetting { .. }), "{error}");
        assert!(recipe("data", "folds", 3).is_err());
    }
}
