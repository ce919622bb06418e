//! Settings: which of them a model has, which values they may have, and that none is lost when they
//! are written down.

mod tables;

use std::collections::BTreeSet;

use mlp_datasets::{Scaling, Task};
use mlp_training::{Error, Model, Problem, Recipe, Sections, Settings};
use serde_json::{Map, Value};
use strum::VariantArray;
use tables::{settings, task};

/// The settings that are absent from a recipe unless they are set, all of models that predict, each
/// with a value that it may have.
fn optional() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("training", "class_weights", "balanced".into()),
        ("training", "clip_norm", 0.5.into()),
        ("training", "patience", 7.into()),
        ("training", "select", "roc_auc".into()),
        ("data", "folds", 4.into()),
    ]
}

/// The settings of a recipe, as they are written down.
fn written(recipe: &Recipe) -> Settings {
    let Sections {
        model,
        training,
        data,
    } = recipe.sections();
    let section = |section| match serde_json::to_value(section).unwrap() {
        Value::Object(section) => section,
        other => panic!("{other} is not a section"),
    };
    Settings {
        model: section(model),
        training: section(training),
        data: section(data),
    }
}

/// The recipe of a model for a table that is not known yet, with some settings.
fn new(model: Model, settings: &Settings) -> Result<Recipe, Error> {
    Recipe::new(model, Problem::unknown(task(model)), settings)
}

/// All settings that a model has, section by section.
fn settings_of(model: Model) -> Settings {
    let mut settings = written(&new(model, &Settings::default()).unwrap());
    if !model.is_clustering() {
        for (section, name, value) in optional() {
            *slot(&mut settings, section, name) = value;
        }
    }
    settings
}

fn section<'a>(settings: &'a Settings, name: &str) -> &'a Map<String, Value> {
    match name {
        "model" => &settings.model,
        "training" => &settings.training,
        _ => &settings.data,
    }
}

fn slot<'a>(settings: &'a mut Settings, section: &str, name: &str) -> &'a mut Value {
    let section = match section {
        "model" => &mut settings.model,
        "training" => &mut settings.training,
        _ => &mut settings.data,
    };
    section.entry(name).or_insert(Value::Null)
}

#[test]
fn a_setting_that_a_model_does_not_have_is_rejected_by_name() {
    let of_models: Vec<Settings> = Model::VARIANTS.iter().map(|&m| settings_of(m)).collect();
    for section_name in ["model", "training", "data"] {
        let mut names: BTreeSet<&str> = of_models
            .iter()
            .flat_map(|settings| section(settings, section_name).keys())
            .map(String::as_str)
            .collect();
        // One that no model has.
        names.insert("colour");
        for (&model, of_model) in Model::VARIANTS.iter().zip(&of_models) {
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
    for &model in Model::VARIANTS {
        let of_model = settings_of(model);
        for &other in Model::VARIANTS {
            let of_other = settings_of(other);
            for name in ["model", "training", "data"]
                .iter()
                .flat_map(|name| section(&of_other, name).keys())
            {
                let expected = ["model", "training", "data"]
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
fn a_setting_out_of_range_is_rejected_by_name_with_its_range() {
    let predicts = |model: Model| !model.is_clustering();
    let clusters = Model::is_clustering;
    let mlp = |model| model == Model::Mlp;
    let som = |model| model == Model::Som;
    let deep = |model| matches!(model, Model::Dec | Model::Idec);
    let autoencoder = |model: Model| model.is_clustering() && model != Model::Som;
    let one_or_more = "1 or more";
    // JSON has no NaN and no infinity, and nothing else has other values than numbers.
    #[rustfmt::skip]
    let cases: &[(&dyn Fn(Model) -> bool, &str, Value, &str)] = &[
        (&predicts, "training.epochs", 0.into(), one_or_more),
        (&predicts, "training.batch_size", 0.into(), one_or_more),
        (&predicts, "training.patience", 0.into(), one_or_more),
        (&predicts, "training.learning_rate", 0.0.into(), "above 0"),
        (&predicts, "training.learning_rate", (-0.1).into(), "above 0"),
        (&predicts, "training.weight_decay", (-0.1).into(), "0 or more"),
        (&predicts, "training.clip_norm", 0.0.into(), "above 0"),
        (&predicts, "training.label_smoothing", 1.0.into(), "in [0, 1)"),
        (&predicts, "training.label_smoothing", (-0.5).into(), "in [0, 1)"),
        (&predicts, "training.huber_delta", 0.0.into(), "above 0"),
        (&predicts, "training.quantile", 0.0.into(), "in (0, 1)"),
        (&predicts, "training.quantile", 1.0.into(), "in (0, 1)"),
        (&predicts, "training.betas", vec![0.5, 1.0].into(), "two numbers in [0, 1)"),
        (&predicts, "training.betas", vec![-0.5, 0.5].into(), "two numbers in [0, 1)"),
        (&predicts, "data.test_size", 0.0.into(), "above 0 and below 1"),
        (&predicts, "data.test_size", 1.0.into(), "above 0 and below 1"),
        (&predicts, "data.valid_size", 0.0.into(), "above 0 and below 1"),
        (&predicts, "data.valid_size", 0.9.into(), "below 1 - `test_size` = 0.8"),
        (&predicts, "data.folds", 1.into(), "2 or more"),
        (&predicts, "data.folds", 0.into(), "2 or more"),
        (&|_| true, "data.min_category_count", 0.into(), one_or_more),
        (&mlp, "training.learning_rate", 1.5.into(), "above 0 and at most 1 with the schedule `cosine`"),
        (&mlp, "model.dropout", 1.0.into(), "in [0, 1)"),
        (&mlp, "model.dropout", (-0.1).into(), "in [0, 1)"),
        (&mlp, "model.d_embedding", 0.into(), one_or_more),
        (&clusters, "model.clusters", 0.into(), "2 or more, or `auto`"),
        (&clusters, "model.clusters", 1.into(), "2 or more, or `auto`"),
        (&clusters, "training.batch_size", 0.into(), one_or_more),
        (&autoencoder, "training.pretraining_epochs", 0.into(), one_or_more),
        (&autoencoder, "model.d_code", 0.into(), one_or_more),
        (&deep, "model.gamma", 0.0.into(), "above 0"),
        (&deep, "training.learning_rate", 0.0.into(), "above 0 and at most 1"),
        (&deep, "training.learning_rate", 1.5.into(), "above 0 and at most 1"),
        (&deep, "training.epochs", 0.into(), one_or_more),
        (&som, "training.learning_rate", 0.0.into(), "above 0 and at most 1"),
        (&som, "training.learning_rate", 1.5.into(), "above 0 and at most 1"),
        (&som, "training.epochs", 0.into(), one_or_more),
        (&som, "model.last_radius", 0.0.into(), "above 0"),
        (&som, "model.tear_weight", (-0.1).into(), "0 or more"),
        (&som, "model.grid", "1x1".into(), "2 units or more"),
    ];
    for (applies, path, value, allowed) in cases {
        let name = path.split_once('.').unwrap().1;
        let models = Model::VARIANTS.iter().filter(|&&model| applies(model));
        for &model in models {
            let error = new(model, &settings(&[(path, value.clone())]));
            let message = match error {
                Ok(_) => panic!("{model} accepts {value} as {path}"),
                Err(error) => error.to_string(),
            };
            let (start, end) = (format!("`{name}` is "), format!(", but must be {allowed}"));
            assert!(
                message.starts_with(&start) && message.ends_with(&end),
                "{model}: {message}"
            );
        }
    }
}

#[test]
fn sizes_activations_and_noise_out_of_range_are_rejected() {
    for (model, path, value, message) in [
        (
            Model::Mlp,
            "model.hidden",
            vec![64, 0].into(),
            "`hidden_sizes` is [64, 0], but must be sizes of 1 or more",
        ),
        (
            Model::Mlp,
            "model.activation",
            Value::from(vec!["relu", "tanh", "relu"]),
            "`activations` is a list of 3, but must be one for all hidden layers or one per hidden \
             layer",
        ),
        (
            Model::Autoencoder,
            "model.denoising",
            (-0.5).into(),
            "`noise` is -0.5, but must be 0 or more",
        ),
    ] {
        let error = new(model, &settings(&[(path, value)])).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn an_optimizer_brings_its_learning_rate_unless_one_is_set() {
    let rate = |pairs: &[(&str, Value)]| {
        let recipe = new(Model::Mlp, &settings(pairs)).unwrap();
        recipe.as_supervised().unwrap().training().learning_rate
    };
    let sgd = ("training.optimizer", Value::from("sgd"));
    assert_eq!(rate(&[]), 0.003);
    assert_eq!(rate(&[("training.optimizer", "adamw".into())]), 0.003);
    assert_eq!(rate(&[sgd.clone()]), 0.01);
    assert_eq!(rate(&[sgd, ("training.learning_rate", 0.2.into())]), 0.2);
}

#[test]
fn a_recipe_that_is_written_down_is_the_same_when_it_is_read_again() {
    for &model in Model::VARIANTS {
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
                scaling: Scaling::MinMax,
            };
            let again = Recipe::new(model, problem, &read).unwrap();
            assert_eq!(again, recipe);
        }
    }
}

#[test]
fn every_setting_can_be_changed() {
    for &model in Model::VARIANTS {
        let defaults = settings_of(model);
        for section_name in ["model", "training", "data"] {
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
