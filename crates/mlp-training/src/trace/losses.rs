//! Losses of a single row and their derivatives, in double precision.

use mlp_models::loss::LossConfig;

use super::TracedTarget;
use super::functions::{sigmoid, softplus};

/// The loss of a row, and how it changes with each output.
pub fn loss_and_gradient(
    loss: &LossConfig,
    outputs: &[f64],
    target: &TracedTarget,
) -> (f64, Vec<f64>) {
    let count = outputs.len() as f64;
    let of_each = |targets: Vec<f64>, of_output: &dyn Fn(usize, f64, f64) -> (f64, f64)| {
        let pairs = outputs.iter().zip(targets).enumerate();
        let pairs: Vec<_> = pairs.map(|(i, (y, t))| of_output(i, *y, t)).collect();
        let loss = pairs.iter().map(|(loss, _)| loss / count).sum();
        let gradient = pairs.iter().map(|(_, gradient)| gradient / count).collect();
        (loss, gradient)
    };
    match loss {
        LossConfig::CrossEntropy { label_smoothing } => {
            let targets = smoothed(target.shares(outputs.len()), *label_smoothing, count);
            let highest = outputs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let sum: f64 = outputs.iter().map(|z| (z - highest).exp()).sum();
            let log = |z: f64| z - highest - sum.ln();
            let loss = outputs.iter().zip(&targets).map(|(z, t)| -t * log(*z));
            let gradient = outputs.iter().zip(&targets).map(|(z, t)| log(*z).exp() - t);
            (loss.sum(), gradient.collect())
        }
        LossConfig::BinaryCrossEntropy { label_smoothing } => {
            let targets = smoothed(target.shares(outputs.len()), *label_smoothing, 2.0);
            // −t·ln σ(z) − (1 − t)·ln(1 − σ(z)) = ln(1 + eᶻ) − t·z
            of_each(targets, &|_, z, t| (softplus(z) - t * z, sigmoid(z) - t))
        }
        LossConfig::MeanSquaredError => of_each(target.distances(outputs.len()), &|_, y, t| {
            ((y - t).powi(2), 2.0 * (y - t))
        }),
        LossConfig::MeanAbsoluteError => of_each(target.distances(outputs.len()), &|_, y, t| {
            ((y - t).abs(), sign(y - t))
        }),
        LossConfig::Huber { deltas } => of_each(target.distances(outputs.len()), &|i, y, t| {
            let delta = f64::from(deltas[i.min(deltas.len() - 1)]);
            let error = y - t;
            if error.abs() <= delta {
                (error * error / 2.0, error)
            } else {
                let loss = delta * (error.abs() - delta / 2.0);
                (loss, delta * sign(error))
            }
        }),
        LossConfig::Pinball { quantile } => of_each(target.distances(outputs.len()), &|_, y, t| {
            let gradient = if t > y { -quantile } else { 1.0 - quantile };
            (gradient * (y - t), gradient)
        }),
        LossConfig::PerceptronCriterion => {
            let signs = target.signs(outputs.len());
            let is_wrong = |z: f64, t: f64| (z >= 0.0) != (t > 0.0);
            let wrong = |z: &f64, t: f64| if is_wrong(*z, t) { -t } else { 0.0 };
            let gradient: Vec<f64> = outputs
                .iter()
                .zip(&signs)
                .map(|(z, t)| wrong(z, *t))
                .collect();
            let loss = outputs.iter().zip(&gradient).map(|(z, g)| z * g).sum();
            (loss, gradient)
        }
    }
}

impl TracedTarget {
    /// For each output: 1 for the class and 0 for the others; of a single one, whether it is the second
    /// class.
    fn shares(&self, d_output: usize) -> Vec<f64> {
        match self {
            Self::Numbers(numbers) => numbers.clone(),
            Self::Class(class) if d_output == 1 => vec![*class as f64],
            Self::Class(class) => {
                let outputs = 0..d_output;
                outputs.map(|o| f64::from(o == *class)).collect()
            }
        }
    }

    /// The same with −1 and +1.
    fn signs(&self, d_output: usize) -> Vec<f64> {
        match self {
            Self::Numbers(numbers) => numbers.clone(),
            Self::Class(_) => {
                let shares = self.shares(d_output).into_iter();
                shares.map(|share| 2.0 * share - 1.0).collect()
            }
        }
    }

    /// What losses measure the distance to.
    fn distances(&self, d_output: usize) -> Vec<f64> {
        if d_output == 1 {
            self.signs(1)
        } else {
            self.shares(d_output)
        }
    }
}

/// Targets of which a share is spread evenly over some choices.
fn smoothed(targets: Vec<f64>, share: f32, choices: f64) -> Vec<f64> {
    let share = f64::from(share);
    let targets = targets.into_iter();
    targets
        .map(|target| target * (1.0 - share) + share / choices)
        .collect()
}

/// −1, 0 or 1.
fn sign(number: f64) -> f64 {
    if number == 0.0 { 0.0 } else { number.signum() }
}
