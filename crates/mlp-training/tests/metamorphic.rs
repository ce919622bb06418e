//! What must not change what a model predicts.
//!
//! Each test trains a linear model twice in full batches, on two tables that say the same. Its loss has a
//! single minimum, so the predictions agree once it is reached, whatever weights were drawn. The rows for
//! validation are those for training, so that the best epoch is the last one.

mod tables;

use std::fmt::Write;

use mlp_datasets::{Dataset, ReadOptions, Source, read_dataset, read_table};
use mlp_inference::SavedModel;
use mlp_training::{Metric, Model, SplitName, Training};
use serde_json::Value;
use tables::{fit, recipe};

/// A row of the tables: its part, two numbers, a category, a weight, and the target.
struct Row {
    part: &'static str,
    numbers: [f64; 2],
    colour: &'static str,
    weight: u32,
    is_ripe: bool,
}

fn rows() -> Vec<Row> {
    let noise =
        |row: u32| f64::from(row.wrapping_mul(2_654_435_761) >> 8) / f64::from(1 << 23) - 1.0;
    let row = |(row, part): (u32, &'static str)| {
        let numbers = [noise(3 * row + 1), noise(3 * row + 2)];
        let colour = ["red", "green", "blue"][row as usize % 3];
        let bonus = if colour == "red" { 0.5 } else { 0.0 };
        Row {
            part,
            numbers,
            colour,
            weight: 1 + row % 3,
            is_ripe: numbers[0] - 0.5 * numbers[1] + bonus + noise(3 * row) > 0.2,
        }
    };
    let parts = (0..120).flat_map(|number| [(number, "train"), (number, "valid")]);
    parts
        .chain((120..150).map(|number| (number, "test")))
        .map(row)
        .collect()
}

/// A table of such rows, with names for what is not ripe and what is.
fn table(rows: &[Row], classes: [&str; 2], weighted: bool) -> Dataset {
    let mut csv = String::from("part,size,mass,colour,weight,ripe\n");
    for row in rows {
        let [size, mass] = row.numbers;
        let ripe = classes[usize::from(row.is_ripe)];
        let Row {
            part,
            colour,
            weight,
            ..
        } = row;
        writeln!(csv, "{part},{size},{mass},{colour},{weight},{ripe}").unwrap();
    }
    read(&csv, weighted)
}

fn read(csv: &str, weighted: bool) -> Dataset {
    let mut options = ReadOptions {
        target: vec!["ripe".into()],
        split: Some("part".into()),
        weight: weighted.then(|| "weight".into()),
        ..ReadOptions::default()
    };
    if !weighted && csv.starts_with("part") {
        let drop = mlp_datasets::ColumnKind::Drop;
        options.kinds.insert("weight".into(), drop);
    }
    read_dataset(&Source::from_bytes("fruit.csv", csv.to_owned()), &options).unwrap()
}

struct Trained {
    model: SavedModel,
    log_losses: [f64; 3],
}

fn train(dataset: &Dataset) -> Trained {
    let pairs = [
        ("model.hidden", Value::from(Vec::<usize>::new())),
        ("training.epochs", 600.into()),
        ("training.batch_size", 1000.into()),
        ("training.learning_rate", 0.05.into()),
        // A penalty would depend on where the minimum is.
        ("training.weight_decay", 0.0.into()),
    ];
    let fitted = fit(&Training::new(recipe(Model::Mlp, dataset, &pairs)), dataset).unwrap();
    let log_loss = |rows| fitted.metric(Metric::LogLoss, rows).unwrap();
    Trained {
        log_losses: [SplitName::Train, SplitName::Valid, SplitName::Test].map(log_loss),
        model: fitted.model,
    }
}

/// The probability of a class for some rows.
fn probabilities(model: &SavedModel, csv: &str, class: &str) -> Vec<f64> {
    let rows = read_table(
        &Source::from_bytes("rows.csv", csv.to_owned()),
        &model.schema(),
    )
    .unwrap();
    let predictions = model.predict(&rows).unwrap();
    let rows = 0..predictions.len();
    rows.map(|row| predictions.probability(row, class).unwrap())
        .collect()
}

const NEW: &str = "size,mass,colour\n0.1,0.2,red\n-0.4,0.9,green\n0.8,-0.7,blue\n0.3,0.3,violet\n";
const CLASSES: [&str; 2] = ["no", "yes"];

fn assert_close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!(
            (found - expected).abs() < tolerance,
            "{found} for {expected}"
        );
    }
}

fn assert_same(found: &Trained, expected: &Trained) {
    let of = |trained: &Trained| probabilities(&trained.model, NEW, "yes");
    assert_close(&of(found), &of(expected), 2e-3);
    assert_close(&found.log_losses, &expected.log_losses, 1e-3);
}

#[test]
fn the_order_of_rows() {
    let mut shuffled = rows();
    shuffled.sort_by(|a, b| a.numbers[0].total_cmp(&b.numbers[0]));
    let expected = train(&table(&rows(), CLASSES, false));
    assert_same(&train(&table(&shuffled, CLASSES, false)), &expected);
}

#[test]
fn weights_instead_of_repeated_rows() {
    let repeated: Vec<Row> = rows()
        .into_iter()
        .flat_map(|row| (0..row.weight).map(move |_| Row { ..row }))
        .collect();
    let weighted = train(&table(&rows(), CLASSES, true));
    let expected = train(&table(&repeated, CLASSES, false));
    // What is standardised differs, but the minimum does not. A colour that was not seen would: it counts
    // as the mean of all rows, without their weights.
    let seen: Vec<&str> = NEW
        .lines()
        .filter(|line| !line.contains("violet"))
        .collect();
    let of = |trained: &Trained| probabilities(&trained.model, &seen.join("\n"), "yes");
    assert_close(&of(&weighted), &of(&expected), 2e-3);
    assert_close(&weighted.log_losses, &expected.log_losses, 1e-3);
    let unweighted = train(&table(&rows(), CLASSES, false));
    let difference = unweighted.log_losses[0] - weighted.log_losses[0];
    assert!(difference.abs() > 1e-3, "the weights matter: {difference}");
}

#[test]
fn names_and_order_of_columns() {
    let mut csv = String::from("shade,ripe,grams,part,length\n");
    let mut new = String::from("shade,grams,length\n");
    for row in rows() {
        let [size, mass] = row.numbers;
        let ripe = CLASSES[usize::from(row.is_ripe)];
        let Row { part, colour, .. } = row;
        writeln!(csv, "{colour},{ripe},{mass},{part},{size}").unwrap();
    }
    for line in NEW.lines().skip(1) {
        let [size, mass, colour] = line.split(',').collect::<Vec<_>>().try_into().unwrap();
        writeln!(new, "{colour},{mass},{size}").unwrap();
    }
    let expected = train(&table(&rows(), CLASSES, false));
    let renamed = train(&read(&csv, false));
    assert_close(
        &probabilities(&renamed.model, &new, "yes"),
        &probabilities(&expected.model, NEW, "yes"),
        2e-3,
    );
    assert_close(&renamed.log_losses, &expected.log_losses, 1e-3);
}

#[test]
fn the_units_of_numbers() {
    let in_other_units = |[size, mass]: [f64; 2]| [1000.0 + 25.4 * size, -0.001 * mass];
    let mut converted = rows();
    for row in &mut converted {
        row.numbers = in_other_units(row.numbers);
    }
    let mut new = String::from("size,mass,colour\n");
    for line in NEW.lines().skip(1) {
        let [size, mass, colour] = line.split(',').collect::<Vec<_>>().try_into().unwrap();
        let [size, mass] = in_other_units([size, mass].map(|number: &str| number.parse().unwrap()));
        writeln!(new, "{size},{mass},{colour}").unwrap();
    }
    let expected = train(&table(&rows(), CLASSES, false));
    let converted = train(&table(&converted, CLASSES, false));
    assert_close(
        &probabilities(&converted.model, &new, "yes"),
        &probabilities(&expected.model, NEW, "yes"),
        2e-3,
    );
    assert_close(&converted.log_losses, &expected.log_losses, 1e-3);
}

#[test]
fn the_order_of_classes() {
    let expected = train(&table(&rows(), CLASSES, false));
    // Alphabetically, the ripe ones now come first.
    let renamed = train(&table(&rows(), ["z", "a"], false));
    assert_close(
        &probabilities(&renamed.model, NEW, "a"),
        &probabilities(&expected.model, NEW, "yes"),
        2e-3,
    );
    assert_close(&renamed.log_losses, &expected.log_losses, 1e-3);
}
