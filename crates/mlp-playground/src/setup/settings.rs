use mlp_datasets::{Dataset, Partition};
use mlp_training::{Model, Problem, Recipe, Settings};
use serde_json::{Map, Value, json};

use crate::protocol::{DataChoice, Experiment, Failure};

/// In tables of more rows, epochs are fewer and batches larger.
const MANY_ROWS: usize = 2_000;

/// The settings of an experiment that the model has. A page has defaults of its own for an mlp: a network
/// that is small enough to be looked at, and learns at a constant pace.
pub fn settings(experiment: &Experiment, model: Model, dataset: &Dataset) -> Settings {
    let mut settings = Settings::default();
    let has_many_rows = dataset.table.num_rows() > MANY_ROWS;
    let epochs = if has_many_rows { 100 } else { 2_000 };
    if !model.is_clustering() {
        settings.training.insert("epochs".to_owned(), json!(epochs));
    }
    if matches!(model, Model::Dec | Model::Idec) {
        // Codes are drawn in a plane.
        settings.model = object(json!({ "hidden": [64, 64], "d_code": 2 }));
    }
    if model == Model::Mlp {
        settings.model = object(json!({ "hidden": [8, 8], "activation": ["tanh"] }));
        settings.training.extend(object(json!({
            "schedule": "constant",
            "weight_decay": 0.0,
            "learning_rate": 0.01,
            "batch_size": if has_many_rows { 64 } else { 10 },
        })));
        if experiment.optimizer.is_some() {
            // It is that of the default optimizer.
            settings.training.remove("learning_rate");
        }
    }
    let given = serde_json::to_value(experiment).unwrap_or_default();
    let given_data = serde_json::to_value(&experiment.data).unwrap_or_default();
    for (section, values, names) in [
        (&mut settings.model, &given, &MODEL_SETTINGS[..]),
        (&mut settings.training, &given, &TRAINING_SETTINGS[..]),
        (&mut settings.data, &given_data, &DATA_SETTINGS[..]),
    ] {
        for &name in names {
            let value = &values[name];
            if !value.is_null() && Recipe::has_setting(model, name) {
                section.insert(name.to_owned(), value.clone());
            }
        }
    }
    let (_, only_derived) = experiment.data.dropped();
    if !only_derived.is_empty() {
        let value = json!(only_derived);
        settings.data.insert("only_derived".to_owned(), value);
    }
    settings
}

const MODEL_SETTINGS: [&str; 8] = [
    "hidden",
    "activation",
    "dropout",
    "normalization",
    "grid",
    "topology",
    "last_radius",
    "clusters",
];
const TRAINING_SETTINGS: [&str; 8] = [
    "loss",
    "optimizer",
    "learning_rate",
    "schedule",
    "weight_decay",
    "batch_size",
    "epochs",
    "pretraining_epochs",
];
const DATA_SETTINGS: [&str; 3] = ["test_size", "valid_size", "derive"];

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    }
}

/// The sections of a recipe: model, training and data.
fn sections(recipe: &Recipe) -> Result<[Map<String, Value>; 3], Failure> {
    let sections = recipe.sections();
    // By way of text, so that 0.1 in single precision is 0.1.
    let read = |section| {
        let text = serde_json::to_string(section)?;
        serde_json::from_str(&text).map(object)
    };
    let all = [sections.model, sections.training, sections.data].map(read);
    let [model, training, data] = all;
    let failed = |error: serde_json::Error| Failure::new(error.to_string());
    Ok([
        model.map_err(failed)?,
        training.map_err(failed)?,
        data.map_err(failed)?,
    ])
}

/// An experiment with every setting that the model has.
pub fn resolved(
    given: &Experiment,
    model: Model,
    recipe: &Recipe,
    mut data: DataChoice,
    dataset: &Dataset,
) -> Result<Experiment, Failure> {
    let [of_model, of_training, of_data] = sections(recipe)?;
    let mut all = Map::new();
    for (section, names) in [
        (&of_model, &MODEL_SETTINGS[..]),
        (&of_training, &TRAINING_SETTINGS[..]),
    ] {
        for &name in names {
            // A number of clusters that is not given is `auto`.
            let value = section.get(name);
            if let Some(value) = value.filter(|value| name != "clusters" || value.is_number()) {
                all.insert(name.to_owned(), value.clone());
            }
        }
    }
    if matches!(dataset.partition, Partition::Random) {
        let size = |name| of_data.get(name).and_then(Value::as_f64);
        data.test_size = size("test_size");
        data.valid_size = size("valid_size");
    }
    let failed = |error: serde_json::Error| Failure::new(error.to_string());
    let mut experiment: Experiment = serde_json::from_value(Value::Object(all)).map_err(failed)?;
    experiment.data = data;
    experiment.model = Some(model.to_string());
    experiment.seed = Some(given.seed.unwrap_or(0));
    Ok(experiment)
}

/// The settings in which a recipe differs from that of its model: with them alone, it is made again.
pub fn difference(recipe: &Recipe, model: Model, problem: Problem) -> Result<Settings, Failure> {
    let mut settings = Settings::default();
    let own = sections(&Recipe::new(model, problem, &settings)?)?;
    let changed = sections(recipe)?;
    if changed[1].get("optimizer") != own[1].get("optimizer")
        && let Some(optimizer) = changed[1].get("optimizer")
    {
        // Other settings have other defaults with it.
        settings
            .training
            .insert("optimizer".to_owned(), optimizer.clone());
    }
    let own = sections(&Recipe::new(model, problem, &settings)?)?;
    let Settings {
        model: of_model,
        training,
        data,
    } = &mut settings;
    for (section, own, changed) in [
        (of_model, &own[0], &changed[0]),
        (training, &own[1], &changed[1]),
        (data, &own[2], &changed[2]),
    ] {
        for (name, value) in changed {
            if own.get(name) != Some(value) {
                section.insert(name.clone(), value.clone());
            }
        }
    }
    Ok(settings)
}
