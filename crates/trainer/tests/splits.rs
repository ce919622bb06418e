//! Which rows train and test, and who decides what a model learns.

mod program;

use std::fmt::Write;
use std::fs;

use insta::assert_snapshot;
use program::{Program, TRAIN, fruit, with_fruit};

fn metric(summary: &serde_json::Value, split: &str, metric: &str) -> f64 {
    summary["metrics"][split][metric].as_f64().unwrap()
}

/// What a training that succeeds prints on stderr.
fn warnings(program: &Program, arguments: &[&str]) -> String {
    let output = program.command(arguments).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{errors}");
    errors
}

/// Rows of which `y` is twice `x`, with more columns.
fn double(rows: usize, more: &str, cells: impl Fn(usize) -> String) -> String {
    let mut csv = format!("t,x,{more}y\n");
    for row in 0..rows {
        let x = (row * 7919 % 1000) as f64 / 1000.0;
        writeln!(csv, "{row},{x},{}{}", cells(row), 2.0 * x).unwrap();
    }
    csv
}

const BY_TIME: [&str; 8] = [
    "table.csv",
    "--preset",
    "fast",
    "--target",
    "y",
    "--split-by-time",
    "t",
    "--epochs",
];

#[test]
fn a_column_that_training_rows_do_not_have_is_left_out_with_a_warning() {
    for late in [
        |row: usize| format!("{},", 49_000 + row),
        |row: usize| format!("2024-01-{:02},", row % 28 + 1),
    ] {
        for early in ["", "100"] {
            let program = Program::new();
            let early = if early.is_empty() || late(0).contains('-') {
                ",".to_owned()
            } else {
                format!("{early},")
            };
            let cells = |row| if row < 650 { early.clone() } else { late(row) };
            fs::write(
                program.path().join("table.csv"),
                double(1000, "late,", cells),
            )
            .unwrap();
            let arguments = [&["train"], &BY_TIME[..], &["40", "--output", "run"]].concat();
            let errors = warnings(&program, &arguments);
            assert!(
                errors.contains("warning: `late` does not vary in the training rows"),
                "{errors}"
            );
            let r2 = metric(&program.json(&["evaluate", "run", "--json"]), "test", "r2");
            assert!(r2 > 0.98, "{r2}");
        }
    }
}

#[test]
fn a_date_that_splits_is_listed_and_what_recurs_of_it_is_an_input() {
    let program = Program::new();
    let mut csv = String::from("when,day,x,y\n");
    for hour in 0..600 {
        let (date, time) = (hour / 24, hour % 24);
        let (month, day) = (date / 20 + 1, date % 20 + 1);
        let when = format!("2024-{month:02}-{day:02}T{time:02}:00:00");
        writeln!(
            csv,
            "{when},{date},{},{}",
            hour * 31 % 17,
            (f64::from(time) / 4.0).sin()
        )
        .unwrap();
    }
    fs::write(program.path().join("table.csv"), csv).unwrap();
    let arguments = [
        "train",
        "table.csv",
        "--target",
        "y",
        "--split-by-time",
        "when",
        "--preset",
        "fast",
        "--output",
        "run",
    ];
    let errors = warnings(&program, &arguments);
    assert_snapshot!(errors.lines().take(6).collect::<Vec<_>>().join("\n"), @r"
    table.csv: 600 rows
      target       y: regression
      numeric      day, x
      split        when (the latest rows are for testing; month, day, weekday and hour are inputs)
      model        mlp: regression on 600 rows of 3 columns
    warning: `day` is beyond its range in training in 100 % of the test rows; networks extrapolate badly, so try `--drop 'day'`
    ");
    let summary = program.json(&["evaluate", "run", "--json"]);
    assert!(metric(&summary, "test", "r2") > 0.8, "{summary}");
}

#[test]
fn a_file_of_test_rows_decides_nothing() {
    let program = Program::new();
    let write = |name: &str, text: String| fs::write(program.path().join(name), text).unwrap();
    let csv = double(600, "", |_| String::new());
    write("train.csv", csv.clone());
    let mut test = double(100, "", |_| String::new());
    write("test.csv", test.clone());
    let train = [
        "train.csv",
        "--target",
        "y",
        "--test",
        "test.csv",
        "--epochs",
        "3",
    ];
    let run = |output: &str| {
        program.train(&[&train[..], &["--output", output]].concat());
        fs::read(program.path().join(output).join("model.json")).unwrap()
    };
    let model = run("clean");
    // Row numbers that go on, a missing number, and a column that varies in the test rows alone.
    test = test.replace("\n7,", "\n,");
    write("test.csv", test);
    assert_eq!(run("other"), model);

    write("test.csv", csv.replace("\n3,", "\nunknown,"));
    let (code, message) = program.failure(&[&["train"], &train[..]].concat());
    assert_eq!(code, 1);
    assert_eq!(
        message.lines().next().unwrap(),
        "error: line 5 of `test.csv` has `unknown` as `t`, where a number was expected"
    );
}

#[test]
fn the_table_of_the_training_is_recognised_however_it_is_named() {
    let program = with_fruit();
    let trained = program.train(&[&TRAIN[..], &["--epochs", "3"]].concat());
    fs::create_dir(program.path().join("folder")).unwrap();
    fs::copy(
        program.path().join("fruit.csv"),
        program.path().join("folder/renamed.csv"),
    )
    .unwrap();
    let absolute = program.path().join("fruit.csv").display().to_string();
    for name in [
        "fruit.csv",
        "./fruit.csv",
        "folder/../fruit.csv",
        "folder/renamed.csv",
        &absolute,
    ] {
        let evaluated = program.json(&["evaluate", "run", name, "--json"]);
        assert_eq!(evaluated["rows"], trained["rows"], "{name}");
        assert_eq!(evaluated["metrics"], trained["metrics"], "{name}");
    }
    // The same number of rows, one of which is another one.
    let changed = fruit(240).replacen("150", "151", 1);
    fs::write(program.path().join("fruit.csv"), changed).unwrap();
    let errors = warnings(&program, &["evaluate", "run", "./fruit.csv"]);
    assert!(
        errors.contains("warning: the table has changed since training"),
        "{errors}"
    );
}

#[test]
fn a_seed_of_the_split_keeps_the_rows_while_another_seed_changes_the_weights() {
    let program = with_fruit();
    let train = |seed: &str, split: &[&str]| {
        let output = format!("run-{seed}{}", split.concat());
        let arguments = [
            "fruit.csv",
            "--target",
            "kind",
            "--epochs",
            "1",
            "--seed",
            seed,
        ];
        program.train(&[&arguments[..], &["--output", &output], split].concat());
        let model = fs::read_to_string(program.path().join(&output).join("model.json")).unwrap();
        let model: serde_json::Value = serde_json::from_str(&model).unwrap();
        (
            model["preprocessor"].clone(),
            model["weights_sha256"].clone(),
        )
    };
    let (first, second) = (
        train("1", &["--split-seed", "7"]),
        train("2", &["--split-seed", "7"]),
    );
    // The preprocessor is fitted on the training rows.
    assert_eq!(first.0, second.0);
    assert_ne!(first.1, second.1);
    assert_ne!(train("1", &[]).0, train("2", &[]).0);
}

#[test]
fn a_cross_validation_leaves_a_model_of_all_rows() {
    let program = with_fruit();
    let arguments = [&TRAIN[..], &["--folds", "3", "--epochs", "20"]].concat();
    let summary = program.train(&arguments);
    let mut best: Vec<u64> = (1..=3)
        .map(|fold| {
            let path = program.path().join(format!("run/fold-{fold}/summary.json"));
            let fold: serde_json::Value =
                serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
            fold["best_epoch"].as_u64().unwrap()
        })
        .collect();
    best.sort_unstable();

    assert_eq!(summary["refit"]["epochs"], best[1]);
    assert_eq!(summary["refit"]["rows"], serde_json::json!({"train": 240}));
    let predicted = program.success(&["predict", "run", "fruit.csv", "--only-predictions"]);
    assert_eq!(predicted.lines().count(), 241);
    let evaluated = program.json(&["evaluate", "run", "--json"]);
    assert_eq!(evaluated["metrics"], summary["refit"]["metrics"]);
    assert!(metric(&evaluated, "train", "accuracy") > 0.8, "{evaluated}");
}

#[test]
fn a_metric_that_not_all_folds_have_says_of_how_many_it_is() {
    let program = Program::new();
    let rare = fruit(60).replacen(",cherry", ",plum", 2);
    fs::write(program.path().join("fruit.csv"), rare).unwrap();
    let arguments = [&["train"], &TRAIN[..], &["--folds", "5", "--epochs", "2"]].concat();
    let report = program.success(&arguments);
    let line = report
        .lines()
        .find(|line| line.starts_with("roc_auc"))
        .unwrap();
    assert!(line.ends_with("  2 of 5 folds"), "{report}");
    assert!(
        report
            .lines()
            .any(|line| line.starts_with("accuracy") && line.ends_with(" %"))
    );
}
