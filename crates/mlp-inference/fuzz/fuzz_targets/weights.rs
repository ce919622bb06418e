//! `model.safetensors` beside a valid `model.json` without a digest. The first byte chooses the network.

#![no_main]

use std::fs;

use libfuzzer_sys::fuzz_target;
use mlp_inference::{Device, SavedModel};

const DESCRIPTIONS: [&str; 4] = [
    include_str!("../../tests/formats/v2-iris-layer-norm/model.json"),
    include_str!("../../tests/formats/v2-fruit-embedding/model.json"),
    include_str!("../../tests/formats/v2-iris-som/model.json"),
    include_str!("../../tests/formats/v1-iris-batch-norm/model.json"),
];

// Panics that Burn turns into errors are printed too; only those that are not are found.
fuzz_target!(init: std::panic::set_hook(Box::new(|_| {})), |bytes: &[u8]| {
    let Some((&choice, weights)) = bytes.split_first() else {
        return;
    };
    let folder = tempfile::tempdir_in("/dev/shm").unwrap();
    let description = DESCRIPTIONS[usize::from(choice & 3)];
    fs::write(folder.path().join("model.json"), description).unwrap();
    fs::write(folder.path().join("model.safetensors"), weights).unwrap();
    let _ = SavedModel::load(folder.path(), &Device::flex());
});
