//! What `predict` writes.

mod program;

use std::fs::{self, File};

use mlp_datasets::arrow_array::{Array, Float64Array, RecordBatch, StringArray};
use mlp_datasets::{Source, read_table};
use mlp_inference::{Metrics, SavedModel};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use program::{Program, TRAIN, fruit, with_fruit};
use trainer::Backend;

/// The first rows of a Parquet file.
fn parquet(program: &Program, name: &str) -> RecordBatch {
    let file = File::open(program.path().join(name)).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    reader.build().unwrap().next().unwrap().unwrap()
}

fn column<'a, T: Array + 'static>(batch: &'a RecordBatch, name: &str) -> &'a T {
    let column = batch.column_by_name(name).unwrap().as_any();
    column.downcast_ref().expect("the column has this type")
}

#[test]
fn predictions_are_the_same_in_files_in_evaluations_and_in_rust() {
    let program = with_fruit();
    program.train(&TRAIN);
    let csv = program.success(&["predict", "run", "fruit.csv", "--only-predictions"]);
    let predict = ["predict", "run", "fruit.csv", "--output", "out.parquet"];
    let output = program.command(&predict).output().unwrap();
    assert!(output.status.success());
    assert_eq!(output.stdout, b"");
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "predicted 240 rows: `out.parquet`\n"
    );

    let path = |name: &str| program.path().join(name);
    let device = Backend::preferred().unwrap().device().unwrap();
    let model = SavedModel::load(path("run"), &device).unwrap();
    let source = Source::new(&path("fruit.csv").display().to_string()).unwrap();
    let table = read_table(&source, &model.schema()).unwrap();
    let predictions = model.predict(&table).unwrap();
    let classes = model.classes().unwrap();
    for (row, line) in csv.lines().skip(1).enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(predictions.class(row), Some(cells[0]));
        for (class, cell) in classes.iter().zip(&cells[1..]) {
            // With six digits.
            let expected = format!("{:.5e}", predictions.probability(row, class).unwrap());
            assert_eq!(
                cell.parse::<f64>(),
                expected.parse(),
                "{class} in row {row}"
            );
        }
    }

    // A Parquet file of the same predictions is read as a table like the first one.
    let kinds: Vec<&str> = csv
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap())
        .collect();
    // All rows but the last, which are no longer the table of the training.
    let rows = fruit(240);
    let most: Vec<&str> = rows.lines().take(240).collect();
    let right = most
        .iter()
        .skip(1)
        .zip(&kinds)
        .filter(|(line, kind)| line.ends_with(*kind))
        .count();
    fs::write(program.path().join("most.csv"), most.join("\n")).unwrap();
    let evaluated = program.json(&["evaluate", "run", "most.csv", "--json"]);
    let metrics: Metrics = serde_json::from_value(evaluated["metrics"]["test"].clone()).unwrap();
    assert!((metrics.accuracy.unwrap() - right as f64 / 239.0).abs() < 1e-12);
    let of_parquet = program.success(&["predict", "run", "out.parquet", "--only-predictions"]);
    assert_eq!(of_parquet, csv);
}

#[test]
fn what_a_model_takes_as_numbers_is_written_to_parquet_as_numbers() {
    let program = with_fruit();
    program.train(&TRAIN);
    // A number with more digits than single precision has.
    let csv = "weight,note,picked,colour,id\n 16777217 ,7,2024-05-01,red,1\nNA,,2024-05-02,,2\n";
    fs::write(program.path().join("new.csv"), csv).unwrap();

    program.success(&["predict", "run", "new.csv", "--output", "out.parquet"]);

    let batch = parquet(&program, "out.parquet");
    let weights: &Float64Array = column(&batch, "weight");
    let weights: Vec<Option<f64>> = weights.iter().collect();
    assert_eq!(weights, [Some(16_777_217.0), None]);
    for (name, expected) in [
        ("note", ["7", ""]),
        ("picked", ["2024-05-01", "2024-05-02"]),
        ("colour", ["red", ""]),
        ("id", ["1", "2"]),
    ] {
        let texts: &StringArray = column(&batch, name);
        let texts: Vec<&str> = texts.iter().flatten().collect();
        assert_eq!(texts, expected, "{name}");
    }
}

#[test]
fn probabilities_have_six_digits_as_text_and_all_of_them_in_parquet() {
    let program = with_fruit();
    program.train(&TRAIN);
    let csv = program.success(&["predict", "run", "fruit.csv", "--only-predictions"]);
    program.success(&["predict", "run", "fruit.csv", "--output", "out.parquet"]);

    let batch = parquet(&program, "out.parquet");
    let exact: &Float64Array = column(&batch, "probability_apple");
    let mut num_shortened = 0;
    for (line, exact) in csv.lines().skip(1).zip(exact.iter().flatten()) {
        let cell = line.split(',').nth(1).unwrap();
        let digits = cell.split('e').next().unwrap().replace('.', "");
        let digits = digits.trim_matches('0').len();
        assert!(digits <= 6 && !cell.ends_with(".0"), "{cell}");
        let written: f64 = cell.parse().unwrap();
        assert!(
            (written - exact).abs() <= 5e-6 * exact,
            "{cell} and {exact}"
        );
        num_shortened += usize::from(written != exact);
    }
    assert!(num_shortened > 200, "{num_shortened} of 240");
}

#[test]
fn a_table_is_not_replaced_by_its_predictions() {
    let program = with_fruit();
    program.train(&[&TRAIN[..], &["--epochs", "1"]].concat());
    let before = fs::read(program.path().join("fruit.csv")).unwrap();
    let predict = ["predict", "run", "fruit.csv", "--output", "./fruit.csv"];

    let (code, message) = program.failure(&predict);

    assert_eq!(code, 1);
    assert!(
        message.contains("error: `./fruit.csv` is read, so it cannot be the output"),
        "{message}"
    );
    assert_eq!(fs::read(program.path().join("fruit.csv")).unwrap(), before);
}
