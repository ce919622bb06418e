//! Models written for other programs.

mod program;

use std::fs;

use program::{Program, TRAIN, with_fruit};
use serde_json::Value;

#[test]
fn a_graph_is_written_and_compared_with_its_model() {
    let program = with_fruit();
    program.train(&[&TRAIN[..], &["--model", "mlp", "--epochs", "3"]].concat());

    let text = program.success(&["export", "run", "--format", "onnx"]);
    assert!(text.starts_with("run.onnx: "), "{text}");
    assert!(text.contains("2 outputs"), "{text}");
    assert!(
        text.contains("largest difference of a probability"),
        "{text}"
    );
    assert!(program.path().join("run.onnx").is_file());

    let numeric = [
        "export",
        "run",
        "--format",
        "onnx",
        "--numeric",
        "--output",
        "n.onnx",
    ];
    let text = program.success(&numeric);
    assert!(text.contains("n.onnx.json"), "{text}");
    let tables = fs::read(program.path().join("n.onnx.json")).unwrap();
    let tables: Value = serde_json::from_slice(&tables).unwrap();
    assert_eq!(
        tables["classes"],
        serde_json::json!(["apple", "banana", "cherry"])
    );
}

#[test]
fn weights_are_written_but_never_over_those_of_the_run() {
    let program = with_fruit();
    program.train(&[&TRAIN[..], &["--model", "mlp", "--epochs", "1"]].concat());
    for (format, file) in [("safetensors", "run.safetensors"), ("burnpack", "run.bpk")] {
        let text = program.success(&["export", "run", "--format", format]);
        assert!(text.starts_with(file), "{text}");
        assert!(program.path().join(file).is_file());
    }

    let own = program.path().join("run/model.safetensors");
    let before = fs::read(&own).unwrap();
    let (_, errors) = program.failure(&[
        "export",
        "run",
        "--format",
        "safetensors",
        "--output",
        "run/model.safetensors",
    ]);
    assert!(errors.contains("cannot be the output"), "{errors}");
    assert_eq!(fs::read(own).unwrap(), before);
}

#[test]
fn what_cannot_be_exported_says_what_works() {
    let program = Program::new();
    program.train(&["iris", "--model", "som", "--epochs", "2", "--output", "map"]);

    let (code, errors) = program.failure(&["export", "map", "--format", "onnx"]);
    assert_eq!(code, 1);
    assert!(
        errors.contains("a self-organising map cannot be written as ONNX"),
        "{errors}"
    );
    assert!(errors.contains("hint: `--format safetensors`"), "{errors}");
    assert!(!program.path().join("map.onnx").exists());

    let (code, errors) = program.failure(&["export", "map", "--format", "burnpack", "--numeric"]);
    assert_eq!(code, 2);
    assert!(
        errors.contains("`--numeric` only applies to ONNX"),
        "{errors}"
    );
    let (code, errors) = program.failure(&["export", "map", "--format", "keras"]);
    assert_eq!(code, 2);
    assert!(errors.contains("onnx, safetensors, burnpack"), "{errors}");
    let (code, errors) =
        program.failure(&["export", "map", "--format", "burnpack", "--output", "."]);
    assert_eq!(code, 2);
    assert!(errors.contains("the name of a file"), "{errors}");
    let (_, errors) = program.failure(&["export", "nothing", "--format", "onnx"]);
    assert!(errors.contains("does not exist"), "{errors}");
}
