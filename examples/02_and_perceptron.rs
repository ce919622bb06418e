//! Lesson 2: a perceptron learns AND.
//!
//! Rosenblatt's rule (1958): show the neuron one row after another. If its output is right, change
//! nothing. If it should have been +1, add the inputs to the weights and lower the threshold by 1; if
//! it should have been −1, subtract the inputs and raise the threshold by 1. The net input is the
//! weighted sum minus the threshold, and the output is +1 if that is 0 or more, and −1 if not. The
//! rule comes to an end if a straight line separates the two classes.
//!
//! The rule is gradient descent on the perceptron criterion, with a learning rate of 1 and one row per
//! step. So nothing in the loop below is specific to perceptrons: larger networks learn the same way.
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

    println!("epoch  inputs  target  net input  output");
    println!("start {:45}{}", "", parameters(&perceptron)?);
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
            print!(
                "{epoch:>5}   {x1}  {x2}  {target:>+7} {:>10} {output:>+7}  ",
                net + 0.0
            );
            if output == target {
                println!("right");
            } else {
                num_mistakes += 1;
                println!("wrong  → {}", parameters(&perceptron)?);
            }
        }
        if num_mistakes == 0 {
            println!("\nEpoch {epoch} made no mistake, so no later epoch would change a weight.");
            break;
        }
    }
    println!("The neuron has learned AND: {}", parameters(&perceptron)?);
    Ok(())
}
