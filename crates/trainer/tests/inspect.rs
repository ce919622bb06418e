//! What is in a table, without training.

mod program;

use std::fmt::Write;
use std::fs;

use insta::assert_snapshot;
use program::{Program, with_fruit};

#[test]
fn columns_are_listed_with_the_most_related_to_the_target_first() {
    let program = with_fruit();
    let found = program.success(&["inspect", "fruit.csv", "--target", "kind"]);
    assert_snapshot!(found, @r"
    fruit.csv: 240 rows
      target       kind: classification, apple (80), banana (80), cherry (80)
      numeric      weight (22 missing)
      categorical  colour (2, 24 missing)
      date         picked
      left out     id (every value is different: an identifier?)

    target kind: 3 different, apple (80), banana (80), cherry (80)

    feature  kind         missing different  values                            relation to kind
    weight   numeric           22        29  8 to 169, median 127              0.998 η
    colour   categorical       24         2  red (144), yellow (72)            0.998 V
    picked   date               0        28  2024-05-01 to 2024-05-28          0.000 η

    |r|: correlation without its sign; η: correlation ratio, the root of the share of variance between categories;
    V: Cramér's V; each of the feature alone, from 0 to 1, and corrected for the number of categories
    ");
    assert!(!program.path().join("runs").exists());
}

#[test]
fn the_same_is_there_as_json() {
    let program = with_fruit();
    let found = program.json(&["inspect", "fruit.csv", "--target", "kind", "--json"]);
    assert_eq!(found["rows"], 240);
    assert_eq!(found["target"]["names"][0], "kind");
    let columns = found["columns"].as_array().unwrap();
    let column = |name: &str| {
        columns
            .iter()
            .find(|column| column["name"] == name)
            .unwrap()
    };
    assert_eq!(column("id")["use_of_it"], "left out");
    assert_eq!(column("weight")["missing"], 22);
    assert_eq!(column("weight")["relation"]["measure"], "correlation_ratio");
    assert_eq!(column("colour")["relation"]["measure"], "cramers_v");
    assert_eq!(column("colour")["distinct"], 2);
}

#[test]
fn a_table_without_a_target_and_a_built_in_one_are_inspected_too() {
    let program = with_fruit();
    let found = program.success(&["inspect", "fruit.csv"]);
    assert!(!found.contains("relation"), "{found}");
    assert!(found.contains("weight"), "{found}");
    let found = program.success(&["inspect", "iris"]);
    assert!(found.contains("iris: 150 rows"), "{found}");
    assert!(found.contains("petal_length"), "{found}");
    let found = program.success(&["inspect", "moons"]);
    assert!(found.contains("moons: 500 rows"), "{found}");
}

#[test]
fn the_warnings_of_a_training_are_there() {
    let program = Program::new();
    let mut csv = String::from("digit,x,y\n");
    for row in 0..100_usize {
        let digit = (row * row * 31 + row * 7) % 97 % 10;
        writeln!(csv, "{digit},{},{}", row * 13 % 7, ["no", "yes"][digit % 2]).unwrap();
    }
    fs::write(program.path().join("rows.csv"), csv).unwrap();
    let found = program.success(&["inspect", "rows.csv", "--target", "y"]);
    assert!(
        found.contains("\nwarning: `digit` determines the target in all rows;"),
        "{found}"
    );
    // What keeps a training from beginning is one of them.
    let one_group = "x,y,g\n1,a,k\n2,b,k\n3,a,k\n4,b,k\n";
    fs::write(program.path().join("few.csv"), one_group).unwrap();
    let inspect = ["inspect", "few.csv", "--target", "y", "--group-column", "g"];
    let found = program.json(&[&inspect[..], &["--json"]].concat());
    let warnings = found["warnings"].as_array().unwrap();
    let last = warnings.last().unwrap().as_str().unwrap();
    assert!(last.starts_with("training cannot begin: "), "{last}");

    let (code, _) = program.failure(&["inspect", "nothing.csv"]);
    assert_eq!(code, 1);
}

#[test]
fn a_model_of_all_rows_is_shown_with_what_its_folds_have_measured() {
    let program = Program::new();
    program.train(&["iris", "--folds", "3", "--epochs", "3", "--output", "run"]);
    for command in ["inspect", "evaluate"] {
        let text = program.success(&[command, "run"]);
        assert!(text.contains("was trained on all of these rows"), "{text}");
        assert!(text.contains("test metrics over the folds"), "{text}");
    }
    let found = program.json(&["inspect", "run", "--json"]);
    let summary = std::fs::read_to_string(program.path().join("run/summary.json")).unwrap();
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    assert_eq!(
        found["folds"]["test"]["accuracy"],
        summary["metrics"]["test"]["accuracy"]
    );
    let text = program.success(&["inspect", "run/fold-1"]);
    assert!(!text.contains("over the folds"), "{text}");
}
