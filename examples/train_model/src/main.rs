//! Trains a model on a CSV file, saves it, loads it again, and predicts the kinds of two fruits.

use mlp_datasets::{ColumnKind, ReadOptions, Source, read_dataset};
use mlp_inference::{Device, SavedModel};
use mlp_training::{EpochSummary, Measure, MlpRecipe, Problem, Progress, SplitName, Training};

#[derive(serde::Serialize)]
struct Fruit {
    weight: Option<f32>,
    price: f32,
}

struct PrintLoss;

impl Progress for PrintLoss {
    fn end_epoch(&mut self, summary: &EpochSummary) {
        let loss = summary.value(Measure::Loss, SplitName::Valid);
        if let (0, Some(loss)) = (summary.epoch % 10, loss) {
            println!("epoch {:>3}: validation loss {loss:.4}", summary.epoch);
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let csv = Source::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../fruit.csv"))?;
    let mut options = ReadOptions::default();
    options.target.push("kind".into());
    options.kinds.insert("picked".into(), ColumnKind::Drop);
    let table = read_dataset(&csv, &options)?;

    let training = Training::new(MlpRecipe::new(Problem::of(&table)?)).with_progress(PrintLoss);
    let fitted = training.fit(&table, &Device::flex())?;
    let test = fitted.evaluation(SplitName::Test).ok_or("no test rows")?;
    println!("{} test rows", test.metrics.accuracy.unwrap_or_default());

    let folder = tempfile::tempdir()?;
    fitted.model.save(&folder)?;
    let model = SavedModel::load(&folder, &Device::flex())?;
    let fruits = [(Some(180.0), 0.55), (None, 2.5)];
    let fruits = fruits.map(|(weight, price)| Fruit { weight, price });
    for class in model.predict_records(&fruits)?.class_names() {
        println!("{class}");
    }
    Ok(())
}
