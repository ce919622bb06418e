//! `RealMLP` against the authors' package, with the values of `real_mlp.py`.

use burn::module::Param;
use mlp_models::{NtpLinear, RealMlpConfig};
use serde_json::Value;

use crate::parameters::Golden;
use crate::{assert_close, device, flat, parse, recorded};

/// Where the JSON has a parameter: its layers are less nested.
fn place(path: &str) -> String {
    path.replace("linear/", "")
        .replace("activation/Parametric/weight", "activation_weight")
}

#[test]
fn outputs_and_gradients_equal_those_of_the_authors() {
    let golden: Value = parse(include_str!("real_mlp.json"));
    for case in golden["cases"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let size = |key: &str| usize::try_from(case[key].as_u64().unwrap()).unwrap();
        let network = RealMlpConfig::new(size("d_input"), size("d_output"))
            .with_hidden_sizes(serde_json::from_value(case["hidden_sizes"].clone()).unwrap())
            .with_activation(case["activation"].as_str().unwrap().parse().unwrap())
            .with_dropout(0.0)
            .with_is_parametric(name != "simplified")
            .init(&device().autodiff());
        let values = &case["parameters"];
        let network = Golden { values, place }.fill(network);
        let input = recorded(&case["input"], size("d_input")).require_grad();

        let output = network.forward(input.clone());
        let weights = recorded(&case["output_weights"], size("d_output"));
        let gradients = (output.clone() * weights).sum().backward();

        assert_close(name, output.inner(), &flat(&case["output"]));
        let values = &case["gradients"];
        Golden { values, place }.assert_gradients(name, &network, &gradients);
        let gradient = input.grad(&gradients).unwrap();
        assert_close(name, gradient, &flat(&case["input_gradient"]));
    }
}

/// The product of the inputs and the weights of a unit varies with a deviation of 1, and the bias takes
/// it to zero somewhere between rows. What is drawn differs from the authors' program.
#[test]
fn weights_are_scaled_to_the_data_and_biases_lie_among_the_rows_as_in_the_authors_program() {
    let golden: Value = parse(include_str!("real_mlp.json"));
    let initialization = &golden["initialization"];
    let device = device();
    let sample = recorded(&initialization["input"], 3).inner();
    let layer = &initialization["layers"][0];
    let d_output = layer["bias"].as_array().unwrap().len();
    let mut linear = NtpLinear::new(3, d_output, &device);
    linear.weight = Param::from_tensor(recorded(&layer["normal"], d_output).inner());

    let linear = linear.fit(sample.clone());

    assert_close("weight", linear.weight.val(), &flat(&layer["weight"]));
    let product = sample.matmul(linear.weight.val()) / 3f64.sqrt();
    let bias = linear.bias.val().unsqueeze::<2>();
    let (lowest, highest) = (product.clone().min_dim(0), product.max_dim(0));
    let is_among = (-bias.clone())
        .greater(lowest)
        .bool_and((-bias).lower(highest));
    assert!(is_among.all().into_scalar::<bool>());
}
