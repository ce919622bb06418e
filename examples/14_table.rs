//! Lesson 10: your own table, from a CSV file to predictions.
//!
//! Real tables have what the earlier ones did not: text, dates and missing values. This program reads
//! a file and infers the kind of each column from its values, trains a network on it, and predicts
//! rows that it was not trained on. (Lesson 7 shows how to keep rows for testing.) On the command line
//! that is:
//!
//! ```text
//! trainer train examples/fruit.csv --target price
//! trainer predict runs/fruit-mlp-1 examples/fruit.csv
//! ```
//!
//! Run it with `cargo run -p examples --example 10_table`.

use std::error::Error;

use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Tensor, TensorData};
use mlp_datasets::{ExampleTargets, Examples, Preprocessor, ReadOptions};
use mlp_datasets::{Scaling, Source, Table, read_dataset};
use mlp_models::MlpConfig;
use mlp_models::loss::{LossConfig, Targets};

/// A row, as a program would have it.
#[derive(serde::Serialize)]
struct Fruit {
    kind: &'static str,
    weight: Option<f32>,
    picked: &'static str,
}

/// Prices that depend on the kind, the weight and the month. Every seventh weight is missing.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fruit.csv");

fn main() -> Result<(), Box<dyn Error>> {
    let device = Device::flex();
    device.seed(1);
    let options = ReadOptions {
        target: vec!["price".into()],
        ..ReadOptions::default()
    };
    let fruit = read_dataset(&Source::new(FILE)?, &options)?;
    println!("column   kind         missing");
    for column in &fruit.columns {
        let (name, kind, missing) = (&column.name, column.kind.name(), column.missing);
        let why = column.dropped.map(|why| format!("left out: {why}"));
        let why = why.unwrap_or_default();
        println!("{name:<8} {kind:<12} {missing:>7}  {why}");
    }

    let rows: Vec<usize> = (0..fruit.table.num_rows()).collect();
    let preprocessor = Preprocessor::fit(&fruit.table, &rows, Scaling::Standard)?;
    let autodiff = device.clone().autodiff();
    let train = Examples::new(&fruit.table, &rows, &preprocessor, &autodiff)?;
    let ExampleTargets::Numbers(prices) = train.targets else {
        return Err("prices are numbers".into());
    };
    let targets = Targets::Numbers(prices);
    let loss = LossConfig::MeanSquaredError.init(&autodiff);
    let mut mlp = MlpConfig::new(preprocessor.width(), vec![32], 1).init(&autodiff);
    let mut optimizer = AdamConfig::new().init();
    for _ in 0..300 {
        let loss = loss.forward(mlp.forward(train.features.clone()), targets.clone());
        let gradients = GradientsParams::from_grads(loss.backward(), &mlp);
        mlp = optimizer.step(0.01, mlp, gradients);
    }

    println!("\nfruit    weight  price");
    let (some, picked) = (Some(200.0), "2024-06-11");
    for (kind, weight) in [("cherry", some), ("cherry", None), ("durian", some)] {
        let record = Fruit {
            kind,
            weight,
            picked,
        };
        let table = Table::from_records(&[record], &preprocessor.schema())?;
        // The median replaces a missing weight, and another input tells the network that it is missing.
        let inputs = preprocessor.transform(&table, &[0])?;
        let numbers = TensorData::new(inputs.numbers, [1, preprocessor.width()]);
        let price = mlp.valid().forward(Tensor::from_data(numbers, &device));
        let price = preprocessor.target.restore(price.into_scalar(), 0);
        let weight = weight.map_or("?".to_owned(), |weight| weight.to_string());
        let unseen = inputs.unseen_values.iter();
        let unseen: String = unseen
            .map(|unseen| format!("{} not seen in training", unseen.feature))
            .collect();
        println!("{kind:<8} {weight:>6}  {price:>5.2}  {unseen}");
    }
    let price = 9.0 * 0.2 * 1.6;
    println!("\nThe first should cost 9 per kg × 0.2 kg × 1.6 (in June) = {price:.2}.");
    Ok(())
}
