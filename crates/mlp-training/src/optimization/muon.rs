use burn::optim::momentum::{Momentum, MomentumConfig};
use burn::optim::{LearningRate, MuonState, Optimizer};
use burn::tensor::{Device, Tensor};

/// The momentum, by Nesterov.
const MOMENTUM: f64 = 0.95;
/// The coefficients of a Newton-Schulz iteration: the steepest at 0 that end near 1.
const COEFFICIENTS: [f64; 3] = [3.4445, -4.775, 2.0315];
/// How many iterations there are.
const NUM_ITERATIONS: usize = 5;
/// The root mean square of a step of `AdamW`, as [Liu et al. 2025](https://arxiv.org/abs/2502.16982) saw it.
const RMS_OF_ADAMW: f64 = 0.2;
/// Keeps a norm from being divided by if it is 0.
const EPSILON: f64 = 1e-7;

/// Momentum whose steps are made orthogonal ([Jordan et al.
/// 2024](https://kellerjordan.github.io/posts/muon/)): all directions in which a matrix has a gradient are
/// followed as far, rather than the strongest ones alone.
///
/// ```text
/// m ← 0.95·m + g
/// u = orthogonal(0.95·m + g)
/// p ← (1 − η·λ)·p − 0.2·√max(rows, columns)·η·u
/// ```
///
/// `orthogonal` brings all singular values close to 1, by five iterations of
/// `X ← 3.4445·X − 4.775·(XXᵀ)·X + 2.0315·(XXᵀ)²·X` from `X / ‖X‖`. With the last factor, a step of a
/// matrix of any shape is about as long as one of `AdamW` ([Liu et al.
/// 2025](https://arxiv.org/abs/2502.16982)), so that both can share a learning rate and a decay.
///
/// Burn's own takes a matrix. Here a tensor of more dimensions is one matrix after another, such as those
/// of the members of a network, and a vector is a single row.
#[derive(Clone)]
pub struct Muon {
    momentum: Momentum,
    weight_decay: f64,
}

impl Muon {
    /// With a decoupled weight decay, 0 or more.
    pub fn new(weight_decay: f32) -> Self {
        let momentum = MomentumConfig::new()
            .with_momentum(MOMENTUM)
            .with_dampening(0.0)
            .with_nesterov(true);
        Self {
            momentum: Momentum::new(&momentum),
            weight_decay: f64::from(weight_decay),
        }
    }
}

impl Optimizer for Muon {
    type State<const D: usize> = MuonState<D>;

    fn step<const D: usize>(
        &self,
        lr: LearningRate,
        tensor: Tensor<D>,
        grad: Tensor<D>,
        state: Option<MuonState<D>>,
    ) -> (Tensor<D>, Option<MuonState<D>>) {
        let shape = tensor.dims();
        let [rows, columns] = match shape[..] {
            [.., rows, columns] => [rows, columns],
            [columns] => [1, columns],
            [] => [1, 1],
        };
        let momentum = state.map(|state| state.momentum);
        let (direction, momentum) = self.momentum.transform(grad, momentum);
        let num_matrices = shape.iter().product::<usize>() / (rows * columns);
        let matrices = direction.reshape([num_matrices, rows, columns]);
        let update = orthogonal(matrices).reshape(shape);
        let scale = RMS_OF_ADAMW * (rows.max(columns) as f64).sqrt();
        let kept = tensor * (1.0 - lr * self.weight_decay);
        (kept - update * (lr * scale), Some(MuonState::new(momentum)))
    }

    fn to_device<const D: usize>(mut state: MuonState<D>, device: &Device) -> MuonState<D> {
        state.momentum = state.momentum.to_device(device);
        state
    }
}

/// The orthogonal matrix next to each matrix: the same singular vectors, with singular values
/// between about 0.7 and 1.2.
///
/// # Shapes
///
/// - matrices: `[num_matrices, rows, columns]`
/// - output: `[num_matrices, rows, columns]`
fn orthogonal(matrices: Tensor<3>) -> Tensor<3> {
    let [_, rows, columns] = matrices.dims();
    // The products are smaller if there are fewer rows than columns.
    let is_tall = rows > columns;
    let wide = if is_tall {
        matrices.swap_dims(1, 2)
    } else {
        matrices
    };
    let norms = wide.clone().square().sum_dim(2).sum_dim(1).sqrt();
    let mut x = wide / norms.clamp_min(EPSILON);
    let [a, b, c] = COEFFICIENTS;
    for _ in 0..NUM_ITERATIONS {
        let gram = x.clone().matmul(x.clone().swap_dims(1, 2));
        let polynomial = gram.clone() * b + gram.clone().matmul(gram) * c;
        x = x.clone() * a + polynomial.matmul(x);
    }
    if is_tall { x.swap_dims(1, 2) } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::optim::decay::WeightDecayConfig;
    use burn::optim::{AdjustLrFn, MuonConfig};
    use burn::tensor::{TensorData, Tolerance};

    /// A tensor after three steps whose gradients are given.
    fn steps<const D: usize>(
        optimizer: &impl Optimizer,
        start: Tensor<D>,
        gradients: &[Tensor<D>; 3],
    ) -> TensorData {
        let mut tensor = start;
        let mut state = None;
        for gradient in gradients {
            (tensor, state) = optimizer.step(0.1, tensor, gradient.clone(), state);
        }
        tensor.into_data()
    }

    /// Numbers without a visible pattern.
    fn numbers<const D: usize>(shape: [usize; D], seed: f64) -> Tensor<D> {
        let count = shape.iter().product();
        let number = |i: usize| (78.233 * i as f64 + 12.9898 * seed).sin();
        let numbers = (0..count).map(number).collect();
        Tensor::from_data(TensorData::new::<f64, _>(numbers, shape), &Device::flex())
    }

    #[test]
    fn a_matrix_takes_the_steps_of_burn() {
        let burns = MuonConfig::new()
            .with_adjust_lr_fn(AdjustLrFn::MatchRmsAdamW)
            .with_weight_decay(Some(WeightDecayConfig::new(0.5)))
            .build();
        for shape in [[4, 6], [6, 4], [5, 5], [1, 3]] {
            let start = numbers(shape, 0.0);
            let gradients = [1.0, 2.0, 3.0].map(|seed| numbers(shape, seed));
            let ours = steps(&Muon::new(0.5), start.clone(), &gradients);
            let burns = steps(&burns, start, &gradients);
            ours.assert_approx_eq::<f32>(&burns, Tolerance::absolute(1e-5));
        }
    }

    #[test]
    fn each_member_of_a_tensor_is_a_matrix_of_its_own() {
        let start = numbers([3, 4, 6], 0.0);
        // The norms of the members differ.
        let scale = Tensor::<1>::from_floats([1.0, 100.0, 1e-3], &Device::flex());
        let gradients =
            [1.0, 2.0, 3.0].map(|seed| numbers([3, 4, 6], seed) * scale.clone().reshape([3, 1, 1]));
        let member = |tensor: &Tensor<3>, index| {
            let tensor = tensor.clone().narrow(0, index, 1);
            tensor.squeeze_dim::<2>(0)
        };

        let together = steps(&Muon::new(0.5), start.clone(), &gradients);

        let together = Tensor::<3>::from_data(together, &Device::flex());
        for index in 0..3 {
            let gradients = gradients.each_ref().map(|gradient| member(gradient, index));
            let alone = steps(&Muon::new(0.5), member(&start, index), &gradients);
            member(&together, index)
                .into_data()
                .assert_approx_eq::<f32>(&alone, Tolerance::absolute(1e-5));
        }
    }

    #[test]
    fn singular_values_are_brought_close_to_1() {
        // Those of a diagonal matrix are its numbers, which stay apart: the polynomial of each is
        // computed in double precision.
        let values = [3.0, 0.2];
        let norm = (3.0f64 * 3.0 + 0.2 * 0.2).sqrt();
        let diagonal = [[[values[0], 0.0], [0.0, values[1]]]];
        let actual: Vec<f64> = orthogonal(Tensor::from_floats(diagonal, &Device::flex()))
            .into_data()
            .iter()
            .collect();
        for (actual, value) in [actual[0], actual[3]].into_iter().zip(values) {
            let polynomial = |x: f64, _| 3.4445 * x - 4.775 * x.powi(3) + 2.0315 * x.powi(5);
            let expected = (0..5).fold(value / norm, polynomial);
            assert!((0.6..1.3).contains(&expected), "{expected}");
            assert!(
                (actual - expected).abs() < 1e-4,
                "{actual} is not {expected}"
            );
        }
        assert_eq!([actual[1], actual[2]], [0.0, 0.0]);
    }

    #[test]
    fn a_gradient_of_zeros_moves_nothing() {
        let start = numbers([2, 3], 0.0);
        let zeros = [(); 3].map(|()| Tensor::zeros([2, 3], &Device::flex()));
        let stayed = steps(&Muon::new(0.0), start.clone(), &zeros);
        assert_eq!(stayed, start.into_data());
    }
}
