//! Lesson 4: from scores to probabilities, and their loss.
//!
//! A network that predicts a class ends in plain numbers of any size, the logits. Three formulas turn
//! them into a probability and into a loss:
//!
//! - **Sigmoid**, for yes or no: p = 1 / (1 + e⁻ᶻ). The logit z is the logarithm of the odds p : (1 − p),
//!   so 0 means 1 : 1, which is p = ½.
//! - **Softmax**, for several classes: e to the power of each logit, divided by the sum of them all.
//! - **Cross-entropy**, the loss of both: −ln of the probability that the right class got. It is 0 if
//!   that is 1, and grows without bound as it approaches 0.
//!
//! For targets that are numbers, the usual loss is the mean squared error of lesson 3.
//!
//! Run it with `cargo run -p examples --example 04_losses`.

use std::error::Error;

use burn::tensor::activation::{sigmoid, softmax};
use burn::tensor::{Device, Tensor};
use mlp_models::loss::{LossConfig, Targets};

fn main() -> Result<(), Box<dyn Error>> {
    let device = Device::flex().autodiff();
    let label_smoothing = 0.0;

    println!("1. Sigmoid: a logit becomes the probability of yes.\n");
    println!("  logit z    odds e^z  p = 1 / (1 + e^−z)");
    for (logit, odds) in [
        (-9.0_f32.ln(), "1 : 9"),
        (0.0, "1 : 1"),
        (3.0_f32.ln(), "3 : 1"),
        (9.0_f32.ln(), "9 : 1"),
    ] {
        let p: f32 = sigmoid(Tensor::<1>::from_floats([logit], &device)).into_scalar();
        println!("{logit:>9.3}  {odds:>10} {p:>10.2}");
    }

    println!("\n2. Cross-entropy: the answer is yes, and the network said p.\n");
    println!("      p   −ln p   slope      (1 − p)²    slope");
    for p in [0.99_f32, 0.9, 0.5, 0.1, 0.01] {
        let logit = (p / (1.0 - p)).ln();
        let z = Tensor::<2>::from_floats([[logit]], &device).require_grad();
        let loss = LossConfig::BinaryCrossEntropy { label_smoothing }.init(&device);
        let yes = Targets::Classes(Tensor::from_ints([1], &device));
        let loss = loss.forward(z.clone(), yes);
        // The slope is that over the logit, since that is what training moves.
        let slope = z.grad(&loss.backward()).ok_or("no gradient")?;
        let (loss, slope): (f32, f32) = (loss.into_scalar(), slope.into_scalar());
        let (squared, its_slope) = ((1.0 - p).powi(2), 2.0 * (p - 1.0) * p * (1.0 - p));
        println!("{p:>7} {loss:>7.3} {slope:>7.3} {squared:>13.4} {its_slope:>8.4}");
    }
    println!(
        "\nThe slope over the logit says how strongly a step corrects it. With cross-entropy it is"
    );
    println!(
        "p − 1, so the network is corrected most where it is most wrong. With the squared error"
    );
    println!(
        "the slope vanishes there too: it is 2(p − 1)·p(1 − p). So classes get cross-entropy."
    );

    println!("\n3. Softmax: three logits become three probabilities. The right class is `dog`.\n");
    let names = ["cat", "dog", "owl"];
    let values = [6.0_f32.ln(), 3.0_f32.ln(), 0.0];
    let logits = Tensor::<2>::from_floats([values], &device).require_grad();
    let probabilities: Vec<f32> = softmax(logits.clone(), 1).into_data().try_to_vec()?;
    let cross_entropy = LossConfig::CrossEntropy { label_smoothing }.init(&device);
    let loss = cross_entropy.forward(
        logits.clone(),
        Targets::Classes(Tensor::from_ints([1], &device)),
    );
    let gradient = logits.grad(&loss.backward()).ok_or("no gradient")?;
    let gradient: Vec<f32> = gradient.into_data().try_to_vec()?;
    println!("       logit z   e^z  e^z / 10   slope");
    for (class, name) in names.iter().enumerate() {
        let (logit, p, slope) = (values[class], probabilities[class], gradient[class]);
        let power = logit.exp();
        println!("{name:>5} {logit:>8.3} {power:>5.0} {p:>9.2} {slope:>7.2}");
    }
    let loss: f32 = loss.into_scalar();
    println!("  sum             10      1.00\n");
    println!(
        "The loss is −ln 0.3 = {loss:.3}. The slope is the probability, minus 1 for the right class:"
    );
    println!("a step of gradient descent raises the logit of `dog` and lowers the other two.");
    Ok(())
}
