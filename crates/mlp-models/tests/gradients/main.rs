//! Backpropagation against central differences, in float64.
//!
//! For each number `p` that has a gradient, `(L(p + h) − L(p − h)) / 2h` estimates the derivative of
//! the loss with an error proportional to `h²`. Inputs and parameters are fixed numbers away from the
//! kinks of relu and similar functions, where the derivative does not exist.

mod table_networks;

use std::sync::LazyLock;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::nn::Initializer;
use burn::tensor::{Device, FloatDType, Gradients, Int, Tensor, TensorData, Tolerance};
use mlp_models::activation::ActivationConfig;
use mlp_models::clustering::{
    Autoencoder, AutoencoderConfig, DeepEmbeddedClustering, DeepEmbeddedClusteringConfig, Grid,
    Neighbourhood, SelfOrganisingMap, SelfOrganisingMapConfig, Topology, neighbour_contrast,
};
use mlp_models::loss::{LossConfig, LossKind, Targets};
use mlp_models::{
    BackboneConfig, InputsConfig, Mlp, MlpConfig, Network, NetworkConfig, NormalizationKind,
    Perceptron, PerceptronConfig,
};
use strum::VariantArray;

/// Half the distance between the two points of a central difference.
const STEP: f64 = 1e-5;
/// The allowed difference between the two derivatives, relative to the greater one.
const RELATIVE_ERROR: f64 = 1e-6;
/// The allowed difference for derivatives near zero, where rounding in the loss leaves no digits.
const ABSOLUTE_ERROR: f64 = 1e-9;

/// The device whose gradients are checked, with float64 for the tensors made on it.
///
/// The data types of a device can be set only before its first tensor, so every test starts here.
fn device() -> Device {
    static DEVICE: LazyLock<Device> = LazyLock::new(|| {
        let mut device = Device::flex();
        device
            .configure(FloatDType::F64)
            .expect("no tensor was created before");
        device.autodiff()
    });
    DEVICE.clone()
}

/// Fixed numbers in (−1, 1) without a pattern. All threads share Burn's generator, so tests avoid it.
fn numbers(count: usize, seed: u32) -> Vec<f64> {
    (0..count)
        .map(|index| (78.233 * index as f64 + 12.9898 * f64::from(seed)).sin())
        .collect()
}

fn matrix(rows: usize, columns: usize, seed: u32) -> Tensor<2> {
    let data = TensorData::new(numbers(rows * columns, seed), [rows, columns]);
    Tensor::from_data(data, &device())
}

fn scalar(tensor: &Tensor<1>) -> f64 {
    tensor
        .to_data()
        .try_to_vec::<f64>()
        .expect("the loss is in float64")[0]
}

/// Compares a derivative from backpropagation with that of `loss` as a function of a displacement.
fn assert_derivative(what: &str, derivative: f64, loss: impl Fn(f64) -> f64) {
    let difference = (loss(STEP) - loss(-STEP)) / (2.0 * STEP);
    let error = (derivative - difference).abs();
    let size = derivative.abs().max(difference.abs());
    assert!(
        error <= ABSOLUTE_ERROR + RELATIVE_ERROR * size,
        "{what}: backpropagation gives {derivative}, the central difference {difference}"
    );
}

/// Checks the gradient of `loss` at `input`, as a function of each of its elements.
fn assert_input_gradient(what: &str, input: &Tensor<2>, loss: impl Fn(Tensor<2>) -> Tensor<1>) {
    assert_input_gradient_against(what, input, &loss, &loss);
}

/// Checks the gradient of `loss` at `input` against differences of another function.
fn assert_input_gradient_against(
    what: &str,
    input: &Tensor<2>,
    loss: impl Fn(Tensor<2>) -> Tensor<1>,
    differentiable: impl Fn(Tensor<2>) -> Tensor<1>,
) {
    let leaf = input.clone().require_grad();
    let gradients = loss(leaf.clone()).backward();
    let gradient = leaf
        .grad(&gradients)
        .expect("the input requires a gradient");
    for (index, derivative) in gradient.into_data().iter::<f64>().enumerate() {
        assert_derivative(
            &format!("{what}, input {index}"),
            derivative,
            |displacement| scalar(&differentiable(displaced(input, index, displacement))),
        );
    }
}

/// The tensor with one element, counted row by row, displaced.
fn displaced<const D: usize>(tensor: &Tensor<D>, element: usize, by: f64) -> Tensor<D> {
    let mut data = tensor.to_data();
    data.as_mut_slice::<f64>()
        .expect("the tensor is in float64")[element] += by;
    Tensor::from_data(data, &tensor.device())
}

/// Checks the gradient of `loss` at every parameter of a module, and how many parameters there are.
fn assert_parameter_gradients<M: Module>(
    what: &str,
    module: &M,
    num_params: usize,
    loss: impl Fn(&M) -> Tensor<1>,
) {
    assert_parameter_gradients_against(what, module, num_params, &loss, &loss);
}

/// Checks the gradient of `loss` at every parameter against differences of another function.
fn assert_parameter_gradients_against<M: Module>(
    what: &str,
    module: &M,
    num_params: usize,
    loss: impl Fn(&M) -> Tensor<1>,
    differentiable: impl Fn(&M) -> Tensor<1>,
) {
    let gradients = loss(module).backward();
    let mut collector = GradientCollector {
        gradients: &gradients,
        tensor: 0,
        found: Vec::new(),
    };
    module.visit(&mut collector);

    let num_found: usize = collector
        .found
        .iter()
        .map(|(_, gradient)| gradient.len())
        .sum();
    assert_eq!(num_found, num_params, "{what}: the number of derivatives");
    for (tensor, gradient) in collector.found {
        for (element, derivative) in gradient.into_iter().enumerate() {
            let what = format!("{what}, element {element} of tensor {tensor}");
            assert_derivative(&what, derivative, |by| {
                scalar(&differentiable(&module.clone().map(&mut Displace {
                    tensor,
                    element,
                    by,
                    visited: 0,
                })))
            });
        }
    }
}

/// Collects the gradient of each tensor of a module that has one, with its index in the module.
struct GradientCollector<'a> {
    gradients: &'a Gradients,
    tensor: usize,
    found: Vec<(usize, Vec<f64>)>,
}

impl ModuleVisitor for GradientCollector<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = param.val().grad(self.gradients) {
            let gradient = gradient
                .into_data()
                .try_to_vec()
                .expect("the gradient is in float64");
            self.found.push((self.tensor, gradient));
        }
        self.tensor += 1;
    }
}

/// Displaces one element of one tensor of a module.
struct Displace {
    tensor: usize,
    element: usize,
    by: f64,
    visited: usize,
}

impl ModuleMapper for Displace {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let visited = self.visited;
        self.visited += 1;
        if visited != self.tensor {
            return param;
        }
        param.map(|tensor| displaced(&tensor, self.element, self.by))
    }
}

/// Fills every parameter of a module with fixed numbers, so that none is zero, as biases initially are.
struct Fill {
    seed: u32,
}

impl ModuleMapper for Fill {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        // Running statistics are visited too; a variance must stay positive.
        if !param.is_require_grad() {
            return param;
        }
        self.seed += 1;
        let shape = param.shape();
        let data = TensorData::new(numbers(shape.num_elements(), self.seed), shape);
        Param::from_tensor(Tensor::from_data(data, &param.device()))
    }
}

/// A perceptron of three inputs and two neurons, with eight parameters.
fn perceptron(activation: ActivationConfig) -> Perceptron {
    PerceptronConfig::new(3)
        .with_d_output(2)
        .with_activation(activation)
        .init(&device())
        .map(&mut Fill { seed: 40 })
}

fn mlp(config: &MlpConfig) -> Mlp {
    config
        .clone()
        .with_initializer(Some(Initializer::Zeros))
        .init(&device())
        .map(&mut Fill { seed: 60 })
}

/// A loss with fixed derivatives: a weighted sum of the outputs.
fn weighted_sum(output: Tensor<2>) -> Tensor<1> {
    let [rows, columns] = output.dims();
    (output * matrix(rows, columns, 99)).sum()
}

/// The function whose derivative backpropagation uses for the step.
fn surrogate(net: Tensor<2>) -> Tensor<2> {
    net.clamp(-1.0, 1.0)
}

#[test]
fn the_gradient_of_every_activation_equals_its_central_difference() {
    // From −4 to 4: saturated, curved and linear parts.
    let input = matrix(4, 5, 1) * 4.0;
    for &config in ActivationConfig::VARIANTS {
        let activation = config.init();
        let loss = |input| weighted_sum(activation.forward(input));
        let name = config.to_string();
        if config == ActivationConfig::Step {
            assert_input_gradient_against(&name, &input, loss, |input| {
                weighted_sum(surrogate(input))
            });
        } else {
            assert_input_gradient(&name, &input, loss);
        }
    }
}

#[test]
fn the_gradient_of_every_distance_equals_its_central_difference() {
    let device = device();
    for config in [
        LossConfig::MeanSquaredError,
        LossConfig::MeanAbsoluteError,
        LossConfig::Huber { deltas: vec![1.0] },
        LossConfig::Huber { deltas: vec![0.3] },
        LossConfig::Pinball { quantile: 0.8 },
    ] {
        let loss = config.init(&device);
        let check = |what: &str, d_output: usize, targets: Targets| {
            let output = matrix(6, d_output, 2) * 1.5;
            assert_input_gradient(&format!("{config:?} of {what}"), &output, |output| {
                loss.forward(output, targets.clone())
            });
        };
        check("numbers", 2, Targets::Numbers(matrix(6, 2, 3)));
        check("one number", 1, Targets::Numbers(matrix(6, 1, 4)));
        check("three classes", 3, classes([2, 0, 1, 1, 0, 2]));
        check("two classes", 1, classes([1, 0, 1, 1, 0, 0]));
    }
}

#[test]
fn the_gradient_of_every_cross_entropy_equals_its_central_difference() {
    let device = device();
    let logits = matrix(6, 3, 5) * 3.0;
    let row_weights = Tensor::<1>::from_data([1.25, 0.5, 2.0, 2.0, 0.5, 0.0], &device);
    for label_smoothing in [0.0, 0.1] {
        let config = LossConfig::CrossEntropy { label_smoothing };
        let loss = config.init(&device);
        let targets = || classes([2, 0, 1, 1, 0, 2]);
        assert_input_gradient(&format!("{config:?}"), &logits, |logits| {
            loss.forward(logits, targets())
        });
        assert_input_gradient(&format!("weighted {config:?}"), &logits, |logits| {
            loss.forward_weighted(logits, targets(), row_weights.clone())
        });
    }
}

#[test]
fn the_gradient_of_every_binary_cross_entropy_equals_its_central_difference() {
    let device = device();
    for label_smoothing in [0.0, 0.1] {
        let config = LossConfig::BinaryCrossEntropy { label_smoothing };
        let loss = config.init(&device);
        let check = |what: &str, d_output: usize, targets: Targets| {
            let logits = matrix(6, d_output, 6) * 3.0;
            assert_input_gradient(&format!("{config:?} of {what}"), &logits, |logits| {
                loss.forward(logits, targets.clone())
            });
        };
        check("three classes", 3, classes([2, 0, 1, 1, 0, 2]));
        check("two classes", 1, classes([1, 0, 1, 1, 0, 0]));
    }
}

#[test]
fn the_gradient_of_the_perceptron_criterion_equals_its_central_difference() {
    let loss = LossConfig::PerceptronCriterion.init(&device());
    for (d_output, targets) in [
        (1, classes([1, 0, 1, 1, 0, 0])),
        (3, classes([2, 0, 1, 1, 0, 2])),
    ] {
        let net = matrix(6, d_output, 7) * 2.0;
        assert_input_gradient(&format!("{d_output} neurons"), &net, |net| {
            loss.forward(net, targets.clone())
        });
    }
}

#[test]
fn the_gradient_of_every_parameter_of_a_perceptron_equals_its_central_difference() {
    let input = matrix(5, 3, 8);
    for &config in ActivationConfig::VARIANTS {
        let perceptron = perceptron(config);
        let loss = |perceptron: &Perceptron| weighted_sum(perceptron.forward(input.clone()));
        let name = config.to_string();
        if config == ActivationConfig::Step {
            assert_parameter_gradients_against(&name, &perceptron, 8, loss, |perceptron| {
                weighted_sum(surrogate(perceptron.net_input(input.clone())))
            });
        } else {
            assert_parameter_gradients(&name, &perceptron, 8, loss);
        }
    }
}

#[test]
fn the_gradient_of_every_parameter_of_an_mlp_equals_its_central_difference() {
    let loss = cross_entropy();
    let input = matrix(5, 3, 9);
    let check = |activation: ActivationConfig, normalization, num_norm_params: usize| {
        let config = MlpConfig::new(3, vec![4, 3], 2)
            .with_activations(vec![activation])
            .with_normalization(normalization);
        let num_linear_params = (3 * 4 + 4) + (4 * 3 + 3) + (3 * 2 + 2);
        assert_parameter_gradients(
            &format!("{activation}, {normalization:?}"),
            &mlp(&config),
            num_linear_params + num_norm_params,
            |mlp| loss(mlp.forward(input.clone())),
        );
    };
    // The step is left out: the layers after it receive 0 and 1 instead of the values of its surrogate,
    // so there is no function whose gradient is the one that backpropagation computes.
    for &activation in ActivationConfig::VARIANTS {
        if activation != ActivationConfig::Step {
            check(activation, NormalizationKind::None, 0);
        }
    }
    for activation in [
        ActivationConfig::Relu,
        ActivationConfig::Tanh,
        ActivationConfig::Gelu,
    ] {
        for normalization in [NormalizationKind::Batch, NormalizationKind::Layer] {
            check(activation, normalization, 2 * (4 + 3));
        }
    }
}

#[test]
fn the_gradient_passes_through_layers_of_different_activations() {
    let loss = cross_entropy();
    let input = matrix(5, 3, 10);
    let config = MlpConfig::new(3, vec![4, 3, 3], 2).with_activations(vec![
        ActivationConfig::Gelu,
        ActivationConfig::Tanh,
        ActivationConfig::LeakyRelu,
    ]);
    let num_params = (3 * 4 + 4) + (4 * 3 + 3) + (3 * 3 + 3) + (3 * 2 + 2);
    assert_parameter_gradients("three activations", &mlp(&config), num_params, |mlp| {
        loss(mlp.forward(input.clone()))
    });
}

#[test]
fn the_gradient_of_every_parameter_of_an_embedding_equals_its_central_difference() {
    let loss = cross_entropy();
    let numbers = matrix(5, 2, 11);
    let categories = || Tensor::from_data([[0, 1], [2, 0], [1, 1], [2, 1], [0, 0]], &device());
    let mlp = MlpConfig::new(2 + 4, vec![3], 2).with_activations(vec![ActivationConfig::Tanh]);
    let config = NetworkConfig {
        inputs: InputsConfig::new(2, &[3, 2], 2),
        backbone: BackboneConfig::Mlp(mlp),
    };
    let network: Network = config.init(&device()).map(&mut Fill { seed: 80 });
    let num_params = 5 * 2 + (6 * 3 + 3) + (3 * 2 + 2);
    assert_parameter_gradients("network", &network, num_params, |network| {
        loss(network.forward(numbers.clone(), Some(categories())))
    });
}

#[test]
fn the_gradient_of_the_energy_of_a_map_equals_its_central_difference() {
    let rows = matrix(7, 3, 12) * 2.0;
    let grid = Grid {
        rows: 2,
        columns: 3,
        topology: Topology::Hexagonal,
    };
    for neighbourhood in [Neighbourhood::Gaussian, Neighbourhood::Bubble] {
        let config = SelfOrganisingMapConfig::new(3, grid)
            .with_neighbourhood(neighbourhood)
            .with_tear_weight(0.4);
        let map: SelfOrganisingMap = config.init(&device()).map(&mut Fill { seed: 90 });
        assert_parameter_gradients("map", &map, 6 * 3, |map| map.energy(rows.clone(), 1.1));
    }
}

#[test]
fn the_gradient_of_every_parameter_of_a_deep_clustering_equals_its_central_difference() {
    let rows = matrix(6, 4, 13);
    let targets = (matrix(6, 3, 15) + 2.0) / 6.0;
    let targets = targets.clone() / targets.sum_dim(1);
    for (tied, num_decoder) in [(false, (2 * 3 + 3) + (3 * 4 + 4)), (true, 3 + 4)] {
        let autoencoder = AutoencoderConfig::new(4, vec![3], 2)
            .with_activation(ActivationConfig::Tanh)
            .with_tied(tied);
        let config = DeepEmbeddedClusteringConfig::new(autoencoder, 3);
        let clustering: DeepEmbeddedClustering =
            config.init(&device()).map(&mut Fill { seed: 100 });
        let num_params = (4 * 3 + 3) + (3 * 2 + 2) + num_decoder + 3 * 2;
        assert_parameter_gradients("clustering", &clustering, num_params, |clustering| {
            clustering.loss(rows.clone(), targets.clone(), 0.8, 0.6)
        });
    }
}

#[test]
fn the_gradient_of_the_contrast_of_neighbours_equals_its_central_difference() {
    let (rows, like) = (matrix(6, 4, 13), matrix(6, 4, 14));
    let config = AutoencoderConfig::new(4, vec![3], 2).with_activation(ActivationConfig::Tanh);
    let autoencoder: Autoencoder = config.init(&device()).map(&mut Fill { seed: 110 });
    // The loss does not involve the decoder.
    let encoder = autoencoder.encoder;
    assert_parameter_gradients("encoder", &encoder, 4 * 3 + 3 + 3 * 2 + 2, |encoder| {
        neighbour_contrast(encoder.forward(rows.clone()), encoder.forward(like.clone()))
    });
}

/// Every loss, with the number of outputs to test it with.
fn losses() -> Vec<(LossConfig, usize)> {
    let losses = vec![
        (LossConfig::MeanSquaredError, 3),
        (LossConfig::MeanAbsoluteError, 3),
        (LossConfig::Huber { deltas: vec![0.5] }, 3),
        (LossConfig::Pinball { quantile: 0.8 }, 1),
        (
            LossConfig::BinaryCrossEntropy {
                label_smoothing: 0.0,
            },
            1,
        ),
        (
            LossConfig::BinaryCrossEntropy {
                label_smoothing: 0.1,
            },
            3,
        ),
        (LossConfig::PerceptronCriterion, 3),
        (
            LossConfig::CrossEntropy {
                label_smoothing: 0.0,
            },
            3,
        ),
        (
            LossConfig::CrossEntropy {
                label_smoothing: 0.1,
            },
            3,
        ),
    ];
    for &kind in LossKind::VARIANTS {
        let is_tested = losses
            .iter()
            .any(|(config, _)| LossKind::from(config) == kind);
        assert!(is_tested, "{kind} is not tested");
    }
    losses
}

/// The classes of four rows for a network with `d_output` outputs.
fn four_classes(d_output: usize) -> Tensor<1, Int> {
    let classes = if d_output == 1 {
        [1, 0, 1, 0]
    } else {
        [2, 0, 1, 1]
    };
    Tensor::from_data(classes, &device())
}

#[test]
fn backward_returns_the_value_of_a_loss_and_its_gradient() {
    let row_weights = Tensor::<1>::from_data([2.0, 1.0, 0.0, 1.0], &device());
    for (config, d_output) in losses() {
        let loss = config.init(&device());
        for weights in [None, Some(row_weights.clone())] {
            let output = matrix(4, d_output, 12).autodiff().require_grad();
            let targets = || Targets::Classes(four_classes(d_output));
            let forward = match weights.clone() {
                None => loss.forward(output.clone(), targets()),
                Some(weights) => loss.forward_weighted(output.clone(), targets(), weights),
            };
            let (value, gradients) = loss.backward(output.clone(), targets(), weights);

            let expected = output.grad(&forward.backward()).unwrap();
            let gradient = output.grad(&gradients).unwrap();
            let tolerance = Tolerance::<f64>::absolute(1e-12);
            gradient
                .into_data()
                .assert_approx_eq(&expected.into_data(), tolerance);
            let value = value.into_data();
            value.assert_approx_eq(&forward.without_autodiff().into_data(), tolerance);
        }
    }
}

#[test]
fn a_weight_of_two_equals_two_rows_and_a_weight_of_zero_none() {
    let device = device();
    let weights = Tensor::from_data([2.0, 1.0, 0.0, 1.0], &device);
    let order = || Tensor::from_data([0, 0, 1, 3], &device);
    for (config, d_output) in losses() {
        let loss = config.init(&device);
        let output = matrix(4, d_output, 12) * 2.0;
        let classes = four_classes(d_output);

        let weighted = loss.forward_weighted(
            output.clone(),
            Targets::Classes(classes.clone()),
            weights.clone(),
        );

        let repeated = loss.forward(
            output.clone().select(0, order()),
            Targets::Classes(classes.select(0, order())),
        );
        let (weighted, repeated) = (scalar(&weighted), scalar(&repeated));
        assert!(
            (weighted - repeated).abs() < 1e-9,
            "{config:?}: {weighted} instead of {repeated}"
        );
    }
}

fn classes<const N: usize>(classes: [i64; N]) -> Targets {
    Targets::Classes(Tensor::from_data(classes, &device()))
}

/// The cross-entropy of five rows of two classes.
fn cross_entropy() -> impl Fn(Tensor<2>) -> Tensor<1> {
    let loss = LossConfig::CrossEntropy {
        label_smoothing: 0.0,
    }
    .init(&device());
    move |logits| loss.forward(logits, classes([1, 0, 1, 0, 0]))
}
