//! Lesson 10: a table of one's own, from a CSV file to predictions.
//!
//! Real tables have what the tables before had not: text, dates, and holes. A file is read, the kinds
//! of its columns are told from their values, a network is trained on it, and used on rows that
//! training has not seen. From the command line that is:
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
use mlp_datasets::{Examples, Preprocessor, ReadOptions, Scaling, Source, Table, read_dataset};
use mlp_models::{LossConfig, MlpConfig, Targets};

/// A row, as a program would have it.
#[derive(serde::Serialize)]
struct Fruit {
    kind: &'static str,
    weight: Option<f32>,
    picked: &'static str,
}

/// Prices that follow from kind, weight and month; every seventh weight was not written down.
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
        println!(
            "{name:<8} {kind:<12} {missing:>7}  {}",
            why.unwrap_or_default()
        );
    }

    let rows: Vec<usize> = (0..fruit.table.num_rows()).collect();
    let preprocessor = Preprocessor::fit(&fruit.table, &rows, Scaling::Standard)?;
    let autodiff = device.clone().autodiff();
    let train = Examples::new(&fruit.table, &rows, &preprocessor, &autodiff)?;
    let mlp_datasets::Targets::Numbers(targets) = train.targets else {
        return Err("prices are numbers".into());
    };
    let loss = LossConfig::MeanSquaredError.init(&autodiff);
    let mut mlp = MlpConfig::new(preprocessor.width(), vec![32], 1).init(&autodiff);
    let mut optimizer = AdamConfig::new().init();
    for _ in 0..300 {
        let loss = loss.forward(
            mlp.forward(train.features.clone()),
            Targets::Numbers(targets.clone()),
        );
        let gradients = GradientsParams::from_grads(loss.backward(), &mlp);
        mlp = optimizer.step(0.01, mlp, gradients);
    }

    println!("\nfruit    weight  price");
    for (kind, weight) in [
        ("cherry", Some(200.0)),
        ("cherry", None),
        ("durian", Some(200.0)),
    ] {
        let picked = "2024-06-11";
        let record = Fruit {
            kind,
            weight,
            picked,
        };
        let table = Table::from_records(&[record], &preprocessor.schema())?;
        let inputs = preprocessor.transform(&table, &[0])?;
        let numbers = TensorData::new(inputs.numbers, [1, preprocessor.width()]);
        let price = mlp.valid().forward(Tensor::from_data(numbers, &device));
        let price = preprocessor.target.restore(price.into_scalar(), 0);
        let weight = weight.map_or("?".to_owned(), |weight| weight.to_string());
        let unseen = inputs
            .surprises
            .iter()
            .map(|known| format!("{} never seen", known.feature));
        println!(
            "{kind:<8} {weight:>6}  {price:>5.2}  {}",
            unseen.collect::<String>()
        );
    }
    println!(
        "\nThe first should cost 9 × 0.2 × 1.6 = {:.2}.",
        9.0 * 0.2 * 1.6
    );
    Ok(())
}
