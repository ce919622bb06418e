//! How the network of a page is trained outside it.

use std::fmt::Write;

use mlp_datasets::{BuiltIn, LoadOptions};
use serde_json::Value;

use crate::protocol::DataChoice;
use crate::setup::Setup;

impl Setup {
    /// The command that trains the same network.
    pub fn command(&self) -> String {
        let data = &self.experiment.data;
        let name = data.name.as_deref().unwrap_or_default();
        // What begins with a dash would be an option.
        let file = if name.starts_with('-') { "./" } else { "" };
        let mut command = format!("trainer train {file}{}", quoted(name));
        let mut add = |option: &str, value: String| {
            let equals = if value.starts_with("'-") { '=' } else { ' ' };
            let _ = write!(command, " --{}{equals}{value}", option.replace('_', "-"));
        };
        if let Some(target) = &data.target {
            add("target", quoted(target));
        }
        let (dropped, _) = data.dropped();
        for name in dropped {
            add("drop", quoted(name));
        }
        if let Some(samples) = samples(data) {
            add("samples", samples.to_string());
        }
        if let Some(noise) = noise(data) {
            add("noise", noise.to_string());
        }
        add("model", self.recipe.model().to_string());
        let settings = &self.settings;
        for section in [&settings.model, &settings.training, &settings.data] {
            for (name, value) in section {
                add(name, quoted(&as_option(name, value)));
            }
        }
        if self.seed != 0 {
            add("seed", self.seed.to_string());
        }
        command
    }

    /// A program that trains the same network.
    pub fn rust(&self) -> String {
        let data = &self.experiment.data;
        let settings = &self.settings;
        let mut inserts = String::new();
        for (section, settings) in [
            ("model", &settings.model),
            ("training", &settings.training),
            ("data", &settings.data),
        ] {
            for (name, value) in settings {
                let _ = writeln!(
                    inserts,
                    "    settings.{section}.insert(\"{name}\".into(), json!({value}));"
                );
            }
        }
        let is_clustering = self.recipe.model().is_clustering();
        let (name, problem, outcome) = if is_clustering {
            ("Outcome", "clustering(&data)", CLUSTERING)
        } else {
            ("SplitName", "of(&data)?", EVALUATION)
        };
        let imported = if is_clustering {
            format!("Device, Model, {name}, Problem, Recipe, Settings, Training")
        } else {
            format!("Device, Model, Problem, Recipe, Settings, {name}, Training")
        };
        let (import, load) = loading(data, self.seed);
        format!(
            "use mlp_datasets::{import};\n\
             use mlp_training::{{{imported}}};\n\
             use serde_json::json;\n\
             \n\
             fn main() -> Result<(), Box<dyn std::error::Error>> {{\n\
             {load}\
             \n    let mut settings = Settings::default();\n\
             {inserts}\
             \n    let recipe = Recipe::new(Model::{model:?}, Problem::{problem}, &settings)?;\n    \
             let training = Training::new(recipe).with_seed({seed});\n    \
             let fitted = training.fit(&data, &Device::flex())?;\n    \
             {outcome}\n    \
             Ok(())\n\
             }}\n",
            model = self.recipe.model(),
            seed = self.seed,
        )
    }
}

/// What a program says of a model that predicts.
const EVALUATION: &str = "println!(\"{:?}\", fitted.evaluation(SplitName::Test));";
/// What a program says of a model that finds clusters.
const CLUSTERING: &str = "if let Outcome::Clustering(found) = &fitted.outcome {\n        \
     println!(\"{:?}\", found.metrics);\n    }";

/// What loads a data set in Rust: what is imported, and the lines.
fn loading(data: &DataChoice, seed: u64) -> (&'static str, String) {
    let name = data.name.as_deref().unwrap_or_default();
    let (dropped, _) = data.dropped();
    let Ok(built_in) = name.parse::<BuiltIn>() else {
        let strings = |names: &mut dyn Iterator<Item = &String>| {
            let names: Vec<String> = names.map(|name| format!("{name:?}.into()")).collect();
            names.join(", ")
        };
        let mut fields = format!(
            "target: vec![{}],\n        ",
            strings(&mut data.target.iter())
        );
        if !dropped.is_empty() {
            let kinds = dropped.iter();
            let kinds = kinds.map(|name| format!("({name:?}.into(), ColumnKind::Drop)"));
            let kinds = kinds.collect::<Vec<_>>().join(", ");
            let _ = write!(fields, "kinds: [{kinds}].into(),\n        ");
        }
        let import = if dropped.is_empty() {
            "{ReadOptions, Source, read_dataset}"
        } else {
            "{ColumnKind, ReadOptions, Source, read_dataset}"
        };
        let load = format!(
            "    let options = ReadOptions {{\n        {fields}..ReadOptions::default()\n    }};\n    \
             let data = read_dataset(&Source::new({name:?})?, &options)?;\n"
        );
        return (import, load);
    };
    let mut options = String::new();
    if seed != 0 && built_in.is_generated() {
        let _ = write!(options, "seed: {seed}, ");
    }
    if let Some(samples) = samples(data) {
        let _ = write!(options, "samples: Some({samples}), ");
    }
    if let Some(noise) = noise(data) {
        let _ = write!(options, "noise: Some({noise:?}), ");
    }
    let options = if options.is_empty() {
        "LoadOptions::default()".to_owned()
    } else {
        format!("LoadOptions {{ {options}..LoadOptions::default() }}")
    };
    let mut load = format!("    let data = BuiltIn::{built_in:?}.load(&{options})?;\n");
    if !dropped.is_empty() {
        let _ = writeln!(load, "    let data = data.without_columns(&{dropped:?})?;");
    }
    ("{BuiltIn, LoadOptions}", load)
}

/// The number of rows of a generated set, if it is not the default.
fn samples(data: &DataChoice) -> Option<usize> {
    data.samples
        .filter(|samples| *samples != LoadOptions::DEFAULT_SAMPLES)
}

/// The noise of a generated set, if it is not the default.
fn noise(data: &DataChoice) -> Option<f64> {
    let dataset: BuiltIn = data.name.as_deref()?.parse().ok()?;
    data.noise.filter(|noise| *noise != dataset.default_noise())
}

/// A setting as it is written on the command line.
fn as_option(name: &str, value: &Value) -> String {
    match value {
        Value::Array(items) if items.is_empty() && name == "hidden" => "none".to_owned(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| as_option(name, item)).collect();
            items.join(",")
        }
        Value::String(text) => text.clone(),
        // 0 rather than 0.0.
        Value::Number(number) if number.is_f64() => number.as_f64().unwrap_or_default().to_string(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

/// A text as a shell takes it.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./,".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) && !text.starts_with('-') {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Experiment;
    use crate::tables::Tables;

    fn setup(experiment: &str) -> Setup {
        let experiment: Experiment = serde_json::from_str(experiment).unwrap();
        let tables = Tables::default();
        let table = "a b,y\n1,x\n2,z\n3,x\n4,z\n".repeat(5);
        tables.add("my table.csv".to_owned(), table.into()).unwrap();
        Setup::of(&experiment, &tables).unwrap()
    }

    #[test]
    fn the_command_names_what_differs_from_the_defaults_of_the_program() {
        let perceptron = r#"{"data": {"name": "iris"}, "model": "perceptron", "epochs": 100}"#;
        assert_eq!(
            setup(perceptron).command(),
            "trainer train iris --model perceptron"
        );
        let moons = r#"{
            "data": {"name": "moons", "samples": 100, "noise": 0.3, "test_size": 0.3},
            "hidden": [4], "optimizer": "sgd", "learning_rate": 0.1, "seed": 5
        }"#;
        assert_eq!(
            setup(moons).command(),
            "trainer train moons --samples 100 --noise 0.3 --model mlp --hidden 4 --batch-size 10 \
             --epochs 2000 --learning-rate 0.1 --optimizer sgd --schedule constant --weight-decay 0 \
             --test-size 0.3 --seed 5"
        );
    }

    #[test]
    fn maps_and_codes_are_trained_outside_with_their_settings() {
        let map = r#"{"data": {"name": "circles"}, "model": "som", "grid": "4x6", "seed": 2}"#;
        assert_eq!(
            setup(map).command(),
            "trainer train circles --model som --grid 4x6 --seed 2"
        );
        let codes = r#"{"data": {"name": "iris"}, "model": "idec", "clusters": 3}"#;
        let codes = setup(codes);
        // The layers are those of the model for so few rows.
        assert_eq!(
            codes.command(),
            "trainer train iris --model idec --clusters 3 --d-code 2"
        );
        assert!(codes.rust().contains("Problem::clustering(&data)"));
    }

    #[test]
    fn columns_are_left_out_of_built_in_tables_too() {
        let petals = r#"{"data": {"name": "iris", "drop": ["sepal_length", "sepal_width"]},
            "model": "perceptron", "epochs": 100}"#;
        let petals = setup(petals);
        assert_eq!(
            petals.command(),
            "trainer train iris --drop sepal_length --drop sepal_width --model perceptron"
        );
        let load = "let data = BuiltIn::Iris.load(&LoadOptions::default())?;\n    \
                    let data = data.without_columns(&[\"sepal_length\", \"sepal_width\"])?;\n";
        assert!(petals.rust().contains(load), "{}", petals.rust());
    }

    #[test]
    fn features_are_derived_outside_too() {
        let squares = r#"{"data": {"name": "circles", "drop": ["x", "y"], "derive": ["x^2", "y^2"]},
            "model": "logistic", "epochs": 100}"#;
        let squares = setup(squares);
        assert_eq!(
            squares.command(),
            "trainer train circles --model logistic --derive 'x^2,y^2' --only-derived x,y"
        );
        for line in [
            "settings.data.insert(\"derive\".into(), json!([\"x^2\",\"y^2\"]));",
            "settings.data.insert(\"only_derived\".into(), json!([\"x\",\"y\"]));",
        ] {
            assert!(squares.rust().contains(line), "{}", squares.rust());
        }
        // A column from which nothing is derived is left out.
        let sine = r#"{"data": {"name": "circles", "drop": ["x", "y"], "derive": ["sin(x)"]},
            "model": "som"}"#;
        assert_eq!(
            setup(sine).command(),
            "trainer train circles --drop y --model som --derive 'sin(x)' --only-derived x"
        );
    }

    #[test]
    fn names_are_quoted_for_a_shell() {
        let file = r#"{"data": {"name": "my table.csv", "target": "y"}, "hidden": []}"#;
        let command = setup(file).command();
        assert!(
            command
                .starts_with("trainer train 'my table.csv' --target y --model mlp --hidden none"),
            "{command}"
        );
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted("-x"), "'-x'");
    }

    #[test]
    fn names_that_begin_with_a_dash_are_no_options() {
        let tables = Tables::default();
        let table = "a,-y\n1,x\n2,z\n3,x\n4,z\n".repeat(5);
        tables.add("-t.csv".to_owned(), table.into()).unwrap();
        let experiment = r#"{"data": {"name": "-t.csv", "target": "-y"}, "hidden": [2]}"#;
        let experiment: Experiment = serde_json::from_str(experiment).unwrap();
        let command = Setup::of(&experiment, &tables).unwrap().command();
        assert!(
            command.starts_with("trainer train ./'-t.csv' --target='-y' --model mlp --hidden 2"),
            "{command}"
        );
    }

    #[test]
    fn the_program_has_the_same_settings() {
        let setup = setup(r#"{"data": {"name": "blobs", "noise": 2.0}, "hidden": [3], "seed": 1}"#);
        let rust = setup.rust();
        for line in [
            "BuiltIn::Blobs.load(&LoadOptions { seed: 1, noise: Some(2.0), ..LoadOptions::default() })?",
            "settings.model.insert(\"hidden\".into(), json!([3]));",
            "Recipe::new(Model::Mlp, Problem::of(&data)?, &settings)?",
            ".with_seed(1)",
        ] {
            assert!(rust.contains(line), "{rust}");
        }
    }
}
