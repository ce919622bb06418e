//! Permutation importance and partial dependence, worked out by hand.

mod models;

use std::path::Path;

use mlp_datasets::{Source, Target, read_table};
use mlp_explanations::{Error, Grid, PartialDependence, PermutationImportance, Quantity};
use mlp_inference::{Device, Metric, SavedModel};
use models::{DAY, assert_close, linear, logistic, prices, scores, table, target, two_targets};

const ROWS: [usize; 4] = [0, 1, 2, 3];

#[test]
fn a_column_that_the_model_does_not_use_has_no_importance() {
    let table = table(Some(target(2.0)));
    let found = PermutationImportance::default()
        .compute(&linear(2.0), &table, &ROWS)
        .unwrap();

    assert_eq!(found.metric, Metric::Rmse);
    assert!(found.score < 1e-5);
    assert_eq!((found.rows, found.repeats), (4, 5));
    let names: Vec<_> = found.columns.iter().map(|of| of.column.as_str()).collect();
    assert_eq!(names[2..], ["day", "unused"]);
    let unused = &found.columns[3];
    assert_eq!((unused.mean, unused.std), (0.0, Some(0.0)));
    assert_eq!(unused.repeats, [0.0; 5]);
}

#[test]
fn the_error_grows_by_what_two_rows_differ_in_when_they_are_exchanged() {
    let table = table(Some(target(2.0)));
    let importance = PermutationImportance {
        repeats: 20,
        ..PermutationImportance::default()
    };
    let found = importance.compute(&linear(2.0), &table, &[0, 3]).unwrap();

    // Sizes of 1 and 8: each shuffle exchanges them, so that both prices are wrong by 5·2·7/4, or not.
    let size = found.columns.iter().find(|of| of.column == "size").unwrap();
    let exchanged = size.repeats.iter().filter(|drop| **drop > 1.0);
    for drop in exchanged.clone() {
        assert_close(*drop, 17.5);
    }
    let share = exchanged.count() as f64 / 20.0;
    assert!((0.2..0.8).contains(&share), "{share}");
    assert_close(size.mean, 17.5 * share);
}

#[test]
fn each_of_several_targets_has_importances_of_its_own() {
    // As the model predicts them for sizes of 1, 2, 5 and 8.
    let price = [8.75, 10.0, 13.75, 17.5];
    let rest = [3.0, -1.0, 4.0, 1.0];
    let target = Target::Numbers {
        names: vec!["price".to_owned(), "rest".to_owned()],
        values: price
            .into_iter()
            .zip(rest)
            .flat_map(<[f64; 2]>::from)
            .collect(),
    };
    let importance = PermutationImportance {
        repeats: 20,
        ..PermutationImportance::default()
    };
    let found = importance
        .compute(&two_targets(), &table(Some(target)), &[0, 3])
        .unwrap();

    // A shuffle exchanges both rows or none. Prices are then wrong by 8.75 and the rest by 2.
    let [of_price, of_rest] = &found.targets[..] else {
        panic!("there are two targets");
    };
    for (of, name, column, wrong) in [
        (of_price, "price", "size", 8.75),
        (of_rest, "rest", "unused", 2.0),
    ] {
        assert_eq!(of.target, name);
        assert!(of.score < 1e-5);
        assert_eq!(of.columns[0].column, column);
        let exchanged = of.columns[0].repeats.iter().filter(|drop| **drop > 1.0);
        assert!(exchanged.clone().count() > 0);
        for drop in exchanged {
            assert_close(*drop, wrong);
        }
        assert!(of.columns[1].repeats.iter().all(|drop| drop.abs() < 1e-5));
    }
}

#[test]
fn a_metric_that_is_higher_for_a_better_model_falls() {
    let sold = Target::Classes {
        name: "sold".to_owned(),
        // As the model predicts.
        labels: vec![1, 0, 1, 1],
        classes: vec!["no".to_owned(), "yes".to_owned()],
    };
    let table = table(Some(sold));
    let importance = PermutationImportance {
        metric: Some(Metric::Accuracy),
        ..PermutationImportance::default()
    };
    let by_default = PermutationImportance::default();
    let found = importance.compute(&logistic(), &table, &ROWS).unwrap();
    assert_eq!(found.score, 1.0);
    assert!(found.columns[0].mean > 0.0);
    let found = by_default.compute(&logistic(), &table, &ROWS).unwrap();
    assert_eq!(found.metric, Metric::LogLoss);
    let found = by_default.compute(&scores(), &table, &ROWS).unwrap();
    assert_eq!(found.metric, Metric::Accuracy);

    let of_numbers = PermutationImportance {
        metric: Some(Metric::Rmse),
        ..PermutationImportance::default()
    };
    let error = of_numbers.compute(&logistic(), &table, &ROWS).unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no rmse of the predictions of these rows"
    );
}

#[test]
fn the_same_seed_gives_the_same_importances_and_fewer_rows_are_drawn() {
    let table = table(Some(target(2.0)));
    let importance = PermutationImportance {
        max_rows: 3,
        seed: 5,
        ..PermutationImportance::default()
    };
    let found = importance.compute(&linear(2.0), &table, &ROWS).unwrap();
    assert_eq!(found.rows, 3);
    let again = importance.compute(&linear(2.0), &table, &ROWS).unwrap();
    assert_eq!(found, again);
}

#[test]
fn the_dependence_of_a_linear_model_is_a_line_and_curves_are_parallel() {
    let table = table(None);
    let found = PartialDependence::default()
        .compute(&linear(2.0), &table, &ROWS, "size")
        .unwrap();

    assert_eq!(found.grid, Grid::Numbers(vec![1.0, 2.0, 5.0, 8.0]));
    assert_eq!((found.quantity, found.rows), (Quantity::Number, 4));
    let price = &found.outputs[0];
    assert_eq!(price.output, "price");
    // 5·2/4 for each unit of size, through the mean price at the mean size of 4.
    let mean = prices(2.0).iter().sum::<f64>() / 4.0;
    for (size, found) in [1.0, 2.0, 5.0, 8.0].into_iter().zip(&price.mean) {
        assert_close(*found, mean + 2.5 * (size - 4.0));
    }
    assert_eq!(price.curves.len(), 4);
    for curve in &price.curves {
        assert_close(curve[3] - curve[0], 2.5 * 7.0);
    }
}

#[test]
fn categories_and_dates_are_tried_by_their_own_values() {
    let table = table(None);
    let dependence = PartialDependence::default();
    let found = dependence
        .compute(&linear(2.0), &table, &ROWS, "colour")
        .unwrap();
    assert_eq!(found.grid.labels(), ["red", "green", "blue"]);
    let mean = &found.outputs[0].mean;
    // 5·(1 − (−2)) and 5·(0 − (−2)) more than red.
    assert_close(mean[1] - mean[0], 15.0);
    assert_close(mean[2] - mean[0], 10.0);

    let found = dependence
        .compute(&linear(2.0), &table, &ROWS, "day")
        .unwrap();
    assert_eq!(
        found.grid,
        Grid::Dates(vec![0, 10 * DAY, 20 * DAY, 30 * DAY])
    );
    assert_eq!(found.grid.labels()[1], "1970-01-11");
    let mean = &found.outputs[0].mean;
    assert_close(mean[1] - mean[0], 0.5);
}

#[test]
fn the_probability_of_each_class_depends_on_the_column() {
    let table = table(None);
    let found = PartialDependence::default()
        .compute(&logistic(), &table, &[0], "weight")
        .unwrap();
    let [no, yes] = found.outputs.as_slice() else {
        panic!("there are two classes");
    };
    assert_eq!((no.output.as_str(), yes.output.as_str()), ("no", "yes"));
    // (1 − 2)/4 + 2·0.5 = 0.75.
    let expected = 1.0 / (1.0 + (-0.75f64).exp());
    assert_close(yes.mean[0], expected);
    assert_close(no.mean[0], 1.0 - expected);
}

#[test]
fn a_column_that_the_model_does_not_know_is_named_with_those_that_it_does() {
    let error = PartialDependence::default()
        .compute(&logistic(), &table(None), &ROWS, "note")
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "`note` is not a column that the model learned from; those are `size`, `weight`"
    );
}

#[test]
fn an_ensemble_is_explained_by_its_predictions() {
    let ensemble = SavedModel::ensemble(vec![linear(1.0), linear(3.0)]).unwrap();
    let table = table(Some(target(2.0)));
    let importance = PermutationImportance::default();
    let of_ensemble = importance.compute(&ensemble, &table, &ROWS).unwrap();
    let of_mean = importance.compute(&linear(2.0), &table, &ROWS).unwrap();
    for (a, b) in of_ensemble.columns.iter().zip(&of_mean.columns) {
        assert_eq!(a.column, b.column);
        assert_close(a.mean, b.mean);
    }
}

#[test]
fn a_clustering_is_refused_by_name() {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../mlp-inference/tests/formats/v3-iris-som");
    let model = SavedModel::load(&folder, &Device::flex()).unwrap();
    let source = Source::new(folder.join("inputs.csv").to_str().unwrap()).unwrap();
    let table = read_table(&source, &model.schema()).unwrap();
    let error = PermutationImportance::default()
        .compute(&model, &table, &[0])
        .unwrap_err();
    assert!(matches!(error, Error::Clustering { .. }));
    assert_eq!(
        error.to_string(),
        "this is a model for clustering, but permutation importance needs one that predicts classes or \
         numbers"
    );
}
