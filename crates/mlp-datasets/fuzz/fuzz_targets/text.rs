//! Texts in any dialect. The first byte chooses the options.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mlp_datasets::{Dialect, ReadOptions, Source, read_dataset};

// Panics of other crates are caught where files are read; only those that are not are found.
fuzz_target!(init: std::panic::set_hook(Box::new(|_| {})), |bytes: &[u8]| {
    let Some((&choice, text)) = bytes.split_first() else {
        return;
    };
    let encodings = [None, Some("windows-1252"), Some("shift_jis"), Some("utf-16le")];
    let options = ReadOptions {
        dialect: Dialect {
            header: [None, Some(true), Some(false), None][usize::from(choice & 3)],
            encoding: encodings[usize::from(choice >> 2 & 3)].map(str::to_owned),
            delimiter: (choice & 16 != 0).then_some(b';'),
            skip_lines: (choice & 32 != 0).then_some(1),
            ..Dialect::default()
        },
        ..ReadOptions::default()
    };
    let _ = read_dataset(&Source::from_bytes("x.csv", text.to_vec()), &options);
});
