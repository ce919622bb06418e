//! Lesson 17: what an ensemble buys.
//!
//! Networks that start differently make different mistakes, and the mean of their predictions is better than
//! most of them: errors that point in different directions cancel. For the squared error this is a
//! theorem: the error of the mean is the mean of the errors, less how much the members differ. `TabM`
//! gets an ensemble for little more than the price of one network. Its members share their weights, and
//! each has only scales of its own. They are trained on the mean of their losses, not on the loss of
//! their mean, since otherwise they would learn to be one network.
//!
//! Run it with `cargo run -p examples --example 17_ensemble`.

use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Distribution, Tensor};
use mlp_models::loss::{LossConfig, Targets};
use mlp_models::{TabM, TabMConfig};

const NUM_FEATURES: usize = 6;
const NUM_TRAIN: usize = 200;
const NUM_TEST: usize = 500;
const NUM_MEMBERS: usize = 8;
const NUM_STEPS: usize = 100;
const LEARNING_RATE: f64 = 0.01;

/// Rows whose target is a product and a sine of four features, with noise.
fn rows(count: usize, device: &Device) -> (Tensor<2>, Tensor<2>) {
    let normal = Distribution::Normal(0.0, 1.0);
    let features = Tensor::<2>::random([count, NUM_FEATURES], normal, device);
    let feature = |i| features.clone().narrow(1, i, 1);
    let targets = feature(0) * feature(1) + (feature(2) * 2.0).sin() + feature(3) * 0.5;
    let noise = Tensor::random([count, 1], Distribution::Normal(0.0, 0.3), device);
    (features, targets + noise)
}

fn train(num_members: usize, (features, targets): &(Tensor<2>, Tensor<2>)) -> TabM {
    let device = features.device().autodiff();
    device.seed(2);
    let mut tabm = TabMConfig::new(vec![1; NUM_FEATURES], 1)
        .with_num_members(num_members)
        .with_d_block(32)
        .init(&device);
    let mut optimizer = AdamConfig::new().init();
    let loss = LossConfig::MeanSquaredError.init(&device);
    let features = features.clone().autodiff();
    // The outputs of one member follow those of another, and all have the same targets.
    let targets = Targets::Numbers(targets.clone().repeat_dim(0, num_members).autodiff());
    for _ in 0..NUM_STEPS {
        let loss = loss.forward(tabm.forward(features.clone()), targets.clone());
        let gradients = GradientsParams::from_grads(loss.backward(), &tabm);
        tabm = optimizer.step(LEARNING_RATE, tabm, gradients);
    }
    tabm.valid()
}

/// The predictions of each member: `[num_members, num_rows]`.
fn predictions(tabm: &TabM, features: &Tensor<2>) -> Tensor<2> {
    let [num_rows, _] = features.dims();
    let outputs = tabm.forward(features.clone());
    outputs.reshape([tabm.num_members(), num_rows])
}

/// The mean squared error of each line of predictions.
fn errors(predictions: Tensor<2>, targets: &Tensor<2>) -> Vec<f32> {
    let errors = (predictions - targets.clone().transpose()).square();
    errors.mean_dim(1).into_data().iter().collect()
}

fn main() {
    let device = Device::flex();
    device.seed(1);
    let (train_rows, test) = (rows(NUM_TRAIN, &device), rows(NUM_TEST, &device));
    let single = train(1, &train_rows);
    let ensemble = train(NUM_MEMBERS, &train_rows);

    println!("The mean squared error on {NUM_TEST} test rows. The noise has variance 0.09, so no");
    println!("network gets far below that. The members belong to one ensemble.\n");
    let bar = |error: f32| "█".repeat((error * 100.0).round() as usize);
    let of_single = errors(predictions(&single, &test.0), &test.1)[0];
    println!("one network   {of_single:.3} {}\n", bar(of_single));
    let members = predictions(&ensemble, &test.0);
    let of_members = errors(members.clone(), &test.1);
    for (member, &error) in of_members.iter().enumerate() {
        println!("member {}      {error:.3} {}", member + 1, bar(error));
    }
    let mean = members.clone().mean_dim(0);
    let of_mean = errors(mean.clone(), &test.1)[0];
    println!("their mean    {of_mean:.3} {}\n", bar(of_mean));

    let mean_of_errors = of_members.iter().sum::<f32>() / NUM_MEMBERS as f32;
    let difference: f32 = (members - mean).square().mean().into_scalar();
    println!("mean of the members' errors    {mean_of_errors:.3}");
    println!("less how much they differ     −{difference:.3}");
    println!(
        "is the error of their mean     {:.3}\n",
        mean_of_errors - difference
    );
    println!(
        "one network has {} parameters, and the {NUM_MEMBERS} members together {}",
        single.num_params(),
        ensemble.num_params()
    );
}
