//! Lesson 12: regression, and choosing a network without looking at the test rows.
//!
//! 442 people with diabetes, with ten measurements each; the target is the progression of the disease
//! a year later. A squared error means little by itself, so it is compared with the error of always
//! predicting the mean: R² = 1 − error / error of the mean. 1 is perfect, and 0 is no better than the
//! mean. A large network reaches a high R² on its own training rows, which proves nothing: the
//! network is chosen by the validation rows, and the choice is evaluated once, on the test rows. On a
//! table as small and noisy as this one, the simplest model is hard to beat.
//!
//! Run it with `cargo run -p examples --example 12_diabetes`.

use std::error::Error;

use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Tensor};
use mlp_datasets::{
    BuiltIn, ExampleTargets, Examples, LoadOptions, Preprocessor, Split, SplitConfig,
};
use mlp_models::loss::{LossConfig, Targets};
use mlp_models::{Mlp, MlpConfig};

const NUM_STEPS: usize = 150;
const LEARNING_RATE: f64 = 0.01;

/// The features and the targets of some rows.
type Rows = (Tensor<2>, Tensor<2>);

fn rows(examples: Examples) -> Result<Rows, Box<dyn Error>> {
    match examples.targets {
        ExampleTargets::Numbers(targets) => Ok((examples.features, targets)),
        ExampleTargets::Classes(_) => Err("the target is not a number".into()),
    }
}

fn train(config: &MlpConfig, (features, targets): &Rows) -> Mlp {
    let (features, targets) = (features.clone().autodiff(), targets.clone().autodiff());
    let device = features.device();
    device.seed(1);
    let mut mlp = config.init(&device);
    let mse = LossConfig::MeanSquaredError.init(&device);
    let mut optimizer = AdamConfig::new().init();
    for _ in 0..NUM_STEPS {
        let output = mlp.forward(features.clone());
        let gradients = mse
            .forward(output, Targets::Numbers(targets.clone()))
            .backward();
        let gradients = GradientsParams::from_grads(gradients, &mlp);
        mlp = optimizer.step(LEARNING_RATE, mlp, gradients);
    }
    mlp.valid()
}

fn r_squared(mlp: &Mlp, (features, targets): &Rows) -> f32 {
    let errors = mlp.forward(features.clone()) - targets.clone();
    let errors_of_mean = targets.clone() - targets.clone().mean().unsqueeze();
    1.0 - (errors.square().sum() / errors_of_mean.square().sum()).into_scalar::<f32>()
}

fn main() -> Result<(), Box<dyn Error>> {
    let device = Device::flex();
    let data = BuiltIn::Diabetes.load(&LoadOptions::default())?;
    let split = Split::new(&data.table, &data.partition, &SplitConfig::default())?;
    let preprocessor = Preprocessor::fit(&data.table, &split.train, data.scaling)?;
    let rows = |part: &[usize]| rows(Examples::new(&data.table, part, &preprocessor, &device)?);
    let (training, valid, test) = (rows(&split.train)?, rows(&split.valid)?, rows(&split.test)?);

    let mut best: Option<(f32, Mlp, &str)> = None;
    println!("R² is 1 for a perfect model, and 0 for always predicting the mean.\n");
    println!("hidden units           training R²  validation R²");
    for (name, hidden_sizes, dropout) in [
        ("none (linear model)", vec![], 0.0),
        ("8", vec![8], 0.0),
        ("64 + 64", vec![64, 64], 0.0),
        ("64 + 64, dropout 0.5", vec![64, 64], 0.5),
    ] {
        let config = MlpConfig::new(data.table.num_features(), hidden_sizes, 1);
        let mlp = train(&config.with_dropout(dropout), &training);
        let [on_train, on_valid] = [&training, &valid].map(|rows| r_squared(&mlp, rows));
        println!("{name:<21}  {on_train:>11.3}  {on_valid:>13.3}");
        if best.as_ref().is_none_or(|&(other, ..)| on_valid > other) {
            best = Some((on_valid, mlp, name));
        }
    }

    let (_, mlp, name) = best.ok_or("no network was trained")?;
    let (num_rows, on_test) = (split.test.len(), r_squared(&mlp, &test));
    println!("\nChosen by the validation rows: {name}.");
    println!("Its R² on the {num_rows} test rows is {on_test:.3}. Some of its predictions,");
    println!("of a score of the disease that goes from 25 to 346:");
    println!("\npredicted  actual");
    let predicted = mlp.forward(test.0).try_into_vec_as::<f32>()?;
    let actual = test.1.try_into_vec_as::<f32>()?;
    for (predicted, actual) in predicted.into_iter().zip(actual).take(6) {
        // The network was trained on standardised targets. This restores their unit.
        let [predicted, actual] =
            [predicted, actual].map(|number| preprocessor.target.restore(number, 0));
        println!("{predicted:>9.0} {actual:>7.0}");
    }
    println!("\nWhy networks, then? Here 442 noisy rows say little more than which way each");
    println!("measurement points, and for that a linear model is enough. Networks win where");
    println!("there are more rows and more than straight lines to be found in them, as in");
    println!("lessons 9 and 16.");
    Ok(())
}
