use mlp_datasets::{
    BuiltIn, ColumnKind, Dataset, LoadOptions, Partition, ReadOptions, Source, read_dataset,
};
use mlp_training::{Model, Problem, Recipe, Settings};
use serde_json::{Map, Value, json};

use crate::protocol::{DataChoice, Experiment, Failure};
use crate::tables::Tables;

/// The data set of a page that nobody has changed.
const DEFAULT_DATASET: &str = "circles";
/// How many hidden layers there may be: more cannot be drawn.
pub const MAX_LAYERS: usize = 8;
/// How many units a hidden layer may have.
pub const MAX_UNITS: usize = 32;
/// How many inputs and outputs can be drawn.
const MAX_WIDTH: usize = 64;
/// In tables of more rows, epochs are fewer and batches larger.
const MANY_ROWS: usize = 2_000;

/// An experiment that is ready to be trained.
pub struct Setup {
    /// The experiment, with every setting that applies.
    pub experiment: Experiment,
    /// What it learns from.
    pub dataset: Dataset,
    /// The columns of the file, if it is one.
    pub file_columns: Vec<String>,
    /// What is trained, and how.
    pub recipe: Recipe,
    /// The seed.
    pub seed: u64,
    /// The settings in which the recipe differs from the model's own.
    pub settings: Settings,
}

impl Setup {
    /// Loads the data of an experiment, and resolves its settings.
    ///
    /// # Errors
    ///
    /// If the data cannot be loaded, or a setting is out of range or does not suit the data.
    pub fn of(experiment: &Experiment, tables: &Tables) -> Result<Self, Failure> {
        let seed = experiment.seed.unwrap_or(0);
        let (dataset, data, file_columns) = load(&experiment.data, seed, tables)?;
        let problem = Problem::of(&dataset)?;
        let name = experiment.model.as_deref().unwrap_or("mlp");
        let model = shown(name)?;
        check_size(experiment)?;
        let settings = settings(experiment, model, &dataset);
        let recipe = Recipe::new(model, problem, &settings)?;
        recipe.check_for(&dataset)?;
        let experiment = resolved(experiment, model, &recipe, data, &dataset)?;
        let settings = difference(&recipe, model, problem)?;
        Ok(Self {
            experiment,
            dataset,
            file_columns,
            recipe,
            seed,
            settings,
        })
    }
}

/// The models that a page shows.
pub const MODELS: [Model; 4] = [
    Model::Mlp,
    Model::Perceptron,
    Model::Adaline,
    Model::Logistic,
];

fn shown(name: &str) -> Result<Model, Failure> {
    let found = MODELS.into_iter().find(|model| {
        let known: &str = (*model).into();
        known == name
    });
    found.ok_or_else(|| {
        let names = MODELS.map(|model| format!("`{model}`")).join(", ");
        Failure::new(format!("the page cannot show the model `{name}`"))
            .with_hint(format!("choose one of {names}"))
    })
}

/// Loads a data set: with what is known about the choice, and the columns of the file.
fn load(
    choice: &DataChoice,
    seed: u64,
    tables: &Tables,
) -> Result<(Dataset, DataChoice, Vec<String>), Failure> {
    let name = choice.name.as_deref().unwrap_or(DEFAULT_DATASET);
    let mut known = DataChoice {
        name: Some(name.to_owned()),
        ..DataChoice::default()
    };
    if let Ok(built_in) = name.parse::<BuiltIn>() {
        if matches!(built_in, BuiltIn::Mnist | BuiltIn::Idx) {
            return Err(Failure::new(format!("`{name}` is too large for the page"))
                .with_hint("`digits` is a small set of the same kind"));
        }
        if built_in.is_generated() {
            known.samples = choice.samples.or(Some(LoadOptions::DEFAULT_SAMPLES));
            known.noise = choice.noise.or(Some(built_in.default_noise()));
        }
        let dataset = built_in.load(&LoadOptions {
            seed,
            samples: known.samples,
            noise: known.noise,
            ..LoadOptions::default()
        })?;
        return Ok((dataset, known, Vec::new()));
    }
    let Some(content) = tables.get(name) else {
        return Err(
            Failure::new(format!("the program does not have the file `{name}`"))
                .with_hint("drop it on the page again: it is kept for as long as the program runs"),
        );
    };
    let dropped = choice.drop.iter().flatten();
    let options = ReadOptions {
        target: choice.target.clone().into_iter().collect(),
        kinds: dropped
            .map(|name| (name.clone(), ColumnKind::Drop))
            .collect(),
        ..ReadOptions::default()
    };
    let dataset = read_dataset(&Source::from_bytes(name, content), &options)?;
    let columns: Vec<String> = dataset
        .columns
        .iter()
        .map(|column| column.name.clone())
        .collect();
    if dataset.table.target().is_none() {
        return Err(Failure::without_target(name, columns));
    }
    known.target.clone_from(&choice.target);
    let dropped = choice.drop.iter().flatten();
    let dropped: Vec<String> = dropped
        .filter(|name| columns.contains(name))
        .cloned()
        .collect();
    known.drop = Some(dropped).filter(|names| !names.is_empty());
    Ok((dataset, known, columns))
}

/// Checks that the network can be drawn.
fn check_size(experiment: &Experiment) -> Result<(), Failure> {
    let hidden = experiment.hidden.iter().flatten();
    if hidden.clone().count() > MAX_LAYERS {
        return Err(Failure::new(format!(
            "the page draws at most {MAX_LAYERS} hidden layers"
        )));
    }
    if let Some(units) = hidden.clone().find(|units| **units > MAX_UNITS) {
        return Err(Failure::new(format!(
            "a layer of {units} units is too large to draw: at most {MAX_UNITS}"
        ))
        .with_hint("`trainer train` trains networks of any size"));
    }
    Ok(())
}

/// The settings of an experiment that the model has. A page has defaults of its own for an mlp: a network
/// that is small enough to be looked at, and learns at a constant pace.
fn settings(experiment: &Experiment, model: Model, dataset: &Dataset) -> Settings {
    let mut settings = Settings::default();
    let has_many_rows = dataset.table.num_rows() > MANY_ROWS;
    let epochs = if has_many_rows { 100 } else { 2_000 };
    settings.training.insert("epochs".to_owned(), json!(epochs));
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
    settings
}

const MODEL_SETTINGS: [&str; 4] = ["hidden", "activation", "dropout", "normalization"];
const TRAINING_SETTINGS: [&str; 7] = [
    "loss",
    "optimizer",
    "learning_rate",
    "schedule",
    "weight_decay",
    "batch_size",
    "epochs",
];
const DATA_SETTINGS: [&str; 2] = ["test_size", "valid_size"];

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
fn resolved(
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
            if let Some(value) = section.get(name) {
                all.insert(name.to_owned(), value.clone());
            }
        }
    }
    if matches!(dataset.partition, Partition::Random) {
        data.test_size = of_data["test_size"].as_f64();
        data.valid_size = of_data["valid_size"].as_f64();
    }
    let failed = |error: serde_json::Error| Failure::new(error.to_string());
    let mut experiment: Experiment = serde_json::from_value(Value::Object(all)).map_err(failed)?;
    experiment.data = data;
    experiment.model = Some(model.to_string());
    experiment.seed = Some(given.seed.unwrap_or(0));
    Ok(experiment)
}

/// The settings in which a recipe differs from that of its model: with them alone, it is made again.
fn difference(recipe: &Recipe, model: Model, problem: Problem) -> Result<Settings, Failure> {
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

/// Checks that the inputs and outputs of a network can be drawn.
///
/// # Errors
///
/// If there are too many.
pub fn check_width(d_input: usize, d_output: usize) -> Result<(), Failure> {
    for (what, count) in [("inputs", d_input), ("outputs", d_output)] {
        if count > MAX_WIDTH {
            return Err(Failure::new(format!(
                "a network of {count} {what} is too large to draw: at most {MAX_WIDTH}"
            ))
            .with_hint("leave out columns, or train on all of them with `trainer train`"));
        }
    }
    Ok(())
}
