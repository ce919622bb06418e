use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

use super::ensemble::KINDS;
use super::{Model, Recipe, Settings};
use crate::Problem;

/// How much time a good model may take.
#[derive(
    Serialize,
    Deserialize,
    Display,
    EnumMessage,
    EnumString,
    IntoStaticStr,
    VariantArray,
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Preset {
    /// A plain multilayer perceptron, in seconds
    Fast,
    /// The best model that trains in about a minute on two cores, for 20,000 rows of 20 columns
    #[default]
    Default,
    /// The mean of several networks of different kinds, in some minutes
    Strong,
}

/// The model that a preset chooses.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The model.
    pub model: Model,
    /// Its settings, where they differ from its own defaults.
    pub settings: Settings,
    /// Why this one, such as `regression on 20,640 rows of 8 columns`.
    pub reason: String,
}

/// From so many numbers in the table on, a network with embeddings takes too long for a default.
const MANY_VALUES: usize = 20_000_000;
/// Tables with more columns, such as images, gain nothing from an embedding of each.
const MANY_COLUMNS: usize = 200;
/// In tables of fewer rows, a plain perceptron is as good.
const FEW_ROWS: usize = 500;
/// In tables of fewer rows, a `TabM` is no better than a plain perceptron.
const SOME_ROWS: usize = 2_000;
/// With fewer rows and numbers, eight networks train within a minute.
const MOST_ROWS_FOR_SEVERAL: usize = 8_000;
const MOST_VALUES_FOR_SEVERAL: usize = 150_000;
/// With fewer numbers, sixteen do.
const MOST_VALUES_FOR_SIXTEEN: usize = 120_000;

impl Preset {
    /// Chooses a model for a problem. What a user has set of the model narrows the choice: a setting that
    /// only a plain perceptron has asks for one.
    pub fn choose(self, problem: Problem, given: &Settings) -> Choice {
        let Problem {
            task,
            num_rows,
            num_columns,
            ..
        } = problem;
        let columns = if num_columns == 1 {
            "column"
        } else {
            "columns"
        };
        let mut reason = format!("{task} on {num_rows} rows of {num_columns} {columns}");
        let is_large =
            num_columns > MANY_COLUMNS || num_rows.saturating_mul(num_columns) > MANY_VALUES;
        let (model, settings) = match self {
            Self::Fast => (Model::Mlp, Settings::default()),
            Self::Default | Self::Strong if is_large => {
                reason.push_str(", which are many");
                (Model::Mlp, Settings::default())
            }
            Self::Default => default(problem, given),
            Self::Strong if is_quick(problem) => (Model::Ensemble, members_of_each_kind(8)),
            Self::Strong => (Model::Ensemble, members_of_each_kind(4)),
        };
        let unknown = given
            .model
            .keys()
            .find(|name| !Recipe::has_setting(model, name));
        match unknown {
            Some(name) if Recipe::has_setting(Model::Mlp, name) => Choice {
                model: Model::Mlp,
                settings: Settings::default(),
                reason: format!("`--{}` needs it", name.replace('_', "-")),
            },
            Some(_) | None => Choice {
                model,
                settings,
                reason,
            },
        }
    }
}

/// The model for a problem that was best on the tables of BENCHMARKS.md in the time that a default may take.
fn default(problem: Problem, given: &Settings) -> (Model, Settings) {
    let num_rows = problem.num_rows;
    // Folds are of a single network.
    let is_single = given.data.contains_key("folds");
    // The number of rows of a table that is not known yet is 0.
    if num_rows >= FEW_ROWS && is_quick(problem) && !is_single {
        let num_values = num_rows * problem.num_columns;
        let count = if num_values < MOST_VALUES_FOR_SIXTEEN {
            4
        } else {
            2
        };
        return (Model::Ensemble, members_of_each_kind(count));
    }
    let model = if num_rows < SOME_ROWS {
        Model::Mlp
    } else {
        Model::TabMMini
    };
    (model, tuned(model, problem))
}

/// So many members of each kind: each is validated on other rows and starts from other weights, so that the mean of
/// more varies less. With eight, nearly all rows judge which kinds are good.
fn members_of_each_kind(count: usize) -> Settings {
    let mut settings = Settings::default();
    let members = json!(KINDS.repeat(count));
    settings.model.insert("members".to_owned(), members);
    settings
}

/// Whether several networks train within a minute.
fn is_quick(problem: Problem) -> bool {
    let Problem {
        num_rows,
        num_columns,
        ..
    } = problem;
    num_rows < MOST_ROWS_FOR_SEVERAL
        && num_rows.saturating_mul(num_columns) < MOST_VALUES_FOR_SEVERAL
}

/// Settings with which a model reaches its best in a fixed and short time: fewer and smaller members than
/// the authors', a schedule in place of patience, and an average of the weights. BENCHMARKS.md
/// says what each is worth.
pub(super) fn tuned(model: Model, problem: Problem) -> Settings {
    let is_large = problem.num_rows >= 30_000;
    let (of_model, epochs, rate): (&[(&str, Value)], _, _) = match model {
        Model::TabMMini | Model::TabM | Model::TabMPacked => (
            &[("num_members", json!(8)), ("d_block", json!(256))],
            if is_large { 12 } else { 40 },
            0.006,
        ),
        Model::MlpPl | Model::MlpPlr => (&[], if is_large { 12 } else { 40 }, 0.004),
        Model::Perceptron
        | Model::Adaline
        | Model::Logistic
        | Model::Mlp
        | Model::ResNet
        | Model::RealMlp
        | Model::RealMlpS
        | Model::Ensemble
        | Model::Som
        | Model::Autoencoder
        | Model::Dec
        | Model::Idec => return Settings::default(),
    };
    let training = [
        ("epochs", json!(epochs)),
        // The schedule ends the training.
        ("patience", json!(epochs)),
        ("schedule", json!("one-cycle")),
        ("learning_rate", json!(rate)),
        ("ema", json!(if is_large { 0.995 } else { 0.99 })),
    ];
    let named = |(name, value): (&str, Value)| (name.to_owned(), value);
    Settings {
        model: of_model.iter().cloned().map(named).collect(),
        training: training.map(named).into_iter().collect(),
        ..Settings::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlp_datasets::{Scaling, Task};

    fn problem(num_rows: usize, num_columns: usize) -> Problem {
        Problem {
            task: Task::Regression,
            num_rows,
            num_columns,
            scaling: Scaling::Standard,
        }
    }

    fn chosen(preset: Preset, num_rows: usize, num_columns: usize) -> Model {
        let choice = preset.choose(problem(num_rows, num_columns), &Settings::default());
        choice.model
    }

    #[test]
    fn the_default_follows_the_size_of_the_table() {
        let default = |rows, columns| chosen(Preset::Default, rows, columns);
        assert_eq!(default(150, 4), Model::Mlp);
        assert_eq!(default(900, 7), Model::Ensemble);
        assert_eq!(default(7_000, 20), Model::Ensemble);
        assert_eq!(default(7_000, 40), Model::TabMMini);
        assert_eq!(default(20_000, 20), Model::TabMMini);
        // Images, and what would take too long.
        assert_eq!(default(60_000, 784), Model::Mlp);
        assert_eq!(default(2_000_000, 20), Model::Mlp);
        assert_eq!(chosen(Preset::Fast, 20_000, 20), Model::Mlp);
        assert_eq!(chosen(Preset::Strong, 150, 4), Model::Ensemble);
    }

    #[test]
    fn there_are_more_members_where_they_are_quick() {
        let num_members = |preset: Preset, num_rows| {
            let problem = problem(num_rows, 20);
            let choice = preset.choose(problem, &Settings::default());
            let recipe = Recipe::new(choice.model, problem, &choice.settings).unwrap();
            let Recipe::Ensemble(ensemble) = recipe else {
                panic!("it is an ensemble");
            };
            ensemble.model.members.len()
        };
        assert_eq!(num_members(Preset::Default, 1_000), 16);
        assert_eq!(num_members(Preset::Default, 7_000), 8);
        assert_eq!(num_members(Preset::Strong, 1_000), 32);
        assert_eq!(num_members(Preset::Strong, 50_000), 16);
    }

    #[test]
    fn a_setting_that_only_a_plain_perceptron_has_asks_for_one() {
        let mut given = Settings::default();
        given.model.insert("hidden".to_owned(), json!([32]));
        for preset in [Preset::Default, Preset::Fast] {
            let choice = preset.choose(problem(20_000, 20), &given);
            assert_eq!(choice.model, Model::Mlp);
            assert!(Recipe::new(choice.model, problem(20_000, 20), &given).is_ok());
        }
        let choice = Preset::Default.choose(problem(20_000, 20), &given);
        assert_eq!(choice.reason, "`--hidden` needs it");
    }

    #[test]
    fn folds_get_a_single_network() {
        let mut given = Settings::default();
        given.data.insert("folds".to_owned(), json!(5));
        for (num_rows, model) in [(900, Model::Mlp), (20_000, Model::TabMMini)] {
            let choice = Preset::Default.choose(problem(num_rows, 7), &given);
            assert_eq!(choice.model, model);
        }
    }

    #[test]
    fn what_a_preset_sets_is_what_its_model_has() {
        for num_rows in [0, 150, 900, 5_000, 20_000, 100_000] {
            for preset in Preset::VARIANTS {
                let problem = problem(num_rows, 20);
                let choice = preset.choose(problem, &Settings::default());
                let recipe = Recipe::new(choice.model, problem, &choice.settings);
                assert!(recipe.is_ok(), "{preset} for {num_rows} rows: {recipe:?}");
            }
        }
    }
}
