//! What a training that was killed may go on with, as a user meets it.

mod program;

use std::fmt::Write;
use std::fs;

use program::{Program, fruit};

/// What a program that is killed in the middle leaves behind.
fn make_unfinished(program: &Program, run: &str) {
    for file in ["summary.json", "model.json"] {
        fs::remove_file(program.path().join(run).join(file)).unwrap();
    }
    fs::write(program.path().join(run).join("lock"), "").unwrap();
}

fn read(program: &Program, file: &str) -> String {
    fs::read_to_string(program.path().join(file)).unwrap()
}

#[test]
fn a_refused_option_leaves_the_run_as_it_was() {
    let program = Program::new();
    fs::write(program.path().join("fruit.csv"), fruit(100)).unwrap();
    let members = ["--model", "ensemble", "--members", "mlp,mlp"];
    // Each member has as many epochs as suit it.
    let train = ["fruit.csv", "--target", "kind"];
    program.train(&[&train[..], &members, &["--output", "run"]].concat());
    let weights = fs::read(program.path().join("run/member-2/model.safetensors")).ok();
    make_unfinished(&program, "run");
    let config = read(&program, "run/config.toml");

    let resume = ["train", "--resume", "run", "--no-tui"];
    let (_, error) = program.failure(&[&resume[..], &["--epochs", "2"]].concat());

    assert!(error.contains(", but is 2"), "{error}");
    assert_eq!(read(&program, "run/config.toml"), config);
    program.success(&resume);
    let again = fs::read(program.path().join("run/member-2/model.safetensors")).ok();
    assert_eq!(again, weights);
}

#[test]
fn other_parts_groups_weights_and_test_rows_are_other_data() {
    let rows = |changed: bool| {
        let mut csv = String::from("x,y,part,group,weight\n");
        for row in 0..60 {
            let other = usize::from(changed && row == 1);
            let part = if row % 5 == other { "test" } else { "train" };
            let (x, group, weight) = (row * 7 % 60, row % 6 + 9 * other, 1 + other);
            let y = 2 * x + row % 3;
            writeln!(csv, "{x},{y},{part},{group},{weight}").unwrap();
        }
        csv
    };
    let drop = |kept: &str| -> String {
        let names = ["part", "group", "weight"];
        let dropped: Vec<&str> = names.into_iter().filter(|name| *name != kept).collect();
        dropped.join(",")
    };
    for (option, value, kept) in [
        ("--split-column", "part", "part"),
        ("--group-column", "group", "group"),
        ("--weight", "weight", "weight"),
        ("--test", "test.csv", ""),
    ] {
        let program = Program::new();
        for file in ["rows.csv", "test.csv"] {
            fs::write(program.path().join(file), rows(false)).unwrap();
        }
        let dropped = drop(kept);
        let mut train = vec!["rows.csv", "--target", "y", "--drop", &dropped];
        train.extend([option, value, "--model", "mlp", "--epochs", "2"]);
        train.extend(["--output", "run"]);
        program.train(&train);
        let evaluated = |program: &Program| {
            let output = program.command(&["evaluate", "run"]).output().unwrap();
            String::from_utf8(output.stderr).unwrap()
        };
        assert!(!evaluated(&program).contains("has changed"), "{option}");

        // Features and targets of the training rows stay as they are.
        let changed = match option {
            "--test" => rows(false).replace("\n7,", "\n8,"),
            _ => rows(true),
        };
        let file = if option == "--test" {
            "test.csv"
        } else {
            "rows.csv"
        };
        fs::write(program.path().join(file), changed).unwrap();

        let warned = evaluated(&program);
        assert!(warned.contains("has changed"), "{option}: {warned}");
        make_unfinished(&program, "run");
        let (_, error) = program.failure(&["train", "--resume", "run", "--no-tui"]);
        assert!(error.contains("the data is not that"), "{option}: {error}");
    }
}
