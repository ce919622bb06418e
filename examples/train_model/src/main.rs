//! Trains a model on a CSV file, saves it, loads it again, and predicts the kinds of two fruits.

use mlp_datasets::{ColumnKind, ReadOptions, Source, read_dataset};
use mlp_inference::{Device, Metric, SavedModel};
use mlp_training::{EpochSummary, Measure, MlpRecipe, Problem, SplitName, Training};

#[derive(serde::Serialize)]
struct Fruit {
    weight: Option<f32>,
    price: f32,
}

fn print_loss(summary: &EpochSummary) {
    let loss = summary.value(Measure::Loss, SplitName::Valid);
    if let (0, Some(loss)) = (summary.epoch % 10, loss) {
        println!("epoch {:>3}: validation loss {loss:.4}", summary.epoch);
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let csv = Source::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../fruit.csv"))?;
    let mut options = ReadOptions::default();
    options.target.push("kind".into());
    options.kinds.insert("picked".into(), ColumnKind::Drop);
    let table = read_dataset(&csv, &options)?;
    let training = Training::new(MlpRecipe::new(Problem::of(&table)?)).with_progress(print_loss);
    let fitted = training.fit(&table, &Device::flex())?;
    let accuracy = fitted.metric(Metric::Accuracy, SplitName::Test);
    println!("test accuracy: {:.3}", accuracy.unwrap_or_default());
    let folder = tempfile::tempdir()?;
    fitted.model.save(&folder)?;
    let predictor = SavedModel::load(&folder, &Device::flex())?;
    let fruits = [(Some(180.0), 0.55), (None, 2.5)];
    let fruits = fruits.map(|(weight, price)| Fruit { weight, price });
    for kind in predictor.predict_records(&fruits)?.class_names() {
        println!("predicted kind: {}", kind.unwrap_or("none"));
    }
    Ok(())
}
