use burn::tensor::{Int, Tensor};

use super::self_organising_map::squared_distances;
use crate::loss::SoftmaxCrossEntropy;

/// How hard it is to tell which codes of a batch are those of like rows: a loss that brings them
/// together and all others apart.
///
/// ```text
/// L = −1/2n · Σᵢ ln( s(zᵢ, zᵢ′) / Σ_{k≠i} s(zᵢ, z_k) ),   s(a, b) = 1 / (1 + ‖a − b‖²)
/// ```
///
/// over the `n` codes and the `n` of their neighbours, where `zᵢ′` is the other of a pair. The
/// closeness `s` is that by which a [`DeepEmbeddedClustering`](super::DeepEmbeddedClustering) tells
/// clusters from each other: groups of rows that hang together become clusters of codes, whatever
/// their shape. See [Böhm et al. 2022](https://arxiv.org/abs/2210.09879) and [Damrich et al.
/// 2023](https://arxiv.org/abs/2206.01816).
///
/// # Shapes
///
/// - codes: `[n, d_code]`
/// - neighbours: the code of a row that is like the first, the second, …: `[n, d_code]`
/// - returns: `[1]`
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use mlp_models::neighbour_contrast;
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
    // No code is compared with itself: its share of the softmax is 0.
    let itself = Tensor::<2>::eye(num_codes, &device).without_autodiff() * -1e4;
    let ends = [num_pairs, num_codes].map(|end| i64::try_from(end).expect("a batch is small"));
    let others = [
        Tensor::<1, Int>::arange(ends[0]..ends[1], &device),
        Tensor::arange(0..ends[0], &device),
    ];
    let softmax = SoftmaxCrossEntropy {
        class_weights: None,
        label_smoothing: 0.0,
    };
    softmax.forward(
        log_closeness + itself,
        Tensor::cat(others.to_vec(), 0),
        None,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    #[test]
    fn the_loss_is_that_of_the_formula() {
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
