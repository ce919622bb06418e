use burn::tensor::Tensor;

/// The squared distance between each row of `a` and each row of `b`: `[rows of a, rows of b]`.
pub(super) fn squared_distances(a: Tensor<2>, b: Tensor<2>) -> Tensor<2> {
    let of_a = a.clone().square().sum_dim(1);
    let of_b = b.clone().square().sum_dim(1).transpose();
    // Rounding may give a negative number.
    (a.matmul(b.transpose()) * -2.0 + of_a + of_b).clamp_min(0.0)
}
