//! Embeddings of numbers, and the networks behind them.

use burn::module::Module;
use burn::tensor::Tensor;
use mlp_models::activation::ActivationConfig;
use mlp_models::loss::{LossConfig, Targets};
use mlp_models::{
    NumericalEmbedding, NumericalEmbeddingConfig, PbldEmbeddingConfig, PeriodicEmbeddingConfig,
    PiecewiseLinearEmbeddingConfig, RealMlpConfig, TabMConfig, TabMVariant,
};

use crate::{
    Fill, assert_input_gradient, assert_parameter_gradients, cross_entropy, device, matrix,
};

/// A loss of any output, each element of which has another influence.
fn squared(output: Tensor<2>) -> Tensor<1> {
    let [rows, columns] = output.dims();
    let targets = Targets::Numbers(matrix(rows, columns, 30));
    let loss = LossConfig::MeanSquaredError.init(&device());
    loss.forward(output, targets)
}

#[test]
fn the_gradients_of_embeddings_of_numbers_equal_their_central_differences() {
    let input = matrix(5, 2, 31);
    let periodic = PeriodicEmbeddingConfig::new(2)
        .with_num_frequencies(3)
        .with_d_embedding(2);
    let pbld = PbldEmbeddingConfig::new(2)
        .with_num_frequencies(3)
        .with_d_embedding(3);
    let bins = vec![vec![-0.7, -0.21, 0.33, 0.8], vec![-0.5, 0.63]];
    let piecewise_linear = PiecewiseLinearEmbeddingConfig::new(bins).with_d_embedding(2);
    for (what, config, num_params) in [
        (
            "periodic",
            NumericalEmbeddingConfig::Periodic(periodic.clone()),
            2 * (3 + 6 * 2 + 2),
        ),
        (
            "lite",
            NumericalEmbeddingConfig::Periodic(periodic.with_is_lite(true)),
            2 * 3 + 6 * 2 + 2,
        ),
        (
            "pbld",
            NumericalEmbeddingConfig::Pbld(pbld),
            2 * (3 + 3 + 3 * 2 + 2),
        ),
        (
            "piecewise linear",
            NumericalEmbeddingConfig::PiecewiseLinear(piecewise_linear),
            2 * (2 + 2 + 3 * 2),
        ),
    ] {
        let embedding: NumericalEmbedding = config.init(&device()).map(&mut Fill { seed: 110 });
        assert_parameter_gradients(what, &embedding, num_params, |embedding| {
            squared(embedding.forward(input.clone()))
        });
        assert_input_gradient(what, &input, |input| squared(embedding.forward(input)));
    }
}

#[test]
fn the_gradients_of_real_mlp_equal_their_central_differences() {
    let input = matrix(5, 3, 32);
    for (activation, is_parametric) in [
        (ActivationConfig::Selu, true),
        (ActivationConfig::Mish, true),
        (ActivationConfig::Mish, false),
    ] {
        let config = RealMlpConfig::new(3, 2)
            .with_hidden_sizes(vec![4, 3])
            .with_activation(activation)
            .with_dropout(0.0)
            .with_is_parametric(is_parametric);
        let network = config.init(&device()).map(&mut Fill { seed: 120 });
        let num_activations = if is_parametric { 4 + 3 } else { 0 };
        let num_params = 3 + (3 * 4 + 4) + (4 * 3 + 3) + (3 * 2 + 2) + num_activations;
        let what = config.to_string();
        let loss = cross_entropy();
        assert_parameter_gradients(&what, &network, num_params, |network| {
            loss(network.forward(input.clone()))
        });
        assert_input_gradient(&what, &input, |input| loss(network.forward(input)));
    }
}

#[test]
fn the_gradients_of_tabm_equal_their_central_differences() {
    let input = matrix(5, 3, 33);
    let of_members = matrix(2 * 5, 3, 34);
    for (variant, num_hidden) in [
        (TabMVariant::Mini, 2 * 3 + (3 * 4 + 4) + (4 * 4 + 4)),
        (
            TabMVariant::Full,
            (3 * 4 + 2 * (3 + 4 + 4)) + (4 * 4 + 2 * (4 + 4 + 4)),
        ),
        (TabMVariant::Packed, 2 * ((3 * 4 + 4) + (4 * 4 + 4))),
    ] {
        let config = TabMConfig::new(vec![1, 2], 2)
            .with_num_members(2)
            .with_d_block(4)
            .with_dropout(0.0)
            .with_variant(variant);
        let tabm = config.init(&device()).map(&mut Fill { seed: 131 });
        let num_params = num_hidden + 2 * (4 * 2 + 2);
        let what = config.to_string();
        assert_parameter_gradients(&what, &tabm, num_params, |tabm| {
            squared(tabm.forward(input.clone()))
        });
        assert_parameter_gradients(&what, &tabm, num_params, |tabm| {
            squared(tabm.forward_members(of_members.clone()))
        });
        assert_input_gradient(&what, &input, |input| squared(tabm.forward(input)));
    }
}
