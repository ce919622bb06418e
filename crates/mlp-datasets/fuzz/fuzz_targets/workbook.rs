//! Workbooks of Excel and OpenDocument.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mlp_datasets::{ReadOptions, Source, read_dataset};

fuzz_target!(|bytes: &[u8]| {
    let source = Source::from_bytes("x", bytes.to_vec());
    let _ = read_dataset(&source, &ReadOptions::default());
});
