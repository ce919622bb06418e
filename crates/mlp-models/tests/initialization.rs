//! The order of random draws, in a process of its own: all threads share Burn's generator.

use burn::module::Module;
use burn::tensor::{Device, Int, Tensor};
use mlp_models::{
    BackboneConfig, EntityEmbeddingConfig, InputsConfig, MlpConfig, Network, NetworkConfig,
};

/// The module after every parameter has been drawn, which a record enforces.
fn drawn<M: Module + Clone>(module: M) -> M {
    let record = module.clone().into_record();
    module.load_record(record)
}

#[test]
fn the_embedding_is_drawn_before_the_backbone() {
    let device = Device::flex();
    let mlp = MlpConfig::new(1 + 2, vec![4], 1);

    device.seed(7);
    let config = NetworkConfig {
        inputs: InputsConfig::new(1, &[3], 2),
        backbone: BackboneConfig::Mlp(mlp.clone()),
    };
    let network: Network = drawn(config.init(&device));

    device.seed(7);
    let embedding = EntityEmbeddingConfig::new(vec![3]).with_d_embedding(2);
    let embedding = drawn(embedding.init(&device));
    let mlp = drawn(mlp.init(&device));

    let numbers = Tensor::<2>::from_floats([[0.5], [1.0]], &device);
    let categories = Tensor::<2, Int>::from_data([[2], [1]], &device);
    let output = network.forward(numbers.clone(), Some(categories.clone()));
    let inputs = Tensor::cat(vec![numbers, embedding.forward(categories)], 1);
    assert_eq!(output.into_data(), mlp.forward(inputs).into_data());
}
