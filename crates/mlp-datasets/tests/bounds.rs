//! A file of some kilobytes cannot fill the memory.
#![cfg(target_os = "linux")]

use std::fs;

use mlp_datasets::{ReadOptions, Source, read_dataset};

const MEBIBYTE: usize = 1 << 20;

/// What the process has held at most, in MiB.
fn peak() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kibibytes = line.unwrap().split_whitespace().nth(1).unwrap();
    kibibytes.parse::<usize>().unwrap() >> 10
}

/// A beginning and a gigabyte of the same over and over, compressed.
fn bomb(start: &str, repeated: &str) -> Vec<u8> {
    let part = repeated.repeat(16 * MEBIBYTE / repeated.len());
    let part = zstd::encode_all(part.as_bytes(), 1).unwrap();
    let mut bomb = zstd::encode_all(start.as_bytes(), 1).unwrap();
    for _ in 0..64 {
        bomb.extend_from_slice(&part);
    }
    assert!(bomb.len() < MEBIBYTE);
    bomb
}

#[test]
fn a_small_file_that_unpacks_to_a_gigabyte_is_an_error_before_it_fills_the_memory() {
    for (start, repeated, expected) in [
        ("", "1", "line 1 of `x` has a row of more than 64 MiB"),
        (
            "",
            ",",
            "line 1 of `x` has a row of more than 1048576 cells",
        ),
        (
            "a,b\n1,2\n",
            "x",
            "line 3 of `x` has a row of more than 64 MiB",
        ),
        (
            "a,b\n1,2\n",
            ",",
            "line 3 of `x` has a row of more than 1048576 cells",
        ),
        (
            "a,b\n1,2\n",
            "\n",
            "line 3 of `x` has a row of more than 1048576 lines",
        ),
        (
            "a,b\n1,2\n\"",
            "1",
            "line 3 of `x` has a row of more than 64 MiB",
        ),
        (
            "a b\n1 2\n",
            " ",
            "line 3 of `x` has a row of more than 64 MiB",
        ),
        (
            "{\"a\": 1}\n{\"a\": \"",
            "x",
            "line 2 of `x` has a row of more than 64 MiB",
        ),
        (
            "{\"a\": [{}",
            ",{}",
            "line 1 of `x` has a row of more than 4194304 values",
        ),
        (
            "PAR1",
            "\0",
            "`x` is damaged: it unpacks to more than 1024 MiB",
        ),
    ] {
        let source = Source::from_bytes("x", bomb(start, repeated));
        let error = read_dataset(&source, &ReadOptions::default()).unwrap_err();
        assert_eq!(error.to_string(), expected, "{start:?} {repeated:?}");
        if !start.starts_with("PAR1") {
            assert!(peak() < 700, "{start:?} {repeated:?}: {} MiB", peak());
        }
    }
}
