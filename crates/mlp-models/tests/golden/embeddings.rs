//! Embeddings of numbers against the authors' packages, with the values of `embeddings.py`.

use burn::module::Module;
use burn::tensor::Tensor;
use mlp_models::{PbldEmbeddingConfig, PeriodicEmbeddingConfig, PiecewiseLinearEmbeddingConfig};
use serde_json::Value;

use crate::parameters::Golden;
use crate::{assert_close, assert_numbers_close, device, flat, parse, recorded};

fn case(name: &str) -> Value {
    let golden: Value = parse(include_str!("embeddings.json"));
    let cases = golden["cases"].as_array().unwrap().iter();
    let case = cases.into_iter().find(|case| case["name"] == name);
    case.unwrap().clone()
}

/// Compares the outputs and gradients of an embedding with those of a case, whose output is at `output`.
fn assert_equal<M: Module>(
    case: &Value,
    [output, output_weights]: [&str; 2],
    embedding: M,
    forward: impl Fn(&M, Tensor<2>) -> Tensor<2>,
) {
    let place = |path: &str| path.to_owned();
    let name = case["name"].as_str().unwrap();
    let values = &case["parameters"];
    let embedding = Golden { values, place }.fill(embedding);
    let input = recorded(&case["input"], 3).require_grad();

    let outputs = forward(&embedding, input.clone());
    let [_, width] = outputs.dims();
    let weights = recorded(&case[output_weights], width);
    let gradients = (outputs.clone() * weights).sum().backward();

    assert_close(name, outputs.inner(), &flat(&case[output]));
    let values = &case["gradients"];
    Golden { values, place }.assert_gradients(name, &embedding, &gradients);
    let gradient = input.grad(&gradients).unwrap();
    assert_close(name, gradient, &flat(&case["input_gradient"]));
}

const PLAIN: [&str; 2] = ["output", "output_weights"];

#[test]
fn periodic_embeddings_equal_those_of_the_authors() {
    for (name, is_lite) in [("periodic", false), ("periodic_lite", true)] {
        let embedding = PeriodicEmbeddingConfig::new(3)
            .with_num_frequencies(4)
            .with_d_embedding(5)
            .with_is_lite(is_lite)
            .init(&device().autodiff());
        assert_equal(&case(name), PLAIN, embedding, |embedding, numbers| {
            embedding.forward(numbers)
        });
    }
}

#[test]
fn pbld_embeddings_equal_those_of_the_authors() {
    let embedding = PbldEmbeddingConfig::new(3)
        .with_num_frequencies(4)
        .init(&device().autodiff());
    // The authors have the vectors of all numbers first, and then all numbers.
    let keys = ["output_by_feature", "output_weights_by_feature"];
    assert_equal(&case("pbld"), keys, embedding, |embedding, numbers| {
        embedding.forward(numbers)
    });
}

/// The edges of each feature.
fn bins(case: &Value) -> Vec<Vec<f32>> {
    serde_json::from_value(case["bins"].clone()).unwrap()
}

#[test]
fn piecewise_linear_embeddings_equal_those_of_the_authors() {
    let case = case("piecewise_linear");
    let embedding = PiecewiseLinearEmbeddingConfig::new(bins(&case))
        .with_d_embedding(5)
        .init(&device().autodiff());
    assert_equal(&case, PLAIN, embedding, |embedding, numbers| {
        embedding.forward(numbers)
    });
}

#[test]
fn the_piecewise_linear_encoding_equals_that_of_the_authors() {
    let case = case("piecewise_linear_encoding");
    let embedding = PiecewiseLinearEmbeddingConfig::new(bins(&case)).init(&device());

    let encoding = embedding.encode(recorded(&case["input"], 3).inner());

    assert_close("the encoding", encoding, &flat(&case["output"]));
}

#[test]
fn bins_equal_those_of_the_authors_for_tied_and_few_values() {
    let case = case("bins");
    let num_bins = usize::try_from(case["n_bins"].as_u64().unwrap()).unwrap();
    for column in case["columns"].as_array().unwrap() {
        let values: Vec<f32> = serde_json::from_value(column["values"].clone()).unwrap();

        let edges = PiecewiseLinearEmbeddingConfig::quantile_bins(&values, num_bins);

        let edges: Vec<f64> = edges.into_iter().map(f64::from).collect();
        let name = column["name"].as_str().unwrap();
        assert_numbers_close(name, &edges, &flat(&column["edges"]));
    }
}
