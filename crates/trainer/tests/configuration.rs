//! Options become a configuration, which is printed, read again and overridden.

mod program;

use std::fs;

use mlp_datasets::{CategoryEncoding, Scaling, Task};
use mlp_inference::Metric;
use mlp_models::NormalizationKind;
use mlp_models::activation::ActivationConfig;
use mlp_models::clustering::{Neighbourhood, Topology};
use mlp_models::loss::LossKind;
use mlp_training::{Model, Optimizer, Schedule};
use program::Program;
use serde::Serialize;
use strum::VariantArray;

/// Checks that each name of an option reaches the configuration, and that the configuration can be
/// read again.
fn every_name_is_configured<T>(option: &str, key: &str, arguments: &[&str])
where
    T: VariantArray + Serialize + Copy + Into<&'static str>,
{
    let program = Program::new();
    for &variant in T::VARIANTS {
        let typed: &str = variant.into();
        let options = ["train", "iris", option, typed, "--print-config"];
        let printed = program.success(&[&options[..], arguments].concat());
        let written = serde_json::to_value(variant).unwrap();
        let line = format!("{key} = {written}\n");
        let list = format!("{key} = [{written}]\n");
        assert!(
            printed.contains(&line) || printed.contains(&list),
            "{option} {typed}: {printed}"
        );
        fs::write(program.path().join("iris.toml"), &printed).unwrap();
        let again = program.success(&["train", "--config", "iris.toml", "--print-config"]);
        assert_eq!(again, printed, "{option} {typed}");
    }
}

#[test]
fn every_name_of_an_option_reaches_the_configuration() {
    every_name_is_configured::<Model>("--model", "name", &[]);
    every_name_is_configured::<LossKind>("--loss", "loss", &[]);
    every_name_is_configured::<Optimizer>("--optimizer", "optimizer", &[]);
    every_name_is_configured::<Schedule>("--schedule", "schedule", &[]);
    every_name_is_configured::<Scaling>("--scaling", "scaling", &[]);
    every_name_is_configured::<CategoryEncoding>("--categories", "categories", &[]);
    every_name_is_configured::<ActivationConfig>("--activation", "activation", &[]);
    every_name_is_configured::<NormalizationKind>("--normalization", "normalization", &[]);
    let map = ["--model", "som"];
    every_name_is_configured::<Topology>("--topology", "topology", &map);
    every_name_is_configured::<Neighbourhood>("--neighbourhood", "neighbourhood", &map);
}

#[test]
fn every_metric_of_the_task_can_select_and_the_others_are_rejected() {
    let program = Program::new();
    for &metric in Metric::VARIANTS {
        for (dataset, task) in [
            ("iris", Task::Classification),
            ("diabetes", Task::Regression),
        ] {
            let name: &str = metric.into();
            let options = ["train", dataset, "--select", name, "--print-config"];
            if metric.task() == task {
                let printed = program.success(&options);
                let line = format!("select = \"{name}\"\n");
                assert!(printed.contains(&line), "{printed}");
            } else {
                let (code, message) = program.failure(&options);
                assert_eq!(code, 2, "{message}");
                let of_metric = metric.task();
                let expected =
                    format!("error: the metric `{name}` is for {of_metric}, but this is {task}\n");
                assert!(message.starts_with(&expected), "{message}");
            }
        }
    }
}

#[test]
fn short_names_and_hyphens_are_understood() {
    let program = Program::new();
    for (option, typed, line) in [
        ("--loss", "mse", "loss = \"mean_squared_error\""),
        ("--loss", "mae", "loss = \"mean_absolute_error\""),
        ("--schedule", "one-cycle", "schedule = \"one-cycle\""),
    ] {
        let printed = program.success(&["train", "iris", option, typed, "--print-config"]);
        assert!(printed.contains(line), "{printed}");
    }
    let file = "[training]\nloss = 'mse'\nschedule = 'one-cycle'\n";
    fs::write(program.path().join("short.toml"), file).unwrap();
    let printed = program.success(&["train", "--config", "short.toml", "--print-config"]);
    assert!(
        printed.contains("loss = \"mean_squared_error\""),
        "{printed}"
    );
    assert!(printed.contains("schedule = \"one-cycle\""), "{printed}");
}

#[test]
fn a_printed_configuration_gives_the_same_training_again() {
    let program = Program::new();
    let flags = [
        "train",
        "wine",
        "--epochs",
        "3",
        "--hidden",
        "8,4",
        "--print-config",
    ];
    let printed = program.success(&flags);
    fs::write(program.path().join("wine.toml"), &printed).unwrap();

    let again = program.success(&["train", "--config", "wine.toml", "--print-config"]);
    assert_eq!(again, printed);

    let other = program.success(&[
        "train",
        "--config",
        "wine.toml",
        "--epochs",
        "9",
        "--print-config",
    ]);
    assert_eq!(other, printed.replace("epochs = 3", "epochs = 9"));

    let weights = |arguments: &[&str]| {
        program.success(&[arguments, &["--output", "run", "--force"]].concat());
        fs::read(program.path().join("run/model.safetensors")).unwrap()
    };
    let from_file = weights(&["train", "--config", "wine.toml"]);
    assert!(from_file == weights(&flags[..6]));
}

#[test]
fn a_configuration_has_sections_and_the_settings_of_its_model_alone() {
    let program = Program::new();
    let printed = program.success(&["train", "iris", "--model", "som", "--print-config"]);
    let config: toml::Table = printed.parse().unwrap();
    let keys = |table: &toml::Table| -> Vec<String> { table.keys().cloned().collect() };
    let section = |name: &str| keys(config[name].as_table().unwrap());
    let mut top = keys(&config);
    top.retain(|key| key != "table");
    top.sort();
    assert_eq!(
        top,
        ["backend", "data", "dataset", "model", "seed", "training"]
    );
    for (name, mut expected) in [
        (
            "model",
            vec![
                "name",
                "clusters",
                "grid",
                "topology",
                "neighbourhood",
                "last_radius",
                "tear_weight",
            ],
        ),
        ("training", vec!["learning_rate", "epochs", "batch_size"]),
        ("data", vec!["scaling", "min_category_count"]),
    ] {
        let mut found = section(name);
        found.sort();
        expected.sort_unstable();
        assert_eq!(found, expected);
    }
}
