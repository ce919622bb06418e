//! The latency of one row through a model of 30 inputs, 64 hidden units and two classes: the median
//! from a table of one row to probabilities.
//!
//! ```text
//! cargo bench -p trainer --bench predict_row
//! ```

#![allow(clippy::print_stdout)] // Its output is its purpose.

use std::error::Error;
use std::time::Instant;

use mlp_datasets::{BuiltIn, Column, LoadOptions, Preprocessor, Table, Values};
use mlp_inference::{OutputKind, SavedModel};
use mlp_models::{MlpConfig, NetworkConfig};
use trainer::Backend;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const PREDICTIONS: usize = 100_000;

fn main() -> Result<(), Box<dyn Error>> {
    let device = Backend::preferred()?.device()?;
    let dataset = BuiltIn::BreastCancer.load(&LoadOptions::default())?;
    let rows: Vec<usize> = (0..dataset.table.num_rows()).collect();
    let preprocessor = Preprocessor::fit(&dataset.table, &rows, dataset.scaling)?;
    let config = NetworkConfig::Mlp(MlpConfig::new(30, vec![64], 2));
    // As fast untrained as trained.
    let network = config.init(&device);
    let model = SavedModel::new(network, config, OutputKind::Softmax, preprocessor, &device);

    let first = |column: &Column| Column {
        name: column.name.clone(),
        values: match &column.values {
            Values::Numbers(numbers) => Values::Numbers(vec![numbers[0]]),
            other => other.clone(),
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
