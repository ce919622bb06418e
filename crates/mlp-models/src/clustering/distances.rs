use burn::tensor::Tensor;

/// The squared distance between each row of `a` and each row of `b`: `[rows of a, rows of b]`, 0 or
/// more.
///
/// ```text
/// ‖a − b‖² = ‖a′‖² − 2·a′·b′ + ‖b′‖²,   a′ = a − c,   b′ = b − c
/// ```
///
/// Distances are the same from any origin, but their precision is not: of two points 1 apart and
/// 10,000 from the origin, the three terms are so large that nothing is left of the 1. So the origin
/// `c` is the mean of the rows of `b`. It is a constant for the gradient, which does not depend on it.
pub(super) fn squared_distances(a: Tensor<2>, b: Tensor<2>) -> Tensor<2> {
    let origin = b.clone().without_autodiff().mean_dim(0);
    let (a, b) = (a - origin.clone(), b - origin);
    let of_a = a.clone().square().sum_dim(1);
    let of_b = b.clone().square().sum_dim(1).transpose();
    // Rows are fewer numbers than distances, and those of a batch have no gradient.
    let products = (a * -2.0).matmul(b.transpose());
    // Rounding may give a negative number.
    (products + of_a + of_b).clamp_min(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{Device, TensorData, Tolerance};

    const A: [[f32; 2]; 3] = [[0.5, -1.0], [2.0, 0.25], [-0.75, 1.5]];
    const B: [[f32; 2]; 2] = [[1.0, 0.5], [-2.0, 1.0]];
    /// Numbers of which binary fractions are not rounded.
    const ORIGINS: [f32; 3] = [0.0, 1_000.0, -10_000.0];

    fn shifted<const N: usize>(rows: [[f32; 2]; N], by: f32) -> TensorData {
        TensorData::from(rows.map(|row| row.map(|number| number + by)))
    }

    #[test]
    fn distances_do_not_depend_on_the_origin() {
        let device = Device::flex();
        let expected =
            A.map(|[x, y]| B.map(|[to_x, to_y]| (x - to_x).powi(2) + (y - to_y).powi(2)));
        let expected = TensorData::from(expected);
        for origin in ORIGINS {
            let [a, b] = [shifted(A, origin), shifted(B, origin)];
            let [a, b] = [a, b].map(|rows| Tensor::<2>::from_data(rows, &device));
            let distances = squared_distances(a, b).into_data();
            distances.assert_approx_eq::<f32>(&expected, Tolerance::absolute(1e-5));
        }
    }

    #[test]
    fn gradients_do_not_depend_on_the_origin() {
        let device = Device::flex().autodiff();
        // The gradient of Σᵢ ‖aᵢ − bⱼ‖² is 2·Σⱼ (aᵢ − bⱼ) for aᵢ, and 2·Σᵢ (bⱼ − aᵢ) for bⱼ.
        let gradient = |[x, y]: [f32; 2], others: &[[f32; 2]]| {
            let terms = others.iter().map(|other| [x - other[0], y - other[1]]);
            terms.fold([0.0; 2], |sum, term| [0, 1].map(|i| sum[i] + 2.0 * term[i]))
        };
        let of_a = TensorData::from(A.map(|row| gradient(row, &B)));
        let of_b = TensorData::from(B.map(|row| gradient(row, &A)));
        for origin in ORIGINS {
            let [a, b] = [shifted(A, origin), shifted(B, origin)];
            let [a, b] = [a, b].map(|rows| Tensor::<2>::from_data(rows, &device).require_grad());
            let gradients = squared_distances(a.clone(), b.clone()).sum().backward();
            for (rows, expected) in [(a, &of_a), (b, &of_b)] {
                let gradient = rows.grad(&gradients).unwrap().into_data();
                gradient.assert_approx_eq::<f32>(expected, Tolerance::absolute(1e-5));
            }
        }
    }
}
