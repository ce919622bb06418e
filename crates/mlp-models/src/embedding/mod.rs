//! Embeddings: vectors for categories and for numbers, learned together with the network behind them.

mod entity;
mod numerical;
mod pbld;
mod periodic;
mod piecewise_linear;

pub use entity::{EntityEmbedding, EntityEmbeddingConfig};
pub use numerical::{NumericalEmbedding, NumericalEmbeddingConfig};
pub use pbld::{PbldEmbedding, PbldEmbeddingConfig};
pub use periodic::{PeriodicEmbedding, PeriodicEmbeddingConfig};
pub use piecewise_linear::{PiecewiseLinearEmbedding, PiecewiseLinearEmbeddingConfig};

use burn::tensor::Tensor;

/// `x·W + b` with weights of its own for each feature.
///
/// # Shapes
///
/// - input: `[batch_size, num_features, d_input]`
/// - weight: `[num_features, d_input, d_output]`
/// - bias: `[num_features, d_output]`
/// - output: `[batch_size, num_features, d_output]`
fn linear_of_each_feature(input: Tensor<3>, weight: Tensor<3>, bias: Tensor<2>) -> Tensor<3> {
    input.swap_dims(0, 1).matmul(weight).swap_dims(0, 1) + bias.unsqueeze::<3>()
}
