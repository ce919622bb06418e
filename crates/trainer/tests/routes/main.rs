//! However a trained model is asked, it answers the same: by `predict`, `evaluate`, the Rust API, an ONNX graph, and HTTP.
//!
//! What onnxruntime makes of the graphs is compared by `crates/mlp-export/tests/onnxruntime`.

#[path = "../program/mod.rs"]
mod program;
#[path = "../served/mod.rs"]
mod served;
mod tables;

use std::fs;
use std::iter;

use mlp_datasets::{Source, read_table};
use mlp_export::Onnx;
use mlp_inference::{Device, SavedModel};
use mlp_training::Model;
use program::{Program, short};
use served::Served;
use strum::VariantArray;
use tables::{Sample, mixed, number, samples};

/// Probabilities may differ by so much, and numbers by so much of themselves.
const TOLERANCE: f64 = 1e-5;

/// The cells of predictions, row by row.
type Cells = Vec<Vec<String>>;

/// A run on a table, with rows of it that are predicted.
struct Run<'a> {
    name: String,
    sample: &'a Sample,
    rows: String,
}

/// Trains in the folder of the program. The first rows are what is predicted, so that `evaluate` does not recognise the
/// table of the training and split it.
fn train<'a>(program: &Program, name: &str, sample: &'a Sample, options: &[&str]) -> Run<'a> {
    let name = name.to_owned();
    let file = format!("{}.csv", sample.name);
    fs::write(program.path().join(&file), &sample.csv).unwrap();
    let rows: Vec<_> = sample.csv.lines().take(41).collect();
    let rows = rows.join("\n") + "\n";
    fs::write(program.path().join(format!("{name}-rows.csv")), &rows).unwrap();
    let targets = sample.targets.join(",");
    let arguments = [
        "train", &file, "--target", &targets, "--output", &name, "--no-tui",
    ];
    program.success(&[&arguments, options].concat());
    Run { name, sample, rows }
}

/// Compares what every route says of the rows of each run.
fn assert_routes_agree(program: &Program, runs: &[Run]) {
    let names: Vec<_> = runs.iter().map(|run| run.name.as_str()).collect();
    let served = Served::start(program, &names);
    for run in runs {
        let name = &run.name;
        let file = format!("{name}-rows.csv");
        let predicted = cells(&program.success(&["predict", name, &file, "--only-predictions"]));
        assert_eq!(predicted.len(), 40, "{name}");

        let model = SavedModel::load(program.path().join(name), &Device::flex()).unwrap();
        assert_same(
            &format!("{name} in Rust"),
            &in_rust(&model, &run.rows),
            &predicted,
        );

        let request = format!(
            "POST /models/{name}/predict HTTP/1.1\r\nContent-Type: text/csv\r\nAccept: text/csv"
        );
        let answer = served.http(&request, &run.rows);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200"), "{name}: {answer}");
        assert_same(&format!("{name} by HTTP"), &cells(body), &predicted);

        let difference = Onnx::of(&model).unwrap().compare(&model).unwrap();
        assert!(difference.largest() < TOLERANCE, "{name}: {difference:?}");
        assert_eq!(difference.other_classes, 0, "{name}: {difference:?}");

        if let [target] = run.sample.targets {
            let metrics = &program.json(&["evaluate", name, &file, "--json"])["metrics"]["test"];
            let is_classes = model.classes().is_some();
            let metric = metrics[if is_classes { "accuracy" } else { "rmse" }]
                .as_f64()
                .unwrap();
            let score = score(&truth(run, target), &predicted, is_classes);
            assert!(
                (metric - score).abs() < TOLERANCE * score.max(1.0),
                "{name}: {metric} {score}"
            );
        }
    }
}

fn cells(csv: &str) -> Cells {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let records = reader.records().map(Result::unwrap);
    let rows = records.map(|record| record.iter().map(str::to_owned).collect());
    rows.collect()
}

/// What the Rust API predicts, in the columns that `predict` writes.
fn in_rust(model: &SavedModel, csv: &str) -> Cells {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), csv).unwrap();
    let source = Source::new(file.path().to_str().unwrap()).unwrap();
    let predictions = model
        .predict(&read_table(&source, &model.schema()).unwrap())
        .unwrap();
    let row = |row: usize| match predictions.classes() {
        Some(classes) => {
            let class = classes.name(row).unwrap().to_owned();
            let probabilities = classes.probabilities(row).unwrap_or_default();
            iter::once(class)
                .chain(probabilities.iter().map(f64::to_string))
                .collect()
        }
        None => predictions
            .numbers(row)
            .iter()
            .map(f64::to_string)
            .collect(),
    };
    (0..predictions.len()).map(row).collect()
}

fn assert_same(what: &str, found: &Cells, expected: &Cells) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (row, (found, expected)) in iter::zip(found, expected).enumerate() {
        assert_eq!(found.len(), expected.len(), "{what}");
        for (found, expected) in iter::zip(found, expected) {
            let is_same = match (found.parse::<f64>(), expected.parse::<f64>()) {
                (Ok(found), Ok(expected)) => {
                    (found - expected).abs() <= TOLERANCE * expected.abs().max(1.0)
                }
                _ => found == expected,
            };
            assert!(is_same, "{what}, row {row}: {found} instead of {expected}");
        }
    }
}

/// The cells of the target.
fn truth(run: &Run, target: &str) -> Vec<String> {
    let delimiter = if run.rows.contains(';') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.delimiter(delimiter).from_reader(run.rows.as_bytes());
    let column = reader
        .headers()
        .unwrap()
        .iter()
        .position(|name| name == target);
    let records = reader.records().map(Result::unwrap);
    records
        .map(|record| record[column.unwrap()].to_owned())
        .collect()
}

/// The accuracy of predicted classes, or the root of the mean squared error of numbers.
fn score(truth: &[String], predicted: &Cells, is_classes: bool) -> f64 {
    let number = |text: &str| text.replace(',', ".").parse::<f64>().unwrap();
    let terms = iter::zip(truth, predicted).map(|(truth, predicted)| {
        if is_classes {
            f64::from(u8::from(*truth == predicted[0]))
        } else {
            (number(truth) - number(&predicted[0])).powi(2)
        }
    });
    let mean = terms.sum::<f64>() / truth.len() as f64;
    if is_classes { mean } else { mean.sqrt() }
}

#[test]
fn all_routes_agree_for_every_model() {
    let program = Program::new();
    let (classes, numbers) = (mixed(), number());
    let mut runs = Vec::new();
    for &model in Model::VARIANTS
        .iter()
        .filter(|model| !model.is_clustering())
    {
        let name: &str = model.into();
        let options = [&["--model", name][..], &short(model)].concat();
        runs.push(train(&program, name, &classes, &options));
        if !matches!(model, Model::Perceptron | Model::Adaline | Model::Logistic) {
            let name = format!("{name}-of-numbers");
            runs.push(train(&program, &name, &numbers, &options));
        }
    }
    assert_routes_agree(&program, &runs);
}

#[test]
fn all_routes_agree_for_varied_tables() {
    let program = Program::new();
    let samples = samples();
    let options = ["--model", "mlp", "--epochs", "5"];
    let runs = samples
        .iter()
        .map(|sample| train(&program, sample.name, sample, &options));
    let runs: Vec<_> = runs.collect();
    assert_routes_agree(&program, &runs);
}

#[test]
fn all_routes_agree_on_derived_features() {
    let program = Program::new();
    let samples = samples();
    let of = |name: &str| samples.iter().find(|sample| sample.name == name).unwrap();
    let options = |derive, only| {
        [
            "--model",
            "mlp",
            "--epochs",
            "5",
            "--derive",
            derive,
            "--only-derived",
            only,
        ]
    };
    let all = options("x*y,x^2,sin(y),cos(x)", "x");
    let missing = options("a^2,cos(a)", "a");
    let runs = [
        train(&program, "derived", of("numbers"), &all),
        train(&program, "missing", of("missing"), &missing),
        train(
            &program,
            "members",
            of("numbers"),
            &[
                &all[4..],
                &["--model", "ensemble"],
                &short(Model::Ensemble)[..],
            ]
            .concat(),
        ),
    ];
    assert_routes_agree(&program, &runs);
}
