//! One training step (forward, loss, backward, `AdamW`) of networks of several sizes: the median time,
//! the loss after some steps, which shows that all programs do the same work, and the median time of
//! the matrix products alone, which is a lower bound for the step.
//!
//! ```text
//! cargo bench -p trainer --bench train_step
//! cargo bench -p trainer --bench train_step -- 784-512
//! cargo bench -p trainer --bench train_step -- 784-512 422
//! ```
//!
//! The second command only measures the sizes whose names contain its argument. The third one takes
//! turns with as many batches as an epoch of 54,000 rows has, which do not fit into a processor's
//! cache.
//!
//! `peers/` contains the same in `PyTorch` and `JAX`; `peers/run` runs all of them and prints a table.

#![allow(clippy::print_stdout)] // Its output is its purpose.

use std::env::args;
use std::hint::black_box;
use std::time::{Duration, Instant};

use burn::module::Param;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};
use mlp_models::MlpConfig;
#[cfg(feature = "flex")]
use mlp_models::bench::{Matrix, product};
use mlp_models::loss::{LossConfig, Targets};
use mlp_training::{Annealing, Hyperparameters, Optimizer, StayAwake, share_work};
use trainer::Backend;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The inputs, hidden units and classes of a network, and the rows of a batch.
const SIZES: [(&[usize], usize); 8] = [
    (&[2, 4, 2], 4),
    (&[4, 16, 3], 32),
    (&[30, 64, 2], 64),
    (&[784, 128, 10], 128),
    (&[784, 512, 10], 128),
    (&[784, 1024, 10], 1024),
    (&[100, 256, 256, 256, 2], 256),
    (&[54, 512, 512, 7], 1024),
];
const LEARNING_RATE: f64 = 0.001;
/// The number of steps after which losses are compared.
const COMPARED_STEPS: usize = 50;
/// The time for which a size is measured.
const BUDGET: Duration = Duration::from_secs(2);

fn main() {
    share_work();
    let backend = Backend::preferred().expect("a backend is compiled in");
    let _awake = backend.is_host().then(StayAwake::new);
    let device = backend
        .device()
        .expect("the backend has a device")
        .autodiff();
    let mut wanted = args().skip(1).filter(|argument| !argument.starts_with('-'));
    let (wanted, num_batches) = (wanted.next(), wanted.next());
    let num_batches = num_batches.map_or(1, |number| number.parse().expect("a number of batches"));
    for (sizes, batch_size) in SIZES {
        let name: Vec<String> = sizes.iter().map(ToString::to_string).collect();
        let name = name.join("-");
        if wanted.as_ref().is_some_and(|part| !name.contains(part)) {
            continue;
        }
        let (median, loss) = measure(sizes, [batch_size, num_batches], backend, &device);
        let floor = matrix_products(sizes, batch_size, &device.clone().inner());
        println!("{name},{batch_size},{median:.2},{loss:.5},{floor:.2}");
    }
}

/// The median time of a step in microseconds, and the loss after some steps.
fn measure(
    sizes: &[usize],
    [batch_size, num_batches]: [usize; 2],
    backend: Backend,
    device: &Device,
) -> (f64, f32) {
    let [d_input, hidden @ .., d_output] = sizes else {
        unreachable!("a network has inputs and outputs");
    };
    let mlp = MlpConfig::new(*d_input, hidden.to_vec(), *d_output).init(device);
    let mlp = fill(mlp, sizes, device);
    let hyperparameters = Hyperparameters {
        betas: [0.9, 0.999],
        weight_decay: 0.01,
        decay_schedule: Annealing::Constant,
        clip_norm: None,
    };
    let mut optimizer = Optimizer::AdamW.init(hyperparameters, COMPARED_STEPS);
    let loss = LossConfig::CrossEntropy {
        label_smoothing: 0.0,
    }
    .init(device);
    let inputs = numbers(batch_size * d_input, 0.0, 1.0);
    let batch = || {
        let inputs = TensorData::new(inputs.clone(), [batch_size, *d_input]);
        Tensor::<2>::from_data(inputs, device)
    };
    let batches: Vec<_> = (0..num_batches).map(|_| batch()).collect();
    #[allow(clippy::cast_possible_wrap)] // A few classes.
    let classes: Vec<i64> = (0..batch_size)
        .map(|row| (row * 11 % d_output) as i64)
        .collect();
    let classes = Tensor::<1, burn::tensor::Int>::from_data(classes.as_slice(), device);

    let mut steps = 0;
    let mut last = 0.0;
    // Moved through each step, since shared parameters would be copied.
    let mut network = Some(mlp);
    let median = median_time(|| {
        let Some(mlp) = network.take() else {
            unreachable!("each step puts the network back");
        };
        let outputs = mlp.forward(batches[steps % num_batches].clone());
        let (value, gradients) = loss.backward(outputs, Targets::Classes(classes.clone()), None);
        let gradients = GradientsParams::from_grads(gradients, &mlp);
        network = Some(optimizer.step(LEARNING_RATE, mlp, gradients));
        // A GPU works asynchronously.
        if !backend.is_host() {
            device.sync().expect("the device does not fail");
        }
        steps += 1;
        if steps == COMPARED_STEPS {
            last = value.into_scalar::<f32>();
        }
    });
    (median, last)
}

/// The median time of the matrix products of a step: those of the forward pass, of the gradients of
/// weights, and of the gradients of activations.
fn matrix_products(sizes: &[usize], batch_size: usize, device: &Device) -> f64 {
    let layers: Vec<_> = sizes
        .windows(2)
        .map(|layer| {
            let inputs = ones([batch_size, layer[0]], device);
            let weight = ones([layer[0], layer[1]], device);
            (inputs, weight, ones([batch_size, layer[1]], device))
        })
        .collect();
    median_time(|| {
        for (i, (inputs, weight, outputs)) in layers.iter().enumerate() {
            multiply((inputs, false), (weight, false));
            multiply((inputs, true), (outputs, false));
            if i > 0 {
                multiply((outputs, false), (weight, true));
            }
        }
    })
}

/// A factor of a product.
#[cfg(feature = "flex")]
type Factor = (Vec<f32>, [usize; 2]);
#[cfg(not(feature = "flex"))]
type Factor = Tensor<2>;

#[cfg(feature = "flex")]
fn ones(shape: [usize; 2], _device: &Device) -> Factor {
    (vec![1.0; shape[0] * shape[1]], shape)
}

#[cfg(not(feature = "flex"))]
fn ones(shape: [usize; 2], device: &Device) -> Factor {
    Tensor::ones(shape, device)
}

/// Multiplies two factors, each of which may be transposed first.
#[cfg(feature = "flex")]
fn multiply(lhs: (&Factor, bool), rhs: (&Factor, bool)) {
    let [lhs, rhs] = [lhs, rhs].map(|((values, shape), is_transposed)| {
        let matrix = Matrix::new(values, *shape);
        if is_transposed {
            matrix.transposed()
        } else {
            matrix
        }
    });
    black_box(product(lhs, rhs));
}

#[cfg(not(feature = "flex"))]
fn multiply(lhs: (&Factor, bool), rhs: (&Factor, bool)) {
    let [lhs, rhs] = [lhs, rhs].map(|(factor, is_transposed)| {
        let factor = factor.clone();
        if is_transposed {
            factor.transpose()
        } else {
            factor
        }
    });
    black_box(lhs.matmul(rhs));
}

/// The median time in microseconds, without the first steps, which allocate and fill caches.
fn median_time(mut step: impl FnMut()) -> f64 {
    let mut times = Vec::new();
    let start = Instant::now();
    while times.len() < COMPARED_STEPS || start.elapsed() < BUDGET {
        let begun = Instant::now();
        step();
        times.push(begun.elapsed());
    }
    times.drain(..COMPARED_STEPS / 2);
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1e6
}

/// Weights that are the same in all programs: numbers without a visible pattern.
fn fill(mut mlp: mlp_models::Mlp, sizes: &[usize], device: &Device) -> mlp_models::Mlp {
    let mut layers: Vec<_> = mlp
        .hidden
        .iter_mut()
        .map(|layer| &mut layer.linear)
        .collect();
    layers.push(&mut mlp.output);
    for (i, linear) in layers.into_iter().enumerate() {
        let shape = [sizes[i], sizes[i + 1]];
        let scale = (6.0 / (shape[0] + shape[1]) as f64).sqrt();
        let weights = numbers(shape[0] * shape[1], i as f64 + 1.0, scale);
        linear.weight = Param::from_data(TensorData::new(weights, shape), device);
    }
    mlp
}

/// `scale · sin(78.233·i + 12.9898·seed)`.
fn numbers(count: usize, seed: f64, scale: f64) -> Vec<f32> {
    #[allow(clippy::cast_possible_truncation)]
    let number = |i: usize| (scale * (78.233 * i as f64 + 12.9898 * seed).sin()) as f32;
    (0..count).map(number).collect()
}
