//! Lesson 6: Adam, beside plain gradient descent.
//!
//! Plain gradient descent has one learning rate for all weights. If the loss is steep in one weight
//! and flat in another, as when one input is measured in millimetres and the other in metres, the rate
//! that is safe for the first is too small for the second. Adam (Kingma and Ba 2015) gives each weight
//! a step of its own:
//!
//! ```text
//! m ← 0.9 m + 0.1 slope          a moving average of the slopes: zigzags cancel
//! v ← 0.999 v + 0.001 slope²     a moving average of their squares: how steep it is
//! w ← w − learning rate × m / √v
//! ```
//!
//! m and v start at 0 and are therefore too small at first, so they are divided by 1 − 0.9ᵗ and
//! 1 − 0.999ᵗ in step t. (A tiny number is added to √v, against a division by 0.) So the first step in
//! each weight is the learning rate times slope/|slope|: as long as the learning rate, however steep the
//! loss is. That is why 0.001 to 0.01 suits nearly any network, and why the lessons from here on use Adam.
//!
//! Run it with `cargo run -p examples --example 06_adam`.

use std::error::Error;

use burn::module::{Module, Param};
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer, SgdConfig};
use burn::tensor::{Device, Tensor};

const NUM_STEPS: usize = 40;
const COLUMNS: usize = 34;
const LINES: usize = 11;

/// Two weights, as a module that an optimizer can train.
#[derive(Module, Debug)]
struct Weights {
    w: Param<Tensor<1>>,
}

/// The loss w1² + 100 w2²: a valley along w1, with its lowest point at (0, 0).
fn loss([w1, w2]: [f32; 2]) -> f32 {
    w1.powi(2) + 100.0 * w2.powi(2)
}

/// The weights at each step, from (−4, 1) on.
fn descend(mut optimizer: ModuleOptimizer, rate: f64) -> Result<Vec<[f32; 2]>, Box<dyn Error>> {
    let device = Device::flex().autodiff();
    let start = Tensor::from_floats([-4.0, 1.0], &device);
    let mut weights = Weights {
        w: Param::from_tensor(start),
    };
    let mut path = Vec::new();
    for _ in 0..=NUM_STEPS {
        let w = weights.w.val();
        let numbers = w.to_data().try_to_vec::<f32>()?;
        path.push([numbers[0], numbers[1]]);
        let loss = (w.square() * Tensor::from_floats([1.0, 100.0], &device)).sum();
        let gradients = GradientsParams::from_grads(loss.backward(), &weights);
        weights = optimizer.step(rate, weights, gradients);
    }
    Ok(path)
}

/// Draws the way of the weights: w1 from −4.5 to 1.1 to the right, w2 from 1.1 to −1.1 downwards.
fn picture(path: &[[f32; 2]]) -> Vec<String> {
    let mut lines = vec![vec![' '; COLUMNS]; LINES];
    let place = |[w1, w2]: [f32; 2]| {
        let column = ((w1 + 4.5) * 6.0).round().clamp(0.0, COLUMNS as f32 - 1.0);
        let line = ((1.1 - w2) * 4.5).round().clamp(0.0, LINES as f32 - 1.0);
        (line as usize, column as usize)
    };
    let (line, column) = place([0.0, 0.0]);
    lines[line][column] = '+';
    for &at in path {
        let (line, column) = place(at);
        lines[line][column] = '●';
    }
    lines.into_iter().map(String::from_iter).collect()
}

fn main() -> Result<(), Box<dyn Error>> {
    let plain = descend(SgdConfig::new().init(), 0.009)?;
    let adam = descend(AdamConfig::new().init(), 0.2)?;
    println!("The loss is w1² + 100·w2², so the slopes are 2·w1 and 200·w2. The first step,");
    println!("from w = (−4, 1), where the slopes are −8 and 200:");
    println!(
        "  plain, rate 0.009:  w − 0.009 × (−8, 200)     = ({:.3}, {:.3})",
        plain[1][0], plain[1][1]
    );
    println!(
        "  Adam, rate 0.2:     w − 0.2 × (−8/8, 200/200) = ({:.3}, {:.3})",
        adam[1][0], adam[1][1]
    );

    println!("\n{:<COLUMNS$}     Adam", "plain gradient descent");
    for (left, right) in picture(&plain).iter().zip(picture(&adam)) {
        println!("{left}     {}", right.trim_end());
    }
    println!("step      w1     w2    loss            step      w1     w2    loss");
    for step in [0, 1, 2, 5, 10, 20, 40] {
        let line =
            |at: [f32; 2]| format!("{step:>4}  {:>6.2} {:>6.2} {:>7.3}", at[0], at[1], loss(at));
        println!("{:<COLUMNS$}     {}", line(plain[step]), line(adam[step]));
    }
    println!("\n● is the way from step 0 at the top left, + the lowest point. Plain gradient");
    println!("descent cannot go faster: above a rate of 0.01, each step in w2 would be too");
    println!("large. So it creeps along w1, while it crosses w2 = 0 again and again. Adam goes");
    println!("as fast in w1 as in w2. It gains speed on the way, so it shoots past the lowest");
    println!("point before it settles there.");
    Ok(())
}
