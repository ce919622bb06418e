//! From what a page asks for to what can be trained.

mod data;
mod settings;

use mlp_datasets::Dataset;
use mlp_training::{GridSize, Model, Problem, Recipe, Settings};

use crate::protocol::{Experiment, Failure};
use crate::tables::Tables;
use data::{Loaded, load};
use settings::{difference, resolved, settings};

/// How many hidden layers there may be: more cannot be drawn.
pub const MAX_LAYERS: usize = 8;
/// How many units a hidden layer may have.
pub const MAX_UNITS: usize = 32;
/// How many units a hidden layer of an autoencoder may have: it is not drawn, but must be fast.
const MAX_CODER_UNITS: usize = 512;
/// How many units a side of a map may have.
const MAX_SIDE: usize = 30;
/// How many epochs there may be: more would take longer than anybody watches.
const MAX_EPOCHS: usize = 1_000_000;
/// How many inputs and outputs can be drawn.
const MAX_WIDTH: usize = 64;

/// The models that a page shows.
pub const MODELS: [Model; 7] = [
    Model::Mlp,
    Model::Perceptron,
    Model::Adaline,
    Model::Logistic,
    Model::Som,
    Model::Dec,
    Model::Idec,
];

/// An experiment that is ready to be trained.
pub struct Setup {
    /// The experiment, with every setting that applies.
    pub experiment: Experiment,
    /// What it learns from.
    pub dataset: Dataset,
    /// The columns of the file, if it is one, from which the target is chosen.
    pub file_columns: Vec<String>,
    /// The columns that can be inputs, in the table's order, those that are not used too.
    pub input_columns: Vec<String>,
    /// The features that can be derived from columns, those that are not used too.
    pub derivable: Vec<String>,
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
        let model = shown(experiment.model.as_deref().unwrap_or("mlp"))?;
        let Loaded {
            dataset,
            choice,
            targets,
            input_columns,
            derivable,
        } = load(&experiment.data, seed, tables, model.is_clustering())?;
        let problem = if model.is_clustering() {
            Problem::clustering(&dataset)
        } else {
            Problem::of(&dataset)?
        };
        check_size(experiment, model)?;
        let settings = settings(experiment, model, &dataset);
        let recipe = Recipe::new(model, problem, &settings)?;
        recipe.check_for(&dataset)?;
        let experiment = resolved(experiment, model, &recipe, choice, &dataset)?;
        let settings = difference(&recipe, model, problem)?;
        Ok(Self {
            experiment,
            dataset,
            file_columns: targets,
            input_columns,
            derivable,
            recipe,
            seed,
            settings,
        })
    }
}

/// The model of a name, if the page can show it.
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

/// Checks that the network can be drawn.
fn check_size(experiment: &Experiment, model: Model) -> Result<(), Failure> {
    if experiment.epochs.is_some_and(|epochs| epochs > MAX_EPOCHS) {
        return Err(Failure::new(format!(
            "the page trains for at most {MAX_EPOCHS} epochs"
        )));
    }
    let pretraining = experiment.pretraining_epochs;
    if pretraining.is_some_and(|epochs| epochs > MAX_EPOCHS) {
        return Err(Failure::new(format!(
            "the page trains for at most {MAX_EPOCHS} epochs"
        )));
    }
    if let Some(grid) = &experiment.grid {
        let size: GridSize = grid.parse().map_err(Failure::new)?;
        if size.rows > MAX_SIDE || size.columns > MAX_SIDE {
            return Err(Failure::new(format!(
                "a map of {grid} units is too large to draw: at most {MAX_SIDE} in each direction"
            ))
            .with_hint("`trainer train` trains maps of any size"));
        }
    }
    let most = if model.is_clustering() {
        MAX_CODER_UNITS
    } else {
        MAX_UNITS
    };
    let hidden = experiment.hidden.iter().flatten();
    if hidden.clone().count() > MAX_LAYERS {
        return Err(Failure::new(format!(
            "the page draws at most {MAX_LAYERS} hidden layers"
        )));
    }
    if let Some(units) = hidden.clone().find(|units| **units > most) {
        return Err(Failure::new(format!(
            "a layer of {units} units is too large to draw: at most {most}"
        ))
        .with_hint("`trainer train` trains networks of any size"));
    }
    Ok(())
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
