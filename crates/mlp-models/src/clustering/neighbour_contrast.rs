use burn::tensor::{Int, Tensor};

use super::distances::squared_distances;
use crate::loss::SoftmaxCrossEntropy;

/// A contrastive loss: pulls the codes of similar rows together and pushes all others apart.
///
/// ```text
/// L = −1/2n · Σᵢ ln( s(zᵢ, zᵢ′) / Σ_{k≠i} s(zᵢ, z_k) ),   s(a, b) = 1 / (1 + ‖a − b‖²)
/// ```
///
/// over the `n` codes and the `n` codes of their neighbours, where `zᵢ′` is the other code of a pair.
/// The closeness `s` is the one with which a
/// [`DeepEmbeddedClustering`](super::DeepEmbeddedClustering) assigns codes to clusters, so connected
/// groups of rows become clusters of codes, whatever the shape of the group. See [Böhm et al.
/// 2022](https://arxiv.org/abs/2210.09879) and [Damrich et al.
/// 2023](https://arxiv.org/abs/2206.01816).
///
/// # Shapes
///
/// - codes: `[n, d_code]`
/// - neighbours: the code of a row similar to the first, the second, …: `[n, d_code]`
/// - returns: `[1]`
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use mlp_models::clustering::neighbour_contrast;
///
/// let device = Device::flex();
/// let codes = Tensor::<2>::from_floats([[0.0, 0.1], [3.0, 4.0]], &device);
/// let alike = neighbour_contrast(codes.clone(), codes.clone());
/// let swapped = neighbour_contrast(codes.clone(), codes.flip([0]));
/// assert!(alike.into_scalar::<f32>() < swapped.into_scalar::<f32>());
/// ```
pub fn neighbour_contrast(codes: Tensor<2>, neighbours: Tensor<2>) -> Tensor<1> {
    let [num_pairs, _] = codes.dims();
    let num_codes = 2 * num_pairs;
    let device = codes.device();
    let codes = Tensor::cat(vec![codes, neighbours], 0);
    let log_closeness = squared_distances(codes.clone(), codes).log1p().neg();
    // Excludes each code from its own softmax.
    let exclusion = Tensor::<2>::eye(num_codes, &device).without_autodiff() * -1e4;
    let [middle, end] =
        [num_pairs, num_codes].map(|index| i64::try_from(index).expect("a batch is small"));
    let others = [
        Tensor::<1, Int>::arange(middle..end, &device),
        Tensor::arange(0..middle, &device),
    ];
    let softmax = SoftmaxCrossEntropy {
        label_smoothing: 0.0,
    };
    softmax.forward(
        log_closeness + exclusion,
        Tensor::cat(others.to_vec(), 0),
        None,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    #[test]
    fn the_loss_equals_the_formula() {
        let device = Device::flex();
        let codes = Tensor::from_floats([[0.0], [3.0]], &device);
        let neighbours = Tensor::from_floats([[1.0], [5.0]], &device);
        let loss = neighbour_contrast(codes, neighbours).into_scalar::<f32>();
        // The points 0, 3, 1, 5; the closeness of pairs is 1/(1+d²).
        let s = |d: f32| 1.0 / (1.0 + d * d);
        let expected = [
            s(1.0) / (s(3.0) + s(1.0) + s(5.0)),
            s(2.0) / (s(3.0) + s(2.0) + s(2.0)),
            s(1.0) / (s(1.0) + s(2.0) + s(4.0)),
            s(2.0) / (s(5.0) + s(2.0) + s(4.0)),
        ];
        let expected = -expected.iter().map(|share| share.ln()).sum::<f32>() / 4.0;
        assert!((loss - expected).abs() < 1e-6, "{loss} and {expected}");
    }
}
