//! Lesson 14: your own table, from a CSV file to predictions.
//!
//! Real tables have what the earlier ones did not: text, dates and missing values. This program reads
//! a file and infers the kind of each column from its values, trains a network on most of the rows,
//! measures its error on the others, and predicts fruits that are not in the file. On the command line
//! that is:
//!
//! ```text
//! trainer train examples/fruit.csv --target price
//! trainer predict runs/fruit-mlp-1 examples/fruit.csv
//! ```
//!
//! Run it with `cargo run -p examples --example 14_table`.

use std::error::Error;

use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Tensor, TensorData};
use mlp_datasets::{ExampleTargets, Examples, Preprocessor, ReadOptions};
use mlp_datasets::{Scaling, Source, Split, SplitConfig, Table, read_dataset};
use mlp_models::MlpConfig;
use mlp_models::loss::{LossConfig, Targets};

/// A row, as a program would have it.
#[derive(serde::Serialize)]
struct Fruit {
    kind: &'static str,
    weight: Option<f32>,
    picked: &'static str,
}

/// Prices by a rule: 3 per kg of apples, 2 of bananas and 9 of cherries, times 1 + month / 10. Every
/// seventh weight is missing.
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

    let split = Split::new(&fruit.table, &fruit.partition, &SplitConfig::default())?;
    let preprocessor = Preprocessor::fit(&fruit.table, &split.train, Scaling::Standard)?;
    let autodiff = device.clone().autodiff();
    let train = Examples::new(&fruit.table, &split.train, &preprocessor, &autodiff)?;
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

    let mlp = mlp.valid();
    let test = Examples::new(&fruit.table, &split.test, &preprocessor, &device)?;
    let ExampleTargets::Numbers(prices) = test.targets else {
        return Err("prices are numbers".into());
    };
    let errors = mlp.forward(test.features) - prices;
    let error: f32 = errors.square().mean().sqrt().into_scalar();
    // Prices are scaled to a standard deviation of 1, and this is what it was.
    let unit = preprocessor.target.restore(1.0, 0) - preprocessor.target.restore(0.0, 0);
    println!(
        "\n{} test rows: RMSE {:.2}",
        split.test.len(),
        f64::from(error) * unit
    );
    println!(
        "(the root of the mean squared error; that of always predicting the mean is {unit:.2})"
    );

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
        let price = mlp.forward(Tensor::from_data(numbers, &device));
        let price = preprocessor.target.restore(price.into_scalar(), 0);
        let weight = weight.map_or("?".to_owned(), |weight| weight.to_string());
        let unseen = inputs.unseen_values.iter();
        let unseen: String = unseen
            .map(|unseen| format!("{} not seen in training", unseen.feature))
            .collect();
        println!("{kind:<8} {weight:>6}  {price:>5.2}  {unseen}");
    }
    println!("\nThe file was made by a rule: 200 g of cherries in June cost 9 per kg × 0.2 kg ×");
    println!("1.6 = 2.88. For a missing weight, the network gets the median weight, and a 1 in");
    println!("another input that says so: that is how it can predict without one, though not");
    println!("well. One row in seven has no weight, which is a part of the test error too. The");
    println!("file has no durians: their price is what the network says of a fruit that is none");
    println!("of its three kinds.");
    Ok(())
}
