//! Ensembles, as a user meets them.

mod program;

use std::fmt::Write;
use std::fs;

use program::Program;
use serde_json::Value;

/// Rows of which only one, which is for training, has another value of `rare`.
fn rare_value() -> String {
    let mut csv = String::from("x,rare,y,part\n");
    for row in 0..100 {
        let (x, part) = (row * 37 % 50, if row % 5 == 0 { "test" } else { "train" });
        let rare = u8::from(row == 7);
        writeln!(csv, "{x},{rare},{},{part}", 3 * x + row % 7).unwrap();
    }
    csv
}

#[test]
fn a_column_that_is_constant_for_one_member_is_an_input_of_the_others() {
    let program = Program::new();
    fs::write(program.path().join("rows.csv"), rare_value()).unwrap();
    // Ten parts of the training rows, on each of which one member is validated.
    let members = ["mlp"; 10].join(",");
    let train = [
        "train",
        "rows.csv",
        "--target",
        "y",
        "--split-column",
        "part",
        "--model",
        "ensemble",
        "--members",
        &members,
        "--valid-size",
        "0.1",
        "--epochs",
        "2",
        "--no-tui",
        "--output",
        "run",
    ];
    program.success(&train);
    let features = |folder: &str| {
        let text = fs::read_to_string(program.path().join(folder).join("model.json")).unwrap();
        let model: Value = serde_json::from_str(&text).unwrap();
        let features = model["preprocessor"]["features"].as_array().unwrap();
        features
            .iter()
            .filter(|feature| feature["name"] == "rare")
            .count()
    };
    let of_members: usize = (1..=10)
        .map(|number| features(&format!("run/member-{number}")))
        .sum();
    assert_eq!((features("run"), of_members), (1, 9));

    // What the graph computes is compared with the model before it is written.
    program.success(&["export", "run", "--format", "onnx", "--output", "run.onnx"]);
    let explained = program.success(&["explain", "run", "--rows", "7", "--json"]);
    let explained: Value = serde_json::from_str(&explained).unwrap();
    let row = &explained["rows"][0];
    let contributions = row["contributions"].as_array().unwrap();
    let sum: f64 = contributions
        .iter()
        .map(|of| of["contribution"].as_f64().unwrap())
        .sum();
    let difference = row["prediction"].as_f64().unwrap() - row["baseline"].as_f64().unwrap();
    assert!(
        (sum - difference).abs() < 1e-3 * difference.abs().max(1.0),
        "{row}"
    );
}
