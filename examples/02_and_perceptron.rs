//! Lesson 2: a perceptron learns AND.
//!
//! Rosenblatt's rule (1958): show the neuron one row after another. If its answer is right, change
//! nothing. If it missed a +1, add the inputs to the weights and lower the threshold by 1; if it
//! missed a −1, subtract the inputs and raise the threshold by 1. If a straight line separates the
//! two classes, this ends.
//!
//! The rule is gradient descent: the gradient of the perceptron criterion, with learning rate 1 and
//! one row at a time. So nothing below is special to perceptrons; larger networks train the same.
//!
//! Run it with `cargo run -p examples --example 02_and_perceptron`.

use std::error::Error;

use burn::optim::{GradientsParams, SgdConfig};
use burn::tensor::{Device, Tensor};
use mlp_models::{Perceptron, PerceptronConfig, PerceptronCriterion};

const INPUTS: [[f32; 2]; 4] = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
const TARGETS: [f32; 4] = [-1.0, -1.0, -1.0, 1.0];
const LEARNING_RATE: f64 = 1.0;

/// The weights and the threshold, in a form to print.
fn parameters(perceptron: &Perceptron) -> Result<String, Box<dyn Error>> {
    let weights = perceptron.weight.val().into_data().try_to_vec::<f32>()?;
    let threshold = perceptron.threshold.val().into_data().try_to_vec::<f32>()?;
    // Adding 0 turns −0 into 0.
    let [w1, w2, theta] = [weights[0], weights[1], threshold[0]].map(|value| value + 0.0);
    Ok(format!("w = ({w1:>2}, {w2:>2})   θ = {theta:>2}"))
}

fn main() -> Result<(), Box<dyn Error>> {
    // Gradients are recorded on a device with autodiff.
    let device = Device::flex().autodiff();
    let mut perceptron = PerceptronConfig::new(2).init(&device);
    let criterion = PerceptronCriterion::new();
    let mut optimizer = SgdConfig::new().init();

    println!("epoch  inputs  target  net input  says");
    println!("start {:43}{}", "", parameters(&perceptron)?);
    for epoch in 1.. {
        let mut num_mistakes = 0;
        for (inputs, target) in INPUTS.into_iter().zip(TARGETS) {
            let net_input = perceptron.net_input(Tensor::from_floats([inputs], &device));
            let net: f32 = net_input.clone().into_scalar();
            let says: f32 = if net >= 0.0 { 1.0 } else { -1.0 };

            // Forward, loss, backward, step. For a row that was right the gradient is zero.
            let loss = criterion.forward(net_input, Tensor::from_floats([[target]], &device));
            let gradients = GradientsParams::from_grads(loss.backward(), &perceptron);
            perceptron = optimizer.step(LEARNING_RATE, perceptron, gradients);

            let [x1, x2] = inputs;
            print!(
                "{epoch:>5}   {x1}  {x2}  {target:>+7} {:>10} {says:>+5}  ",
                net + 0.0
            );
            if says == target {
                println!("right");
            } else {
                num_mistakes += 1;
                println!("wrong  → {}", parameters(&perceptron)?);
            }
        }
        if num_mistakes == 0 {
            println!("\nEpoch {epoch} had no mistake, so no later one will change a weight.");
            break;
        }
    }
    println!("AND is learned: {}", parameters(&perceptron)?);
    Ok(())
}
