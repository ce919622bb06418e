//! What explains a run's model and its predictions.

mod program;

use std::fmt::Write;
use std::fs;

use program::{Program, TRAIN, with_fruit};
use serde_json::Value;

/// The program with a run of fruit, whose kind follows from colour and weight.
fn trained() -> Program {
    let program = with_fruit();
    program.train(&[&TRAIN[..], &["--model", "mlp", "--epochs", "30"]].concat());
    program
}

fn names(columns: &Value) -> Vec<&str> {
    let columns = columns.as_array().unwrap().iter();
    columns.map(|of| of["column"].as_str().unwrap()).collect()
}

#[test]
fn the_columns_of_the_table_are_listed_by_their_importance() {
    let program = trained();
    let text = program.success(&["explain", "run"]);
    assert!(text.contains("increase of the log-loss"), "{text}");
    let text = program.success(&["explain", "run", "--metric", "accuracy"]);
    assert!(text.contains("decrease of the accuracy"), "{text}");

    let found = program.json(&["explain", "run", "--json", "--repeats", "3", "--seed", "4"]);
    let importance = &found["importance"];
    assert_eq!(found["explained_with"], "test rows");
    assert_eq!(importance["repeats"], 3);
    let columns = names(&importance["columns"]);
    assert_eq!(columns.len(), 3, "{columns:?}");
    // Neither slots of colours nor parts of dates.
    assert_ne!(columns[0], "picked");
    for column in ["colour", "weight", "picked"] {
        assert!(columns.contains(&column), "{columns:?}");
    }
    // The score is that of `evaluate`.
    let evaluated = program.json(&["evaluate", "run", "--json"]);
    assert_eq!(
        importance["score"],
        evaluated["metrics"]["test"]["log_loss"]
    );
    let again = program.json(&["explain", "run", "--json", "--repeats", "3", "--seed", "4"]);
    assert_eq!(found, again);
}

#[test]
fn the_prediction_of_a_row_is_explained_in_its_own_values() {
    let program = trained();
    for method in ["integrated_gradients", "shapley"] {
        let arguments = ["explain", "run", "--rows", "1,3-4", "--method", method];
        let found = program.json(&[&arguments[..], &["--json"]].concat());
        let rows = found["rows"].as_array().unwrap();
        let numbers: Vec<_> = rows
            .iter()
            .map(|row| row["row"].as_u64().unwrap())
            .collect();
        assert_eq!(numbers, [1, 3, 4]);
        for row in rows {
            let columns = row["columns"].as_array().unwrap();
            let of = |key: &str, value: &Value| value[key].as_f64().unwrap();
            let sum: f64 = columns.iter().map(|value| of("contribution", value)).sum();
            let difference = of("prediction", row) - of("baseline", row) - of("gap", row);
            assert!((sum - difference).abs() < 1e-9, "{method}");
        }
        // The first row is `fruit-0,red,150,2024-05-01,apple`.
        let value = |column: &str| {
            let mut columns = rows[0]["columns"].as_array().unwrap().iter();
            columns.find(|of| of["column"] == column).unwrap()["value"].clone()
        };
        assert_eq!(value("colour"), "red");
        assert_eq!(value("weight"), "150");
        assert_eq!(value("picked"), "2024-05-01");
        let text = program.success(&arguments);
        assert!(
            text.contains("Row 3 of fruit: the probability of"),
            "{text}"
        );
        assert!(text.contains("colour = red"), "{text}");
    }
    let of_class = program.json(&[
        "explain", "run", "--rows", "1", "--class", "cherry", "--json",
    ]);
    assert_eq!(of_class["rows"][0]["output"], "cherry");
}

#[test]
fn rows_of_another_file_need_no_target_and_may_be_one() {
    let program = trained();
    fs::write(
        program.path().join("new.csv"),
        "weight,colour,picked\n160,red,2024-05-09\n",
    )
    .unwrap();
    let found = program.json(&["explain", "run", "new.csv", "--rows", "1", "--json"]);
    let row = &found["rows"][0];
    // The background is that of the training, which is named before it is read.
    assert_ne!(row["prediction"], row["baseline"]);
    let (_, errors) = program.failure(&["explain", "run", "new.csv"]);
    assert!(errors.contains("kind"), "{errors}");
}

#[test]
fn the_folder_has_tables_and_pictures() {
    let program = trained();
    program.success(&[
        "explain",
        "run",
        "--method",
        "dependence",
        "--output",
        "explained",
    ]);
    let folder = program.path().join("explained");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let document: Value = serde_json::from_str(&read("explanation.json")).unwrap();
    assert_eq!(document["method"], "dependence");
    assert!(read("importance.csv").starts_with("column,metric,mean,std\n"));
    let dependence = read("dependence.csv");
    assert!(dependence.starts_with("column,value,output,curve,prediction\n"));
    assert!(dependence.contains("\ncolour,red,apple,,"), "{dependence}");
    for name in ["importance", "dependence-1-1", "dependence-3-3"] {
        assert!(read(&format!("{name}.svg")).starts_with("<svg"), "{name}");
        assert!(folder.join(format!("{name}.png")).is_file(), "{name}");
    }
    program.success(&[
        "explain",
        "run",
        "--rows",
        "2",
        "--method",
        "shapley",
        "--output",
        "explained",
    ]);
    assert!(read("rows.csv").contains("\n2,banana,"));
    assert!(read("row-2.svg").contains("colour = yellow"));
}

#[test]
fn what_cannot_be_explained_says_why() {
    let program = trained();
    for (arguments, code, expected) in [
        (&["--rows", "0"][..], 2, "neither a number of a row"),
        (&["--rows", "999"], 2, "no row 999: the table has 240"),
        (&["--method", "shapley"], 2, "name them with `--rows`"),
        (
            &["--method", "importance", "--rows", "1"],
            2,
            "explains the model, and no single rows",
        ),
        (
            &["--method", "dependence", "--column", "wieght"],
            2,
            "did you mean `weight`?",
        ),
        (
            &["--rows", "1", "--class", "aple"],
            2,
            "did you mean `apple`?",
        ),
        (&["--rows", "1", "--target", "kind"], 2, "name a class with"),
        (&["--column", "weight"], 2, "take `--method dependence`"),
        (&["--metric", "rmse"], 2, "there is no rmse"),
        (
            &["--repeats", "0"],
            2,
            "`--repeats` is 0, but must be between 1 and 10000",
        ),
        (&["--max-rows", "0"], 2, "`--max-rows` is 0, but must be"),
    ] {
        let (found, errors) = program.failure(&[&["explain", "run"], arguments].concat());
        assert!(errors.contains(expected), "{arguments:?}: {errors}");
        assert_eq!(found, code, "{arguments:?}: {errors}");
    }
    program.train(&[
        "iris",
        "--task",
        "clustering",
        "--model",
        "som",
        "--epochs",
        "2",
        "--output",
        "map",
    ]);
    let (_, errors) = program.failure(&["explain", "map"]);
    assert!(
        errors.contains("this is a model for clustering, but permutation importance needs one"),
        "{errors}"
    );
    assert!(errors.contains("hint: "), "{errors}");
}

/// A table of 60 rows for training, of which the second and fifth have no target, and one of 20 for testing, whose
/// first has none. The weight of a row is its number in its file and a half.
fn with_gaps() -> Program {
    let program = Program::new();
    let write = |name: &str, rows: usize, gaps: &[usize]| {
        let mut csv = "weight,colour,price\n".to_owned();
        for row in 1..=rows {
            let colour = ["red", "green", "blue"][row % 3];
            let price = (3 * row + row % 3) as f64 + 0.5;
            if gaps.contains(&row) {
                let _ = writeln!(csv, "{row}.5,{colour},");
            } else {
                let _ = writeln!(csv, "{row}.5,{colour},{price}");
            }
        }
        fs::write(program.path().join(name), csv).unwrap();
    };
    write("train.csv", 60, &[2, 5]);
    write("test.csv", 20, &[1]);
    program.train(&[
        "train.csv",
        "--target",
        "price",
        "--task",
        "regression",
        "--test",
        "test.csv",
        "--model",
        "mlp",
        "--hidden",
        "4",
        "--epochs",
        "5",
        "--output",
        "run",
    ]);
    program
}

#[test]
fn rows_are_numbered_as_in_their_file_with_those_without_a_target() {
    let program = with_gaps();
    let weights = |rows: &str| -> Vec<(u64, String, Value)> {
        let found = program.json(&["explain", "run", "--rows", rows, "--json"]);
        let rows = found["rows"].as_array().unwrap().iter();
        rows.map(|row| {
            let mut columns = row["columns"].as_array().unwrap().iter();
            let weight = columns.find(|of| of["column"] == "weight").unwrap();
            let weight = weight["value"].as_str().unwrap().to_owned();
            (
                row["row"].as_u64().unwrap(),
                weight,
                row["test_file"].clone(),
            )
        })
        .collect()
    };
    for (number, weight, file) in weights("1,3,6,60,test:2,test:20") {
        assert_eq!(weight, format!("{number}.5"));
        assert_eq!(file.is_string(), [2, 20].contains(&number));
    }
    // A row without a target can be explained as well.
    assert_eq!(weights("2,3")[0].1, "2.5");
    let text = program.success(&["explain", "run", "--rows", "test:3"]);
    assert!(
        text.contains("Row 3 of test.csv: the predicted price is"),
        "{text}"
    );
    assert!(
        text.contains("where each input is the mean of the training rows"),
        "{text}"
    );
    let (_, errors) = program.failure(&["explain", "run", "--rows", "61"]);
    assert!(errors.contains("no row 61: the table has 60"), "{errors}");
    let (_, errors) = program.failure(&["explain", "run", "--rows", "test:21"]);
    assert!(
        errors.contains("no row test:21: the test file has 20"),
        "{errors}"
    );

    let trace = program.json(&["trace", "run", "test:3", "--json"]);
    assert_eq!(
        (&trace["row"], &trace["test_file"]),
        (&Value::from(3), &Value::from("test.csv"))
    );
    let text = program.success(&["trace", "run", "3"]);
    assert!(text.contains("row 3 of train: "), "{text}");
    let (code, errors) = program.failure(&["trace", "run", "5"]);
    assert_eq!(code, 2);
    assert!(errors.contains("row 5 has no target"), "{errors}");

    program.success(&["report", "run"]);
    let page = fs::read_to_string(program.path().join("run/report.html")).unwrap();
    assert!(page.contains("as in their file"));
    assert!(page.contains(">test.csv</td>"));
}

#[test]
fn rows_of_a_table_are_explained_although_that_of_the_training_was_moved() {
    let program = trained();
    let folder = program.path();
    let before = program.json(&["explain", "run", "--rows", "1", "--json"]);
    fs::rename(folder.join("fruit.csv"), folder.join("moved.csv")).unwrap();
    // It is recognised, so the background is that of the training.
    let moved = program.json(&["explain", "run", "moved.csv", "--rows", "1", "--json"]);
    assert_eq!(moved["rows"][0]["baseline"], before["rows"][0]["baseline"]);
    fs::write(
        folder.join("new.csv"),
        "weight,colour,picked\n160,red,2024-05-09\n90,yellow,2024-05-10\n",
    )
    .unwrap();
    let output = program
        .command(&["explain", "run", "new.csv", "--rows", "1"])
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert!(
        errors.contains("compared with all rows of `new"),
        "{errors}"
    );
    fs::write(
        folder.join("one.csv"),
        "weight,colour,picked\n160,red,2024-05-09\n",
    )
    .unwrap();
    let (_, errors) = program.failure(&["explain", "run", "one.csv", "--rows", "1"]);
    assert!(errors.contains("has this row only"), "{errors}");

    for command in ["evaluate", "explain", "report"] {
        let (_, errors) = program.failure(&[command, "run"]);
        assert!(
            errors.contains("`fruit.csv`, which the run was trained on"),
            "{errors}"
        );
        assert!(errors.contains("name it where it is now"), "{errors}");
    }
}

#[test]
fn options_without_effect_are_refused() {
    let program = trained();
    for (arguments, expected) in [
        (
            &["--samples", "9"][..],
            "`--samples` does not apply to `--method importance`",
        ),
        (
            &["--class", "apple"],
            "`--class` does not apply to `--method importance`",
        ),
        (&["--steps", "9"], "`--steps` does not apply"),
        (
            &["--metric", "accuracy", "--rows", "1"],
            "`--metric` does not apply to `--method integrated_gradients`",
        ),
        (
            &["--repeats", "2", "--rows", "1"],
            "`--repeats` does not apply",
        ),
        (
            &["--max-rows", "2", "--rows", "1"],
            "`--max-rows` does not apply",
        ),
        (
            &["--samples", "2", "--rows", "1"],
            "`--samples` does not apply",
        ),
        (
            &[
                "--method",
                "dependence",
                "--column",
                "weight",
                "--metric",
                "accuracy",
            ],
            "`--metric` has no effect if `--column` names the columns",
        ),
    ] {
        let (code, errors) = program.failure(&[&["explain", "run"], arguments].concat());
        assert!(errors.contains(expected), "{arguments:?}: {errors}");
        assert_eq!(code, 2, "{arguments:?}: {errors}");
    }
}

#[test]
fn files_of_an_earlier_explanation_are_removed_and_no_others() {
    let program = trained();
    let folder = program.path().join("explained");
    let explain = |rows: &str| {
        program.success(&["explain", "run", "--rows", rows, "--output", "explained"]);
    };
    explain("1,2");
    fs::write(folder.join("row-9.png"), "another's").unwrap();
    fs::write(folder.join("notes.txt"), "mine").unwrap();
    explain("3");
    let exists = |name: &str| folder.join(name).exists();
    assert!(exists("row-3.svg") && exists("row-9.png") && exists("notes.txt"));
    assert!(!exists("row-1.svg") && !exists("row-2.png"));
    program.success(&["explain", "run", "--repeats", "1", "--output", "explained"]);
    assert!(!exists("row-3.svg") && !exists("rows.csv") && exists("importance.svg"));
    let csv = fs::read_to_string(folder.join("importance.csv")).unwrap();
    assert!(csv.lines().skip(1).all(|line| line.ends_with(',')), "{csv}");
}
