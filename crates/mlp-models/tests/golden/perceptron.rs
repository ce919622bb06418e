//! A single neuron: its outputs, and the gradients of the logistic neuron and of Adaline.

use burn::module::Param;
use burn::tensor::{Device, Tensor};
use mlp_models::activation::ActivationConfig;
use mlp_models::loss::{LossConfig, Targets};
use mlp_models::{Perceptron, PerceptronConfig};
use serde::Deserialize;

use crate::{assert_close, device, matrix, parse, vector};

#[derive(Deserialize)]
struct Golden {
    weight: Vec<Vec<f64>>,
    threshold: Vec<f64>,
    input: Vec<Vec<f64>>,
    net_input: Vec<Vec<f64>>,
    outputs: Outputs,
    logistic: Trained,
    adaline: Trained,
}

#[derive(Deserialize)]
struct Outputs {
    step: Vec<Vec<f64>>,
    sigmoid: Vec<Vec<f64>>,
    identity: Vec<Vec<f64>>,
}

#[derive(Deserialize)]
struct Trained {
    targets: Vec<Vec<f64>>,
    loss: f64,
    gradients: Gradients,
}

#[derive(Deserialize)]
struct Gradients {
    weight: Vec<Vec<f64>>,
    threshold: Vec<f64>,
}

fn golden() -> Golden {
    parse(include_str!("perceptron.json"))
}

impl Golden {
    fn perceptron(&self, activation: ActivationConfig, device: &Device) -> Perceptron {
        let mut perceptron = PerceptronConfig::new(self.weight.len())
            .with_activation(activation)
            .init(device);
        perceptron.weight = Param::from_tensor(matrix(&self.weight, device));
        perceptron.threshold = Param::from_tensor(vector(&self.threshold, device));
        perceptron
    }

    fn assert_trains_as(
        &self,
        expected: &Trained,
        activation: ActivationConfig,
        loss: &LossConfig,
        targets: impl Fn(&Device) -> Targets,
    ) {
        let device = device().autodiff();
        let perceptron = self.perceptron(activation, &device);
        let net = perceptron.net_input(matrix(&self.input, &device));

        let loss = loss.init(&device).forward(net, targets(&device));

        assert_close("loss", loss.clone(), &[expected.loss]);
        let gradients = loss.backward();
        let weight = perceptron.weight.val().grad(&gradients);
        assert_close(
            "gradient of the weights",
            weight.expect("the weights require a gradient"),
            &expected.gradients.weight.concat(),
        );
        let threshold = perceptron.threshold.val().grad(&gradients);
        assert_close(
            "gradient of the threshold",
            threshold.expect("the threshold requires a gradient"),
            &expected.gradients.threshold,
        );
    }
}

impl Trained {
    /// The class of each row; targets above 0 are class 1.
    fn classes(&self, device: &Device) -> Targets {
        let classes: Vec<i64> = self
            .targets
            .iter()
            .map(|row| i64::from(row[0] > 0.0))
            .collect();
        Targets::Classes(Tensor::from_data(classes.as_slice(), device))
    }

    fn numbers(&self, device: &Device) -> Targets {
        Targets::Numbers(matrix(&self.targets, device))
    }
}

#[test]
fn the_net_input_and_the_outputs_equal_those_of_pytorch() {
    let golden = golden();
    let device = device();
    for (activation, expected) in [
        (ActivationConfig::Step, &golden.outputs.step),
        (ActivationConfig::Sigmoid, &golden.outputs.sigmoid),
        (ActivationConfig::Identity, &golden.outputs.identity),
    ] {
        let perceptron = golden.perceptron(activation, &device);
        let input = matrix(&golden.input, &device);

        assert_close(
            "net input",
            perceptron.net_input(input.clone()),
            &golden.net_input.concat(),
        );
        assert_close(
            &activation.to_string(),
            perceptron.forward(input),
            &expected.concat(),
        );
    }
}

#[test]
fn a_logistic_neuron_has_the_loss_and_gradients_of_pytorch() {
    let golden = golden();
    let loss = LossConfig::BinaryCrossEntropy {
        label_smoothing: 0.0,
    };
    let expected = &golden.logistic;
    golden.assert_trains_as(expected, ActivationConfig::Sigmoid, &loss, |device| {
        expected.classes(device)
    });
}

#[test]
fn adaline_has_the_loss_and_gradients_of_pytorch_for_signs_and_for_classes() {
    let golden = golden();
    let loss = LossConfig::MeanSquaredError;
    let expected = &golden.adaline;
    golden.assert_trains_as(expected, ActivationConfig::Identity, &loss, |device| {
        expected.numbers(device)
    });
    golden.assert_trains_as(expected, ActivationConfig::Identity, &loss, |device| {
        expected.classes(device)
    });
}
