//! Backpropagation by hand comes to the same as autodiff.

#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)] // Small numbers.

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use mlp_models::activation::ActivationConfig;
use mlp_models::loss::{LossConfig, Targets};
use mlp_models::{
    Backbone, BackboneConfig, InputsConfig, MlpConfig, Network, NetworkConfig, NormalizationKind,
    PerceptronConfig,
};
use mlp_training::{Trace, TracedTarget};
use strum::VariantArray;

const INPUTS: [f64; 3] = [0.75, -1.25, 0.5];

fn network(backbone: BackboneConfig, device: &Device) -> Network {
    let inputs = InputsConfig::new(3, &[], 1);
    NetworkConfig { inputs, backbone }.init(device)
}

/// The loss and the gradients of all parameters by autodiff, those of a layer's weights before those of
/// its biases.
fn autodiff(network: &Network, loss: &LossConfig, target: &TracedTarget) -> (f64, Vec<Vec<f32>>) {
    let device = Device::flex().autodiff();
    let row = INPUTS.map(|number| number as f32);
    let outputs = network.forward(Tensor::from_floats([row], &device), None);
    let targets = match target {
        TracedTarget::Class(class) => Targets::Classes(Tensor::from_ints([*class as i64], &device)),
        TracedTarget::Numbers(numbers) => {
            let numbers: Vec<f32> = numbers.iter().map(|number| *number as f32).collect();
            Targets::Numbers(Tensor::<1>::from_floats(&numbers[..], &device).unsqueeze())
        }
    };
    let (value, gradients) = loss.init(&device).backward(outputs, targets, None);
    let floats = |tensor: Option<Tensor<2>>| {
        let data = tensor.expect("each parameter has a gradient").into_data();
        data.try_to_vec::<f32>().unwrap()
    };
    let found = match &network.backbone {
        Backbone::Perceptron(perceptron) => vec![
            floats(perceptron.weight.val().grad(&gradients)),
            // Those of the bias: the threshold is its opposite.
            floats(
                perceptron
                    .threshold
                    .val()
                    .grad(&gradients)
                    .map(|g| -g.unsqueeze()),
            ),
        ],
        Backbone::Mlp(mlp) => {
            let hidden = mlp.hidden.iter().map(|layer| &layer.linear);
            let layers = hidden.chain([&mlp.output]);
            let of_each = layers.flat_map(|linear| {
                let bias = linear.bias.as_ref().unwrap().val();
                [
                    floats(linear.weight.val().grad(&gradients)),
                    floats(bias.grad(&gradients).map(Tensor::unsqueeze)),
                ]
            });
            of_each.collect()
        }
        Backbone::ResNet(_) | Backbone::RealMlp(_) | Backbone::TabM(_) => unreachable!(),
    };
    (f64::from(value.into_scalar::<f32>()), found)
}

/// Asserts that both ways come to the same, to a millionth.
fn assert_same(name: &str, network: &Network, loss: &LossConfig, target: &TracedTarget) {
    let (value, gradients) = autodiff(network, loss, target);
    let plain = network.clone().valid();
    let trace = Trace::of(&plain, loss, &INPUTS, target).unwrap();
    let close = |a: f64, b: f64| (a - b).abs() <= 1e-6 * a.abs().max(1.0);
    assert!(close(trace.loss, value), "{name}: {} {value}", trace.loss);
    assert_eq!(2 * trace.layers.len(), gradients.len());
    for (layer, of_layer) in trace.layers.iter().zip(gradients.chunks_exact(2)) {
        let units = layer.neurons.len();
        for (unit, neuron) in layer.neurons.iter().enumerate() {
            for (from, by_hand) in neuron.gradients.iter().enumerate() {
                let other = f64::from(of_layer[0][from * units + unit]);
                assert!(close(*by_hand, other), "{name}: {by_hand} {other}");
            }
            let other = f64::from(of_layer[1][unit]);
            assert!(close(neuron.bias_gradient, other), "{name}: bias of {unit}");
        }
    }
}

fn mlp(activation: ActivationConfig, d_output: usize) -> Network {
    let device = Device::flex().autodiff();
    device.seed(7);
    let config = MlpConfig::new(3, vec![5, 4], d_output).with_activations(vec![activation]);
    network(BackboneConfig::Mlp(config), &device)
}

#[test]
fn each_activation_is_differentiated_as_by_autodiff() {
    for &activation in ActivationConfig::VARIANTS {
        let name = activation.to_string();
        let loss = LossConfig::CrossEntropy {
            label_smoothing: 0.0,
        };
        assert_same(&name, &mlp(activation, 3), &loss, &TracedTarget::Class(1));
    }
}

#[test]
fn each_loss_is_differentiated_as_by_autodiff() {
    let label_smoothing = 0.1;
    for loss in [
        LossConfig::CrossEntropy { label_smoothing },
        LossConfig::BinaryCrossEntropy { label_smoothing },
        LossConfig::MeanSquaredError,
        LossConfig::MeanAbsoluteError,
        LossConfig::Huber { deltas: vec![0.7] },
        LossConfig::Pinball { quantile: 0.8 },
        LossConfig::PerceptronCriterion,
    ] {
        let network = mlp(ActivationConfig::Tanh, 3);
        for class in 0..3 {
            let target = TracedTarget::Class(class);
            assert_same(&format!("{loss:?}"), &network, &loss, &target);
        }
        if !matches!(loss, LossConfig::CrossEntropy { .. }) {
            for class in 0..2 {
                let single = mlp(ActivationConfig::Sigmoid, 1);
                let target = TracedTarget::Class(class);
                assert_same(&format!("{loss:?}, one output"), &single, &loss, &target);
            }
        }
        let takes_classes_only = matches!(
            loss,
            LossConfig::CrossEntropy { .. }
                | LossConfig::BinaryCrossEntropy { .. }
                | LossConfig::PerceptronCriterion
        );
        if !takes_classes_only {
            let target = TracedTarget::Numbers(vec![0.4, -2.0, 0.1]);
            assert_same(&format!("{loss:?}, numbers"), &network, &loss, &target);
        }
    }
}

#[test]
fn a_perceptrons_threshold_is_the_opposite_of_its_bias() {
    let device = Device::flex().autodiff();
    device.seed(3);
    let config = PerceptronConfig::new(3).with_initializer(burn::nn::Initializer::Ones);
    let network = network(BackboneConfig::Perceptron(config), &device);
    for class in 0..2 {
        let target = TracedTarget::Class(class);
        let loss = LossConfig::MeanSquaredError;
        assert_same("perceptron", &network, &loss, &target);
    }
}

#[test]
fn a_network_of_normalised_layers_is_refused() {
    let device = Device::flex();
    let config = MlpConfig::new(3, vec![4], 1).with_normalization(NormalizationKind::Batch);
    let network = network(BackboneConfig::Mlp(config), &device);
    let target = TracedTarget::Numbers(vec![1.0]);

    let error = Trace::of(&network, &LossConfig::MeanSquaredError, &INPUTS, &target).unwrap_err();

    assert!(error.to_string().contains("normalised"), "{error}");
}
