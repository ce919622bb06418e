//! The settings of recipes, section by section.

#![allow(dead_code)] // Each test file uses a part.

use mlp_training::{Error, Model, Problem, Recipe, Sections, Settings};
use serde_json::{Map, Value};
use strum::VariantArray;

use crate::tables::task;

/// The names of the sections.
pub const SECTIONS: [&str; 3] = ["model", "training", "data"];

/// The settings that are absent from a recipe unless they are set, all of models that predict, each
/// with a value that it may have.
pub fn optional() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("training", "class_weights", "balanced".into()),
        ("training", "clip_norm", 0.5.into()),
        ("training", "clip_global_norm", 0.5.into()),
        ("training", "ema", 0.5.into()),
        ("training", "decay_schedule", "constant".into()),
        ("training", "dropout_schedule", "constant".into()),
        ("training", "patience", 7.into()),
        ("training", "select", "roc_auc".into()),
        ("data", "folds", 4.into()),
        ("data", "target_transform", "none".into()),
    ]
}

/// The settings of a recipe, as they are written down.
pub fn written(recipe: &Recipe) -> Settings {
    let Sections {
        model,
        training,
        data,
    } = recipe.sections();
    let section = |section| {
        let section = serde_json::to_value(section).unwrap();
        section.as_object().expect("a section is an object").clone()
    };
    Settings {
        model: section(model),
        training: section(training),
        data: section(data),
    }
}

/// All models but ensembles, whose settings are those of their members.
pub fn single_models() -> impl Iterator<Item = Model> + Clone {
    let models = Model::VARIANTS.iter().copied();
    models.filter(|&model| model != Model::Ensemble)
}

/// The recipe of a model for a table that is not known yet, with some settings.
pub fn new(model: Model, settings: &Settings) -> Result<Recipe, Error> {
    Recipe::new(model, Problem::unknown(task(model)), settings)
}

/// All settings that a model has, section by section.
pub fn settings_of(model: Model) -> Settings {
    let mut settings = written(&new(model, &Settings::default()).unwrap());
    if !model.is_clustering() {
        for (section, name, value) in optional() {
            let slot = slot(&mut settings, section, name);
            // Some recipes have one of their own.
            if slot.is_null() {
                *slot = value;
            }
        }
    }
    settings
}

pub fn section<'a>(settings: &'a Settings, name: &str) -> &'a Map<String, Value> {
    match name {
        "model" => &settings.model,
        "training" => &settings.training,
        _ => &settings.data,
    }
}

pub fn slot<'a>(settings: &'a mut Settings, section: &str, name: &str) -> &'a mut Value {
    let section = match section {
        "model" => &mut settings.model,
        "training" => &mut settings.training,
        _ => &mut settings.data,
    };
    section.entry(name).or_insert(Value::Null)
}
