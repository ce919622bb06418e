//! Lesson 4: activations, and why some gradients vanish.
//!
//! Without an activation between them, two linear layers are equivalent to one. The choice of
//! activation decides how much of the gradient passes back through a layer, since backpropagation
//! multiplies by its derivative once per layer. If the derivative is well below 1, little is left of
//! the gradient after ten layers, and the first layers hardly learn.
//!
//! Run it with `cargo run -p examples --example 04_activations`.

use std::error::Error;

use burn::tensor::{Device, Distribution, Tensor};
use mlp_models::MlpConfig;
use mlp_models::activation::ActivationConfig;
use mlp_models::loss::{LossConfig, Targets};
use strum::VariantArray;

const POINTS: [f32; 9] = [-4.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 4.0];
const NUM_LAYERS: usize = 10;
const WIDTH: usize = 32;

/// The values of an activation at the points, and its derivatives by autodiff.
fn curve(activation: ActivationConfig) -> Result<(Vec<f32>, Vec<f32>), Box<dyn Error>> {
    let x = Tensor::<1>::from_floats(POINTS, &Device::flex().autodiff()).require_grad();
    let y = activation.init().forward(x.clone());
    let values = y.to_data().try_to_vec()?;
    // The derivative of the sum of all y(x) with respect to one x is y'(x).
    let derivatives = x.grad(&y.sum().backward()).ok_or("x has no gradient")?;
    Ok((values, derivatives.into_data().try_to_vec()?))
}

fn print_rows(title: &str, rows: &[(ActivationConfig, Vec<f32>)]) {
    let header = POINTS.map(|x| format!("{:>8}", format!("x={x}"))).concat();
    println!("{title:<12}{header}");
    for (activation, numbers) in rows {
        // Rounded first, since a small negative number would be printed as −0.000.
        let rounded = |number: &f32| (number * 1000.0).round() / 1000.0 + 0.0;
        let cells = numbers
            .iter()
            .map(|number| format!("{:>8.3}", rounded(number)));
        println!("{activation:<12}{}", cells.collect::<String>());
    }
    println!();
}

/// The norm of the gradient of each hidden layer's weights, from the first layer to the last.
fn gradient_norms(activation: ActivationConfig) -> Result<Vec<f32>, Box<dyn Error>> {
    let device = Device::flex().autodiff();
    device.seed(4);
    let mlp = MlpConfig::new(WIDTH, vec![WIDTH; NUM_LAYERS], 1)
        .with_activations(vec![activation])
        .init(&device);
    let rows = Tensor::random([64, WIDTH], Distribution::Normal(0.0, 1.0), &device);
    let targets = Tensor::random([64, 1], Distribution::Normal(0.0, 1.0), &device);

    let loss = LossConfig::MeanSquaredError.init(&device);
    let loss = loss.forward(mlp.forward(rows), Targets::Numbers(targets));
    let gradients = loss.backward();

    let mut norms = Vec::new();
    for layer in &mlp.hidden {
        let weight = layer.linear.weight.val();
        let gradient = weight.grad(&gradients).ok_or("a weight has no gradient")?;
        norms.push(gradient.square().sum().sqrt().into_scalar::<f32>());
    }
    Ok(norms)
}

fn main() -> Result<(), Box<dyn Error>> {
    let (mut values, mut derivatives) = (Vec::new(), Vec::new());
    for &activation in ActivationConfig::VARIANTS {
        let (value, derivative) = curve(activation)?;
        values.push((activation, value));
        derivatives.push((activation, derivative));
    }
    print_rows("value", &values);
    print_rows("derivative", &derivatives);
    println!("The step's derivative is 0; shown is the surrogate that training uses instead.\n");

    println!("The norm of the gradient of each layer's weights, in untrained networks of");
    println!("{NUM_LAYERS} hidden layers. Bars are logarithmic: two blocks are a factor of ten.\n");
    let sigmoid = gradient_norms(ActivationConfig::Sigmoid)?;
    let relu = gradient_norms(ActivationConfig::Relu)?;
    println!("layer  {:<28}relu", "sigmoid");
    let bar = |norm: f32| "█".repeat((2.0 * (norm.log10() + 8.0)).max(0.0) as usize);
    for ((layer, sigmoid), relu) in (1..).zip(&sigmoid).zip(&relu) {
        let (left, right) = (bar(*sigmoid), bar(*relu));
        println!("{layer:>5}  {sigmoid:.1e} {left:<20}{relu:.1e} {right}");
    }
    let [sigmoid, relu] = [sigmoid, relu].map(|norms| norms[NUM_LAYERS - 1] / norms[0]);
    println!("\nThe last layer's gradient is {sigmoid:.0e} times that of the first with sigmoids,");
    println!("and {relu:.1} times with relus. With sigmoids, only the last layers would learn.");
    Ok(())
}
