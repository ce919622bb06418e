//! Lesson 1: a neuron.
//!
//! A neuron multiplies each input by a weight, adds up the products and compares the sum with its
//! threshold θ: it fires (output 1) if the sum reaches the threshold, and stays silent (output 0) if
//! not. The threshold alone decides whether the same neuron fires for any, most or all of its inputs.
//! An input with a negative weight counts against firing.
//!
//! Run it with `cargo run -p examples --example 01_neuron`.

use std::error::Error;

use burn::module::Param;
use burn::tensor::{Device, Tensor};
use mlp_models::PerceptronConfig;

/// Every combination of three inputs, each on or off: the binary digits of the numbers 0 to 7.
fn inputs() -> [[f32; 3]; 8] {
    std::array::from_fn(|row| [row / 4 % 2, row / 2 % 2, row % 2].map(|bit| bit as f32))
}

/// The outputs of a neuron, one for each row of inputs.
fn outputs(weights: [f32; 3], threshold: f32) -> Result<Vec<f32>, Box<dyn Error>> {
    let device = Device::flex();
    // A perceptron is a layer of neurons. This one has 3 inputs and, by default, a single neuron.
    // Training would find the weights and the threshold; here they are set by hand.
    let mut neuron = PerceptronConfig::new(3).init(&device);
    neuron.weight =
        Param::from_tensor(Tensor::from_floats(weights.map(|weight| [weight]), &device));
    neuron.threshold = Param::from_tensor(Tensor::from_floats([threshold], &device));

    let fired = neuron.forward(Tensor::from_floats(inputs(), &device));
    Ok(fired.into_data().try_to_vec()?)
}

/// Prints for which inputs a neuron with these weights fires, with a column for each threshold.
fn print_table(weights: [f32; 3], columns: &[(f32, &str)]) -> Result<(), Box<dyn Error>> {
    println!("weights {weights:?}\n");
    print!("  inputs   sum ");
    for (threshold, _) in columns {
        print!("{:>10}", format!("θ = {threshold}"));
    }
    println!();

    let outputs = columns
        .iter()
        .map(|&(threshold, _)| outputs(weights, threshold))
        .collect::<Result<Vec<_>, _>>()?;
    for (row, inputs) in inputs().iter().enumerate() {
        let sum: f32 = inputs.iter().zip(weights).map(|(x, w)| x * w).sum();
        print!("  {} {} {}  {sum:>5} ", inputs[0], inputs[1], inputs[2]);
        for column in &outputs {
            let mark = if column[row] == 1.0 { "fires" } else { "·" };
            print!("{mark:>10}");
        }
        println!();
    }

    print!("{:15}", "");
    for (_, meaning) in columns {
        print!("{meaning:>10}");
    }
    println!("\n");
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("Three inputs with equal weights. Only the threshold θ changes.\n");
    print_table(
        [1.0, 1.0, 1.0],
        &[(0.5, "any"), (1.5, "most"), (2.5, "all")],
    )?;

    println!("The third input is now a veto: its weight of -3 outweighs the other two together.");
    println!("While it is off, the threshold decides how many of the other two are needed.\n");
    print_table([1.0, 1.0, -3.0], &[(0.5, "any"), (1.5, "both")])?;

    println!(
        "The bias: instead of comparing the sum with θ = 1.5, add b = -1.5 and compare with 0."
    );
    println!("sum ≥ θ and sum + b ≥ 0 say the same, because b = −θ. The sum with the bias is the");
    println!("neuron's net input. The networks of the later lessons have biases.\n");
    println!("  sum   sum ≥ 1.5   sum + b   sum + b ≥ 0");
    let (threshold, bias) = (1.5, -1.5);
    for sum in [0.0, 1.0, 2.0, 3.0_f32] {
        let net_input = sum + bias;
        let [left, right] =
            [sum >= threshold, net_input >= 0.0].map(|fires| if fires { "fires" } else { "·" });
        println!("{sum:>5} {left:>11} {net_input:>9} {right:>13}");
    }
    Ok(())
}
