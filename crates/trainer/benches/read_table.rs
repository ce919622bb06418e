//! The way from a CSV file to tensors on a device, once, from a cold start: reading, inferring the
//! kinds of the columns, splitting, fitting the preprocessor, one-hot encoding and scaling.
//!
//! ```text
//! cargo bench -p trainer --bench read_table -- adult.csv class
//! ```
//!
//! `peers/read_table.py` does the same with pandas and scikit-learn.

#![allow(clippy::print_stdout)] // Its output is its purpose.

use std::error::Error;
use std::time::Instant;

use mlp_datasets::{
    CategoryEncoding, Examples, Preprocessor, PreprocessorConfig, ReadOptions, Source, Split,
    SplitConfig, read_dataset,
};
use trainer::Backend;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo adds `--bench`.
    let mut arguments = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench");
    let (Some(file), Some(target)) = (arguments.next(), arguments.next()) else {
        println!("usage: read_table CSV_FILE TARGET_COLUMN");
        return Ok(());
    };
    let start = Instant::now();
    let options = ReadOptions {
        target: vec![target],
        ..ReadOptions::default()
    };
    let dataset = read_dataset(&Source::new(&file)?, &options)?;
    let read = start.elapsed();
    let split = Split::new(&dataset.table, &dataset.partition, &SplitConfig::default())?;
    let config = PreprocessorConfig {
        categories: CategoryEncoding::OneHot,
        ..PreprocessorConfig::default()
    };
    let preprocessor = Preprocessor::fit(&dataset.table, &split.train, config)?;
    let device = Backend::preferred()?.device()?;
    for rows in [&split.train, &split.valid, &split.test] {
        let examples = Examples::new(&dataset.table, rows, &preprocessor, &device)?;
        println!("{:?}", examples.features.dims());
    }
    println!("read {read:?}, in all {:?}", start.elapsed());
    Ok(())
}
