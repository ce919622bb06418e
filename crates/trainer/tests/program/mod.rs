//! The `trainer` program in a folder of its own.

#![allow(dead_code)] // Each test file uses a part.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use mlp_training::{Model, Recipe};
use serde_json::Value;
use tempfile::TempDir;

/// Runs the program in a temporary folder.
pub struct Program {
    folder: TempDir,
}

impl Program {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::cargo_bin("trainer").unwrap();
        command.current_dir(self.path()).args(arguments);
        command
    }

    /// What a command that succeeds prints on stdout.
    pub fn success(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The exit code and what a command that fails prints on stderr; on stdout it prints nothing.
    pub fn failure(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.command(arguments).output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{arguments:?} succeeds");
        assert!(output.stdout.is_empty(), "{arguments:?} prints on stdout");
        assert!(!errors.contains("panicked"), "{errors}");
        (output.status.code().unwrap(), errors)
    }

    /// The one JSON document on stdout.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let output = self.success(arguments);
        assert_eq!(output.lines().count(), 1, "{output}");
        serde_json::from_str(&output).unwrap()
    }

    /// The summary of a training.
    pub fn train(&self, arguments: &[&str]) -> Value {
        self.json(&[&["train", "--json"], arguments].concat())
    }
}

/// Options by which a model trains for five epochs in each of its phases, and finds three clusters if
/// it finds any. Packed networks are few, since each has weights of its own.
pub fn short(model: Model) -> Vec<&'static str> {
    let options = [
        ("clusters", ["--clusters", "3"]),
        ("epochs", ["--epochs", "5"]),
        ("pretraining_epochs", ["--pretraining-epochs", "5"]),
    ];
    let has_setting = |&(setting, _): &(&str, _)| Recipe::has_setting(model, setting);
    let options = options.into_iter().filter(has_setting);
    let mut options: Vec<_> = options.flat_map(|(_, option)| option).collect();
    if model == Model::TabMPacked {
        options.extend(["--num-members", "4"]);
    }
    options
}

/// Fruit whose kind follows from colour and weight, with missing cells.
pub fn fruit(rows: usize) -> String {
    let mut csv = String::from("id,colour,weight,picked,kind\n");
    for row in 0..rows {
        let (colour, weight, kind) = match row % 3 {
            0 => ("red", 150 + row % 20, "apple"),
            1 => ("yellow", 120 + row % 15, "banana"),
            _ => ("red", 8 + row % 4, "cherry"),
        };
        let colour = if row % 10 == 7 { "" } else { colour };
        let weight = if row % 11 == 5 {
            "NA".to_owned()
        } else {
            weight.to_string()
        };
        let day = row % 28 + 1;
        writeln!(csv, "fruit-{row},{colour},{weight},2024-05-{day:02},{kind}").unwrap();
    }
    csv
}

/// The program in a folder with a file of fruit.
pub fn with_fruit() -> Program {
    let program = Program::new();
    fs::write(program.path().join("fruit.csv"), fruit(240)).unwrap();
    program
}

/// Trains on that file.
pub const TRAIN: [&str; 5] = ["fruit.csv", "--target", "kind", "--output", "run"];
