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
fn a_training_goes_on_with_its_table_where_that_is_now() {
    let program = Program::new();
    fs::write(program.path().join("rows.csv"), fruit(100)).unwrap();
    let options = ["--target", "kind", "--model", "mlp", "--epochs", "2"];
    program.train(&[&["rows.csv"][..], &options, &["--output", "run"]].concat());
    let weights = || fs::read(program.path().join("run/model.safetensors")).unwrap();
    let before = weights();
    make_unfinished(&program, "run");
    fs::rename(
        program.path().join("rows.csv"),
        program.path().join("moved.csv"),
    )
    .unwrap();

    let (_, error) = program.failure(&["train", "--resume", "run", "--no-tui"]);
    assert!(error.contains("there is no file `rows.csv`"), "{error}");
    assert!(
        error.contains("`trainer train FILE --resume RUN`"),
        "{error}"
    );

    fs::write(program.path().join("other.csv"), fruit(90)).unwrap();
    let (_, error) = program.failure(&["train", "other.csv", "--resume", "run", "--no-tui"]);
    assert!(error.contains("the data is not that"), "{error}");
    assert!(read(&program, "run/config.toml").contains("\"rows.csv\""));

    program.success(&["train", "moved.csv", "--resume", "run", "--no-tui"]);
    assert_eq!(weights(), before);
    assert!(read(&program, "run/config.toml").contains("\"moved.csv\""));
}

#[test]
fn an_ensemble_for_numbers_that_is_not_complete_is_used_as_far_as_it_got() {
    let program = Program::new();
    fs::write(program.path().join("fruit.csv"), fruit(100)).unwrap();
    let members = ["--model", "ensemble", "--members", "mlp,mlp"];
    let train = ["fruit.csv", "--target", "weight", "--output", "run"];
    program.train(&[&train[..], &members].concat());
    let complete = program.success(&["predict", "run", "fruit.csv"]);
    make_unfinished(&program, "run");
    assert_eq!(program.success(&["predict", "run", "fruit.csv"]), complete);
    program.success(&["evaluate", "run"]);
}

#[test]
fn a_fold_is_not_trained_without_the_others() {
    let program = Program::new();
    fs::write(program.path().join("fruit.csv"), fruit(100)).unwrap();
    let options = ["--target", "kind", "--model", "mlp", "--epochs", "2"];
    program.train(
        &[
            &["fruit.csv", "--folds", "2"][..],
            &options,
            &["--output", "run"],
        ]
        .concat(),
    );
    let weights = || fs::read(program.path().join("run/fold-2/model.safetensors")).unwrap();
    let before = weights();
    for train in [
        &["--resume", "run/fold-2", "--epochs", "3"][..],
        &["--config", "run/fold-2/config.toml"],
    ] {
        let (_, error) = program.failure(&[&["train", "--no-tui"], train].concat());
        assert!(error.contains("the configuration of fold 2"), "{error}");
    }
    assert_eq!(weights(), before);
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
