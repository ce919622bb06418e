//! One training step of each network: logits, loss, gradients, parameters, running statistics.

use std::collections::{BTreeMap, BTreeSet};

use burn::module::{Module, ModuleVisitor, Param};
use burn::nn::Linear;
use burn::nn::norm::Normalization;
use burn::optim::{GradientsParams, SgdConfig};
use burn::tensor::{Device, Gradients, Tensor};
use mlp_models::loss::{LossConfig, Targets};
use mlp_models::{Mlp, MlpConfig, NormalizationKind};
use serde::Deserialize;
use strum::VariantArray;

use crate::{assert_close, assert_numbers_close, device, matrix, parse, vector};

#[derive(Deserialize)]
struct Golden {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    d_input: usize,
    hidden_sizes: Vec<usize>,
    d_output: usize,
    activation: String,
    normalization: NormalizationKind,
    learning_rate: f64,
    #[serde(flatten)]
    parameters: Layers,
    input: Vec<Vec<f64>>,
    targets: Vec<i64>,
    logits: Vec<Vec<f64>>,
    loss: f64,
    gradients: Layers,
    after_sgd: Layers,
    #[serde(default)]
    running: Vec<RunningStatistics>,
    eval_logits_biased: Option<Vec<Vec<f64>>>,
}

#[derive(Deserialize)]
struct Layers {
    hidden: Vec<Layer>,
    output: Layer,
}

#[derive(Deserialize)]
struct Layer {
    weight: Vec<Vec<f64>>,
    bias: Vec<f64>,
    gamma: Option<Vec<f64>>,
    beta: Option<Vec<f64>>,
}

/// PyTorch divides the variance of a batch by n − 1 for the running variance, but by n to normalise the
/// batch itself. Burn divides by n in both cases, so its results are compared with the golden values
/// marked biased.
#[derive(Deserialize)]
struct RunningStatistics {
    running_mean: Vec<f64>,
    running_var_biased: Vec<f64>,
}

impl Case {
    /// The network with the golden parameters.
    fn mlp(&self, device: &Device) -> Mlp {
        let mut mlp = MlpConfig::new(self.d_input, self.hidden_sizes.clone(), self.d_output)
            .with_activations(vec![self.activation.parse().expect("the name is known")])
            .with_normalization(self.normalization)
            .init(device);
        for (layer, golden) in mlp.hidden.iter_mut().zip(&self.parameters.hidden) {
            set_linear(&mut layer.linear, golden, device);
            let read = |values: &Option<Vec<f64>>| {
                let values = values
                    .as_ref()
                    .expect("a normalised layer has gamma and beta");
                Param::from_tensor(vector(values, device))
            };
            match &mut layer.normalization {
                None => {}
                Some(Normalization::Batch(norm)) => {
                    norm.gamma = read(&golden.gamma);
                    norm.beta = read(&golden.beta);
                }
                Some(Normalization::Layer(norm)) => {
                    norm.gamma = read(&golden.gamma);
                    norm.beta = Some(read(&golden.beta));
                }
                Some(other) => panic!("{other:?} has no golden values"),
            }
        }
        set_linear(&mut mlp.output, &self.parameters.output, device);
        mlp
    }

    fn input(&self, device: &Device) -> Tensor<2> {
        matrix(&self.input, device)
    }

    fn targets(&self, device: &Device) -> Targets {
        Targets::Classes(Tensor::from_data(self.targets.as_slice(), device))
    }

    fn loss(&self, mlp: &Mlp, device: &Device) -> Tensor<1> {
        let cross_entropy = LossConfig::CrossEntropy {
            label_smoothing: 0.0,
        };
        let logits = mlp.forward(self.input(device));
        cross_entropy
            .init(device)
            .forward(logits, self.targets(device))
    }
}

fn set_linear(linear: &mut Linear, golden: &Layer, device: &Device) {
    linear.weight = Param::from_tensor(matrix(&golden.weight, device));
    linear.bias = Some(Param::from_tensor(vector(&golden.bias, device)));
}

/// The parameters of a network, or their gradients, by layer and name: `hidden.0.weight`.
type Numbers = BTreeMap<String, Vec<f64>>;

impl Layers {
    fn numbers(&self) -> Numbers {
        let hidden = self.hidden.iter().enumerate();
        let layers = hidden
            .map(|(index, layer)| (format!("hidden.{index}"), layer))
            .chain([("output".to_owned(), &self.output)]);
        let mut numbers = Numbers::new();
        for (name, layer) in layers {
            numbers.insert(format!("{name}.weight"), layer.weight.concat());
            numbers.insert(format!("{name}.bias"), layer.bias.clone());
            for (parameter, values) in [("gamma", &layer.gamma), ("beta", &layer.beta)] {
                if let Some(values) = values {
                    numbers.insert(format!("{name}.{parameter}"), values.clone());
                }
            }
        }
        numbers
    }
}

/// Collects the parameters of a network, or the gradients of those that have one.
struct Collector<'a> {
    gradients: Option<&'a Gradients>,
    path: Vec<String>,
    numbers: Numbers,
}

impl Collector<'_> {
    fn collect(mlp: &Mlp, gradients: Option<&Gradients>) -> Numbers {
        let mut collector = Collector {
            gradients,
            path: Vec::new(),
            numbers: Numbers::new(),
        };
        mlp.visit(&mut collector);
        collector.numbers
    }
}

impl ModuleVisitor for Collector<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let tensor = match self.gradients {
            Some(gradients) => param.val().grad(gradients),
            None => Some(param.val()),
        };
        let Some(tensor) = tensor else { return };
        // Between the layer and the name of the parameter are the modules of Burn.
        let layer = if self.path[0] == "hidden" { 2 } else { 1 };
        let name = self.path.last().expect("a parameter has a name");
        let name = format!("{}.{name}", self.path[..layer].join("."));
        let values = tensor.try_into_vec_as().expect("the tensor can be read");
        self.numbers.insert(name, values);
    }
}

fn cases() -> Vec<Case> {
    parse::<Golden>(include_str!("mlp.json")).cases
}

#[test]
fn the_golden_networks_cover_every_normalisation_and_no_hidden_layer() {
    let cases = cases();
    for &kind in NormalizationKind::VARIANTS {
        let is_covered = cases.iter().any(|case| case.normalization == kind);
        assert!(is_covered, "{kind}");
    }
    assert!(cases.iter().any(|case| case.hidden_sizes.is_empty()));
}

#[test]
fn logits_and_loss_in_training_equal_those_of_pytorch() {
    let device = device().autodiff();
    for case in cases() {
        let mlp = case.mlp(&device);

        let logits = mlp.forward(case.input(&device));

        assert_close(
            &format!("{} logits", case.name),
            logits,
            &case.logits.concat(),
        );
        assert_close(
            &format!("{} loss", case.name),
            case.loss(&mlp, &device),
            &[case.loss],
        );
    }
}

#[test]
fn exactly_the_parameters_have_gradients_and_they_equal_pytorchs() {
    let device = device().autodiff();
    for case in cases() {
        let mlp = case.mlp(&device);

        let gradients = case.loss(&mlp, &device).backward();

        let actual = Collector::collect(&mlp, Some(&gradients));
        let expected = case.gradients.numbers();
        let names = |numbers: &Numbers| numbers.keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(names(&actual), names(&expected), "{}", case.name);
        for (name, expected) in &expected {
            let what = format!("{} gradient of {name}", case.name);
            assert_numbers_close(&what, &actual[name], expected);
        }
    }
}

#[test]
fn a_step_of_gradient_descent_gives_the_parameters_of_pytorch() {
    let device = device().autodiff();
    for case in cases() {
        let mlp = case.mlp(&device);
        let gradients = GradientsParams::from_grads(case.loss(&mlp, &device).backward(), &mlp);

        let mlp = SgdConfig::new()
            .init()
            .step(case.learning_rate, mlp, gradients);

        let actual = Collector::collect(&mlp, None);
        for (name, expected) in &case.after_sgd.numbers() {
            let what = format!("{} {name} after a step", case.name);
            assert_numbers_close(&what, &actual[name], expected);
        }
    }
}

#[test]
fn batch_normalisation_uses_running_statistics_at_prediction() {
    let device = device();
    let mut num_compared = 0;
    for case in cases() {
        let Some(expected) = &case.eval_logits_biased else {
            continue;
        };
        num_compared += 1;
        let mlp = case.mlp(&device.clone().autodiff());
        // A forward pass on an autodiff device updates the statistics; `valid` leaves autodiff.
        mlp.forward(case.input(&device.clone().autodiff()));
        let mlp = mlp.valid();

        let logits = mlp.forward(case.input(&device));

        let actual = Collector::collect(&mlp, None);
        for (index, statistics) in case.running.iter().enumerate() {
            for (name, expected) in [
                ("running_mean", &statistics.running_mean),
                ("running_var", &statistics.running_var_biased),
            ] {
                let name = format!("hidden.{index}.{name}");
                assert_numbers_close(&format!("{} {name}", case.name), &actual[&name], expected);
            }
        }
        let what = format!("{} logits at prediction", case.name);
        assert_close(&what, logits, &expected.concat());
    }
    assert!(num_compared > 0, "a golden network has batch normalisation");
}
