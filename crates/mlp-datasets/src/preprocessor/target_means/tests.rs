use super::*;
use crate::{
    CategoryEncoding, Column, FeatureEncoding, Preprocessor, PreprocessorConfig, Table, Values,
};

const NAMES: [&str; 3] = ["a", "b", "c"];

fn fit(codes: &[u32], target: &Target, rows: &[usize]) -> (Categories, TargetMeans) {
    let names = NAMES.map(str::to_owned);
    let categories = Categories::fit(codes, &names, rows, 1);
    let column = (codes, names.as_slice());
    let means = TargetMeans::fit(&categories, column, target, rows, Scaling::Standard);
    (categories, means)
}

fn prices(values: &[f64]) -> Target {
    Target::Numbers {
        names: vec!["price".to_owned()],
        values: values.to_vec(),
    }
}

#[test]
fn means_are_those_of_scikit_learn() {
    // TargetEncoder(target_type="continuous", smooth="auto").fit(codes, values), scikit-learn 1.9.1.
    let codes = [0, 0, 0, 1, 1, 2, 2, 2];
    let target = prices(&[1.0, 2.0, 4.0, 10.0, 14.0, -3.0, -3.0, 5.0]);
    let rows: Vec<usize> = (0..8).collect();
    let (_, means) = fit(&codes, &target, &rows);
    let [output] = means.outputs.as_slice() else {
        panic!("one number of the target gives one output");
    };
    assert_eq!(output.overall, 3.75);
    for (mean, expected) in output
        .means
        .iter()
        .zip([2.356_685_55, 11.499_051_23, 0.209_238_95])
    {
        assert!((mean - expected).abs() < 1e-8, "{:?}", output.means);
    }
}

#[test]
fn the_target_of_a_row_has_no_part_in_its_own_inputs() {
    let names = NAMES.map(str::to_owned);
    let rows: Vec<usize> = (0..60).collect();
    let codes: Vec<u32> = (0..60).map(|row| row % 3).collect();
    let mut values: Vec<f64> = (0..60).map(|row| f64::from(row * row % 17)).collect();
    let (categories, means) = fit(&codes, &prices(&values), &rows);
    let inputs = |values: &[f64], row: usize| {
        let column = (codes.as_slice(), names.as_slice());
        let of_folds = means.out_of_fold(&categories, column, &prices(values), &rows);
        let slot = Some(codes[row] as usize);
        of_folds[fold_of(row)].of(slot, 1).to_vec()
    };
    for row in [0, 7, 31, 59] {
        let before = inputs(&values, row);
        let other =
            (0..60).find(|&other| codes[other] == codes[row] && fold_of(other) != fold_of(row));
        let others_value = values[other.unwrap()];
        let own_value = std::mem::replace(&mut values[row], 1e6);
        assert_eq!(inputs(&values, row), before, "its own target");
        values[row] = own_value;
        values[other.unwrap()] = 1e6;
        assert_ne!(inputs(&values, row), before, "that of another row");
        values[other.unwrap()] = others_value;
    }
}

#[test]
fn folds_have_about_the_same_number_of_rows() {
    let mut counts = [0; NUM_FOLDS];
    for row in 0..10_000 {
        counts[fold_of(row)] += 1;
    }
    assert!(
        counts.iter().all(|count| (1900..2100).contains(count)),
        "{counts:?}"
    );
}

#[test]
fn two_classes_give_one_number_and_more_give_one_each() {
    for (labels, expected) in [(vec![0, 2, 0, 2, 2, 0], 1), (vec![0, 1, 2, 0, 1, 2], 3)] {
        let target = Target::Classes {
            name: "class".to_owned(),
            classes: NAMES.map(str::to_owned).to_vec(),
            labels,
        };
        let rows: Vec<usize> = (0..6).collect();
        let (_, means) = fit(&[0, 1, 0, 1, 0, 1], &target, &rows);
        assert_eq!(means.outputs.len(), expected);
    }
}

/// A table of ten towns, each with a row for each offset.
fn towns(offsets: &[f64]) -> Table {
    let names: Vec<String> = (0..10).map(|town| format!("town {town}")).collect();
    let codes = (0..10).flat_map(|town| vec![town; offsets.len()]);
    let town = Column {
        name: "town".to_owned(),
        values: Values::Categories {
            codes: codes.collect(),
            names,
        },
    };
    let of_town = |town: i32| offsets.iter().map(move |offset| f64::from(town) + offset);
    let values: Vec<f64> = (0..10).flat_map(of_town).collect();
    Table::new(vec![town], Some(prices(&values))).unwrap()
}

fn by_target() -> PreprocessorConfig {
    PreprocessorConfig {
        categories: CategoryEncoding::Target,
        ..PreprocessorConfig::default()
    }
}

#[test]
fn many_categories_become_one_number_and_an_unknown_one_the_overall_mean() {
    let table = towns(&[-1.0, 0.0, 0.0, 0.0, 1.0]);
    // No row of the last town is in training.
    let rows: Vec<usize> = (0..45).collect();
    let preprocessor = Preprocessor::fit(&table, &rows, by_target()).unwrap();
    assert_eq!(preprocessor.width(), 1);
    assert!(preprocessor.cardinalities().is_empty());
    let [FeatureEncoding::TargetMeans { means, .. }] = preprocessor.features.as_slice() else {
        panic!("a feature of ten categories becomes means");
    };
    let CategoryMeans {
        overall, scaler, ..
    } = &means.outputs[0];
    assert_eq!(*overall, 4.0);
    let inputs = preprocessor.transform(&table, &[0, 44, 45]).unwrap();
    assert!(inputs.numbers[0] < inputs.numbers[1]);
    assert_eq!(inputs.numbers[2], scaler.scale(4.0));
    assert_eq!(inputs.unseen_values[0].unseen, 1);
    let json = serde_json::to_string(&preprocessor).unwrap();
    assert_eq!(
        serde_json::from_str::<Preprocessor>(&json).unwrap(),
        preprocessor
    );
    preprocessor.check().unwrap();
}

#[test]
fn one_row_for_each_category_is_an_error() {
    let table = towns(&[0.0]);
    let rows: Vec<usize> = (0..10).collect();
    let error = Preprocessor::fit(&table, &rows, by_target()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`town` has another category in each of the 10 training rows, so no category has a mean of the \
         target"
    );
}
