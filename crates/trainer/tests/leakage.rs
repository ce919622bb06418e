//! Columns that give the target away, categories with few rows, and validation rows that tell nothing.

mod program;

use std::fmt::Write;
use std::fs;

use assert_cmd::Command;
use program::Program;

/// The program in a folder with a table.
fn with(csv: &str) -> Program {
    let program = Program::new();
    fs::write(program.path().join("rows.csv"), csv).unwrap();
    program
}

/// A table of as many rows.
fn table(header: &str, rows: usize, row: impl Fn(usize) -> String) -> String {
    let mut csv = format!("{header}\n");
    for index in 0..rows {
        writeln!(csv, "{}", row(index)).unwrap();
    }
    csv
}

/// What a training of an epoch prints on stderr.
fn remarks(program: &Program, arguments: &[&str]) -> String {
    let fixed = [
        "train", "rows.csv", "--target", "y", "--epochs", "1", "--force",
    ];
    let output = ["--output", "run", "--no-tui"];
    let mut command: Command = program.command(&[&fixed[..], &output, arguments].concat());
    let output = command.output().unwrap();
    let remarks = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{remarks}");
    remarks
}

/// Numbers without a pattern, from 0 to 96.
fn noise(row: usize) -> usize {
    (row * row * 31 + row * 7) % 97
}

#[test]
fn an_index_is_left_out_with_the_option_that_keeps_it() {
    // The classes are in order, so the index would tell them.
    let row = |row: usize| {
        let class = ["a", "b", "c"][row * 37 % 100 / 34];
        format!("{},{},{class}", row * 37 % 100, noise(row))
    };
    let program = with(&table(",x,y", 100, row));
    let found = remarks(&program, &[]);
    let left_out = "left out     column_1 (row numbers; `--numeric column_1` keeps it)";
    assert!(found.contains(left_out), "{found}");
    let found = remarks(&program, &["--numeric", "column_1"]);
    assert!(found.contains("numeric      column_1, x"), "{found}");

    let row = |row: usize| format!("{},{},{}", 1001 + row, noise(row), row / 50);
    let found = remarks(&with(&table("ticket,x,y", 100, row)), &[]);
    assert!(
        found.contains("left out     ticket (row numbers;"),
        "{found}"
    );

    // With gaps, the name decides.
    let gaps = |row: usize| format!("{},{},{}", 1001 + row + row / 3, noise(row), row / 50);
    let found = remarks(&with(&table("user id,x,y", 100, gaps)), &[]);
    let left_out =
        "user id (every value is different: an identifier?; `--numeric 'user id'` keeps it)";
    assert!(found.contains(left_out), "{found}");
    let found = remarks(&with(&table("size,x,y", 100, gaps)), &[]);
    let warning = "warning: `size` has a different whole number in each row, as row numbers are; if it is \
                   an index, leave it out with `--drop size`";
    assert!(found.contains(warning), "{found}");
}

#[test]
fn years_scales_and_repeated_numbers_are_no_index() {
    let row = |row: usize| {
        let (year, scale, age) = (1950 + row, row * 5, 20 + row % 50);
        format!("{year},{scale},{age},{},{}", noise(row), row % 3 % 2)
    };
    let found = remarks(&with(&table("year,scale,age,x,y", 60, row)), &[]);
    assert!(
        found.contains("numeric      year, scale, age, x"),
        "{found}"
    );
    assert!(!found.contains("row numbers"), "{found}");
}

#[test]
fn a_copy_of_the_target_is_left_out_unless_it_is_asked_for() {
    let row = |row: usize| {
        let (class, again) = [("bad", "1"), ("good", "0")][noise(row) % 2];
        format!("{class},{again},{},{}", noise(row + 1), noise(row) % 10)
    };
    let program = with(&table("y,status,x,digit", 100, row));
    let found = remarks(&program, &[]);
    let left_out = "left out     status (a copy of the target; `--numeric status` keeps it)";
    assert!(found.contains(left_out), "{found}");
    let warning = "warning: `digit` determines the target in all rows; if it is known only after the fact, \
                   leave it out with `--drop digit`";
    assert!(found.contains(warning), "{found}");
    let found = remarks(&program, &["--categorical", "status"]);
    assert!(
        found.contains("warning: `status` is a copy of the target;"),
        "{found}"
    );

    // Numbers on a line may be what someone wants to learn from.
    let row = |row: usize| {
        let y = noise(row);
        format!("{y},{y},{},{}", 1_700_000_000 + 2 * y, noise(row + 1))
    };
    let found = remarks(
        &with(&table("y,again,time,x", 100, row)),
        &["--task", "regression"],
    );
    assert!(
        found.contains("left out     again (a copy of the target;"),
        "{found}"
    );
    assert!(
        found.contains("warning: `time` determines the target"),
        "{found}"
    );
}

#[test]
fn what_decides_in_small_tables_and_truth_tables_is_no_leak() {
    let gate = |row: usize| format!("{},{},{}", row % 2, row / 2 % 2, (row % 2) ^ (row / 2 % 2));
    for csv in [
        table("a,b,y", 80, gate),
        table("a,b,y", 12, |row| {
            let class = ["no", "yes"][row % 2];
            format!("{},{},{class}", row % 2, noise(row))
        }),
    ] {
        let found = remarks(&with(&csv), &[]);
        assert!(!found.contains("warning"), "{found}");
        assert!(!found.contains("left out"), "{found}");
    }
}

#[test]
fn in_a_small_table_a_category_of_few_rows_is_learned() {
    let row = |row: usize| {
        let (light, act) = [("red", "stop"), ("green", "go"), ("amber", "wait")][row % 3];
        format!("{light},{},{act}", noise(row))
    };
    let program = with(&table("light,x,y", 15, row));
    let arguments = ["rows.csv", "--target", "y", "--epochs", "200"];
    let summary = program.train(&arguments);
    let accuracy = &summary["metrics"]["test"]["accuracy"];
    assert!(accuracy.as_f64().unwrap() > 0.99, "{summary}");
}

#[test]
fn rare_categories_are_counted_before_training() {
    let row = |row: usize| {
        let town = if row.is_multiple_of(2) { 0 } else { row % 40 };
        format!("town {town},{},{}", noise(row), noise(row) % 2)
    };
    let program = with(&table("town,x,y", 120, row));
    let found = remarks(&program, &[]);
    let mut lines = found.lines();
    let line = lines.find(|line| line.contains("`town`")).unwrap();
    assert!(line.starts_with("warning: `town`: "), "{line}");
    assert!(
        line.contains("18 of 19 categories are in fewer than 5 training rows and count as one"),
        "{line}"
    );
    assert!(
        line.contains("`--min-category-count 1` learns each"),
        "{line}"
    );
    let found = remarks(&program, &["--min-category-count", "1"]);
    assert!(!found.contains("`town`"), "{found}");
}

#[test]
fn a_metric_needs_validation_rows_that_it_is_defined_for() {
    let row = |row: usize| {
        let part = ["train", "train", "train", "valid", "test"][row % 5];
        let class = if part == "valid" || row.is_multiple_of(2) {
            "pos"
        } else {
            "neg"
        };
        format!("{},{class},{part}", noise(row))
    };
    let program = with(&table("x,y,part", 100, row));
    let found = remarks(&program, &["--split-column", "part"]);
    let warning = "warning: 20 validation rows are all of the class `pos`, so validation hardly tells which \
                   epoch is best";
    assert!(found.contains(warning), "{found}");

    let train = [
        "train",
        "rows.csv",
        "--target",
        "y",
        "--split-column",
        "part",
    ];
    let select = |metric| [&train[..], &["--select", metric, "--output", "other"]].concat();
    let (code, message) = program.failure(&select("roc_auc"));
    assert_eq!(code, 2);
    let error = "error: the metric `roc_auc` cannot select an epoch: all 20 validation rows are of the class \
                 `pos`\n\nhint: take another metric, such as `--select accuracy`, or other validation rows";
    assert!(message.contains(error), "{message}");
    assert!(!program.path().join("other").exists());
    program.success(&select("log_loss"));
}
