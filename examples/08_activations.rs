//! Lesson 8: activations, the functions between the layers.
//!
//! Without an activation, two layers are no more than one: 2·(3x + 1) − 4 is 6x − 2, again a line. The
//! activation bends it. Its derivative matters as much as its value, since backpropagation multiplies
//! by it once per layer (da/dz in lesson 5). Where the derivative is nearly 0, the activation is
//! saturated, and the weights before it hardly learn.
//!
//! - sigmoid: from 0 to 1, saturated on both sides. Its derivative is never above ¼.
//! - tanh: from −1 to 1, so centred on 0. Its derivative reaches 1, but only near 0.
//! - ReLU: max(0, x). Its derivative is 1 for all positive x, and 0 for negative x, where a neuron rests.
//!
//! Run it with `cargo run -p examples --example 08_activations`.

use std::error::Error;

use burn::tensor::{Device, Tensor};
use mlp_models::activation::ActivationConfig;
use strum::VariantArray;

/// The points: an even number from −4 to 4, so that 0, where some have a kink, is not among them.
const COLUMNS: usize = 24;
const LINES: usize = 9;

/// The values of an activation at the points, and its derivatives by autodiff.
fn curves(activation: ActivationConfig) -> Result<[Vec<f32>; 2], Box<dyn Error>> {
    let points: Vec<f32> = (0..COLUMNS)
        .map(|column| 8.0 * column as f32 / (COLUMNS - 1) as f32 - 4.0)
        .collect();
    let device = Device::flex().autodiff();
    let x = Tensor::<1>::from_floats(points.as_slice(), &device).require_grad();
    let y = activation.init().forward(x.clone());
    let values = y.to_data().try_to_vec()?;
    // The derivative of the sum of all y(x) with respect to one x is y'(x).
    let derivatives = x.grad(&y.sum().backward()).ok_or("x has no gradient")?;
    Ok([values, derivatives.into_data().try_to_vec()?])
}

/// Draws curves beside each other: the first lines of a picture that reaches from 1 down to −1.
fn draw(curves: &[Vec<f32>], num_lines: usize) {
    for line in 0..num_lines {
        let height = 1.0 - 2.0 * line as f32 / (LINES - 1) as f32;
        let label = if line % 4 == 0 {
            format!("{height:>2}")
        } else {
            "  ".into()
        };
        let ground = if line == LINES / 2 { '─' } else { ' ' };
        let mut text = String::new();
        for curve in curves {
            let at = |y: &f32| (y - height).abs() <= 1.0 / (LINES - 1) as f32;
            text.extend(curve.iter().map(|y| if at(y) { '•' } else { ground }));
            text.push_str("   ");
        }
        println!("{label} {}", text.trim_end());
    }
}

/// A curve in one line, from its lowest point ▁ to its highest █.
fn spark(curve: &[f32]) -> String {
    let (low, high) = curve.iter().fold((f32::MAX, f32::MIN), |(low, high), &y| {
        (low.min(y), high.max(y))
    });
    let level = |y: &f32| {
        if high > low {
            (7.0 * (y - low) / (high - low)).round() as usize
        } else {
            7
        }
    };
    let bars: Vec<char> = "▁▂▃▄▅▆▇█".chars().collect();
    let line: String = curve.iter().map(|y| bars[level(y)]).collect();
    format!("{low:>5.2} {line} {high:>4.2}")
}

fn main() -> Result<(), Box<dyn Error>> {
    let three = [
        ActivationConfig::Sigmoid,
        ActivationConfig::Tanh,
        ActivationConfig::Relu,
    ];
    let [mut values, mut derivatives] = [vec![], vec![]];
    for activation in three {
        let [value, derivative] = curves(activation)?;
        values.push(value);
        derivatives.push(derivative);
    }
    println!("   {:<27}{:<27}relu (goes on upwards)", "sigmoid", "tanh");
    draw(&values, LINES);
    println!(
        "\n   {:<27}{:<27}relu: its derivative",
        "sigmoid: its derivative", "tanh: its derivative"
    );
    draw(&derivatives, LINES / 2 + 1);
    println!("   x from −4 to 4\n");

    println!("All twelve, x from −4 to 4. ▁ is the lowest value (the number before it), █ the");
    println!("highest (the number after it).\n");
    println!("{:<11}{:^35} {:^35}", "", "value", "derivative");
    for &activation in ActivationConfig::VARIANTS {
        let [value, derivative] = curves(activation)?;
        println!(
            "{activation:<11}{:<35} {}",
            spark(&value),
            spark(&derivative)
        );
    }
    println!(
        "\nThe derivative of step is 0 everywhere, so no gradient would pass; training uses a"
    );
    println!("stand-in, shown here. At the kink of relu, exactly at 0, autodiff takes 0.");
    Ok(())
}
