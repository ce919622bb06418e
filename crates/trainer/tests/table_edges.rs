//! Your own table where it is wrong or unusual.

mod program;

use std::fmt::Write;
use std::fs;

use insta::assert_snapshot;
use program::{Program, TRAIN, fruit, with_fruit};

#[test]
fn what_is_wrong_with_a_table_is_reported_with_what_to_do() {
    let program = with_fruit();
    let message = |arguments: &[&str]| {
        let (_, message) = program.failure(&[&["train"], arguments].concat());
        assert!(
            !program.path().join("runs").exists(),
            "{arguments:?} leaves a run"
        );
        message
    };
    assert_snapshot!(message(&["fruit.csv"]), @r"
    error: which column of `fruit.csv` should be predicted?

    hint: name it with `--target COLUMN`; the columns are `id`, `colour`, `weight`, `picked`, `kind`
    ");
    assert_snapshot!(message(&["fruit.csv", "--target", "kid"]), @r"
    error: `fruit.csv` has no column `kid`; its columns are `id`, `colour`, `weight`, `picked`, `kind`

    hint: did you mean `kind`?
    ");
    assert_eq!(
        message(&["fruits.csv", "--target", "kind"]),
        "error: cannot read `fruits.csv`: No such file or directory (os error 2)\n"
    );
    assert_snapshot!(message(&["fruit.csv", "--target", "kind", "--numeric", "colour"]), @r#"
    error: line 2 of `fruit.csv` has `red` as `colour`, where a number was expected

    hint: if `red` means "missing", add `--missing 'colour=red'`; otherwise write it like the other values
    "#);
    assert_snapshot!(message(&["iris", "--target", "species"]), @r"
    error: `--target` is for your own table, but `iris` is built in

    hint: for a file of that name write `./iris`
    ");
    assert_snapshot!(message(&["iris", "--group-column", "species"]), @r"
    error: `--group-column` is for your own table, but `iris` is built in

    hint: for a file of that name write `./iris`
    ");
    assert_snapshot!(message(&["fruit.csv", "--target", "kind", "--select", "rmse"]), @r"
    error: the metric `rmse` is for regression, but this is classification

    hint: for classification `--select` takes `accuracy`, `balanced_accuracy`, `f1_macro`, `roc_auc`, `average_precision`, `log_loss`, `expected_calibration_error`
    ");
}

#[test]
fn classes_that_are_not_in_the_model_count_as_wrong_and_are_reported_if_all_are() {
    let program = with_fruit();
    program.train(&TRAIN);
    let some = fruit(30).replace("cherry", "plum");
    fs::write(program.path().join("new.csv"), &some).unwrap();
    let summary = program.json(&["evaluate", "run", "new.csv", "--json"]);
    let metrics = &summary["metrics"]["test"];
    assert!(metrics["accuracy"].as_f64().unwrap() <= 2.0 / 3.0);
    assert!(metrics["log_loss"].is_null());
    let all = some.replace("apple", "plum").replace("banana", "plum");
    fs::write(program.path().join("new.csv"), all).unwrap();
    let (code, message) = program.failure(&["evaluate", "run", "new.csv"]);
    assert_eq!(code, 1);
    assert_snapshot!(message, @r"
    error: the class `plum` is unknown; the known classes are `apple`, `banana`, `cherry`

    hint: the model can only be evaluated on classes that it was trained on
    ");
}

#[test]
fn rows_are_split_by_a_column_a_file_or_the_time_and_evaluated_alike() {
    let program = Program::new();
    let part = |row: usize| ["train", "train", "train", "valid", "test"][row % 5];
    let mut csv = String::new();
    for (row, line) in fruit(240).lines().enumerate() {
        match row.checked_sub(1) {
            None => writeln!(csv, "{line},part,tree").unwrap(),
            Some(row) => writeln!(csv, "{line},{},tree-{}", part(row), row % 17).unwrap(),
        }
    }
    fs::write(program.path().join("fruit.csv"), csv).unwrap();
    fs::write(
        program.path().join("test.csv"),
        fruit(60).replace("cherry", "plum"),
    )
    .unwrap();
    for options in [
        &["--split-column", "part"][..],
        &["--group-column", "tree"],
        &["--split-by-time", "picked"],
    ] {
        let train = [&TRAIN[..], &["--epochs", "3", "--force"], options].concat();
        let trained = program.train(&train);
        let evaluated = program.json(&["evaluate", "run", "--json"]);
        assert_eq!(evaluated["metrics"], trained["metrics"], "{options:?}");
    }

    let train = [
        "train",
        "fruit.csv",
        "--target",
        "kind",
        "--drop",
        "part,tree",
        "--epochs",
        "3",
    ];
    let test = ["--test", "test.csv", "--output", "other", "--json"];
    let output = program
        .command(&[&train[..], &test].concat())
        .output()
        .unwrap();
    let report = String::from_utf8(output.stderr).unwrap();
    assert!(
        report.contains(
            "warning: no training row has the class `plum`, so the model cannot learn it"
        ),
        "{report}"
    );
    let trained: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let evaluated = program.json(&["evaluate", "other", "--json"]);
    assert_eq!(evaluated["metrics"], trained["metrics"]);
}

#[test]
fn a_cell_that_is_not_a_number_in_a_column_of_numbers_is_reported() {
    let program = Program::new();
    let mut csv = String::from("x,y\n");
    for row in 0..300 {
        let x = if row == 150 {
            "unknown".to_owned()
        } else {
            (row % 290).to_string()
        };
        writeln!(csv, "{x},{}", f64::from(row) / 7.0).unwrap();
    }
    fs::write(program.path().join("rows.csv"), &csv).unwrap();
    let train = [
        "train",
        "rows.csv",
        "--target",
        "y",
        "--epochs",
        "1",
        "--numeric",
        "y",
    ];
    let output = program.command(&train).output().unwrap();
    let report = String::from_utf8(output.stderr).unwrap();
    assert!(
        report.contains("the first is `unknown` in line 152"),
        "{report}"
    );
    // Among numbers to predict there is no room for a guess.
    let (_, message) = program.failure(&["train", "rows.csv", "--target", "x"]);
    assert_snapshot!(message, @r#"
    error: line 152 of `rows.csv` has `unknown` as `x`, where a number was expected

    hint: if `unknown` means "missing", add `--missing 'x=unknown'`; otherwise write it like the other values
    "#);
}

#[test]
fn how_a_table_was_read_is_remembered_for_prediction() {
    let program = Program::new();
    let csv = fruit(60).replace(',', "^").replace("NA", "gone");
    fs::write(program.path().join("fruit.csv"), csv).unwrap();
    let dialect = ["--delimiter", "^", "--missing", "gone", "--epochs", "1"];
    program.train(&[&TRAIN[..], &dialect].concat());

    let predicted = program.success(&["predict", "run", "fruit.csv", "--only-predictions"]);

    assert_eq!(predicted.lines().count(), 61);
}

#[test]
fn large_whole_numbers_are_exact_where_they_are_compared() {
    let program = Program::new();
    let mut csv = String::from("x,group,sku\n");
    for row in 0..90 {
        writeln!(
            csv,
            "{},{},{}",
            row % 3,
            900_000_000 + row % 9,
            123_456_789 + row % 3
        )
        .unwrap();
    }
    fs::write(program.path().join("rows.csv"), csv).unwrap();
    let train = [
        "rows.csv",
        "--target",
        "sku",
        "--task",
        "classification",
        "--output",
        "run",
    ];
    let trained = program.train(&[&train[..], &["--group-column", "group"]].concat());
    let evaluated = program.json(&["evaluate", "run", "--json"]);
    assert_eq!(evaluated["metrics"], trained["metrics"]);
    assert_eq!(evaluated["metrics"]["test"]["accuracy"], 1.0);
}

#[test]
fn a_changed_table_is_reported_when_it_is_evaluated_again() {
    let program = with_fruit();
    program.train(&[&TRAIN[..], &["--epochs", "1"]].concat());
    fs::write(program.path().join("fruit.csv"), fruit(300)).unwrap();
    let output = program.command(&["evaluate", "run"]).output().unwrap();
    let report = String::from_utf8(output.stderr).unwrap();
    assert!(
        report.contains("\nwarning: the table has changed since training"),
        "{report}"
    );
}

#[test]
fn another_table_need_not_have_what_training_left_out() {
    let program = with_fruit();
    program.train(&[&TRAIN[..], &["--drop", "picked", "--epochs", "1"]].concat());
    let without: Vec<String> = fruit(30)
        .lines()
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            [cells[1], cells[2], cells[4]].join(",")
        })
        .collect();
    fs::write(program.path().join("other.csv"), without.join("\n")).unwrap();
    let evaluated = program.success(&["evaluate", "run", "other.csv"]);
    assert!(evaluated.contains("test        30"), "{evaluated}");
}

#[test]
fn folds_are_overwritten_by_force() {
    let program = with_fruit();
    let train = [&TRAIN[..], &["--folds", "2", "--epochs", "1"]].concat();
    program.train(&train);
    program.train(&[&train[..], &["--force"]].concat());
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_what_it_leads_to_is_written() {
    let program = with_fruit();
    program.train(&[&TRAIN[..], &["--epochs", "1"]].concat());
    let path = |name: &str| program.path().join(name);
    fs::write(path("real.csv"), "").unwrap();
    std::os::unix::fs::symlink(path("real.csv"), path("link.csv")).unwrap();
    program.success(&["predict", "run", "fruit.csv", "--output", "link.csv"]);
    assert!(path("link.csv").is_symlink());
    assert_eq!(
        fs::read_to_string(path("real.csv"))
            .unwrap()
            .lines()
            .count(),
        241
    );
}

#[cfg(unix)]
#[test]
fn training_goes_on_when_nobody_reads_its_progress() {
    use std::process::{Command, Stdio};

    let program = with_fruit();
    let mut child = Command::new(env!("CARGO_BIN_EXE_trainer"))
        .args(["train"])
        .args(TRAIN)
        .args(["--epochs", "20"])
        .current_dir(program.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stderr.take());

    assert!(child.wait().unwrap().success());
    program.success(&["evaluate", "run"]);
}
