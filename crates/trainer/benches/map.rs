//! The time to train a self-organising map of 10 by 10 units on 20,000 rows of 16 numbers, each seen
//! once, and the errors of the trained map.
//!
//! ```text
//! cargo bench -p trainer --bench map
//! ```
//!
//! `peers/map.py` does the same with `MiniSom`.

#![allow(clippy::print_stdout)] // Its output is its purpose.

use std::time::Instant;

use burn::optim::{GradientsParams, SgdConfig};
use burn::tensor::{Tensor, TensorData};
use mlp_models::clustering::{Grid, SelfOrganisingMapConfig, Topology};
use trainer::Backend;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const NUM_ROWS: usize = 20_000;
const WIDTH: usize = 16;
const BATCH_SIZE: usize = 32;
const NUM_RUNS: usize = 5;
const GRID: Grid = Grid {
    rows: 10,
    columns: 10,
    topology: Topology::Rectangular,
};

fn main() {
    let backend = Backend::preferred().expect("a backend is compiled in");
    let device = backend.device().expect("it has a device").autodiff();
    let rows = Tensor::<2>::from_data(TensorData::new(rows(), [NUM_ROWS, WIDTH]), &device);
    let num_steps = NUM_ROWS / BATCH_SIZE;
    for _ in 0..NUM_RUNS {
        device.seed(0);
        let begun = Instant::now();
        let mut map = SelfOrganisingMapConfig::new(WIDTH, GRID)
            .with_tear_weight(0.4)
            .init(&device);
        let mut optimizer = SgdConfig::new().init();
        for step in 0..num_steps {
            let share = step as f64 / num_steps as f64;
            let radius = 2.5 * (0.34f64 / 2.5).powf((2.0 * share).min(1.0));
            let batch = rows.clone().narrow(0, step * BATCH_SIZE, BATCH_SIZE);
            let gradients = map.energy(batch, radius).backward();
            let gradients = GradientsParams::from_grads(gradients, &map);
            map = optimizer.step(1.0 - 0.9 * share, map, gradients);
        }
        let distances = map.squared_distances(rows.clone()).without_autodiff();
        let seconds = begun.elapsed().as_secs_f64();
        let error = distances.clone().min_dim(1).sqrt().mean();
        let error = error.into_scalar::<f32>();
        let torn = topographic_error(distances);
        println!("{seconds:.4} s, quantization error {error:.4}, topographic error {torn:.4}");
    }
}

/// The share of rows whose two nearest units are not neighbours.
fn topographic_error(distances: Tensor<2>) -> f64 {
    let (_, nearest) = distances.neg().topk_with_indices(2, 1);
    let nearest: Vec<i64> = nearest.into_data().iter().collect();
    let pairs = nearest.chunks_exact(2).map(|pair| {
        let unit = |unit: i64| usize::try_from(unit).expect("indices are not negative");
        (unit(pair[0]), unit(pair[1]))
    });
    pairs.filter(|&(a, b)| !GRID.are_neighbours(a, b)).count() as f64 / NUM_ROWS as f64
}

/// Twenty groups of rows, taking turns from row to row; the same numbers as in `map.py`.
fn rows() -> Vec<f32> {
    (0..NUM_ROWS * WIDTH)
        .map(|i| {
            let (row, column) = (i / WIDTH, i % WIDTH);
            let centre = (78.233 * ((row % 20) * WIDTH + column) as f64).sin();
            let noise = (12.9898 * i as f64).sin();
            #[expect(clippy::cast_possible_truncation)] // They are between -3 and 3.
            let value = (2.0 * centre + noise) as f32;
            value
        })
        .collect()
}
