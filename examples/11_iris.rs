//! Lesson 11: classification, from a table to a confusion matrix.
//!
//! Fisher's irises: 150 flowers of three species, with four measurements each. The order of the work
//! is the same for every table: load it, split it, fit the preprocessing to the training rows alone,
//! train, and only then evaluate on the test rows, which have played no part in anything before. The
//! network has an output for each species, its logit, and learns with the cross-entropy of lesson 4.
//!
//! Run it with `cargo run -p examples --example 11_iris`.

use std::error::Error;

use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::Device;
use mlp_datasets::{BuiltIn, ExampleTargets, Examples, FeatureEncoding, LoadOptions};
use mlp_datasets::{Preprocessor, Scaler, Split, SplitConfig};
use mlp_models::MlpConfig;
use mlp_models::loss::{LossConfig, Targets};

const NUM_STEPS: usize = 100;
const LEARNING_RATE: f64 = 0.01;

fn main() -> Result<(), Box<dyn Error>> {
    let device = Device::flex();
    device.seed(1);

    let iris = BuiltIn::Iris.load(&LoadOptions::default())?;
    let split = Split::new(&iris.table, &iris.partition, &SplitConfig::default())?;
    // Scales each feature to mean 0 and standard deviation 1 over the training rows.
    let preprocessor = Preprocessor::fit(&iris.table, &split.train, iris.scaling)?;
    let classes = preprocessor.classes().ok_or("the target is not a class")?;
    let [train, valid, test] = [&split.train, &split.valid, &split.test].map(Vec::len);
    println!(
        "{train} flowers for training, {test} for testing, {valid} left for choices (lesson 12)"
    );
    println!("\nfeature (in cm)       mean  std");
    for feature in &preprocessor.features {
        if let FeatureEncoding::Numeric {
            name,
            scaler: Scaler::Standard { mean, std },
            ..
        } = feature
        {
            println!("{name:<20} {mean:>5.2} {std:>4.2}");
        }
    }

    let autodiff = device.clone().autodiff();
    let train = Examples::new(&iris.table, &split.train, &preprocessor, &autodiff)?;
    let test = Examples::new(&iris.table, &split.test, &preprocessor, &device)?;
    let num_features = preprocessor.width();
    let mut mlp = MlpConfig::new(num_features, vec![16], classes.len()).init(&autodiff);
    let label_smoothing = 0.0;
    let cross_entropy = LossConfig::CrossEntropy { label_smoothing }.init(&autodiff);
    let mut optimizer = AdamConfig::new().init();
    let ExampleTargets::Classes(targets) = train.targets else {
        return Err("the target is not a class".into());
    };
    println!("\nEach feature is scaled to mean 0 and standard deviation (std) 1.");
    println!(
        "\nThe loss is the cross-entropy. Saying 1/3 for each species would give ln 3 = 1.099."
    );
    println!("\nstep  training loss");
    for step in 0..=NUM_STEPS {
        let logits = mlp.forward(train.features.clone());
        let loss = cross_entropy.forward(logits, Targets::Classes(targets.clone()));
        if step % 20 == 0 {
            let loss: f32 = loss.clone().into_scalar();
            let bar = "█".repeat((loss * 30.0) as usize);
            println!("{step:>4}  {loss:.3}  {bar}");
        }
        let gradients = GradientsParams::from_grads(loss.backward(), &mlp);
        mlp = optimizer.step(LEARNING_RATE, mlp, gradients);
    }

    // The predicted class is the one with the largest logit.
    let predicted = mlp
        .valid()
        .forward(test.features)
        .argmax(1)
        .try_into_vec_as::<i64>()?;
    let ExampleTargets::Classes(actual) = test.targets else {
        return Err("the target is not a class".into());
    };
    let mut confusion = vec![vec![0; classes.len()]; classes.len()];
    for (actual, predicted) in actual.try_into_vec_as::<i64>()?.into_iter().zip(predicted) {
        confusion[actual as usize][predicted as usize] += 1;
    }
    println!("\nTest flowers (row: actual species, column: predicted species)");
    print!("{:<12}", "");
    classes.iter().for_each(|class| print!("{class:>12}"));
    println!();
    for (class, counts) in classes.iter().zip(&confusion) {
        print!("{class:<12}");
        counts.iter().for_each(|count| print!("{count:>12}"));
        println!();
    }
    let num_test = split.test.len();
    let num_right: usize = (0..classes.len())
        .map(|class| confusion[class][class])
        .sum();
    println!("\n{num_right} of {num_test} right: the diagonal. Versicolor and virginica overlap,");
    println!("and some of them are taken for each other.");
    Ok(())
}
