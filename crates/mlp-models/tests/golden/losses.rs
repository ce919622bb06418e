//! Values of the losses and their gradients with respect to the network's output.

use burn::tensor::{Device, Tensor};
use mlp_models::{LossConfig, Targets};
use serde::Deserialize;

use crate::{assert_close, device, matrix, parse};

#[derive(Deserialize)]
struct Golden {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    loss: String,
    options: Options,
    output: Vec<Vec<f64>>,
    targets: GoldenTargets,
    value: f64,
    gradient: Vec<Vec<f64>>,
}

#[derive(Deserialize)]
struct Options {
    #[serde(default)]
    delta: f32,
    #[serde(default)]
    quantile: f64,
    #[serde(default)]
    label_smoothing: f32,
    weights: Option<Vec<f32>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum GoldenTargets {
    Classes(Vec<i64>),
    Numbers(Vec<Vec<f64>>),
}

impl Case {
    fn config(&self) -> LossConfig {
        let label_smoothing = self.options.label_smoothing;
        match self.loss.as_str() {
            "mean_squared_error" => LossConfig::MeanSquaredError,
            "mean_absolute_error" => LossConfig::MeanAbsoluteError,
            "huber" => LossConfig::Huber {
                delta: self.options.delta,
            },
            "pinball" => LossConfig::Pinball {
                quantile: self.options.quantile,
            },
            "cross_entropy" => LossConfig::CrossEntropy {
                class_weights: self.options.weights.clone(),
                label_smoothing,
            },
            "binary_cross_entropy" => LossConfig::BinaryCrossEntropy { label_smoothing },
            "perceptron_criterion" => LossConfig::PerceptronCriterion,
            unknown => panic!("no loss is called {unknown}"),
        }
    }

    /// The targets as PyTorch was given them.
    ///
    /// It takes the binary cross-entropy's as rows of 0 and 1, this crate takes the classes.
    fn targets(&self, device: &Device) -> Targets {
        match &self.targets {
            GoldenTargets::Classes(_) => self.targets_as_classes(device),
            GoldenTargets::Numbers(_) if self.loss == "binary_cross_entropy" => {
                self.targets_as_classes(device)
            }
            GoldenTargets::Numbers(rows) => Targets::Numbers(matrix(rows, device)),
        }
    }

    /// The class that each row of targets means.
    fn targets_as_classes(&self, device: &Device) -> Targets {
        let classes: Vec<i64> = match &self.targets {
            GoldenTargets::Classes(classes) => classes.clone(),
            GoldenTargets::Numbers(rows) => rows.iter().map(|row| class(row)).collect(),
        };
        Targets::Classes(Tensor::from_data(classes.as_slice(), device))
    }

    fn assert_equals_pytorch(&self, targets: impl Fn(&Device) -> Targets) {
        let device = device().autodiff();
        let output = matrix(&self.output, &device).require_grad();

        let loss = self
            .config()
            .init(&device)
            .forward(output.clone(), targets(&device));

        assert_close(&self.name, loss.clone(), &[self.value]);
        let gradients = loss.backward();
        let gradient = output
            .grad(&gradients)
            .expect("the output requires a gradient");
        assert_close(
            &format!("{} gradient", self.name),
            gradient,
            &self.gradient.concat(),
        );
    }
}

/// Whether the only number of a row is positive, or which of several is.
fn class(row: &[f64]) -> i64 {
    if let [target] = row {
        return i64::from(*target > 0.0);
    }
    let (class, _) = (0..)
        .zip(row)
        .find(|&(_, &target)| target > 0.0)
        .expect("a one-hot row");
    class
}

fn cases() -> Vec<Case> {
    parse::<Golden>(include_str!("losses.json")).cases
}

#[test]
fn losses_and_their_gradients_equal_those_of_pytorch() {
    for case in cases() {
        case.assert_equals_pytorch(|device| case.targets(device));
    }
}

#[test]
fn the_perceptron_criterion_takes_classes_for_signs() {
    let cases: Vec<_> = cases()
        .into_iter()
        .filter(|case| case.loss == "perceptron_criterion")
        .collect();

    assert_eq!(cases.len(), 2, "one unit, and several units");
    for case in cases {
        case.assert_equals_pytorch(|device| case.targets_as_classes(device));
    }
}
