use std::path::Path;

use mlp_training::{Model, Preset};
use strum::VariantArray;

use crate::Error;
use crate::options::{ModelOptions, Options, TableOptions};
use mlp_datasets::nearest;

/// A line of the tables: a model with its settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// What it is called in the results.
    pub name: String,
    /// What is set of it.
    pub options: Options,
}

impl Candidate {
    /// Finds the model or the preset of a name, or reads a configuration file such as `wide.toml`. Of the file, what
    /// concerns the data set and the seed does not count.
    ///
    /// # Errors
    ///
    /// If there is no model of that name, it finds clusters, or the file cannot be read or understood.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if let Ok(model) = text.parse() {
            return Self::of(model);
        }
        if let Ok(preset) = text.parse() {
            return Ok(Self::of_preset(preset));
        }
        let path = Path::new(text);
        if path.extension().is_none_or(|extension| extension != "toml") {
            return Err(unknown(text));
        }
        let options = Options {
            dataset: None,
            seed: None,
            fold: None,
            table: TableOptions::default(),
            ..Options::from_file(path)?
        };
        if let Some(model) = options.model.name {
            check_predicts(model)?;
        }
        let name = path.file_stem().unwrap_or_default();
        Ok(Self {
            name: name.to_string_lossy().into_owned(),
            options,
        })
    }

    /// A model with its defaults.
    ///
    /// # Errors
    ///
    /// If it finds clusters.
    pub fn of(model: Model) -> Result<Self, Error> {
        check_predicts(model)?;
        let options = ModelOptions {
            name: Some(model),
            ..ModelOptions::default()
        };
        Ok(Self::with(model.to_string(), options))
    }

    /// What a preset chooses for each data set.
    pub fn of_preset(preset: Preset) -> Self {
        let options = ModelOptions {
            preset: Some(preset),
            ..ModelOptions::default()
        };
        Self::with(preset.to_string(), options)
    }

    fn with(name: String, model: ModelOptions) -> Self {
        let options = Options {
            model,
            ..Options::default()
        };
        Self { name, options }
    }
}

fn check_predicts(model: Model) -> Result<(), Error> {
    if model.is_clustering() {
        return Err(Error::Mismatch {
            what: format!("`{model}` finds clusters, but a benchmark compares predictions"),
            hint: format!("models that predict are {}", predicting()),
        });
    }
    Ok(())
}

fn unknown(text: &str) -> Error {
    let models = Model::VARIANTS.iter().map(|&model| <&str>::from(model));
    let presets = Preset::VARIANTS.iter().map(|&preset| <&str>::from(preset));
    let names = models.chain(presets);
    let hint = match nearest(text, names) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("models that predict are {}", predicting()),
    };
    Error::Mismatch {
        what: format!(
            "`--models` contains `{text}`, which is neither a model nor a configuration file such as \
             `wide.toml`"
        ),
        hint,
    }
}

/// The models that predict, as a list.
fn predicting() -> String {
    let models = Model::VARIANTS
        .iter()
        .filter(|model| !model.is_clustering());
    let names: Vec<_> = models.map(|model| format!("`{model}`")).collect();
    names.join(", ")
}
