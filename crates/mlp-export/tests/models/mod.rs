//! Small tables, and models that were trained on them for a moment.

#![allow(dead_code)] // Each test file uses a part.

use std::fmt::Write;

use burn::tensor::Device;
use mlp_datasets::{Dataset, ReadOptions, Source, read_dataset};
use mlp_inference::SavedModel;
use mlp_training::{Model, Problem, Recipe, Settings, Training};
use serde_json::Value;

/// Sixty fruits whose kind follows from colour and weight, with missing cells.
pub fn fruits() -> Dataset {
    let mut csv = String::from("colour,weight,kind\n");
    for row in 0..60 {
        let (colour, weight, kind) = match row % 3 {
            0 => ("red", 150 + row % 20, "apple"),
            1 => ("yellow", 120 + row % 15, "banana"),
            _ => ("red", 8 + row % 4, "cherry"),
        };
        let colour = if row % 10 == 7 { "" } else { colour };
        let weight = if row % 11 == 5 {
            String::new()
        } else {
            weight.to_string()
        };
        writeln!(csv, "{colour},{weight},{kind}").unwrap();
    }
    read("fruits.csv", csv, &["kind"])
}

/// A hundred houses in many streets, with two numbers to predict.
pub fn houses() -> Dataset {
    let mut csv = String::from("area,street,isolated,price,rent\n");
    for row in 0..100 {
        let (area, street) = (40 + row * 7 % 60, row % 12);
        let price = area * (2000 + 100 * street);
        let isolated = row % 5 == 0;
        writeln!(
            csv,
            "{area},street {street},{isolated},{price},{}",
            f64::from(price) / 300.0
        )
        .unwrap();
    }
    read("houses.csv", csv, &["price", "rent"])
}

/// A hundred days, some before 1970 and some missing, with an hour and two classes.
pub fn dates() -> Dataset {
    let mut csv = String::from("when,size,late\n");
    for row in 0..100 {
        let (year, month, day, hour) = (1960 + row % 60, row % 12 + 1, row % 28 + 1, row % 24);
        let when = if row % 9 == 4 {
            String::new()
        } else {
            format!("{year}-{month:02}-{day:02} {hour:02}:30:00")
        };
        let late = if row % 24 > 11 { "yes" } else { "no" };
        writeln!(csv, "{when},{},{late}", row * row % 37).unwrap();
    }
    read("dates.csv", csv, &["late"])
}

fn read(name: &str, csv: String, target: &[&str]) -> Dataset {
    let options = ReadOptions {
        target: target.iter().map(ToString::to_string).collect(),
        ..ReadOptions::default()
    };
    read_dataset(&Source::from_bytes(name, csv), &options).unwrap()
}

/// A model after two epochs, with settings given as `section.name`.
pub fn train(model: Model, dataset: &Dataset, pairs: &[(&str, Value)]) -> SavedModel {
    let problem = if model.is_clustering() {
        Problem::clustering(dataset)
    } else {
        Problem::of(dataset).unwrap()
    };
    let mut settings = Settings::default();
    let small = [
        ("training.epochs", Value::from(2)),
        ("training.pretraining_epochs", 1.into()),
        ("model.num_members", 3.into()),
        ("model.d_block", 8.into()),
        ("model.clusters", 3.into()),
    ];
    let has = |&(path, _): &&(&str, Value)| {
        let name = path.split('.').nth(1).unwrap();
        Recipe::has_setting(model, name)
    };
    for (path, value) in small.iter().filter(has).chain(pairs) {
        let (section, name) = path.split_once('.').unwrap();
        let section = match section {
            "model" => &mut settings.model,
            "training" => &mut settings.training,
            _ => &mut settings.data,
        };
        section.insert(name.to_owned(), value.clone());
    }
    let recipe = Recipe::new(model, problem, &settings).unwrap();
    let fitted = Training::new(recipe).fit(dataset, &Device::flex()).unwrap();
    fitted.model
}
