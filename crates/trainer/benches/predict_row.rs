//! The latency of predicting one row with a model of 30 inputs, 64 hidden units and two classes: the
//! median time from a table of one row to probabilities.
//!
//! ```text
//! cargo bench -p trainer --bench predict_row
//! ```

#![allow(clippy::print_stdout)] // Its output is its purpose.

use std::error::Error;
use std::time::Instant;

use mlp_datasets::{BuiltIn, Column, LoadOptions, Preprocessor, Table, Values};
use mlp_inference::{OutputKind, SavedModel, TrainedNetwork};
use mlp_models::{BackboneConfig, InputsConfig, MlpConfig, NetworkConfig};
use trainer::Backend;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const PREDICTIONS: usize = 100_000;

fn main() -> Result<(), Box<dyn Error>> {
    let device = Backend::preferred()?.device()?;
    let dataset = BuiltIn::BreastCancer.load(&LoadOptions::default())?;
    let rows: Vec<usize> = (0..dataset.table.num_rows()).collect();
    let preprocessor = Preprocessor::fit(&dataset.table, &rows, dataset.scaling)?;
    let config = NetworkConfig {
        inputs: InputsConfig::new(30, &[], 1),
        backbone: BackboneConfig::Mlp(MlpConfig::new(30, vec![64], 2)),
    };
    // An untrained network is as fast as a trained one.
    let trained = TrainedNetwork::Prediction {
        network: config.init(&device),
        config,
        output: OutputKind::Softmax,
        quantile: 0.5,
    };
    let model = SavedModel::new(trained, preprocessor, dataset.dialect, &device);

    let first = |column: &Column| Column {
        name: column.name.clone(),
        values: match &column.values {
            Values::Numbers(numbers) => Values::Numbers(vec![numbers[0]]),
            other @ (Values::Categories { .. } | Values::Dates(_)) => other.clone(),
        },
    };
    let row = Table::new(dataset.table.columns().iter().map(first).collect(), None)?;
    let mut times = Vec::with_capacity(PREDICTIONS);
    for _ in 0..PREDICTIONS {
        let begun = Instant::now();
        std::hint::black_box(model.predict(&row)?);
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    println!("{:?}", times[PREDICTIONS / 2]);
    Ok(())
}
