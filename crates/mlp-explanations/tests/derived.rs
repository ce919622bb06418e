//! Features that are derived from columns are explained in these columns.

use burn::tensor::Device;
use mlp_datasets::{BuiltIn, Column, Dataset, LoadOptions, Table, Values};
use mlp_explanations::{
    Background, Grid, IntegratedGradients, PartialDependence, PermutationImportance, Shapley,
};
use mlp_inference::SavedModel;
use mlp_training::{Model, Problem, Recipe, Settings, Training};
use serde_json::json;

/// A network that sees of `x` only its product with `y` and its square.
fn trained() -> (SavedModel, Dataset) {
    let moons = LoadOptions {
        samples: Some(100),
        ..LoadOptions::default()
    };
    let moons = BuiltIn::Moons.load(&moons).unwrap();
    let mut settings = Settings::default();
    settings.training.insert("epochs".into(), json!(20));
    let data = &mut settings.data;
    data.insert("derive".into(), json!(["x*y", "x^2"]));
    data.insert("only_derived".into(), json!(["x"]));
    let recipe = Recipe::new(Model::Mlp, Problem::of(&moons).unwrap(), &settings).unwrap();
    let fitted = Training::new(recipe).fit(&moons, &Device::flex()).unwrap();
    (fitted.model, moons)
}

/// The table with other values in a column.
fn with(table: &Table, name: &str, values: Vec<f64>) -> Table {
    let columns = table.columns().iter().map(|column| Column {
        name: column.name.clone(),
        values: if column.name == name {
            Values::Numbers(values.clone())
        } else {
            column.values.clone()
        },
    });
    Table::new(columns.collect(), None).unwrap()
}

#[test]
fn the_dependence_on_a_column_goes_through_what_is_derived_from_it() {
    let (model, moons) = trained();
    let rows: Vec<usize> = (0..100).collect();
    let dependence = PartialDependence::default();
    for name in ["x", "y"] {
        let found = dependence
            .compute(&model, &moons.table, &rows, name)
            .unwrap();
        let Grid::Numbers(grid) = &found.grid else {
            panic!("`{name}` has numbers");
        };
        for (place, &value) in grid.iter().enumerate() {
            let tried = with(&moons.table, name, vec![value; 100]);
            let predictions = model.predict_rows(&tried, &rows).unwrap();
            let classes = predictions.classes().unwrap();
            let of_row = |&row: &usize| classes.probability(row, "lower").unwrap();
            let mean = rows.iter().map(of_row).sum::<f64>() / 100.0;
            assert!((found.outputs[1].mean[place] - mean).abs() < 1e-6);
        }
    }
}

#[test]
fn what_is_attributed_to_the_columns_adds_up() {
    let (model, moons) = trained();
    let rows: Vec<usize> = (0..100).collect();
    let background = Background {
        table: &moons.table,
        rows: &rows[..30],
    };
    let gradients = IntegratedGradients {
        steps: 200,
        ..IntegratedGradients::default()
    };
    let shapley = Shapley {
        samples: 30,
        seed: 0,
    };
    for found in [
        gradients.compute(&model, &moons.table, &[3, 80], background, None),
        shapley.compute(&model, &moons.table, &[3, 80], background, None),
    ] {
        for found in found.unwrap() {
            let names: Vec<_> = found.columns.iter().map(|of| &of.column).collect();
            assert_eq!(names, ["y", "x"]);
            assert!(found.gap.abs() < 0.01, "{found:?}");
            assert!(found.columns[1].contribution != 0.0, "{found:?}");
        }
    }
    let importances = PermutationImportance::default();
    let found = importances.compute(&model, &moons.table, &rows).unwrap();
    let x = found.columns.iter().find(|column| column.column == "x");
    assert!(x.unwrap().mean > 0.05, "{found:?}");
}
