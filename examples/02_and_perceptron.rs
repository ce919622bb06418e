//! Lesson 2: a perceptron learns AND.
//!
//! The neuron of lesson 1, but now it finds its weights and its threshold itself, by Rosenblatt's rule
//! (1958): show it one row after another. If its output is right, change nothing. If it should have
//! been +1, add the inputs to the weights and lower the threshold by 1; if it should have been −1,
//! subtract the inputs and raise the threshold by 1. With targets of +1 and −1 in place of 1 and 0,
//! both cases are one formula: w ← w + target × input, θ ← θ − target. The rule comes to an end if a
//! straight line separates the two classes.
//!
//! The code does not contain that formula. It contains a loss, its gradient and a step, as for every
//! network in this course; lesson 3 explains them. For this loss, which is −target × net input if the
//! output is wrong and 0 if it is right, such a step is Rosenblatt's rule.
//!
//! Run it with `cargo run -p examples --example 02_and_perceptron`.

use std::error::Error;

use burn::optim::{GradientsParams, SgdConfig};
use burn::tensor::{Device, Tensor};
use mlp_models::loss::PerceptronCriterion;
use mlp_models::{Perceptron, PerceptronConfig};

const INPUTS: [[f32; 2]; 4] = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
const TARGETS: [f32; 4] = [-1.0, -1.0, -1.0, 1.0];
const LEARNING_RATE: f64 = 1.0;

/// The weights and the threshold as text.
fn parameters(perceptron: &Perceptron) -> Result<String, Box<dyn Error>> {
    let weights = perceptron.weight.val().into_data().try_to_vec::<f32>()?;
    let threshold = perceptron.threshold.val().into_data().try_to_vec::<f32>()?;
    // Adding 0 turns −0 into 0.
    let [w1, w2, theta] = [weights[0], weights[1], threshold[0]].map(|value| value + 0.0);
    Ok(format!("w = ({w1:>2}, {w2:>2})   θ = {theta:>2}"))
}

fn main() -> Result<(), Box<dyn Error>> {
    // A device with autodiff records what gradients are computed from.
    let device = Device::flex().autodiff();
    let mut perceptron = PerceptronConfig::new(2).init(&device);
    let criterion = PerceptronCriterion::new();
    let mut optimizer = SgdConfig::new().init();

    println!("net input = w1·x1 + w2·x2 − θ; the output is +1 if it is 0 or more, and else −1.\n");
    println!("epoch  x1 x2  target  net input  output");
    println!("start {:43}{}", "", parameters(&perceptron)?);
    for epoch in 1.. {
        let mut num_mistakes = 0;
        for (inputs, target) in INPUTS.into_iter().zip(TARGETS) {
            let net_input = perceptron.net_input(Tensor::from_floats([inputs], &device));
            let net: f32 = net_input.clone().into_scalar();
            let output: f32 = if net >= 0.0 { 1.0 } else { -1.0 };

            // Loss, backward pass, step. The gradient of a row that was right is zero.
            let loss = criterion.forward(net_input, Tensor::from_floats([[target]], &device));
            let gradients = GradientsParams::from_grads(loss.backward(), &perceptron);
            perceptron = optimizer.step(LEARNING_RATE, perceptron, gradients);

            let [x1, x2] = inputs;
            let net = net + 0.0;
            print!("{epoch:>5}   {x1}  {x2}  {target:>+6} {net:>10} {output:>+7}  ");
            if output == target {
                println!("right");
            } else {
                num_mistakes += 1;
                println!("wrong  → {}", parameters(&perceptron)?);
            }
        }
        if num_mistakes == 0 {
            println!(
                "\nEpoch {epoch} (a pass over all rows) made no mistake, so nothing changes any more."
            );
            break;
        }
    }
    println!("The neuron has learned AND: {}", parameters(&perceptron)?);
    println!("Only if both inputs are 1 does the sum w1 + w2 reach the threshold.");
    Ok(())
}
