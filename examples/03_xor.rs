//! Lesson 3: what a single neuron cannot learn, and a hidden layer can.
//!
//! XOR is 1 if exactly one of its two inputs is 1. No straight line separates its 1s from its 0s, and
//! a perceptron draws one line, so it is never right on all four rows: this held the field up for
//! years (Minsky and Papert 1969). Hidden neurons draw a line each, and the output combines them.
//!
//! Run it with `cargo run -p examples --example 03_xor`.

use std::error::Error;

use burn::optim::{AdamConfig, GradientsParams, SgdConfig};
use burn::tensor::{Device, Tensor, activation::sigmoid};
use mlp_models::activation::ActivationConfig;
use mlp_models::loss::{LossConfig, Targets};
use mlp_models::{MlpConfig, PerceptronConfig};

const INPUTS: [[f32; 2]; 4] = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
const CLASSES: [i64; 4] = [0, 1, 1, 0];

fn num_right(outputs: &[f32]) -> usize {
    let right = |&(&output, class): &(&f32, i64)| (output >= 0.5) == (class == 1);
    outputs.iter().zip(CLASSES).filter(right).count()
}

/// Trains a perceptron as in lesson 2, and counts the steps after which 0, 1, 2, 3 and 4 rows are
/// right.
fn train_perceptron(device: &Device) -> Result<[usize; 5], Box<dyn Error>> {
    let mut perceptron = PerceptronConfig::new(2).init(device);
    let criterion = LossConfig::PerceptronCriterion.init(device);
    let mut optimizer = SgdConfig::new().init();
    let mut steps_right = [0; 5];
    for row in (0..4).cycle().take(200) {
        let net_input = perceptron.net_input(Tensor::from_floats([INPUTS[row]], device));
        let target = Targets::Classes(Tensor::from_ints([CLASSES[row]], device));
        let gradients = criterion.forward(net_input, target).backward();
        let gradients = GradientsParams::from_grads(gradients, &perceptron);
        perceptron = optimizer.step(1.0, perceptron, gradients);
        let outputs = perceptron.forward(Tensor::from_floats(INPUTS, device));
        steps_right[num_right(&outputs.try_into_vec_as()?)] += 1;
    }
    Ok(steps_right)
}

/// Tries all weights and thresholds from −2 to 2 in steps of ½, and counts the neurons for which 0, 1,
/// 2, 3 and 4 rows are right. Also returns the outputs of the best neuron.
fn try_neurons() -> ([usize; 5], [f32; 4]) {
    let grid = || (-4..=4).map(|half| half as f32 / 2.0);
    let (mut neurons_right, mut best) = ([0; 5], [0.0; 4]);
    for (w1, w2) in grid().flat_map(|w1| grid().map(move |w2| (w1, w2))) {
        for threshold in grid() {
            let outputs = INPUTS.map(|[x1, x2]| f32::from(w1 * x1 + w2 * x2 >= threshold));
            neurons_right[num_right(&outputs)] += 1;
            if num_right(&outputs) > num_right(&best) {
                best = outputs;
            }
        }
    }
    (neurons_right, best)
}

/// Trains a network with a hidden layer, and returns its probability of a 1 for each row.
fn train_mlp(device: &Device) -> Result<Vec<f32>, Box<dyn Error>> {
    let mut mlp = MlpConfig::new(2, vec![4], 1)
        .with_activations(vec![ActivationConfig::Tanh])
        .init(device);
    let label_smoothing = 0.0;
    let cross_entropy = LossConfig::BinaryCrossEntropy { label_smoothing }.init(device);
    let mut optimizer = AdamConfig::new().init();
    let inputs = Tensor::from_floats(INPUTS, device);
    let targets = Targets::Classes(Tensor::from_ints(CLASSES, device));
    for _ in 0..200 {
        let loss = cross_entropy.forward(mlp.forward(inputs.clone()), targets.clone());
        let gradients = GradientsParams::from_grads(loss.backward(), &mlp);
        mlp = optimizer.step(0.05, mlp, gradients);
    }
    // The output is a logit, which the sigmoid turns into a probability.
    Ok(sigmoid(mlp.forward(inputs)).into_data().try_to_vec()?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let device = Device::flex().autodiff();
    device.seed(1);
    let steps_right = train_perceptron(&device)?;
    let (neurons_right, one_layer) = try_neurons();
    println!("rows right  of 200 perceptron steps  of 729 neurons tried");
    for (right, (steps, neurons)) in steps_right.into_iter().zip(neurons_right).enumerate() {
        println!("{right:>10}  {steps:>23}  {neurons:>20}");
    }

    let hidden_layer = train_mlp(&device)?;
    println!("\n  inputs   XOR  best single neuron  hidden layer of four");
    for (row, [x1, x2]) in INPUTS.into_iter().enumerate() {
        let (class, neuron, probability) = (CLASSES[row], one_layer[row], hidden_layer[row]);
        println!("   {x1}  {x2}  {class:>5}  {neuron:>18}  {probability:>20.3}");
    }
    let [one_layer, hidden_layer] = [&one_layer[..], &hidden_layer].map(num_right);
    println!("  right       {one_layer:>14} of 4  {hidden_layer:>15} of 4");
    Ok(())
}
