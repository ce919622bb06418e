//! Bodies that are damaged at random are refused or answered, and never make the server fail.
//!
//! `MUTATIONS=10000000 cargo test --release -p mlp-server --test mutations` looks for longer.

mod service;

use std::sync::Arc;

use arrow_ipc::CompressionType;
use arrow_ipc::writer::{IpcWriteOptions, StreamWriter};
use mlp_inference::arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use mlp_server::Bodies;

use service::{load, saved};

/// A row of the fruit models.
const ROW: &str = r#"{"kind": "apple", "weight": 100, "picked": "2024-05-11"}"#;
/// What is put into bodies.
const WORDS: [&str; 24] = [
    "null",
    "NaN",
    "[",
    "]",
    "{",
    "}",
    "\"",
    ",",
    ":",
    "1e999",
    "-0",
    "\\u0000",
    "\u{feff}",
    "\n",
    ";",
    "'",
    "\r",
    "kind",
    "weight",
    "true",
    "18446744073709551615",
    "data",
    "shape",
    "\u{1f34e}",
];

/// Numbers that look random, by Knuth's linear congruential generator.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }
}

fn arrow(compression: Option<CompressionType>) -> Vec<u8> {
    let text = |values: [&str; 3]| Arc::new(StringArray::from(values.to_vec())) as ArrayRef;
    let batch = RecordBatch::try_from_iter([
        ("kind", text(["apple", "banana", "apple"])),
        (
            "weight",
            Arc::new(Int64Array::from(vec![Some(100), None, Some(3)])),
        ),
        ("picked", text(["2024-05-11", "", "2024-02-29"])),
    ])
    .unwrap();
    let options = IpcWriteOptions::default()
        .try_with_compression(compression)
        .unwrap();
    let mut writer =
        StreamWriter::try_new_with_options(Vec::new(), &batch.schema(), options).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

/// A body of each kind, with the way in which it is read.
fn seeds() -> Vec<(usize, Vec<u8>)> {
    let tensors = r#"{"inputs": [{"name": "kind", "shape": [1], "datatype": "BYTES", "data": ["apple"]},
        {"name": "weight", "shape": [1, 1], "datatype": "FP64", "data": [[100]]},
        {"name": "picked", "shape": [1], "datatype": "BYTES", "data": [null]}], "outputs": [{"name": "prediction"}]}"#;
    let split = r#"{"dataframe_split": {"columns": ["kind", "weight", "picked"], "data": [["apple", 1, null]]}}"#;
    vec![
        (0, ROW.into()),
        (0, format!("[{ROW}, {ROW}]").into()),
        (
            1,
            b"kind,weight,picked\napple,100,2024-05-11\n\"ban\"\"ana\",,\n".to_vec(),
        ),
        (2, arrow(None)),
        (2, arrow(Some(CompressionType::ZSTD))),
        (2, arrow(Some(CompressionType::LZ4_FRAME))),
        (3, tensors.into()),
        (4, split.into()),
        (
            4,
            format!(r#"{{"dataframe_records": [{ROW}], "params": null}}"#).into(),
        ),
    ]
}

fn mutate(body: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(4) {
        let place = random.below(body.len());
        let end = (place + random.below(16)).min(body.len());
        match random.below(6) {
            0 => body.truncate(place),
            1 => {
                body.drain(place..end);
            }
            2 => {
                let copy = body[place..end].to_vec();
                body.splice(place..place, copy);
            }
            3 if !body.is_empty() => body[place] ^= 1 << random.below(8),
            4 if !body.is_empty() => body[place] = [0, 0xff, 0x7f, 0x80][random.below(4)],
            _ => {
                let word = WORDS[random.below(WORDS.len())];
                body.splice(place..place, word.bytes());
            }
        }
    }
}

#[test]
fn damaged_bodies_do_not_make_the_server_fail() {
    let count = std::env::var("MUTATIONS").map_or(4000, |count| count.parse().unwrap());
    let bodies = Bodies::new(load(&saved("v3-fruit-embedding")));
    let seeds = seeds();
    for (way, body) in &seeds {
        assert!(
            bodies.read(*way, body.clone()),
            "{}",
            String::from_utf8_lossy(body)
        );
    }
    let mut random = Random(7);
    for number in 0..count {
        let (way, body) = &seeds[number % seeds.len()];
        let mut body = body.clone();
        mutate(&mut body, &mut random);
        bodies.read(*way, body);
    }
}
