//! Lesson 13: your own training loop.
//!
//! The models are plain Burn modules, so a program can train them however it likes. This loop has
//! what a real one needs: mini-batches in a new order in each epoch, Adam, a decaying learning rate,
//! and early stopping. It keeps the network of the epoch with the lowest validation loss, and stops
//! after several epochs in a row without an improvement.
//!
//! A mini-batch is a part of the rows. Its gradient is a rough estimate of the gradient of all rows, but
//! an epoch, that is, a pass over all rows, then takes several steps instead of one.
//!
//! Run it with `cargo run -p examples --example 13_custom_loop`.

use std::error::Error;

use burn::data::dataloader::DataLoader;
use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::Device;
use mlp_datasets::{BuiltIn, ExampleTargets, Examples, ExamplesLoader};
use mlp_datasets::{LoadOptions, Preprocessor, Split};
use mlp_models::loss::{Loss, LossConfig, Targets};
use mlp_models::{Mlp, MlpConfig};

const MAX_EPOCHS: i32 = 60;
const BATCH_SIZE: usize = 32;
const LEARNING_RATE: f64 = 0.01;
/// The factor by which the learning rate is multiplied after each epoch.
const DECAY: f64 = 0.95;
/// The number of epochs in a row without a lower validation loss after which training stops.
const PATIENCE: i32 = 5;

/// The targets as a loss takes them: neither crate depends on the other, so each has its own type.
fn targets(examples: &Examples) -> Targets {
    match examples.targets.clone() {
        ExampleTargets::Classes(classes) => Targets::Classes(classes),
        ExampleTargets::Numbers(numbers) => Targets::Numbers(numbers),
    }
}

/// The loss and the accuracy of a network.
fn evaluate(mlp: &Mlp, loss: &Loss, examples: &Examples) -> Result<(f32, f32), Box<dyn Error>> {
    let logits = mlp.forward(examples.features.clone());
    let loss = loss.forward(logits.clone(), targets(examples));
    let Targets::Classes(classes) = targets(examples) else {
        return Err("the target is not a class".into());
    };
    let right = logits.argmax(1).squeeze_dim::<1>(1).equal(classes).float();
    Ok((loss.into_scalar(), right.mean().into_scalar()))
}

fn main() -> Result<(), Box<dyn Error>> {
    let device = Device::flex();
    device.seed(1);
    let wine = BuiltIn::Wine.load(&LoadOptions::default())?;
    let split = Split::new(&wine.table, &wine.partition, &Default::default())?;
    let preprocessor = Preprocessor::fit(&wine.table, &split.train, wine.scaling)?;
    let examples = |rows, device| Examples::new(&wine.table, rows, &preprocessor, device);
    let autodiff = device.clone().autodiff();
    let num_train = split.train.len();
    let train = examples(&split.train, &autodiff)?;
    let valid = examples(&split.valid, &device)?;
    let test = examples(&split.test, &device)?;
    let batches = ExamplesLoader::new(train, BATCH_SIZE).shuffled(1);
    let classes = preprocessor.classes().ok_or("the target is not a class")?;
    let mut mlp = MlpConfig::new(wine.table.num_features(), vec![32, 32], classes.len())
        .with_dropout(0.2)
        .init(&autodiff);
    let label_smoothing = 0.0;
    let loss = LossConfig::CrossEntropy { label_smoothing }.init(&device);
    let mut optimizer = AdamConfig::new().init();
    let mut best = (f32::INFINITY, 0, mlp.valid());

    println!("178 wines of three cultivars, {num_train} of them for training. The loss is the");
    println!("cross-entropy.\n");
    println!("epoch  learning rate  training loss  validation loss");
    for epoch in 1..=MAX_EPOCHS {
        let learning_rate = LEARNING_RATE * DECAY.powi(epoch - 1);
        let mut sum = 0.0;
        for batch in batches.iter() {
            let batch = batch?;
            let batch_loss = loss.forward(mlp.forward(batch.features.clone()), targets(&batch));
            sum += batch_loss.clone().into_scalar::<f32>() * batch.len() as f32;
            let gradients = GradientsParams::from_grads(batch_loss.backward(), &mlp);
            mlp = optimizer.step(learning_rate, mlp, gradients);
        }
        let train_loss = sum / batches.num_items() as f32;
        let (valid_loss, _) = evaluate(&mlp.valid(), &loss, &valid)?;
        let better = valid_loss < best.0;
        let mark = if better { "  best so far" } else { "" };
        println!("{epoch:>5}  {learning_rate:>13.5}  {train_loss:>13.4}  {valid_loss:>15.4}{mark}");
        if better {
            best = (valid_loss, epoch, mlp.valid());
        } else if epoch - best.1 >= PATIENCE {
            println!("Stopped: {PATIENCE} epochs without a lower validation loss.");
            break;
        }
    }

    let (_, epoch, mlp) = best;
    let (loss, accuracy) = evaluate(&mlp, &loss, &test)?;
    println!("The training loss is measured with dropout, so it is mostly the higher of the two.");
    println!("\nEpoch {epoch}'s network on {} test rows:", test.len());
    println!("loss {loss:.4}, accuracy {:.1}%", 100.0 * accuracy);
    Ok(())
}
