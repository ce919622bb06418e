//! `TabM` against the authors' package, with the values of `tabm.py`.

use mlp_models::{TabMConfig, TabMVariant};
use serde_json::Value;

use crate::parameters::Golden;
use crate::{assert_close, device, flat, parse, recorded};

/// Where the JSON has a parameter: its layers are less nested.
fn place(path: &str) -> String {
    path.replace("layers/Shared/input_scales", "adapter")
        .replace("layers/Shared/linear", "hidden")
        .replace("layers/BatchEnsemble", "hidden")
        .replace("layers/Packed", "hidden")
}

#[test]
fn outputs_and_gradients_equal_those_of_the_authors() {
    let golden: Value = parse(include_str!("tabm.json"));
    for case in golden["cases"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let size = |key: &str| usize::try_from(case[key].as_u64().unwrap()).unwrap();
        let (d_input, d_output) = (size("d_input"), size("d_output"));
        let tabm = TabMConfig::new(vec![1; d_input], d_output)
            .with_num_members(size("k"))
            .with_num_blocks(size("n_blocks"))
            .with_d_block(size("d_block"))
            .with_dropout(0.0)
            .with_variant(match name {
                "tabm" => TabMVariant::Full,
                "tabm_mini" => TabMVariant::Mini,
                _ => TabMVariant::Packed,
            })
            .init(&device().autodiff());
        let values = &case["parameters"];
        let tabm = Golden { values, place }.fill(tabm);
        let input = recorded(&case["input"], d_input).require_grad();

        let output = tabm.forward(input.clone());
        let weights = recorded(&case["output_weights"], d_output);
        let gradients = (output.clone() * weights).sum().backward();

        assert_close(name, output.inner(), &flat(&case["output"]));
        let values = &case["gradients"];
        Golden { values, place }.assert_gradients(name, &tabm, &gradients);
        let gradient = input.grad(&gradients).unwrap();
        assert_close(name, gradient, &flat(&case["input_gradient"]));

        let input = recorded(&case["different_batches_input"], d_input);
        let output = tabm.forward_members(input).inner();
        assert_close(name, output, &flat(&case["different_batches_output"]));
    }
}
