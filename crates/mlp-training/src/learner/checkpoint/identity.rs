use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Error;
use crate::recipe::Recipe;

/// The settings that may be raised for a training that [goes on](crate::Training::resuming).
pub const RAISABLE_SETTINGS: [&str; 2] = ["epochs", "pretraining_epochs"];

/// What a training is: it goes on from checkpoints of the same only.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    model: String,
    seed: u64,
    /// All settings of the recipe, by section.
    settings: Value,
    /// The fingerprint of the data.
    data: String,
}

impl Identity {
    /// Of a training by a recipe, on data with a fingerprint.
    pub fn new(recipe: &Recipe, seed: u64, data: String) -> Result<Self, Error> {
        let sections = recipe.sections();
        let mut settings = Map::new();
        for (name, section) in [
            ("model", sections.model),
            ("training", sections.training),
            ("data", sections.data),
        ] {
            let section = serde_json::to_value(section).map_err(Error::learner)?;
            settings.insert(name.to_owned(), section);
        }
        Ok(Self {
            model: recipe.model().to_string(),
            seed,
            settings: settings.into(),
            data,
        })
    }

    /// Checks that a training may go on from a checkpoint of another: nothing is different but the
    /// number of epochs, which may be higher.
    pub fn check_continues(&self, other: &Self) -> Result<(), Error> {
        let differs = |name: &str, now: &dyn ToString, then: &dyn ToString| {
            Err(Error::OtherTraining {
                setting: name.to_owned(),
                now: now.to_string(),
                then: then.to_string(),
            })
        };
        if self.model != other.model {
            return differs("model", &self.model, &other.model);
        }
        if self.seed != other.seed {
            return differs("seed", &self.seed, &other.seed);
        }
        for section in ["model", "training", "data"] {
            let (now, then) = (&self.settings[section], &other.settings[section]);
            let of = |settings: &Value| settings.as_object().cloned().unwrap_or_default();
            let (now, then) = (of(now), of(then));
            for name in now.keys().chain(then.keys()) {
                let [now, then] = [&now, &then].map(|all| all.get(name).unwrap_or(&Value::Null));
                let is_raised =
                    RAISABLE_SETTINGS.contains(&name.as_str()) && now.as_u64() >= then.as_u64();
                if now != then && !is_raised {
                    return differs(name, now, then);
                }
            }
        }
        if self.data == other.data {
            Ok(())
        } else {
            Err(Error::OtherData)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MlpRecipe, Problem};
    use mlp_datasets::Task;

    fn identity(change: impl FnOnce(&mut MlpRecipe), seed: u64, data: &str) -> Identity {
        let mut recipe = MlpRecipe::new(Problem::unknown(Task::Classification));
        recipe.training.epochs = 20;
        change(&mut recipe);
        Identity::new(&recipe.into(), seed, data.to_owned()).unwrap()
    }

    fn message(now: &Identity) -> Option<String> {
        let then = identity(|_| {}, 0, "a");
        now.check_continues(&then)
            .err()
            .map(|error| error.to_string())
    }

    #[test]
    fn a_training_goes_on_with_the_same_settings_and_with_more_epochs() {
        assert_eq!(message(&identity(|_| {}, 0, "a")), None);
        let more = identity(|recipe| recipe.training.epochs = 21, 0, "a");
        assert_eq!(message(&more), None);
    }

    #[test]
    fn any_other_difference_is_named() {
        let fewer = identity(|recipe| recipe.training.epochs = 19, 0, "a");
        let wider = identity(|recipe| recipe.model.hidden = vec![7], 0, "a");
        let other_seed = identity(|_| {}, 1, "a");
        let other_data = identity(|_| {}, 0, "b");
        for (now, expected) in [
            (fewer, "`epochs` was 20, but is 19"),
            (wider, "`hidden` was [64,64], but is [7]"),
            (other_seed, "`seed` was 0, but is 1"),
            (other_data, "the data is not that"),
        ] {
            let message = message(&now).unwrap();
            assert!(message.contains(expected), "{message}");
        }
    }
}
