//! Lesson 5: backpropagation by hand.
//!
//! One training step of a network with 2 inputs, 2 hidden neurons and 1 output, all with a sigmoid,
//! in the five stages of the textbooks: initialise, forward, loss, chain rule, update. One column is
//! plain arithmetic, written out below; in the other, autodiff derives the gradients from the forward
//! pass. The program fails if the columns differ. A bias is a threshold with the sign changed: b = −θ.
//!
//! Run it with `cargo run -p examples --example 05_backpropagation`.

use std::error::Error;

use burn::module::Param;
use burn::optim::{GradientsParams, SgdConfig};
use burn::tensor::{Device, Gradients, Tensor, activation::sigmoid};
use mlp_models::loss::{LossConfig, Targets};
use mlp_models::{Mlp, MlpConfig, activation::ActivationConfig};

const LEARNING_RATE: f64 = 0.5;
/// The weights (w12: from x1 to h2) and biases of the hidden neurons, then those of the output y.
const NAMES: [&str; 9] = ["w11", "w12", "w21", "w22", "b1", "b2", "v1", "v2", "c"];

/// The parameters of a module in the order of `NAMES`, or their gradients.
fn numbers(mlp: &Mlp, gradients: Option<&Gradients>) -> Result<Vec<f64>, Box<dyn Error>> {
    let mut numbers = Vec::new();
    for linear in [&mlp.hidden[0].linear, &mlp.output] {
        let mut weight = linear.weight.val();
        let mut bias = linear.bias.as_ref().ok_or("no bias")?.val();
        if let Some(gradients) = gradients {
            weight = weight.grad(gradients).ok_or("no gradient")?;
            bias = bias.grad(gradients).ok_or("no gradient")?;
        }
        numbers.extend(weight.try_into_vec_as::<f64>()?);
        numbers.extend(bias.try_into_vec_as::<f64>()?);
    }
    Ok(numbers)
}

/// Prints results side by side, and fails if they differ by more than 1e-6.
fn compare(names: &[&str], by_hand: &[f64], autodiff: &[f64]) -> Result<(), Box<dyn Error>> {
    for ((name, by_hand), autodiff) in names.iter().zip(by_hand).zip(autodiff) {
        println!("  {name:<4} {by_hand:>14.8} {autodiff:>14.8}");
        if (by_hand - autodiff).abs() > 1e-6 {
            return Err(format!("{name} is {by_hand} by hand, but {autodiff} by autodiff").into());
        }
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("{:>21} {:>14}\n1. Initialise", "by hand", "autodiff");
    let ([x1, x2], target) = ([0.5, -1.0], 1.0);
    let start = [0.4, -0.3, 0.2, 0.6, 0.1, -0.2, -0.7, 0.5, 0.3];
    let [w11, w12, w21, w22, b1, b2, v1, v2, c] = start;
    let device = Device::flex().autodiff();
    let mut mlp = MlpConfig::new(2, vec![2], 1)
        .with_activations(vec![ActivationConfig::Sigmoid])
        .init(&device);
    mlp.hidden[0].linear.weight = Param::from_data([[w11, w12], [w21, w22]], &device);
    mlp.hidden[0].linear.bias = Some(Param::from_data([b1, b2], &device));
    mlp.output.weight = Param::from_data([[v1], [v2]], &device);
    mlp.output.bias = Some(Param::from_data([c], &device));
    compare(&NAMES, &start, &numbers(&mlp, None)?)?;

    println!("2. Forward");
    let logistic = |z: f64| 1.0 / (1.0 + (-z).exp());
    let h1 = logistic(w11 * x1 + w21 * x2 + b1);
    let h2 = logistic(w12 * x1 + w22 * x2 + b2);
    let y = logistic(v1 * h1 + v2 * h2 + c);
    let output = sigmoid(mlp.forward(Tensor::from_data([[x1, x2]], &device)));
    compare(&["y"], &[y], &[output.clone().into_scalar()])?;

    println!("3. Loss");
    let targets = Targets::Numbers(Tensor::from_data([[target]], &device));
    let mse = LossConfig::MeanSquaredError.init(&device);
    let loss = mse.forward(output, targets);
    let squared_error = (y - target).powi(2);
    compare(&["L"], &[squared_error], &[loss.clone().into_scalar()])?;

    println!("4. Chain rule: the derivative of L with respect to each parameter");
    // From the loss back to the net input of each neuron. The derivative of a sigmoid is y(1 − y).
    let net_y = 2.0 * (y - target) * y * (1.0 - y);
    let net_h1 = net_y * v1 * h1 * (1.0 - h1);
    let net_h2 = net_y * v2 * h2 * (1.0 - h2);
    // From a net input to a weight: times what the weight is multiplied by, which is 1 for a bias.
    let [dw11, dw12, dw21, dw22] = [net_h1 * x1, net_h2 * x1, net_h1 * x2, net_h2 * x2];
    let [dv1, dv2] = [net_y * h1, net_y * h2];
    let derivatives = [dw11, dw12, dw21, dw22, net_h1, net_h2, dv1, dv2, net_y];
    let gradients = loss.backward();
    compare(&NAMES, &derivatives, &numbers(&mlp, Some(&gradients))?)?;

    println!("5. Update: each parameter − {LEARNING_RATE} (the learning rate) × its derivative");
    let updated: [f64; 9] = std::array::from_fn(|i| start[i] - LEARNING_RATE * derivatives[i]);
    let gradients = GradientsParams::from_grads(gradients, &mlp);
    let mlp = SgdConfig::new().init().step(LEARNING_RATE, mlp, gradients);
    compare(&NAMES, &updated, &numbers(&mlp, None)?)?;

    println!("\nAll equal to six places: autodiff in float32, the calculation by hand in float64.");
    Ok(())
}
