//! What explains a run's model and its predictions.

mod program;

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
