//! Every model that predicts can be explained, and what is attributed adds up to its prediction.

use std::fmt::Write;

use burn::tensor::Device;
use mlp_datasets::{Dataset, ReadOptions, Source, read_dataset};
use mlp_explanations::{
    Background, IntegratedGradients, PartialDependence, PermutationImportance, Shapley,
};
use mlp_inference::SavedModel;
use mlp_training::{Model, Problem, Recipe, Settings, Training};
use strum::VariantArray;

/// Fruits with a colour of many, a weight that may be missing, a day, and a kind.
fn fruits(target: &str) -> Dataset {
    let mut csv = String::from("colour,weight,picked,kind\n");
    for row in 0..120 {
        let weight = match row % 7 {
            0 => String::new(),
            _ => (row % 3 * 50 + row % 20).to_string(),
        };
        let kind = ["apple", "banana", "cherry"][row % 3];
        let (colour, day) = (row % 11, row % 28 + 1);
        writeln!(csv, "c{colour},{weight},2024-05-{day:02},{kind}").unwrap();
    }
    let options = ReadOptions {
        target: vec![target.to_owned()],
        ..ReadOptions::default()
    };
    read_dataset(&Source::from_bytes("fruits.csv", csv), &options).unwrap()
}

fn trained(model: Model, dataset: &Dataset) -> Option<SavedModel> {
    let mut settings = Settings::default();
    for (setting, value) in [("epochs", 2), ("num_members", 4)] {
        if Recipe::has_setting(model, setting) {
            let section = if setting == "epochs" {
                &mut settings.training
            } else {
                &mut settings.model
            };
            section.insert(setting.to_owned(), value.into());
        }
    }
    let recipe = Recipe::new(model, Problem::of(dataset).unwrap(), &settings).unwrap();
    let needs_classes = recipe.check_for(dataset).is_err();
    (!needs_classes).then(|| {
        let fitted = Training::new(recipe).fit(dataset, &Device::flex());
        fitted.unwrap().model
    })
}

fn assert_explained(name: &str, model: &SavedModel, dataset: &Dataset) {
    let table = &dataset.table;
    let rows: Vec<usize> = (0..table.num_rows()).collect();
    let background = Background {
        table,
        rows: &rows[10..30],
    };
    let predictions = model.predict_rows(table, &[0, 7]).unwrap();
    let gradients = IntegratedGradients {
        steps: 200,
        ..IntegratedGradients::default()
    };
    let shapley = Shapley {
        samples: 10,
        seed: 0,
    };
    for found in [
        gradients.compute(model, table, &[0, 7], background, None),
        shapley.compute(model, table, &[0, 7], background, None),
    ] {
        for (index, found) in found.unwrap().iter().enumerate() {
            let classes = predictions.classes();
            let expected = match predictions.class(index) {
                Some(class) => {
                    assert_eq!(found.output, class, "{name}");
                    classes.unwrap().probability(index, class)
                }
                None => predictions.number(index),
            };
            if let Some(expected) = expected {
                let tolerance = 1e-6 * expected.abs();
                let difference = (found.prediction - expected).abs();
                assert!(difference <= tolerance, "{name}");
            }
            let names: Vec<_> = found.columns.iter().map(|of| &of.column).collect();
            assert!(names.len() >= 3, "{name}: {names:?}");
            // Contributions of opposite signs each have an error.
            let sizes = found.columns.iter().map(|of| of.contribution.abs());
            let range = sizes.sum::<f64>().max(0.1);
            assert!(found.gap.abs() < 0.02 * range, "{name}: {found:?}");
        }
    }
    let importance = PermutationImportance {
        repeats: 2,
        ..PermutationImportance::default()
    };
    let found = importance.compute(model, table, &rows).unwrap();
    let metrics = model.evaluate(table, &rows).unwrap().metrics;
    let expected = found.metric.of(&metrics).unwrap();
    assert!((found.score - expected).abs() <= 1e-6 * expected, "{name}");
    let dependence = PartialDependence::default();
    let found = dependence.compute(model, table, &rows, "colour").unwrap();
    assert_eq!(found.grid.len(), 11, "{name}");
}

#[test]
fn every_model_of_classes_and_of_numbers_is_explained() {
    let of_classes = fruits("kind");
    let of_numbers = fruits("weight");
    for &model in Model::VARIANTS {
        if model.is_clustering() {
            continue;
        }
        for dataset in [&of_classes, &of_numbers] {
            if let Some(trained) = trained(model, dataset) {
                assert_explained(&model.to_string(), &trained, dataset);
            }
        }
    }
}
