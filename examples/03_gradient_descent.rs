//! Lesson 3: gradient descent.
//!
//! Rosenblatt's rule counts a row as right or wrong. For everything else one needs a number that says
//! how wrong: a loss. Here a neuron with one input, one weight and no activation, output w·x, is to
//! match three rows, and the loss is the mean squared error (MSE): the difference of output and target
//! for each row, squared, averaged. Drawn over w it is a valley. The derivative of the loss with
//! respect to w, its slope, says which way is up, so each step goes the other way:
//!
//! ```text
//! w ← w − learning rate × slope
//! ```
//!
//! The steps become shorter by themselves where the valley is flat. The learning rate decides whether
//! they get there at all. A network has many weights; its slopes together are the gradient.
//!
//! Run it with `cargo run -p examples --example 03_gradient_descent`.

use std::error::Error;

use burn::tensor::{Device, Tensor};

const INPUTS: [f32; 3] = [1.0, 2.0, 3.0];
const TARGETS: [f32; 3] = [1.0, 3.0, 7.0];
const NUM_STEPS: usize = 6;
/// The pictures show w from −1 to 5, with a character for each quarter.
const COLUMNS: usize = 25;
const LINES: usize = 9;

/// The mean squared error of the weight, and its slope by autodiff.
fn loss_and_slope(w: f32) -> Result<(f32, f32), Box<dyn Error>> {
    let device = Device::flex().autodiff();
    let w = Tensor::<1>::from_floats([w], &device).require_grad();
    let errors =
        w.clone() * Tensor::from_floats(INPUTS, &device) - Tensor::from_floats(TARGETS, &device);
    let loss = errors.square().mean();
    let slope = w.grad(&loss.backward()).ok_or("w has no gradient")?;
    Ok((loss.into_scalar(), slope.into_scalar()))
}

/// The weight, its loss and its slope at each step, starting at w = 0.
fn descend(learning_rate: f32) -> Result<Vec<[f32; 3]>, Box<dyn Error>> {
    let mut w = 0.0;
    let mut path = Vec::new();
    for _ in 0..=NUM_STEPS {
        let (loss, slope) = loss_and_slope(w)?;
        path.push([w, loss, slope]);
        w -= learning_rate * slope;
    }
    Ok(path)
}

/// Draws the loss over w, with the number of each step where it was.
fn picture(path: &[[f32; 3]]) -> Result<Vec<String>, Box<dyn Error>> {
    let mut lines = vec![vec![' '; COLUMNS]; LINES];
    let line = |loss: f32| LINES - 1 - ((loss / 5.0) as usize).min(LINES - 1);
    let curve = (0..COLUMNS).map(|column| column as f32 / 4.0 - 1.0);
    for (column, w) in curve.enumerate() {
        let (loss, _) = loss_and_slope(w)?;
        lines[line(loss)][column] = '·';
    }
    for (step, &[w, loss, _]) in path.iter().enumerate().rev() {
        let column = (4.0 * (w + 1.0)).round() as usize;
        lines[line(loss)][column.min(COLUMNS - 1)] = char::from(b'0' + step as u8);
    }
    Ok(lines.into_iter().map(String::from_iter).collect())
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("Rows (x, target): (1, 1), (2, 3), (3, 7). Output: w·x. For w = 0, by hand:");
    println!("errors −1, −3, −7; squared 1, 9, 49; their mean, the loss: 59/3 = 19.667.");
    println!("The slope is the mean of 2 × error × x: (−2 − 12 − 42)/3 = −18.667.\n");

    println!("step      w     loss    slope   next w (learning rate 0.05)");
    let good = descend(0.05)?;
    for (step, [w, loss, slope]) in good.iter().enumerate() {
        let next = w - 0.05 * slope;
        print!("{step:>4}  {w:>5.3}  {loss:>7.3}  {slope:>7.3}   ");
        println!("{w:.3} − 0.05 × ({slope:.3}) = {next:.3}");
    }
    println!("w approaches 2, where the slope is 0. The loss remains 1: errors 1, 1 and −1.\n");

    println!("The same with three learning rates. The digits are the steps, on the curve of the");
    println!("loss over w from −1 to 5; of several in one place, the first is shown.\n");
    let (small, large) = (descend(0.005)?, descend(0.22)?);
    println!(
        "{:<28}{:<28}0.22: too large",
        "0.005: too small", "0.05: good"
    );
    let (left, middle) = (picture(&small)?, picture(&good)?);
    for ((left, middle), right) in left.iter().zip(middle).zip(picture(&large)?) {
        println!("{}", format!("{left:<28}{middle:<28}{right}").trim_end());
    }
    println!("\nstep  loss 0.005  loss 0.05  loss 0.22");
    for (step, ((small, good), large)) in small.iter().zip(&good).zip(&large).enumerate() {
        println!(
            "{step:>4} {:>11.3} {:>10.3} {:>10.3}",
            small[1], good[1], large[1]
        );
    }
    println!(
        "\nToo small: after {NUM_STEPS} steps it is still far up. Too large: each step lands on the"
    );
    println!("other side of the valley, higher than before. If a loss grows, lower the rate.");
    Ok(())
}
