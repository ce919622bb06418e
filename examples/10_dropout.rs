//! Lesson 10: overfitting, and dropout against it.
//!
//! Thirty rows have eight features, only two of which matter, and a noisy target. A network of 32
//! hidden units memorises the noise: its error on these rows falls to zero, while its error on other
//! rows reaches a minimum and then rises again. That is overfitting. Dropout (Srivastava et al. 2014)
//! silences each hidden unit with probability p in each training step, so that no unit can rely on the
//! others, and little can be memorised. Those that stay are multiplied by 1/(1 − p), which keeps the
//! sum that the next layer sees the same on average. So for prediction, all units are used as they are.
//!
//! Run it with `cargo run -p examples --example 10_dropout`.

use std::error::Error;

use burn::module::Module;
use burn::nn::DropoutConfig;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Distribution, Tensor};
use mlp_models::loss::{LossConfig, Targets};
use mlp_models::{Mlp, MlpConfig};

const NUM_FEATURES: usize = 8;
const NUM_TRAIN: usize = 30;
const NUM_TEST: usize = 300;
const HIDDEN_SIZE: usize = 32;
const LEARNING_RATE: f64 = 0.01;
/// The training steps after which the losses are measured.
const STEPS: [usize; 7] = [0, 10, 20, 40, 80, 120, 160];
/// The number of networks to average over, each of which has its own rows.
const NUM_NETWORKS: u64 = 3;

/// Rows whose target is the sum of two features, with noise of variance 1.
fn rows(count: usize, device: &Device) -> (Tensor<2>, Tensor<2>) {
    let normal = Distribution::Normal(0.0, 1.0);
    let features = Tensor::random([count, NUM_FEATURES], normal, device);
    let sum = features.clone().narrow(1, 0, 2).sum_dim(1);
    (features, sum + Tensor::random([count, 1], normal, device))
}

/// Trains a network, and returns its losses on the training and on the test rows at each of `STEPS`.
fn train(dropout: f64, seed: u64) -> Vec<[f32; 2]> {
    let device = Device::flex();
    device.seed(seed);
    let [train, test] = [NUM_TRAIN, NUM_TEST].map(|count| rows(count, &device));
    let loss = LossConfig::MeanSquaredError.init(&device);
    let evaluate = |mlp: &Mlp, (features, targets): &(Tensor<2>, Tensor<2>)| -> f32 {
        let output = mlp.forward(features.clone());
        loss.forward(output, Targets::Numbers(targets.clone()))
            .into_scalar()
    };

    let mut mlp = MlpConfig::new(NUM_FEATURES, vec![HIDDEN_SIZE], 1)
        .with_dropout(dropout)
        .init(&device.autodiff());
    let mut optimizer = AdamConfig::new().init();
    // Dropout only changes inputs under autodiff, that is, during training.
    let features = train.0.clone().autodiff();
    let targets = Targets::Numbers(train.1.clone().autodiff());
    let mut losses = Vec::new();
    for step in 0..=STEPS[STEPS.len() - 1] {
        if STEPS.contains(&step) {
            let mlp = mlp.valid();
            losses.push([evaluate(&mlp, &train), evaluate(&mlp, &test)]);
        }
        let loss = loss.forward(mlp.forward(features.clone()), targets.clone());
        let gradients = GradientsParams::from_grads(loss.backward(), &mlp);
        mlp = optimizer.step(LEARNING_RATE, mlp, gradients);
    }
    losses
}

/// The losses, averaged over several networks.
fn mean_losses(dropout: f64) -> Vec<[f32; 2]> {
    let networks: Vec<_> = (0..NUM_NETWORKS).map(|seed| train(dropout, seed)).collect();
    let mean = |step: usize, part: usize| {
        let sum: f32 = networks.iter().map(|losses| losses[step][part]).sum();
        sum / networks.len() as f32
    };
    (0..STEPS.len())
        .map(|step| [mean(step, 0), mean(step, 1)])
        .collect()
}

/// Shows what dropout does to the outputs of four hidden units.
fn show_scaling() -> Result<(), Box<dyn Error>> {
    let device = Device::flex().autodiff();
    device.seed(1);
    let units = Tensor::<2>::from_floats([[1.0, 2.0, 3.0, 4.0]], &device);
    println!("Four hidden units have the outputs 1, 2, 3 and 4, with the sum 10.");
    for p in [0.5, 0.2] {
        let dropout = DropoutConfig::new(p).init();
        let scale = 1.0 / (1.0 - p);
        println!("\nDropout with p = {p}: those that stay are multiplied by 1/(1 − {p}) = {scale}");
        for _ in 0..3 {
            let dropped = dropout.forward(units.clone());
            let sum: f32 = dropped.clone().sum().into_scalar();
            println!(
                "  {:>4.2?}  sum {sum:>5.2}",
                dropped.into_data().try_to_vec::<f32>()?
            );
        }
        let many = dropout.forward(units.clone().repeat_dim(0, 100_000));
        let mean: f32 = many.sum_dim(1).mean().into_scalar();
        println!("  mean of the sum in 100,000 draws: {mean:.1}");
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    show_scaling()?;
    println!(
        "\nNow networks that learn, with {NUM_TRAIN} training rows and {NUM_TEST} test rows. The numbers"
    );
    println!(
        "are mean squared errors, averaged over {NUM_NETWORKS} networks, with all units in use. The"
    );
    println!("noise has variance 1, so on test rows no network can get far below 1.\n");
    println!("         without dropout                  with dropout 0.5");
    println!("step   train   test (bar)               train   test (bar)");
    let bar = |loss: f32| "█".repeat((loss * 4.0).round() as usize);
    let (without, with) = (mean_losses(0.0), mean_losses(0.5));
    for ((step, [train, test]), [train_with, test_with]) in STEPS.iter().zip(without).zip(with) {
        let (left, right) = (bar(test), bar(test_with));
        print!("{step:>4}   {train:>5.2}  {test:>5.2} {left:<18} ");
        println!("{train_with:>7.2}  {test_with:>5.2} {right}");
    }
    println!("\nWithout dropout, the test error is lowest at step 40. From then on the network");
    println!("learns only the noise of its 30 rows.");
    Ok(())
}
