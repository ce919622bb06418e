//! Images and labels in IDX files. The first byte chooses the damaged one of the four files, and whether it is
//! compressed.

#![no_main]

use std::fs;

use libfuzzer_sys::fuzz_target;
use mlp_datasets::{BuiltIn, LoadOptions};

const IMAGES: &[u8] = &[0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4];
const LABELS: &[u8] = &[0, 0, 8, 1, 0, 0, 0, 2, 1, 0];
const FILES: [(&str, &[u8]); 4] = [
    ("train-images-idx3-ubyte", IMAGES),
    ("train-labels-idx1-ubyte", LABELS),
    ("t10k-images-idx3-ubyte", IMAGES),
    ("t10k-labels-idx1-ubyte", LABELS),
];

fuzz_target!(|bytes: &[u8]| {
    let Some((&choice, content)) = bytes.split_first() else {
        return;
    };
    let folder = tempfile::tempdir_in("/dev/shm").unwrap();
    for (index, (name, valid)) in FILES.into_iter().enumerate() {
        let is_damaged = index == usize::from(choice & 3);
        let ending = if is_damaged && choice & 4 != 0 { ".gz" } else { "" };
        let content = if is_damaged { content } else { valid };
        fs::write(folder.path().join(format!("{name}{ending}")), content).unwrap();
    }
    let options = LoadOptions {
        data_dir: Some(folder.path().to_owned()),
        ..LoadOptions::default()
    };
    let _ = BuiltIn::Idx.load(&options);
});
