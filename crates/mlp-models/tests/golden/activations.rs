//! Values and derivatives of the activations.

use burn::tensor::Tensor;
use mlp_models::activation::ActivationConfig;
use serde::Deserialize;
use strum::VariantArray;

use crate::{assert_close, device, parse, vector};

#[derive(Deserialize)]
struct Golden {
    x: Vec<f64>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    value: Vec<f64>,
    derivative: Vec<f64>,
}

fn golden() -> Golden {
    parse(include_str!("activations.json"))
}

#[test]
fn every_activation_has_golden_values() {
    let mut listed: Vec<_> = golden().cases.into_iter().map(|case| case.name).collect();
    let mut all: Vec<_> = ActivationConfig::VARIANTS
        .iter()
        .map(ToString::to_string)
        .collect();
    listed.sort();
    all.sort();

    assert_eq!(listed, all);
}

#[test]
fn activations_and_their_derivatives_equal_those_of_pytorch() {
    let Golden { x, cases } = golden();
    for case in cases {
        let activation: ActivationConfig = case.name.parse().expect("the name is known");
        let input: Tensor<1> = vector(&x, &device().autodiff()).require_grad();

        let output = activation.init().forward(input.clone());

        assert_close(&case.name, output.clone(), &case.value);
        let gradients = output.sum().backward();
        let derivative = input
            .grad(&gradients)
            .expect("the input requires a gradient");
        assert_close(
            &format!("{} derivative", case.name),
            derivative,
            &case.derivative,
        );
    }
}
