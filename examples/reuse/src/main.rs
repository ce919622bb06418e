//! How another Burn program uses `mlp-models`.
//!
//! This is a stand-alone project, outside the workspace: copy the folder, point the path of
//! `mlp-models` in `Cargo.toml` to your copy of that crate, and continue from here. The project
//! depends only on Burn and `mlp-models`, which contains no data handling, no training code and no
//! backend.
//!
//! - **Model.** [`MlpConfig`] initializes an [`Mlp`], which is a Burn module: it can be a field of
//!   another module, and its parameters can be visited, mapped, saved and moved to another device.
//! - **Objective.** [`LossConfig`] initializes a loss of the model's output and [`Targets`].
//! - **Backend.** Whichever `Cargo.toml` enables in `burn`. To train on a GPU, add Burn's feature
//!   `wgpu` or `cuda` and change the device in `main`; nothing else changes.
//! - **Training.** Any loop, such as [`train`] below, or Burn's `Learner`.
//!
//! The program separates two spirals, wound around each other in three half-turns, at which a straight
//! line fails, and draws the regions that the network has learned. Run it in this folder with
//! `cargo run --release`.

use std::error::Error;
use std::f32::consts::PI;

use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Int, Tensor, TensorData};
use mlp_models::activation::ActivationConfig;
use mlp_models::loss::{LossConfig, Targets};
use mlp_models::{Mlp, MlpConfig};

const ROWS_PER_SPIRAL: usize = 100;
const NUM_STEPS: usize = 600;
const LEARNING_RATE: f64 = 0.01;

/// The points of both spirals, and the spiral that each belongs to.
fn spirals(device: &Device) -> (Tensor<2>, Tensor<1, Int>) {
    let mut points = Vec::new();
    let mut classes = Vec::new();
    for class in 0..2_i64 {
        for row in 0..ROWS_PER_SPIRAL {
            let share = (row + 1) as f32 / ROWS_PER_SPIRAL as f32;
            let angle = (3.0 * share + class as f32) * PI;
            points.extend([share * angle.cos(), share * angle.sin()]);
            classes.push(class);
        }
    }
    let points = TensorData::new(points, [2 * ROWS_PER_SPIRAL, 2]);
    (
        Tensor::from_data(points, device),
        Tensor::from_data(classes.as_slice(), device),
    )
}

/// The share of points that are classified correctly.
fn accuracy(mlp: &Mlp, points: Tensor<2>, classes: Tensor<1, Int>) -> f32 {
    let [num_rows, _] = points.dims();
    let predicted = mlp.forward(points).argmax(1).squeeze_dim::<1>(1);
    let num_right: i64 = predicted.equal(classes).int().sum().into_scalar();
    num_right as f32 / num_rows as f32
}

/// Trains on all points in each step.
fn train(mut mlp: Mlp, points: &Tensor<2>, classes: &Tensor<1, Int>) -> Mlp {
    let cross_entropy = LossConfig::CrossEntropy {
        label_smoothing: 0.0,
    }
    .init(&points.device());
    let mut optimizer = AdamConfig::new().init();
    println!("step    loss  accuracy");
    for step in 0..=NUM_STEPS {
        let targets = Targets::Classes(classes.clone());
        let loss = cross_entropy.forward(mlp.forward(points.clone()), targets);
        if step % 100 == 0 {
            let accuracy = accuracy(&mlp, points.clone(), classes.clone());
            let loss: f32 = loss.clone().into_scalar();
            println!("{step:>4}  {loss:.4}  {:>7.1}%", 100.0 * accuracy);
        }
        let gradients = GradientsParams::from_grads(loss.backward(), &mlp);
        mlp = optimizer.step(LEARNING_RATE, mlp, gradients);
    }
    mlp
}

/// Draws the plane, each point as the spiral that the network predicts for it.
fn draw(mlp: &Mlp, device: &Device) -> Result<(), Box<dyn Error>> {
    const HEIGHT: usize = 25;
    const WIDTH: usize = 2 * HEIGHT;
    let coordinate = |index: usize, count: usize| 2.2 * (index as f32 + 0.5) / count as f32 - 1.1;
    for row in 0..HEIGHT {
        let points: Vec<f32> = (0..WIDTH)
            .flat_map(|column| [coordinate(column, WIDTH), -coordinate(row, HEIGHT)])
            .collect();
        let points = Tensor::from_data(TensorData::new(points, [WIDTH, 2]), device);
        let classes = mlp.forward(points).argmax(1).try_into_vec_as::<i64>()?;
        let line: String = classes
            .into_iter()
            .map(|class| if class == 0 { '·' } else { '█' })
            .collect();
        println!("{line}");
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let device = Device::flex();
    device.seed(7);
    // Gradients need a device with autodiff, and `valid` moves the model off autodiff.
    let training_device = device.clone().autodiff();
    let (points, classes) = spirals(&training_device);

    let mlp = MlpConfig::new(2, vec![32, 32], 2)
        .with_activations(vec![ActivationConfig::Tanh])
        .init(&training_device);
    println!("{} parameters", mlp.num_params());
    let mlp = train(mlp, &points, &classes).valid();

    println!();
    draw(&mlp, &device)
}
