//! Trains on a CSV file, saves the model, loads it and predicts which fruit a weight and price mean.
use std::{env, error::Error, fs};

use burn::tensor::Device;
use mlp_datasets::{ReadOptions, Source, read_dataset};
use mlp_inference::{Metric, SavedModel};
use mlp_training::{EpochSummary, Measure, MlpRecipe, Problem, Progress, SplitName, Training};

struct PrintLoss;

impl Progress for PrintLoss {
    fn end_epoch(&mut self, summary: &EpochSummary) {
        let loss = summary.value(Measure::Loss, SplitName::Valid);
        if let (Some(loss), 0) = (loss, summary.epoch % 10) {
            println!("epoch {:>3}: validation loss {loss:.4}", summary.epoch);
        }
    }
}

#[derive(serde::Serialize)]
struct Fruit(Option<f32>, &'static str, f32);
