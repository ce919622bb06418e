//! Any table of any mixture of columns is trained on and predicted, or is refused with a message.

use std::cell::Cell;
use std::fmt::Write;
use std::fs;

use burn::train::Interrupter;
use mlp_datasets::{LoadOptions, Source, read_table};
use mlp_inference::SavedModel;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use trainer::{
    Error, Progress, RunDirectory, TableOptions, TrainingConfig, TrainingOptions, load_dataset,
    train,
};

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

/// The rows of a CSV file whose columns are of any kinds, with holes.
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

/// Trains one epoch to predict the last column, and predicts all rows.
fn train_and_predict(csv: &str) -> Result<(), Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.csv").display().to_string();
    fs::write(&path, csv).unwrap();
    let last = csv.lines().next().unwrap().split(',').next_back().unwrap();
    let options = TrainingOptions {
        dataset: Some(path.clone()),
        epochs: Some(1),
        hidden: Some(vec![4]),
        table: TableOptions {
            target: vec![last.to_owned()],
            ..TableOptions::default()
        },
        ..TrainingOptions::default()
    };
    let dataset = load_dataset(&path, &LoadOptions::default(), &options.table, true)?;
    let config = TrainingConfig::resolve(options, &dataset)?;
    let run = RunDirectory::create(&folder.path().join("run"), false)?;
    let outcome = train(
        &config,
        &dataset,
        run,
        Progress::Silent,
        &Interrupter::new(),
    )?;

    let model = SavedModel::load(&outcome.summary.run, &config.backend.device()?)?;
    let rows = read_table(&Source::new(&path)?, &model.schema())?;
    let predictions = model.predict(&rows)?;
    assert_eq!(predictions.len(), csv.lines().count() - 1);
    Ok(())
}

#[test]
fn any_table_is_trained_on_and_predicted_or_refused_with_a_message() {
    let trained = Cell::new(0);
    let mut runner = TestRunner::new(Config {
        cases: 150,
        // A table that fails is printed, and belongs into a test of its own.
        failure_persistence: None,
        ..Config::default()
    });
    let result = runner.run(&table(), |csv| {
        match train_and_predict(&csv) {
            Ok(()) => trained.set(trained.get() + 1),
            // Whatever the learner says was no fault of the table.
            Err(error @ Error::Training { .. }) => {
                return Err(TestCaseError::fail(error.to_string()));
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    assert!(
        trained.get() >= 50,
        "only {} of 150 tables were trained on",
        trained.get()
    );
}
