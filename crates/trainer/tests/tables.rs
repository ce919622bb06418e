//! A table of one's own, from the file to a prediction.

mod program;

use std::fmt::Write;
use std::fs;

use assert_cmd::Command;
use insta::assert_snapshot;
use mlp_datasets::{Source, read_table};
use mlp_inference::{Metrics, Predictions, SavedModel};
use program::Program;
use trainer::Backend;

/// Fruit whose kind follows from colour and weight, with holes.
fn fruit(rows: usize) -> String {
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

fn with_fruit() -> Program {
    let program = Program::new();
    fs::write(program.path().join("fruit.csv"), fruit(240)).unwrap();
    program
}

const TRAIN: [&str; 5] = ["fruit.csv", "--target", "kind", "--output", "run"];

#[test]
fn a_csv_file_is_trained_on_judged_and_predicted() {
    let program = with_fruit();
    let output = program
        .command(&[&["train"], &TRAIN[..]].concat())
        .output()
        .unwrap();

    assert!(output.status.success());
    let told = String::from_utf8(output.stderr).unwrap();
    let told: Vec<&str> = told.lines().take(6).collect();
    assert_snapshot!(told.join("\n"), @r"
    fruit.csv: 240 rows
      target       kind: classification, apple (80), banana (80), cherry (80)
      numeric      weight (22 missing)
      categorical  colour (2, 24 missing)
      date         picked
      left out     id (a name for each row)
    ");
    let evaluated = program.json(&["evaluate", "run", "--json"]);
    assert!(evaluated["metrics"]["test"]["accuracy"].as_f64().unwrap() > 0.9);
    // As another table, all rows are for testing.
    fs::copy(
        program.path().join("fruit.csv"),
        program.path().join("more.csv"),
    )
    .unwrap();
    let more = program.success(&["evaluate", "run", "more.csv"]);
    assert!(more.contains("test       240"), "{more}");
    let predicted = program.success(&["predict", "run", "fruit.csv"]);
    assert_eq!(predicted.lines().count(), 241);
}

#[test]
fn predictions_are_the_same_by_file_by_judgement_and_in_rust() {
    let program = with_fruit();
    program.train(&TRAIN);
    let csv = program.success(&["predict", "run", "fruit.csv", "--only-predictions"]);
    program.success(&["predict", "run", "fruit.csv", "--output", "out.parquet"]);

    let path = |name: &str| program.path().join(name);
    let device = Backend::preferred().unwrap().device().unwrap();
    let model = SavedModel::load(&path("run"), &device).unwrap();
    let source = Source::new(&path("fruit.csv").display().to_string()).unwrap();
    let table = read_table(&source, &model.schema()).unwrap();
    let Predictions::Classes {
        labels,
        probabilities,
        ..
    } = model.predict(&table).unwrap()
    else {
        panic!("there are classes");
    };
    let classes = model.classes().unwrap();
    let probabilities = probabilities.unwrap();
    for (row, line) in csv.lines().skip(1).enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells[0], classes[labels[row]]);
        for (class, cell) in cells[1..].iter().enumerate() {
            assert_eq!(cell.parse::<f64>().unwrap(), probabilities[3 * row + class]);
        }
    }

    // A Parquet file of the same predictions, judged as a table whose target they are.
    let kinds: Vec<&str> = csv
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap())
        .collect();
    let right = fruit(240)
        .lines()
        .skip(1)
        .zip(&kinds)
        .filter(|(line, kind)| line.ends_with(*kind))
        .count();
    let judged = program.json(&["evaluate", "run", "./fruit.csv", "--json"]);
    let metrics: Metrics = serde_json::from_value(judged["metrics"]["test"].clone()).unwrap();
    assert!((metrics.accuracy.unwrap() - right as f64 / 240.0).abs() < 1e-12);
    let of_parquet = program.success(&["predict", "run", "out.parquet", "--only-predictions"]);
    assert_eq!(of_parquet, csv);
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

    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.contains("left out     id (as asked), picked (as asked)"),
        "{told}"
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
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.starts_with("part-*.csv: 90 rows"), "{told}");
    assert_eq!(
        program
            .success(&["predict", "run", "part-*.csv"])
            .lines()
            .count(),
        91
    );
}

#[test]
fn folds_test_each_row_once_and_tell_mean_and_deviation() {
    let program = with_fruit();
    let arguments = [&TRAIN[..], &["--folds", "3", "--epochs", "20"]].concat();
    let summary = program.train(&arguments);

    assert_eq!(summary["folds"], 3);
    let accuracy = &summary["metrics"]["test"]["accuracy"];
    assert!(accuracy["mean"].as_f64().unwrap() > 0.8, "{summary}");
    let mut sum = 0.0;
    for fold in 1..=3 {
        let judged = program.json(&["evaluate", &format!("run/fold-{fold}"), "--json"]);
        sum += judged["metrics"]["test"]["accuracy"].as_f64().unwrap();
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
fn values_never_seen_are_predicted_and_counted_in_one_line() {
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
        "warning: `colour` has a category unknown to the model, or too rare to be learned, in 2 rows; \
         `picked` is missing in 1 rows, as never in training\n"
    );
}

#[test]
fn what_is_wrong_with_a_table_is_told_with_what_to_do() {
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
    error: `fruit.csv` is a table, and no column of it was named to predict

    hint: say `--target COLUMN`; there are `id`, `colour`, `weight`, `picked`, `kind`
    ");
    assert_snapshot!(message(&["fruit.csv", "--target", "kid"]), @r"
    error: `fruit.csv` has no column `kid`, but `id`, `colour`, `weight`, `picked`, `kind`

    hint: did you mean `kind`?
    ");
    assert_eq!(
        message(&["fruits.csv", "--target", "kind"]),
        "error: cannot read `fruits.csv`: No such file or directory (os error 2)\n"
    );
    assert_snapshot!(message(&["fruit.csv", "--target", "kind", "--numeric", "colour"]), @r"
    error: line 2 of `fruit.csv` has `red` as `colour`, which is no finite number

    hint: if `red` stands for a missing value, say `--missing 'red'` when `colour` is trained on
    ");
    assert_snapshot!(message(&["iris", "--target", "species"]), @r"
    error: `--target` is for a table of one's own, and `iris` is built in

    hint: a file of that name is `./iris`
    ");
    assert_snapshot!(message(&["fruit.csv", "--target", "kind", "--select", "rmse"]), @r"
    error: `--select rmse` is for regression, and this is classification

    hint: for classification there are `accuracy`, `balanced_accuracy`, `f1_macro`, `roc_auc`, `average_precision`, `log_loss`, `expected_calibration_error`
    ");
}

#[test]
fn a_class_that_training_never_saw_is_told_when_it_is_judged() {
    let program = with_fruit();
    program.train(&TRAIN);
    let csv = fruit(30).replace("cherry", "plum");
    fs::write(program.path().join("new.csv"), csv).unwrap();
    let (code, message) = program.failure(&["evaluate", "run", "new.csv"]);
    assert_eq!(code, 1);
    assert_snapshot!(message, @r"
    error: the class `plum` is unknown; there are `apple`, `banana`, `cherry`

    hint: the model can only judge classes that it was trained on
    ");
}

#[test]
fn rows_are_split_as_a_column_a_file_or_the_time_says_and_judged_alike() {
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
        let judged = program.json(&["evaluate", "run", "--json"]);
        assert_eq!(judged["metrics"], trained["metrics"], "{options:?}");
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
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.contains(
            "warning: no training row has the class `plum`, so the model cannot learn it"
        ),
        "{told}"
    );
    let trained: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let judged = program.json(&["evaluate", "other", "--json"]);
    assert_eq!(judged["metrics"], trained["metrics"]);
}

#[test]
fn a_cell_among_numbers_that_is_none_is_told() {
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
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.contains("the first of them `unknown` in line 152"),
        "{told}"
    );
    // As a target it would make a class of each number.
    let (_, message) = program.failure(&["train", "rows.csv", "--target", "x"]);
    assert_snapshot!(message, @r"
    error: the target `x` of `rows.csv` would have 290 classes in 300 rows, since not all its values are numbers: one is `unknown`

    hint: name another column with `--target`, or see `--schema` and `--task`
    ");
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
    let judged = program.json(&["evaluate", "run", "--json"]);
    assert_eq!(judged["metrics"], trained["metrics"]);
    assert_eq!(judged["metrics"]["test"]["accuracy"], 1.0);
}

#[test]
fn a_changed_table_is_told_when_it_is_judged_again() {
    let program = with_fruit();
    program.train(&[&TRAIN[..], &["--epochs", "1"]].concat());
    fs::write(program.path().join("fruit.csv"), fruit(300)).unwrap();
    let output = program.command(&["evaluate", "run"]).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.starts_with("warning: the table has changed since training"),
        "{told}"
    );
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
