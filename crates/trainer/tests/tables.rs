//! Your own table, from the file to a prediction.

mod program;

use std::fmt::Write;
use std::fs;

use assert_cmd::Command;
use insta::assert_snapshot;
use program::{Program, TRAIN, fruit, with_fruit};

#[test]
fn a_csv_file_is_trained_on_evaluated_and_predicted() {
    let program = with_fruit();
    let output = program
        .command(&[&["train"], &TRAIN[..]].concat())
        .output()
        .unwrap();

    assert!(output.status.success());
    let report = String::from_utf8(output.stderr).unwrap();
    let report: Vec<&str> = report.lines().take(6).collect();
    assert_snapshot!(report.join("\n"), @r"
    fruit.csv: 240 rows
      target       kind: classification, apple (80), banana (80), cherry (80)
      numeric      weight (22 missing)
      categorical  colour (2, 24 missing)
      date         picked
      left out     id (every value is different: an identifier?)
    ");
    let evaluated = program.json(&["evaluate", "run", "--json"]);
    assert!(evaluated["metrics"]["test"]["accuracy"].as_f64().unwrap() > 0.9);
    // A copy is recognised. Of another table, all rows are for testing.
    let rows = fs::read_to_string(program.path().join("fruit.csv")).unwrap();
    fs::write(program.path().join("copy.csv"), &rows).unwrap();
    let copied = program.success(&["evaluate", "run", "copy.csv"]);
    assert_eq!(copied, program.success(&["evaluate", "run"]));
    let most: Vec<&str> = rows.lines().take(201).collect();
    fs::write(program.path().join("most.csv"), most.join("\n")).unwrap();
    let most = program.success(&["evaluate", "run", "most.csv"]);
    assert!(most.contains("test       200"), "{most}");
    assert!(!most.contains("train"), "{most}");
    let predicted = program.success(&["predict", "run", "fruit.csv"]);
    assert_eq!(predicted.lines().count(), 241);
}

#[test]
fn a_schema_that_is_printed_can_be_changed_and_read_again() {
    let program = with_fruit();
    let schema = program.success(&["train", "fruit.csv", "--target", "kind", "--schema"]);
    assert!(schema.contains("weight = \"numeric\""), "{schema}");
    fs::write(
        program.path().join("schema.toml"),
        schema.replace("picked = \"date\"", "picked = \"drop\""),
    )
    .unwrap();

    let arguments = [
        "train",
        "fruit.csv",
        "--target",
        "kind",
        "--schema-file",
        "schema.toml",
    ];
    let output = program
        .command(&[&arguments[..], &["--epochs", "1"]].concat())
        .output()
        .unwrap();

    let report = String::from_utf8(output.stderr).unwrap();
    assert!(
        report.contains("left out     id (as requested), picked (as requested)"),
        "{report}"
    );
}

#[test]
fn standard_input_is_a_table_too() {
    let program = Program::new();
    let run = |arguments: &[&str]| {
        let mut command: Command = program.command(arguments);
        let output = command.write_stdin(fruit(60)).output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    };
    run(&[
        "train", "-", "--target", "kind", "--epochs", "2", "--output", "run",
    ]);
    assert_eq!(run(&["predict", "run", "-"]).lines().count(), 61);
}

#[test]
fn several_files_of_one_schema_are_one_table() {
    let program = Program::new();
    let whole = fruit(90);
    let (header, rows) = whole.split_once('\n').unwrap();
    let rows: Vec<&str> = rows.lines().collect();
    for (i, part) in rows.chunks(30).enumerate() {
        let csv = format!("{header}\n{}\n", part.join("\n"));
        fs::write(program.path().join(format!("part-{i}.csv")), csv).unwrap();
    }
    let train = [
        "train",
        "part-*.csv",
        "--target",
        "kind",
        "--epochs",
        "1",
        "--output",
        "run",
    ];
    let output = program.command(&train).output().unwrap();
    let report = String::from_utf8(output.stderr).unwrap();
    assert!(report.starts_with("part-*.csv: 90 rows"), "{report}");
    assert_eq!(
        program
            .success(&["predict", "run", "part-*.csv"])
            .lines()
            .count(),
        91
    );
}

#[test]
fn folds_test_each_row_once_and_report_mean_and_standard_deviation() {
    let program = with_fruit();
    let arguments = [&TRAIN[..], &["--folds", "3", "--epochs", "20"]].concat();
    let summary = program.train(&arguments);

    assert_eq!(summary["folds"], 3);
    let accuracy = &summary["metrics"]["test"]["accuracy"];
    assert!(accuracy["mean"].as_f64().unwrap() > 0.8, "{summary}");
    let mut sum = 0.0;
    for fold in 1..=3 {
        let evaluated = program.json(&["evaluate", &format!("run/fold-{fold}"), "--json"]);
        sum += evaluated["metrics"]["test"]["accuracy"].as_f64().unwrap();
    }
    assert!((sum / 3.0 - accuracy["mean"].as_f64().unwrap()).abs() < 1e-12);
}

#[test]
fn the_epoch_that_is_kept_is_the_best_by_the_metric_asked_for() {
    let program = with_fruit();
    let arguments = [&TRAIN[..], &["--select", "roc_auc", "--epochs", "8"]].concat();
    let summary = program.train(&arguments);

    let curve = fs::read_to_string(program.path().join("run/metrics.csv")).unwrap();
    let mut rows = curve.lines();
    let header: Vec<&str> = rows.next().unwrap().split(',').collect();
    let column = header
        .iter()
        .position(|name| *name == "valid_roc_auc")
        .unwrap();
    let values: Vec<f64> = rows
        .map(|row| row.split(',').nth(column).unwrap().parse().unwrap())
        .collect();
    let best = values.iter().copied().fold(0.0, f64::max);
    assert_eq!(
        summary["metrics"]["valid"]["roc_auc"].as_f64().unwrap(),
        best
    );
    let first = values.iter().position(|&value| value == best).unwrap();
    assert_eq!(summary["best_epoch"], first + 1);
}

#[test]
fn weights_of_rows_and_classes_change_what_is_learned() {
    let program = Program::new();
    // Rows that contradict each other: weights decide who is right.
    let mut csv = String::from("x,w,kind\n");
    for row in 0..60 {
        let (weight, kind) = if row % 3 == 0 {
            (10, "rare")
        } else {
            (1, "common")
        };
        writeln!(csv, "{},{weight},{kind}", row % 7).unwrap();
    }
    fs::write(program.path().join("rows.csv"), csv).unwrap();
    let predicted = |options: &[&str]| {
        let train = ["rows.csv", "--target", "kind", "--output", "run", "--force"];
        program.train(&[&train[..], &["--drop", "w"], options].concat());
        program.success(&["predict", "run", "rows.csv", "--only-predictions"])
    };

    assert!(!predicted(&[]).contains("\nrare"));
    assert!(!predicted(&["--class-weights", "rare=10"]).contains("\ncommon"));
    program.train(&[
        "rows.csv", "--target", "kind", "--output", "run", "--force", "--weight", "w",
    ]);
    let weighted = program.success(&["predict", "run", "rows.csv", "--only-predictions"]);
    assert!(!weighted.contains("\ncommon"));
}

#[test]
fn numbers_are_predicted_together_and_at_a_quantile() {
    let program = Program::new();
    let mut csv = String::from("x,a,b\n");
    for row in 0..200 {
        let x = f64::from(row) / 10.0;
        writeln!(
            csv,
            "{x},{},{}",
            x.sin(),
            3.0 * x + f64::from(row * 37 % 11)
        )
        .unwrap();
    }
    fs::write(program.path().join("rows.csv"), csv).unwrap();
    let summary = program.train(&["rows.csv", "--target", "a,b", "--output", "run"]);
    assert_eq!(summary["task"], "regression");
    let evaluated = program.success(&["evaluate", "run"]);
    assert!(
        evaluated.contains("Each target of the test rows"),
        "{evaluated}"
    );
    let again = program.json(&["evaluate", "run", "--json"]);
    assert_eq!(again["targets"], summary["targets"]);
    let of_target = |name: &str| summary["targets"][name]["rmse"].as_f64().unwrap();
    let mean = summary["metrics"]["test"]["rmse"].as_f64().unwrap();
    assert!((f64::midpoint(of_target("a"), of_target("b")) - mean).abs() < 1e-12 * mean);
    let predicted = program.success(&["predict", "run", "rows.csv", "--only-predictions"]);
    assert!(
        predicted.starts_with("prediction_a,prediction_b\n"),
        "{predicted}"
    );

    let quantile = ["--loss", "pinball", "--quantile", "0.9", "--drop", "a"];
    let train = [
        "rows.csv", "--target", "b", "--output", "high", "--epochs", "300",
    ];
    program.train(&[&train[..], &quantile].concat());
    let high = program.success(&["predict", "high", "rows.csv"]);
    let above = high.lines().skip(1).filter(|line| {
        let cells: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
        cells[3] >= cells[2]
    });
    let share = above.count() as f64 / 200.0;
    assert!(
        (0.8..=0.98).contains(&share),
        "{share} of the rows lie below their quantile of 0.9"
    );
}

#[test]
fn values_never_seen_are_predicted_and_counted_for_each_feature() {
    let program = with_fruit();
    program.train(&TRAIN);
    fs::write(
        program.path().join("new.csv"),
        "picked,colour,weight\n2024-05-01,blue,140\n,green,9\n",
    )
    .unwrap();
    let output = program
        .command(&["predict", "run", "new.csv"])
        .output()
        .unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 3);
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "warning: `colour` has values not seen (or too rare) in training, in 2 rows\n\
         warning: `picked` is missing in 1 row, though it was never missing in training\n"
    );
}
