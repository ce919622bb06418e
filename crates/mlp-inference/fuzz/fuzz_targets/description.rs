//! `model.json` beside weights that fit the first of the seeds.

#![no_main]

use std::fs;

use libfuzzer_sys::fuzz_target;
use mlp_inference::{Device, SavedModel};

const WEIGHTS: &[u8] = include_bytes!("../../tests/formats/v2-iris-layer-norm/model.safetensors");

fuzz_target!(|bytes: &[u8]| {
    let folder = tempfile::tempdir_in("/dev/shm").unwrap();
    fs::write(folder.path().join("model.json"), bytes).unwrap();
    fs::write(folder.path().join("model.safetensors"), WEIGHTS).unwrap();
    let _ = SavedModel::load(folder.path(), &Device::flex());
});
