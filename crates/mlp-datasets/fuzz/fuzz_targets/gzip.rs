//! Texts compressed with gzip, Zstandard or bzip2.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mlp_datasets::{ReadOptions, Source, read_dataset};

// Panics of other crates are caught where files are read; only those that are not are found.
fuzz_target!(init: std::panic::set_hook(Box::new(|_| {})), |bytes: &[u8]| {
    let source = Source::from_bytes("x.csv", bytes.to_vec());
    let _ = read_dataset(&source, &ReadOptions::default());
});
