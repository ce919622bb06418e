//! Values of the losses and their gradients with respect to the network's output.

use burn::tensor::{Device, Tensor};
use mlp_models::loss::{LossConfig, LossKind, Targets};
use serde::Deserialize;
use strum::VariantArray;

use crate::{assert_close, device, matrix, parse, vector};

#[derive(Deserialize)]
struct Golden {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    loss: LossKind,
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
    /// The weight of each row.
    weights: Option<Vec<f64>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum GoldenTargets {
    Classes(Vec<i64>),
    Numbers(Vec<Vec<f64>>),
}

impl Case {
    fn config(&self) -> LossConfig {
        let Options {
            delta,
            quantile,
            label_smoothing,
            ..
        } = self.options;
        match self.loss {
            LossKind::CrossEntropy => LossConfig::CrossEntropy { label_smoothing },
            LossKind::BinaryCrossEntropy => LossConfig::BinaryCrossEntropy { label_smoothing },
            LossKind::MeanSquaredError => LossConfig::MeanSquaredError,
            LossKind::MeanAbsoluteError => LossConfig::MeanAbsoluteError,
            LossKind::Huber => LossConfig::Huber {
                deltas: vec![delta],
            },
            LossKind::Pinball => LossConfig::Pinball { quantile },
            LossKind::PerceptronCriterion => LossConfig::PerceptronCriterion,
        }
    }

    /// The targets as given to PyTorch, except that this crate expects classes for the binary
    /// cross-entropy, and PyTorch rows of 0 and 1.
    fn targets(&self, device: &Device) -> Targets {
        match &self.targets {
            GoldenTargets::Classes(_) => self.targets_as_classes(device),
            GoldenTargets::Numbers(_) if self.loss == LossKind::BinaryCrossEntropy => {
                self.targets_as_classes(device)
            }
            GoldenTargets::Numbers(rows) => Targets::Numbers(matrix(rows, device)),
        }
    }

    /// The class of each row of targets.
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

        let loss = self.config().init(&device);
        let loss = match &self.options.weights {
            None => loss.forward(output.clone(), targets(&device)),
            Some(weights) => {
                let weights = vector(weights, &device);
                loss.forward_weighted(output.clone(), targets(&device), weights)
            }
        };

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

/// The index of the positive number of a one-hot row, or whether the only number of a row is positive.
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
fn every_loss_has_golden_values() {
    let cases = cases();
    for &kind in LossKind::VARIANTS {
        assert!(cases.iter().any(|case| case.loss == kind), "{kind}");
    }
}

#[test]
fn losses_and_their_gradients_equal_those_of_pytorch() {
    for case in cases() {
        case.assert_equals_pytorch(|device| case.targets(device));
    }
}

#[test]
fn the_perceptron_criterion_accepts_classes_instead_of_signs() {
    let cases: Vec<_> = cases()
        .into_iter()
        .filter(|case| case.loss == LossKind::PerceptronCriterion)
        .collect();

    assert_eq!(cases.len(), 2, "one unit, and several units");
    for case in cases {
        case.assert_equals_pytorch(|device| case.targets_as_classes(device));
    }
}
