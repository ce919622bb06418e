//! Lesson 9: a training loop of your own.
//!
//! The models are plain Burn modules, so nothing keeps a program from training them its own way.
//! This loop has what a real one needs: mini-batches in a new order each epoch, Adam, a learning
//! rate that decays, and early stopping: it keeps the network of the epoch with the lowest
//! validation loss and gives up when a number of epochs in a row have not been better.
//!
//! Run it with `cargo run -p examples --example 09_custom_loop`.

use std::error::Error;

use burn::data::dataloader::DataLoader;
use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::Device;
use mlp_datasets::{BuiltIn, Examples, ExamplesLoader, LoadOptions, Preprocessor, Split};
use mlp_models::{Loss, LossConfig, Mlp, MlpConfig, Targets};

const MAX_EPOCHS: i32 = 60;
const BATCH_SIZE: usize = 32;
const LEARNING_RATE: f64 = 0.01;
/// What the learning rate is multiplied by after each epoch.
const DECAY: f64 = 0.95;
/// How many epochs in a row may pass without a lower validation loss.
const PATIENCE: i32 = 5;

/// The two crates know nothing of each other, so a program hands the targets over.
fn targets(examples: &Examples) -> Targets {
    match examples.targets.clone() {
        mlp_datasets::Targets::Classes(classes) => Targets::Classes(classes),
        mlp_datasets::Targets::Numbers(numbers) => Targets::Numbers(numbers),
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
    let train = examples(&split.train, &autodiff)?;
    let valid = examples(&split.valid, &device)?;
    let test = examples(&split.test, &device)?;
    let batches = ExamplesLoader::new(train, BATCH_SIZE).shuffled(1);
    let classes = preprocessor.classes().ok_or("the target is not a class")?;
    let mut mlp = MlpConfig::new(wine.table.num_features(), vec![32, 32], classes.len())
        .with_dropout(0.2)
        .init(&autodiff);
    let loss = LossConfig::CrossEntropy {
        class_weights: None,
        label_smoothing: 0.0,
    }
    .init(&device);
    let mut optimizer = AdamConfig::new().init();
    let mut best = (f32::INFINITY, 0, mlp.valid());

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
    println!("\nEpoch {epoch}'s network on {} test rows:", test.len());
    println!("loss {loss:.4}, accuracy {:.1}%", 100.0 * accuracy);
    Ok(())
}
