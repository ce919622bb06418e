//! Configuration files of a training.

#![no_main]

use std::fs;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let folder = tempfile::tempdir_in("/dev/shm").unwrap();
    let path = folder.path().join("config.toml");
    fs::write(&path, bytes).unwrap();
    let _ = trainer::check_configuration_file(&path);
});
