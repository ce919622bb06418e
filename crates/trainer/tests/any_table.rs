//! Any table of any mixture of columns is trained on and predicted, or is rejected with a message
//! that names what is wrong, and leaves nothing behind.

mod program;

use std::cell::Cell;
use std::fmt::Write;
use std::fs;

use program::Program;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

const CASES: u32 = 100;

/// A cell of a kind of column.
fn cell(kind: u8) -> BoxedStrategy<String> {
    match kind {
        0 => any::<f32>().prop_map(|number| number.to_string()).boxed(),
        1 => (-5i32..5).prop_map(|number| number.to_string()).boxed(),
        2 => "true|False".boxed(),
        3 => "[a-c]".boxed(),
        4 => "[a-z]{8}".boxed(),
        5 => (1i32..28, 1990i32..2030)
            .prop_map(|(day, year)| format!("{year}-03-{day:02}"))
            .boxed(),
        6 => Just("same".to_owned()).boxed(),
        7 => Just(String::new()).boxed(),
        _ => "[ -~]{0,6}".boxed(),
    }
}

/// The rows of a CSV file whose columns are of any kinds, with missing cells.
fn table() -> impl Strategy<Value = String> {
    let features = proptest::collection::vec(0u8..9, 1..6);
    // Most often the target is one that can be learned.
    let target = prop_oneof![8 => 0u8..4, 1 => 4u8..9];
    (features, target, 1usize..60).prop_flat_map(|(mut kinds, target, rows)| {
        kinds.push(target);
        let row: Vec<_> = kinds
            .iter()
            .map(|&kind| prop_oneof![9 => cell(kind), 1 => Just(String::new())])
            .collect();
        let header: Vec<_> = (0..kinds.len())
            .map(|column| format!("c{column}"))
            .collect();
        proptest::collection::vec(row, rows).prop_map(move |rows| {
            let mut csv = header.join(",");
            for row in rows {
                let cells = row
                    .iter()
                    .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
                write!(csv, "\n{}", cells.collect::<Vec<_>>().join(",")).unwrap();
            }
            csv
        })
    })
}

/// Trains one epoch to predict the last column, and predicts all rows. Whether it could be trained
/// on; what is wrong with the program, if anything is.
fn train_and_predict(csv: &str) -> Result<bool, String> {
    let program = Program::new();
    fs::write(program.path().join("x.csv"), csv).unwrap();
    let header: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    let target = header.last().unwrap();
    let train = ["train", "x.csv", "--target", target, "--epochs", "1"];
    let options = ["--hidden", "4", "--output", "run"];
    let trained = program
        .command(&[&train[..], &options].concat())
        .output()
        .unwrap();
    let mut left: Vec<_> = fs::read_dir(program.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    if !trained.status.success() {
        let errors = String::from_utf8(trained.stderr).unwrap();
        let (_, message) = errors
            .split_once("error: ")
            .ok_or_else(|| format!("there is no message: {errors}"))?;
        is_about(message, &header)?;
        return if left == ["x.csv"] {
            Ok(false)
        } else {
            Err(format!("{left:?} are left behind after {message}"))
        };
    }
    if left != ["run", "x.csv"] {
        return Err(format!("{left:?} are left behind"));
    }
    let predicted = program
        .command(&["predict", "run", "x.csv", "--output", "out.csv"])
        .output()
        .unwrap();
    let errors = String::from_utf8(predicted.stderr).unwrap();
    if !predicted.status.success() {
        return Err(format!("its own table cannot be predicted: {errors}"));
    }
    let lines = |text: &str| text.lines().count();
    let written = fs::read_to_string(program.path().join("out.csv")).unwrap();
    if lines(&written) == lines(csv) {
        Ok(true)
    } else {
        Err(format!("{} lines are predicted", lines(&written)))
    }
}

/// Whether a message names the file, a column or an option, or how many rows are too few.
fn is_about(message: &str, columns: &[&str]) -> Result<(), String> {
    // Whatever the learner says was no fault of the table.
    if message.contains("training failed") || message.contains("panicked") {
        return Err(message.to_owned());
    }
    let names_something = message.contains("`x.csv`")
        || message.contains("`--")
        || message.contains("rows are too few")
        || columns
            .iter()
            .any(|column| message.contains(&format!("`{column}`")));
    if names_something {
        Ok(())
    } else {
        Err(format!("the message names nothing: {message}"))
    }
}

#[test]
fn any_table_is_trained_on_and_predicted_or_rejected_with_a_message() {
    let trained = Cell::new(0);
    let mut runner = TestRunner::new(Config {
        cases: CASES,
        // A table that fails is printed, and belongs into a test of its own.
        failure_persistence: None,
        ..Config::default()
    });
    let result = runner.run(&table(), |csv| {
        let was_trained = train_and_predict(&csv).map_err(TestCaseError::fail)?;
        trained.set(trained.get() + u32::from(was_trained));
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    let trained = trained.get();
    assert!(
        (CASES / 3..CASES).contains(&trained),
        "{trained} of {CASES} tables were trained on: too few, or not one was rejected"
    );
}

/// Tables that cannot be learned from, each with what its message is about.
#[test]
fn a_table_that_cannot_be_learned_from_is_rejected_and_leaves_nothing() {
    let rows = |cells: &str| cells.repeat(20);
    for (csv, part) in [
        ("c0,c1\n".to_owned(), "`x.csv` has a header, but no rows"),
        (
            format!("c0,c1\n{}", rows("1,5\n2,5\n")),
            "the target `c1` of `x.csv` is `5` in every row, so there is nothing to learn",
        ),
        (
            format!("c0,c1\n{}", rows("1,\n2,\n")),
            "the target `c1` of `x.csv`",
        ),
        (
            format!("c0,c1\n{}", rows("same,1\nsame,2\n")),
            "`x.csv` has no feature to learn from; left out: `c0` (",
        ),
        ("c0,c1\n1,2\n3,4\n".to_owned(), "2 rows are too few"),
        (
            format!("c0,c1\n{}1,2,3\n", rows("1,5\n2,7\n")),
            "line 42 of `x.csv` has 3 cells, but the header has 2",
        ),
    ] {
        let program = Program::new();
        fs::write(program.path().join("x.csv"), csv).unwrap();
        let train = ["train", "x.csv", "--target", "c1", "--output", "run"];
        let output = program.command(&train).output().unwrap();
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{message}");
        assert!(message.contains(part), "{message}");
        assert_eq!(fs::read_dir(program.path()).unwrap().count(), 1, "{part}");
    }
}
