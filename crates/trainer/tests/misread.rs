//! What is easily misread is read as it was meant, or is refused or reported with the option that helps.

mod program;

use std::fmt::Write;
use std::fs;

use program::Program;

/// A file with the columns `v`, `x` and `y`, a class.
fn file(program: &Program, name: &str, delimiter: char, v: impl Fn(usize) -> String) {
    let mut text = format!("v{delimiter}x{delimiter}y\n");
    for row in 0..90 {
        let (x, y) = (row * 7 % 11, ["lo", "hi"][row * 5 % 7 % 2]);
        writeln!(text, "{}{delimiter}{x}{delimiter}{y}", v(row)).unwrap();
    }
    fs::write(program.path().join(name), text).unwrap();
}

/// What is said of a file.
fn inspected(v: impl Fn(usize) -> String) -> String {
    let program = Program::new();
    file(&program, "t.csv", ';', v);
    program.success(&["inspect", "t.csv", "--target", "y"])
}

fn date(row: usize) -> String {
    format!("2024-{:02}-{:02}", row % 12 + 1, row % 28 + 1)
}

fn every(n: usize, odd: &str, usual: impl Fn(usize) -> String) -> impl Fn(usize) -> String {
    move |row| {
        if row % n == 3 {
            odd.to_owned()
        } else {
            usual(row)
        }
    }
}

#[test]
fn cells_that_are_no_dates_are_named_with_the_option_that_makes_them_missing() {
    for n in [4, 8, 12] {
        for odd in ["unknown", "00/00/0000", "45000"] {
            let said = inspected(every(n, odd, date));
            let expected = format!("not a date, the first is `{odd}` in line 5");
            assert!(said.contains(&expected), "{said}");
            assert!(said.contains(&format!("add `--missing '{odd}'`")), "{said}");
            assert!(!said.contains("not supported"), "{said}");
        }
    }
    let said = inspected(date);
    assert!(!said.contains("warning"), "{said}");
}

#[test]
fn values_that_stand_for_a_missing_one_are_suspected() {
    let number = |row: usize| format!("{}", (row * 13 % 100) as f64 / 10.0);
    for (odd, missing) in [("-999", "v=-999"), ("1000000000", "v=1000000000")] {
        let said = inspected(every(9, odd, number));
        let expected = format!("if it means \"missing\", add `--missing '{missing}'`");
        assert!(said.contains(&expected), "{said}");
    }
    let said = inspected(every(40, "9999-12-31", date));
    assert!(said.contains("add `--missing 'v=9999-12-31'`"), "{said}");
    let program = Program::new();
    // A date may be given in this form, whatever the form of the file is.
    file(
        &program,
        "t.csv",
        ';',
        every(40, "31.12.9999", |row| {
            format!("{:02}.{:02}.2024", row % 28 + 1, row % 12 + 1)
        }),
    );
    let said = program.success(&["inspect", "t.csv", "--missing", "v=9999-12-31"]);
    assert!(said.contains("3 missing"), "{said}");
    assert!(!said.contains("warning"), "{said}");
}

#[test]
fn classes_that_differ_in_case_are_reported() {
    let program = Program::new();
    let mut text = String::from("x,y\n");
    for row in 0..80 {
        writeln!(text, "{},{}", row % 9, ["hi", "LO", "lo", "HI"][row % 4]).unwrap();
    }
    fs::write(program.path().join("t.csv"), text).unwrap();
    let said = program.success(&["inspect", "t.csv", "--target", "y"]);
    assert!(
        said.contains(
            "`HI` and `hi` as different classes; if they mean the same, write them alike"
        ),
        "{said}"
    );
}

#[test]
fn points_between_thousands_are_asked_about() {
    let program = Program::new();
    let v = |row: usize| {
        if row.is_multiple_of(3) {
            format!("{}", 100 + row)
        } else {
            format!("1.{}", 300 + row)
        }
    };
    file(&program, "t.csv", ';', v);
    let (_, message) = program.failure(&["train", "t.csv", "--target", "y"]);
    assert!(
        message.contains("`1.301` is 1.301 or 1301") && message.contains("`--decimal ,`"),
        "{message}"
    );
    file(&program, "t.csv", ',', v);
    let said = program.success(&["inspect", "t.csv", "--target", "y"]);
    assert!(
        said.contains("if 1.301 means 1301, add `--decimal ,`"),
        "{said}"
    );
}

#[test]
fn a_folder_of_tables_is_inspected_like_a_table() {
    let program = Program::new();
    for (year, v) in [("2023", "1.5"), ("2024", "2.5")] {
        let folder = program.path().join(format!("hive/year={year}"));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("a.csv"), format!("v,y\n{v},a\n3,b\n")).unwrap();
    }
    let said = program.success(&["inspect", "hive", "--target", "y"]);
    assert!(said.starts_with("hive: 4 rows"), "{said}");
    assert!(said.contains("year"), "{said}");
}

#[test]
fn numbers_that_are_written_otherwise_than_in_training_are_told_so() {
    let program = Program::new();
    let comma = |row: usize| format!("{},{}", row % 10, row % 7);
    file(&program, "t.csv", ';', comma);
    program.train(&[
        "t.csv", "--target", "y", "--model", "logistic", "--output", "run",
    ]);
    fs::write(program.path().join("new.csv"), "v;x\n3.5;4\n").unwrap();
    let (_, message) = program.failure(&["predict", "run", "new.csv"]);
    assert!(
        message.contains(
            "has `3.5` as `v`, where a number with a decimal comma such as 3,5 was expected"
        ),
        "{message}"
    );
    assert!(message.contains("write it like"), "{message}");
    assert!(!message.contains("--missing"), "{message}");

    fs::write(program.path().join("bare.csv"), "3,5;4\n1,5;2\n").unwrap();
    for options in [&[][..], &["--header", "false"]] {
        let arguments = [&["predict", "run", "bare.csv"], options].concat();
        let (_, message) = program.failure(&arguments);
        assert!(message.contains("put a line with"), "{message}");
    }
}

#[test]
fn a_quantile_needs_the_loss_that_learns_it_and_is_compared_with_one() {
    let program = Program::new();
    let (code, message) = program.failure(&["train", "diabetes", "--quantile", "0.9"]);
    assert_eq!(code, 2);
    assert!(message.contains("add `--loss pinball`"), "{message}");

    let train = [
        "train",
        "diabetes",
        "--quantile",
        "0.9",
        "--loss",
        "pinball",
        "--model",
        "adaline",
        "--epochs",
        "1",
        "--output",
        "run",
    ];
    let said = program.success(&train);
    assert!(
        said.contains("baseline: the quantile 0.9 of the training rows"),
        "{said}"
    );
}

#[test]
fn an_ensemble_is_not_traced_and_its_members_need_it() {
    let program = Program::new();
    let (_, message) = program.failure(&["train", "iris", "--members", "mlp,mlp"]);
    assert!(
        message.contains("hint: it is for `--model ensemble`"),
        "{message}"
    );
    let (_, message) = program.failure(&["train", "iris", "--clusters", "3"]);
    assert!(message.contains("`--task clustering`"), "{message}");

    program.train(&[
        "iris",
        "--model",
        "ensemble",
        "--members",
        "logistic,logistic",
        "--output",
        "run",
    ]);
    let (_, message) = program.failure(&["trace", "run", "1"]);
    assert!(message.contains("plain layers of neurons"), "{message}");
}

#[test]
fn a_note_below_the_rows_is_answered_with_what_to_do() {
    let program = Program::new();
    let rows = "1,a\n2,b\n".repeat(20);
    fs::write(
        program.path().join("t.csv"),
        format!("x,y\n{rows}(40 rows)\n"),
    )
    .unwrap();
    let (_, message) = program.failure(&["train", "t.csv", "--target", "y"]);
    assert!(
        message.contains("if the line is a note below the rows, remove it"),
        "{message}"
    );
}

#[test]
fn a_format_that_is_not_supported_is_named_also_if_no_feature_is_left() {
    let program = Program::new();
    let mut text = String::from("v,y\n");
    for row in 0..60 {
        writeln!(text, "{} h {} min,{}", row, row % 59, ["a", "b"][row % 2]).unwrap();
    }
    fs::write(program.path().join("t.csv"), text).unwrap();
    let (_, message) = program.failure(&["train", "t.csv", "--target", "y"]);
    assert!(
        message.contains("those such as `0 h 0 min` look like numbers or dates"),
        "{message}"
    );
}
