//! Lesson 5: backpropagation by hand.
//!
//! A network of two inputs, two hidden neurons and one output neuron, all with a sigmoid, has nine
//! parameters, and gradient descent needs the slope of the loss L for each. Backpropagation finds all
//! nine in one pass from back to front. Its one idea is the chain rule: if L depends on a, and a on z,
//! then dL/dz = dL/da · da/dz. For each neuron, z is the net input, a the output, and dL/dz its delta δ:
//!
//! - The slope of a weight is δ of its neuron × the input of that weight; the slope of a bias is δ.
//! - dL/da of a hidden neuron is δ of the neuron behind it × the weight between the two.
//!
//! The program takes one training step in the five steps of the textbooks, with plain arithmetic. Then
//! autodiff computes the slopes from the forward pass alone, and the program fails if they differ.
//!
//! Run it with `cargo run -p examples --example 05_backpropagation`.

use std::error::Error;

use burn::tensor::{Device, Tensor, activation::sigmoid};

const LEARNING_RATE: f64 = 0.5;
/// The two inputs, and the 1 that a bias is multiplied by.
const INPUTS: [f64; 3] = [0.5, -1.0, 1.0];
const TARGET: f64 = 1.0;

/// Two weights and a bias for each of the neurons h1, h2 and y.
type Parameters = [[f64; 3]; 3];
const NEURONS: [&str; 3] = ["h1", "h2", "y"];
const PARTS: [&str; 3] = ["weight 1", "weight 2", "bias"];

/// The inputs, the net input z and the output a of a neuron.
fn neuron(weights: [f64; 3], inputs: [f64; 3]) -> ([f64; 3], f64, f64) {
    let z = weights.iter().zip(inputs).map(|(w, x)| w * x).sum::<f64>();
    (inputs, z, 1.0 / (1.0 + (-z).exp()))
}

fn forward([h1, h2, y]: Parameters) -> [([f64; 3], f64, f64); 3] {
    let (h1, h2) = (neuron(h1, INPUTS), neuron(h2, INPUTS));
    [h1, h2, neuron(y, [h1.2, h2.2, 1.0])]
}

/// dL/da, da/dz and δ of h1, h2 and y, for their outputs.
fn backward([_, _, [v1, v2, _]]: Parameters, [h1, h2, y]: [f64; 3]) -> [[f64; 3]; 3] {
    // The derivative of the sigmoid is a(1 − a).
    let chain = |dl_da: f64, a: f64| [dl_da, a * (1.0 - a), dl_da * a * (1.0 - a)];
    let of_y = chain(2.0 * (y - TARGET), y);
    [chain(of_y[2] * v1, h1), chain(of_y[2] * v2, h2), of_y]
}

/// The slopes by autodiff.
fn autodiff(parameters: Parameters) -> Result<Vec<f64>, Box<dyn Error>> {
    let device = Device::flex().autodiff();
    let parameters = Tensor::<2>::from_data(parameters, &device).require_grad();
    let inputs = Tensor::<2>::from_data(INPUTS.map(|x| [x]), &device);
    let hidden = sigmoid(parameters.clone().narrow(0, 0, 2).matmul(inputs));
    let hidden = Tensor::cat(vec![hidden, Tensor::ones([1, 1], &device)], 0);
    let y = sigmoid(parameters.clone().narrow(0, 2, 1).matmul(hidden));
    let gradients = (y - TARGET).square().sum().backward();
    let slopes = parameters.grad(&gradients).ok_or("no gradient")?;
    Ok(slopes.try_into_vec_as()?)
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("1. Initialise: weights usually start at random; these are chosen.");
    println!("   Inputs 0.5 and −1, target 1, learning rate {LEARNING_RATE}.");
    let mut parameters = [[0.4, 0.2, 0.1], [-0.3, 0.6, -0.2], [-0.7, 0.5, 0.3]];

    println!("\n2. Forward: z = weight 1 × input 1 + weight 2 × input 2 + bias, a = sigmoid(z)");
    let neurons = forward(parameters);
    for ((name, [w1, w2, b]), ([x1, x2, _], z, a)) in NEURONS.iter().zip(parameters).zip(neurons) {
        println!(
            "   {name:<2}  z = {w1:>4} × {x1:.4} + {w2} × {x2:>7.4} + {b:>4} = {z:>7.4}   a = {a:.4}"
        );
    }

    let [h1, h2, y] = neurons.map(|(.., a)| a);
    let loss = (y - TARGET).powi(2);
    println!("\n3. Loss: L = (y − target)² = ({y:.4} − 1)² = {loss:.4}; of several rows, the mean");

    println!("\n4. Backward: δ = dL/da · da/dz, where da/dz = a(1 − a); first y, then h1 and h2");
    let deltas = backward(parameters, [h1, h2, y]);
    let ([v1, v2, _], delta) = (parameters[2], deltas[2][2]);
    for (name, source, [dl_da, da_dz, delta]) in [
        ("y", format!("2 × ({y:.4} − 1)"), deltas[2]),
        (
            "h1",
            format!("δ of y × weight = {delta:.4} × {v1:>4}"),
            deltas[0],
        ),
        (
            "h2",
            format!("δ of y × weight = {delta:.4} × {v2:>4}"),
            deltas[1],
        ),
    ] {
        print!("   {name:<2}  dL/da = {source:<32} = {dl_da:>7.4}");
        println!("   da/dz = {da_dz:.4}   δ = {delta:>7.4}");
    }

    println!("\n5. Update: slope = δ × input, new = old − {LEARNING_RATE} × slope\n");
    println!("        old        δ    input    slope  autodiff      new");
    let slopes = autodiff(parameters)?;
    for step in 1..=100 {
        let neurons = forward(parameters);
        let deltas = backward(parameters, neurons.map(|(.., a)| a));
        for (i, j) in (0..3).flat_map(|i| [(i, 0), (i, 1), (i, 2)]) {
            let (old, delta, input) = (parameters[i][j], deltas[i][2], neurons[i].0[j]);
            let slope = delta * input;
            let new = old - LEARNING_RATE * slope;
            parameters[i][j] = new;
            let by_autodiff = slopes[3 * i + j];
            if step == 1 {
                print!("   {old:>8.4} {delta:>8.4} {input:>8.4} {slope:>8.4}");
                let (neuron, part) = (NEURONS[i], PARTS[j]);
                println!("  {by_autodiff:>8.4} {new:>8.4}  {neuron}: {part}");
                if (slope - by_autodiff).abs() > 1e-6 {
                    return Err("the slopes differ".into());
                }
            }
        }
        if step == 1 {
            println!("\nSteps 2 to 5 repeated:");
        }
        if [1, 2, 5, 20, 100].contains(&step) {
            let [.., (_, _, y)] = forward(parameters);
            let loss = (y - TARGET).powi(2);
            println!("   after {step:>3} updates  y = {y:.4}  L = {loss:.4}");
        }
    }
    Ok(())
}
