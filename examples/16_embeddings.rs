//! Lesson 16: why raw numbers are hard for a network, and what embeddings do.
//!
//! A network learns smooth functions of its inputs first. Tables are full of others: a tax bracket
//! makes a step, and an hour of the day a wave. Here the target is a function of a single number, with
//! three steps and a wave. A plain network of 64-64 units sees the number itself, and draws a soft curve
//! through it. A piecewise-linear embedding first turns the number into a vector that says how much of each of 24
//! bins lies below it, and a periodic embedding turns it into waves of learned frequencies. What was a sharp
//! corner in the number is then nearly straight in the vector, and the same network sees it.
//!
//! Run it with `cargo run -p examples --example 16_embeddings`.

use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Tensor, TensorData};
use mlp_models::loss::{LossConfig, Targets};
use mlp_models::{
    BackboneConfig, InputsConfig, MlpConfig, Network, NetworkConfig, NumericalEmbeddingConfig,
    NumericalInputsConfig, PeriodicEmbeddingConfig, PiecewiseLinearEmbeddingConfig,
};

const NUM_ROWS: usize = 192;
const NUM_STEPS: usize = 150;
const LEARNING_RATE: f64 = 0.01;
/// The size of the pictures, in characters.
const COLUMNS: usize = 72;
const LINES: usize = 11;

/// What is to be learned: steps on the left, a wave on the right.
fn target(x: f32) -> f32 {
    match x {
        x if x < -1.0 => -0.6,
        x if x < -0.5 => 0.7,
        x if x < 0.0 => -0.2,
        x => 0.8 * (14.0 * x).sin(),
    }
}

/// Evenly spaced numbers from −1.5 to 1.5.
fn numbers(count: usize) -> Vec<f32> {
    let step = 3.0 / (count - 1) as f32;
    (0..count).map(|i| i as f32 * step - 1.5).collect()
}

fn column(values: &[f32], device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values.to_vec(), [values.len(), 1]), device)
}

/// Trains a network, and returns its predictions for other numbers.
fn learn(embedding: Option<NumericalEmbeddingConfig>, shown: &[f32]) -> Vec<f32> {
    let device = Device::flex();
    device.seed(4);
    let embedding = embedding.map(|embedding| NumericalInputsConfig {
        columns: vec![0],
        embedding,
    });
    let inputs = InputsConfig::new(1, &[], 1).with_numerical(embedding);
    let mlp = MlpConfig::new(inputs.d_output(), vec![64, 64], 1);
    let config = NetworkConfig {
        inputs,
        backbone: BackboneConfig::Mlp(mlp),
    };
    let mut network: Network = config.init(&device.clone().autodiff());
    let mut optimizer = AdamConfig::new().init();
    let loss = LossConfig::MeanSquaredError.init(&device);
    let rows = numbers(NUM_ROWS);
    let targets: Vec<f32> = rows.iter().map(|&x| target(x)).collect();
    let rows = column(&rows, &device).autodiff();
    let targets = Targets::Numbers(column(&targets, &device).autodiff());
    for _ in 0..NUM_STEPS {
        let output = network.forward(rows.clone(), None);
        let loss = loss.forward(output, targets.clone());
        let gradients = GradientsParams::from_grads(loss.backward(), &network);
        network = optimizer.step(LEARNING_RATE, network, gradients);
    }
    let output = network.valid().forward(column(shown, &device), None);
    output.into_data().iter().collect()
}

/// Draws a curve.
fn draw(title: &str, curve: &[f32]) {
    println!("{title}");
    let line = |y: f32| ((1.0 - y.clamp(-1.0, 1.0)) / 2.0 * (LINES - 1) as f32).round() as usize;
    for at in 0..LINES {
        let dot = |&y: &f32| if line(y) == at { '•' } else { ' ' };
        let text: String = curve.iter().map(dot).collect();
        println!("  {}", text.trim_end());
    }
    println!();
}

/// Draws what a network learns, and says how far that is from the target.
fn compare(title: &str, embedding: Option<NumericalEmbeddingConfig>, shown: &[f32]) {
    let curve = learn(embedding, shown);
    let errors = shown.iter().zip(&curve);
    let squared = errors.map(|(&x, y)| (y - target(x)).powi(2));
    let rmse = (squared.sum::<f32>() / shown.len() as f32).sqrt();
    draw(&format!("{title}: RMSE {rmse:.3}"), &curve);
}

fn main() {
    let shown = numbers(COLUMNS);
    let goal: Vec<f32> = shown.iter().map(|&x| target(x)).collect();
    println!("The target over x from −1.5 to 1.5, and what three networks with the same hidden");
    println!("layers make of it. RMSE is the root of the mean squared error: how far the curve");
    println!("is from the target, which goes from −0.8 to 0.8.\n");
    draw("the target", &goal);
    compare("the number itself", None, &shown);
    let bins = PiecewiseLinearEmbeddingConfig::quantile_bins(&numbers(NUM_ROWS), 24);
    let bins = PiecewiseLinearEmbeddingConfig::new(vec![bins]);
    let bins = NumericalEmbeddingConfig::PiecewiseLinear(bins);
    compare("24 bins", Some(bins), &shown);
    let waves = PeriodicEmbeddingConfig::new(1).with_frequency_scale(0.5);
    let waves = NumericalEmbeddingConfig::Periodic(waves);
    compare("48 waves", Some(waves), &shown);
}
