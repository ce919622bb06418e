//! Settings: which of them a model has, and that none is lost when they are written down.

mod recipes;
mod tables;

use std::collections::BTreeSet;

use mlp_datasets::{Scaling, Task};
use mlp_models::TabMVariant;
use mlp_training::{
    AutoencoderRecipe, DeepClusteringRecipe, EnsembleRecipe, Error, LearningRule, MapRecipe,
    MlpRecipe, Model, NeuronRecipe, NumericalKind, Problem, RealMlpRecipe, Recipe, ResNetRecipe,
    Settings, TabMRecipe,
};
use recipes::{SECTIONS, new, section, settings_of, single_models, slot, written};
use serde_json::Value;
use tables::{settings, task};

#[test]
fn a_setting_that_a_model_does_not_have_is_rejected_by_name() {
    let of_models: Vec<Settings> = single_models().map(settings_of).collect();
    for section_name in SECTIONS {
        let mut names: BTreeSet<&str> = of_models
            .iter()
            .flat_map(|settings| section(settings, section_name).keys())
            .map(String::as_str)
            .collect();
        // One that no model has.
        names.insert("colour");
        for (model, of_model) in single_models().zip(&of_models) {
            for &name in &names {
                let value = of_models
                    .iter()
                    .find_map(|settings| section(settings, section_name).get(name));
                let value = value.cloned().unwrap_or_default();
                let mut given = Settings::default();
                *slot(&mut given, section_name, name) = value;
                let has_setting = section(of_model, section_name).contains_key(name);
                match new(model, &given) {
                    Ok(_) => assert!(has_setting, "{model} accepts {section_name}.{name}"),
                    Err(error) => {
                        assert!(!has_setting, "{model}: {error}");
                        assert_eq!(
                            error.to_string(),
                            format!("`{name}` does not apply to the model `{model}`")
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn a_model_says_which_settings_it_has() {
    for model in single_models() {
        let of_model = settings_of(model);
        for other in single_models() {
            let of_other = settings_of(other);
            let names = SECTIONS
                .iter()
                .flat_map(|name| section(&of_other, name).keys());
            for name in names {
                let expected = SECTIONS
                    .iter()
                    .any(|section_name| section(&of_model, section_name).contains_key(name));
                assert_eq!(
                    Recipe::has_setting(model, name),
                    expected,
                    "{model}: {name}"
                );
            }
        }
        assert!(!Recipe::has_setting(model, "colour"), "{model}");
    }
}

#[test]
fn a_setting_in_another_section_is_rejected() {
    let misplaced = settings(&[("model.epochs", 3.into())]);
    assert_eq!(
        new(Model::Mlp, &misplaced).unwrap_err().to_string(),
        "`epochs` does not apply to the model `mlp`"
    );
}

#[test]
fn a_value_of_another_type_is_rejected_with_the_model() {
    for (path, value) in [
        ("training.epochs", Value::from("many")),
        ("training.epochs", (-1).into()),
        ("training.optimizer", "adm".into()),
        ("model.hidden", "64".into()),
        ("data.scaling", Value::Null),
    ] {
        let error = new(Model::Mlp, &settings(&[(path, value)])).unwrap_err();
        assert!(matches!(error, Error::Settings { .. }), "{path}: {error}");
        let start = "the settings of the model `mlp` cannot be read: ";
        assert!(error.to_string().starts_with(start), "{error}");
    }
}

#[test]
fn an_optimizer_brings_what_suits_it_unless_that_is_set() {
    let rate_decay_and_norm = |pairs: &[(&str, Value)]| {
        let recipe = new(Model::Mlp, &settings(pairs)).unwrap();
        let training = recipe.as_supervised().unwrap().training();
        (
            training.learning_rate,
            training.weight_decay,
            training.clip_norm,
        )
    };
    let optimizer = |name: &str| ("training.optimizer", Value::from(name));
    assert_eq!(rate_decay_and_norm(&[]), (0.003, 1.0, None));
    assert_eq!(
        rate_decay_and_norm(&[optimizer("adamw")]),
        (0.003, 1.0, None)
    );
    // A decay of 1 is a penalty here, which would outweigh the loss.
    assert_eq!(
        rate_decay_and_norm(&[optimizer("adam")]),
        (0.003, 0.001, None)
    );
    assert_eq!(
        rate_decay_and_norm(&[optimizer("sgd")]),
        (0.3, 0.001, Some(1.0))
    );
    assert_eq!(
        rate_decay_and_norm(&[optimizer("muon")]),
        (0.012, 1.0, None)
    );
    let given = [
        optimizer("sgd"),
        ("training.learning_rate", 0.2.into()),
        ("training.weight_decay", 0.5.into()),
    ];
    assert_eq!(rate_decay_and_norm(&given), (0.2, 0.5, Some(1.0)));
}

/// The recipe of a model as a program makes it, without any settings.
fn plain(model: Model, problem: Problem) -> Recipe {
    match model {
        Model::Perceptron => NeuronRecipe::new(LearningRule::Rosenblatt, problem).into(),
        Model::Adaline => NeuronRecipe::new(LearningRule::WidrowHoff, problem).into(),
        Model::Logistic => NeuronRecipe::new(LearningRule::Logistic, problem).into(),
        Model::Mlp => MlpRecipe::new(problem).into(),
        Model::ResNet => ResNetRecipe::new(problem).into(),
        Model::MlpPlr => {
            MlpRecipe::with_numerical_embedding(NumericalKind::Periodic, problem).into()
        }
        Model::MlpPl => {
            MlpRecipe::with_numerical_embedding(NumericalKind::PiecewiseLinear, problem).into()
        }
        Model::RealMlp => RealMlpRecipe::new(false, problem).into(),
        Model::RealMlpS => RealMlpRecipe::new(true, problem).into(),
        Model::TabM => TabMRecipe::new(TabMVariant::Full, problem).into(),
        Model::TabMMini => TabMRecipe::new(TabMVariant::Mini, problem).into(),
        Model::TabMPacked => TabMRecipe::new(TabMVariant::Packed, problem).into(),
        Model::Ensemble => EnsembleRecipe::new(problem).into(),
        Model::Som => MapRecipe::new(problem).into(),
        Model::Autoencoder => AutoencoderRecipe::new(problem).into(),
        Model::Dec => DeepClusteringRecipe::new(false, problem).into(),
        Model::Idec => DeepClusteringRecipe::new(true, problem).into(),
    }
}

#[test]
fn settings_that_are_not_set_are_those_of_the_recipe() {
    for model in single_models() {
        for num_rows in [0, 7_000, 1_000_000] {
            let problem = Problem {
                num_rows,
                num_columns: 4,
                ..Problem::unknown(task(model))
            };
            let recipe = Recipe::new(model, problem, &Settings::default()).unwrap();
            assert_eq!(recipe, plain(model, problem));
            assert_eq!(recipe.model(), model);
        }
    }
}

#[test]
fn a_recipe_that_is_written_down_is_the_same_when_it_is_read_again() {
    for model in single_models() {
        let recipe = new(model, &settings_of(model)).unwrap();
        let sections = written(&recipe);
        // Through text, as a file has it.
        let text = serde_json::to_string(&sections).unwrap();
        let read: Value = serde_json::from_str(&text).unwrap();
        let read = Settings {
            model: read["model"].as_object().unwrap().clone(),
            training: read["training"].as_object().unwrap().clone(),
            data: read["data"].as_object().unwrap().clone(),
        };
        // The defaults of any other problem make no difference.
        for num_rows in [0, 7_000, 1_000_000] {
            let problem = Problem {
                task: if model.is_clustering() {
                    Task::Clustering
                } else {
                    Task::Regression
                },
                num_rows,
                num_columns: 4,
                scaling: Scaling::MinMax,
            };
            let again = Recipe::new(model, problem, &read).unwrap();
            assert_eq!(again, recipe);
        }
    }
}

#[test]
fn every_setting_can_be_changed() {
    for model in single_models() {
        let defaults = settings_of(model);
        for section_name in SECTIONS {
            for (name, value) in section(&defaults, section_name) {
                let Some(other) = other_than(value) else {
                    continue;
                };
                let mut given = Settings::default();
                *slot(&mut given, section_name, name) = other.clone();
                let recipe = new(model, &given).unwrap();
                assert_eq!(recipe.model(), model);
                let written = section(&written(&recipe), section_name).clone();
                assert_eq!(written[name], other, "{model}: {section_name}.{name}");
                // Nothing else has changed.
                for (name, value) in written.iter().filter(|(other, _)| *other != name) {
                    assert_eq!(*value, section(&defaults, section_name)[name]);
                }
            }
        }
    }
}

/// Another value of the same type, in every range that includes the first one. Names have none.
fn other_than(value: &Value) -> Option<Value> {
    match value {
        Value::Bool(value) => Some((!value).into()),
        Value::Number(number) => match number.as_u64() {
            Some(whole) => Some((whole + 1).into()),
            None => number.as_f64().map(|number| (number / 2.0).into()),
        },
        Value::Array(values) => values
            .iter()
            .map(other_than)
            .collect::<Option<Vec<_>>>()
            .map(Value::Array),
        Value::Null | Value::String(_) | Value::Object(_) => None,
    }
}
