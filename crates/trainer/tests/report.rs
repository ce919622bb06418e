//! The report of a run, its model card, and what is in a run.

mod program;

use std::fmt::Write;
use std::fs;

use program::{Program, TRAIN, fruit, with_fruit};

/// The page of a run, after checking that it is whole, loads nothing and has no script.
fn page(program: &Program, run: &str) -> String {
    let html = fs::read_to_string(program.path().join(run).join("report.html")).unwrap();
    assert!(html.starts_with("<!DOCTYPE html>") && html.ends_with("</html>"));
    for address in [
        "http://", "https://", "<script", "<link", "<iframe", "url(", "@import",
    ] {
        assert!(!html.contains(address), "{address}");
    }
    html
}

fn card(program: &Program, run: &str) -> String {
    fs::read_to_string(program.path().join(run).join("model-card.md")).unwrap()
}

/// Checks that a page has sections, and does not have others.
fn assert_sections(html: &str, there: &[&str], not_there: &[&str]) {
    let has = |id: &str| html.contains(&format!("<section id=\"{id}\""));
    for id in there {
        assert!(has(id), "{id}");
    }
    for id in not_there {
        assert!(!has(id), "{id}");
    }
}

#[test]
fn a_training_writes_the_report_of_several_classes() {
    let program = with_fruit();
    let trained = program.train(&TRAIN);
    let html = page(&program, "run");
    let sections = [
        "data",
        "training",
        "metrics",
        "classes",
        "features",
        "worst",
        "network",
        "limits",
        "reproduction",
    ];
    assert_sections(&html, &sections, &["errors", "clusters"]);
    for title in [
        "Confusion matrix",
        "ROC curve",
        "Precision-recall curve",
        "Calibration curve",
        "Permutation importance",
        "The network",
        "prefers-color-scheme:dark",
        "@media print",
    ] {
        assert!(html.contains(title), "{title}");
    }
    // What was left out, what is missing, and which epoch was kept.
    assert!(
        html.contains("every value is different: an identifier?"),
        "{html}"
    );
    assert!(html.contains("22 (9.2 %)"), "{html}");
    let best = format!("epoch {} kept", trained["best_epoch"]);
    assert!(html.contains(&best), "{best}");
    assert!(html.contains("trainer train --config RUN/config.toml"));
    let card = card(&program, "run");
    for heading in [
        "# Model card",
        "## Purpose",
        "## Data",
        "## Metrics",
        "## Limits",
        "## Reproduction",
    ] {
        assert!(card.contains(heading), "{heading}");
    }
    assert!(!card.contains("<svg"));
}

#[test]
fn the_same_report_is_written_again_by_the_command() {
    let program = with_fruit();
    program.train(&TRAIN);
    let (before, card_before) = (page(&program, "run"), card(&program, "run"));
    let printed = program.success(&["report", "run"]);
    assert!(
        printed.contains("run/report.html") && printed.contains("run/model-card.md"),
        "{printed}"
    );
    assert_eq!(page(&program, "run"), before);
    assert_eq!(card(&program, "run"), card_before);
    // Elsewhere, and without rows of the table.
    program.success(&["report", "run", "--output", "sent.html", "--no-rows"]);
    let sent = fs::read_to_string(program.path().join("sent.html")).unwrap();
    assert_sections(&sent, &["metrics"], &["worst"]);
    assert!(program.path().join("sent.md").is_file());
}

#[test]
fn two_classes_have_their_threshold_and_numbers_their_residuals() {
    let program = Program::new();
    program.train(&["breast_cancer", "--epochs", "5", "--output", "two"]);
    let html = page(&program, "two");
    assert!(html.contains("threshold 0.5"));
    assert_sections(&html, &["classes"], &["errors"]);

    program.train(&["diabetes", "--epochs", "5", "--output", "numbers"]);
    let html = page(&program, "numbers");
    assert_sections(&html, &["errors", "worst", "features"], &["classes"]);
    assert!(html.contains("Residuals by prediction"));
    assert!(
        html.contains("Always predicting the mean of the training rows has an RMSE of"),
        "{html}"
    );
}

#[test]
fn every_other_purpose_has_its_report() {
    let program = with_fruit();
    let mut csv = String::from("x,colour,a,b\n");
    for row in 0..120_usize {
        writeln!(
            csv,
            "{row},{},{},{}",
            ["red", "blue"][row % 2],
            row * 2,
            7 - row.cast_signed()
        )
        .unwrap();
    }
    fs::write(program.path().join("several.csv"), csv).unwrap();
    let targets = [
        "several.csv",
        "--target",
        "a,b",
        "--numeric",
        "x",
        "--epochs",
        "3",
        "--output",
        "several",
    ];
    program.train(&targets);
    let html = page(&program, "several");
    assert_sections(&html, &["errors"], &["classes"]);
    assert!(html.contains("Predicted and actual numbers of a"), "{html}");

    program.train(&["iris", "--epochs", "3", "--folds", "3", "--output", "folds"]);
    let html = page(&program, "folds");
    assert!(html.contains("Cross-validation: the metrics of the test rows over 3 folds"));
    assert!(html.contains("out-of-fold rows"), "{html}");
    program.success(&["report", "folds"]);
    assert_eq!(page(&program, "folds"), html);
    program.success(&["report", "folds/fold-2"]);

    program.train(&[
        "iris",
        "--model",
        "som",
        "--epochs",
        "3",
        "--clusters",
        "3",
        "--output",
        "map",
    ]);
    let html = page(&program, "map");
    assert_sections(
        &html,
        &["clusters", "network"],
        &["classes", "errors", "worst", "features"],
    );
    assert!(html.contains("U-matrix") && html.contains("data:image/png;base64,"));

    program.train(&[
        "iris",
        "--model",
        "perceptron",
        "--epochs",
        "3",
        "--output",
        "scores",
    ]);
    let html = page(&program, "scores");
    assert!(html.contains("no probabilities") && !html.contains("ROC curve"));
}

#[test]
fn names_of_strangers_are_text() {
    let program = Program::new();
    let names = [
        "</script><script>alert(1)</script>",
        "\"two\" & <b>",
        "\u{1b}[31mred",
    ];
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut csv = format!("{},size,kind\n", quoted("</style><img src=x onerror=y>"));
    for row in 0..150 {
        writeln!(
            csv,
            "{},{},{}",
            row % 7,
            row % 3 * 10 + row % 4,
            quoted(names[row % 3])
        )
        .unwrap();
    }
    fs::write(program.path().join("names.csv"), csv).unwrap();
    program.train(&[
        "names.csv",
        "--target",
        "kind",
        "--epochs",
        "3",
        "--output",
        "run",
    ]);
    let html = page(&program, "run");
    assert!(html.contains("&lt;/script&gt;"), "{html}");
    assert!(!html.contains("<img") && !html.contains('\u{1b}'));
    assert!(html.contains("\\u001b[31mred"), "{html}");
    assert!(!card(&program, "run").contains("<script>"));
}

#[test]
fn each_drawing_is_a_picture_by_itself_as_well() {
    let program = with_fruit();
    program.train(&TRAIN);
    program.success(&["report", "run", "--pictures", "pictures"]);
    let pictures = program.path().join("pictures");
    for name in [
        "confusion_matrix",
        "roc",
        "precision_recall",
        "calibration",
        "network",
        "importance",
    ] {
        let svg = fs::read_to_string(pictures.join(format!("{name}.svg"))).unwrap();
        assert!(
            svg.starts_with("<svg") && svg.contains("prefers-color-scheme:dark"),
            "{name}"
        );
        let png = fs::read(pictures.join(format!("{name}.png"))).unwrap();
        assert!(png.starts_with(b"\x89PNG"), "{name}");
    }
}

#[test]
fn a_training_without_a_report_writes_none_and_one_is_written_later() {
    let program = with_fruit();
    program.train(&[&TRAIN[..], &["--no-report"]].concat());
    assert!(!program.path().join("run/report.html").exists());
    assert!(!program.path().join("run/model-card.md").exists());
    program.success(&["report", "run"]);
    page(&program, "run");
}

#[test]
fn a_report_that_cannot_be_written_is_a_warning_of_the_training_and_an_error_of_the_command() {
    let program = with_fruit();
    fs::create_dir_all(program.path().join("sent.html")).unwrap();
    program.train(&TRAIN);
    let (code, error) = program.failure(&["report", "run", "--output", "sent.html"]);
    assert_eq!(code, 2);
    assert!(
        error.contains("`--output` is `sent.html`, but must be the name of a file"),
        "{error}"
    );
    for output in ["run/model.json", "fruit.csv"] {
        let before = fs::read(program.path().join(output)).unwrap();
        let (_, error) = program.failure(&["report", "run", "--output", output]);
        assert!(error.contains("so it cannot be the output"), "{error}");
        assert_eq!(fs::read(program.path().join(output)).unwrap(), before);
    }
    let (code, _) = program.failure(&["report", "nothing"]);
    assert_eq!(code, 1);
}

#[test]
fn a_table_that_changed_is_told_in_the_report() {
    let program = with_fruit();
    program.train(&TRAIN);
    fs::write(program.path().join("fruit.csv"), fruit(300)).unwrap();
    program.success(&["report", "run"]);
    let html = page(&program, "run");
    assert!(
        html.contains("the table has changed since the training"),
        "{html}"
    );
    // Another table is judged as a whole.
    fs::write(program.path().join("more.csv"), fruit(90)).unwrap();
    program.success(&["report", "run", "more.csv"]);
    let html = fs::read_to_string(program.path().join("run/report-more.html")).unwrap();
    assert!(
        html.contains("which is not the table of the training"),
        "{html}"
    );
}

#[test]
fn the_contents_of_a_run_are_listed_layer_by_layer() {
    let program = with_fruit();
    program.train(&[&TRAIN[..], &["--hidden", "8,4", "--categories", "one_hot"]].concat());
    let found = program.json(&["inspect", "run", "--json"]);
    let layers = found["layers"].as_array().unwrap();
    let paths: Vec<_> = layers
        .iter()
        .map(|layer| layer["path"].as_str().unwrap())
        .collect();
    assert_eq!(paths, ["hidden.0.linear", "hidden.1.linear", "output"]);
    let inputs = layers[0]["tensors"][0]["shape"][0].as_u64().unwrap();
    // Weights and biases of layers of 8, 4 and 3.
    assert_eq!(
        found["parameters"],
        (inputs + 1) * 8 + (8 + 1) * 4 + (4 + 1) * 3
    );
    assert_eq!(found["classes"].as_array().unwrap().len(), 3);
    assert_eq!(found["targets"][0], "kind");
    let files = found["files"].as_array().unwrap();
    assert!(
        files
            .iter()
            .any(|file| file["path"] == "summary.json" && file["bytes"].as_u64() > Some(100))
    );
    let text = program.success(&["inspect", "run"]);
    for part in [
        "run: mlp on fruit.csv",
        "hidden.0.linear",
        "weight [",
        "colour",
        "accuracy",
        "model.safetensors",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn what_is_neither_a_run_nor_a_table_is_said_so() {
    let program = with_fruit();
    fs::create_dir(program.path().join("empty")).unwrap();
    let (code, error) = program.failure(&["inspect", "empty"]);
    assert_eq!(code, 1);
    assert!(
        error.contains("`empty` is a folder without a run"),
        "{error}"
    );
    assert!(error.contains("hint:"), "{error}");
    let (_, error) = program.failure(&["inspect", "nowhere"]);
    assert!(error.contains("there is no data set `nowhere`"), "{error}");
    program.train(&TRAIN);
    let (_, error) = program.failure(&["inspect", "run", "--target", "kind"]);
    assert!(
        error.contains("`--target` is for a table, but `run` is a run"),
        "{error}"
    );
}

#[test]
fn an_edited_model_card_is_kept_and_another_table_has_a_report_of_its_own() {
    let program = with_fruit();
    program.train(&TRAIN);
    let path = program.path().join("run/model-card.md");
    let edited = card(&program, "run").replace("# Model card", "# Our model card");
    fs::write(&path, &edited).unwrap();
    for _ in 0..2 {
        let output = program.command(&["report", "run"]).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(errors.contains("was edited"), "{errors}");
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(printed.contains("run/model-card-2.md"), "{printed}");
        assert_eq!(card(&program, "run"), edited);
    }
    assert!(!program.path().join("run/model-card-3.md").exists());
    program.success(&["report", "run", "--force"]);
    assert_ne!(card(&program, "run"), edited);

    let before = page(&program, "run");
    let other = fs::read_to_string(program.path().join("fruit.csv")).unwrap();
    let other: Vec<_> = other.lines().take(90).collect();
    fs::write(program.path().join("other.csv"), other.join("\n")).unwrap();
    let printed = program.success(&["report", "run", "other.csv"]);
    assert!(printed.contains("run/report-other.html"), "{printed}");
    assert!(printed.contains("run/model-card-other.md"), "{printed}");
    assert_eq!(page(&program, "run"), before);
}

#[test]
fn without_rows_no_rare_value_is_shown() {
    let program = with_fruit();
    let path = program.path().join("fruit.csv");
    let csv = fs::read_to_string(&path).unwrap();
    let csv = csv.replacen(",red,", ",of Mr Rare,", 3);
    fs::write(&path, csv).unwrap();
    program.train(&[&TRAIN[..], &["--min-category-count", "1"]].concat());
    program.success(&["report", "run", "--output", "all.html"]);
    program.success(&["report", "run", "--output", "sent.html", "--no-rows"]);
    let read = |name: &str| fs::read_to_string(program.path().join(name)).unwrap();
    assert!(read("all.html").contains("of Mr Rare"));
    let sent = read("sent.html") + &read("sent.md");
    assert!(!sent.contains("of Mr Rare"));
    assert!(sent.contains("categories in fewer than 5 rows are not shown"));
}
