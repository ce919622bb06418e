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

#[test]
fn folds_are_by_the_hash_of_splitmix64() {
    // The first five numbers of the generator from the seed 1234567 on, divided by 5
    // (https://rosettacode.org/wiki/Pseudo-random_numbers/Splitmix64): 6457827717110365317, 3203168211198807973,
    // 9817491932198370423, 4593380528125082431 and 16408922859458223821 have these remainders.
    let seeds =
        (0..5).map(|i| 1_234_567_u64.wrapping_add(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(i)));
    let folds: Vec<usize> = seeds
        .map(|seed| fold_of(usize::try_from(seed).unwrap()))
        .collect();
    assert_eq!(folds, [2, 3, 3, 1, 1]);
}

/// Classes of eight rows in three categories, the first of three rows and the second of two.
fn means_of_classes(labels: [usize; 8]) -> Vec<Vec<f64>> {
    let target = Target::Classes {
        name: "class".to_owned(),
        classes: NAMES.map(str::to_owned).to_vec(),
        labels: labels.to_vec(),
    };
    let rows: Vec<usize> = (0..8).collect();
    let (_, means) = fit(&[0, 0, 0, 1, 1, 2, 2, 2], &target, &rows);
    means
        .outputs
        .into_iter()
        .map(|output| [vec![output.overall], output.means].concat())
        .collect()
}

#[test]
fn shares_of_classes_are_those_of_scikit_learn() {
    // As above, with target_type="binary" and "multiclass".
    let of_second = [0.625, 0.656_660_41, 0.543_478_26, 0.656_660_41];
    let of_three = [
        [0.375, 0.343_339_59, 0.456_521_74, 0.343_339_59],
        [0.375, 0.343_339_59, 0.0, 0.596_622_89],
        [0.25, 0.309_734_51, 0.4, 0.0],
    ];
    for (labels, expected) in [
        ([0, 1, 1, 0, 1, 1, 1, 0], &[of_second][..]),
        ([0, 1, 2, 0, 2, 1, 1, 0], &of_three),
    ] {
        let found = means_of_classes(labels);
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.concat().iter().zip(expected.concat()) {
            assert!((found - expected).abs() < 1e-8, "{found} for {expected}");
        }
    }
}

#[test]
fn each_number_of_the_target_has_its_own_means_and_inputs() {
    let codes = [0, 0, 0, 1, 1, 2, 2, 2];
    let [first, second] = [
        [1.0, 2.0, 4.0, 10.0, 14.0, -3.0, -3.0, 5.0],
        [5.0, 5.0, 7.0, 1.0, 2.0, 9.0, 8.0, 4.0],
    ];
    let both = Target::Numbers {
        names: vec!["first".to_owned(), "second".to_owned()],
        values: first
            .iter()
            .zip(second)
            .flat_map(|(&x, y)| [x, y])
            .collect(),
    };
    let rows: Vec<usize> = (0..8).collect();
    let (_, means) = fit(&codes, &both, &rows);
    let inputs = means.slot_inputs();
    for (output, values) in [first, second].iter().enumerate() {
        let (_, alone) = fit(&codes, &prices(values), &rows);
        assert_eq!(means.outputs[output], alone.outputs[0]);
        let alone = alone.slot_inputs();
        for slot in [Some(0), Some(1), Some(2), None] {
            assert_eq!(inputs.of(slot, 2)[output], alone.of(slot, 1)[0]);
        }
    }
}

#[test]
fn means_of_a_target_that_does_not_vary_are_left_out() {
    let codes = [0, 0, 1, 1, 2, 2];
    let rows: Vec<usize> = (0..6).collect();
    let (_, of_one) = fit(&codes, &prices(&[7.0; 6]), &rows);
    assert!(of_one.is_constant());
    // One of two numbers varies.
    let both = Target::Numbers {
        names: vec!["same".to_owned(), "other".to_owned()],
        values: (0..6).flat_map(|row| [7.0, f64::from(row)]).collect(),
    };
    assert!(!fit(&codes, &both, &rows).1.is_constant());
}

#[test]
fn in_training_a_row_has_the_means_of_the_other_folds() {
    let table = towns(&[-1.0, 0.0, 0.0, 0.5, 2.0]);
    let config = PreprocessorConfig {
        min_category_count: 1,
        ..by_target()
    };
    let rows: Vec<usize> = (0..50).collect();
    let means = |rows: &[usize]| {
        let preprocessor = Preprocessor::fit(&table, rows, config.clone()).unwrap();
        let [FeatureEncoding::TargetMeans { means, .. }] = preprocessor.features.as_slice() else {
            panic!("a feature of ten categories becomes means");
        };
        means.outputs[0].clone()
    };
    let scaler = means(&rows).scaler;
    let preprocessor = Preprocessor::fit(&table, &rows, config.clone()).unwrap();
    let inputs = preprocessor.transform_for_training(&table, &rows).unwrap();
    for fold in 0..NUM_FOLDS {
        let (within, without): (Vec<usize>, Vec<usize>) =
            rows.iter().partition(|&&row| fold_of(row) == fold);
        let of_others = means(&without);
        for row in within {
            let expected = scaler.scale(of_others.means[row / 5]);
            assert_eq!(inputs.numbers[row], expected, "row {row}");
        }
    }
}

#[test]
fn means_of_a_damaged_file_are_faulty() {
    let rows: Vec<usize> = (0..6).collect();
    let target = prices(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let (categories, means) = fit(&[0, 1, 2, 0, 1, 2], &target, &rows);
    assert_eq!(means.fault(&categories), None);
    let fault = |change: &dyn Fn(&mut TargetMeans)| {
        let mut means = means.clone();
        change(&mut means);
        means.fault(&categories).unwrap()
    };
    assert_eq!(
        fault(&|it| it.outputs.clear()),
        "it has no means of the target"
    );
    assert_eq!(
        fault(&|it| it.outputs[0].means.truncate(2)),
        "2 means do not fit 3 slots"
    );
    for damaged in [
        fault(&|it| it.outputs[0].means[1] = f64::INFINITY),
        fault(&|it| it.outputs[0].overall = f64::INFINITY),
    ] {
        assert_eq!(damaged, "a mean is inf, but must be finite");
    }
    let of_scaler = fault(&|it| {
        it.outputs[0].scaler = Scaler::Standard {
            mean: 0.0,
            std: 0.0,
        };
    });
    assert!(of_scaler.starts_with("the standard deviation is 0"));
}

#[test]
fn the_mean_and_the_variance_of_numbers_are_found_in_one_pass() {
    let mut sums = Sums::default();
    assert!(sums.mean == 0.0 && sums.variance().is_nan());
    for value in [1.0, 2.0, 4.0, 9.0] {
        sums.add(value);
    }
    // Deviations of −3, −2, 0 and 5.
    assert!((sums.mean - 4.0).abs() < 1e-12, "{}", sums.mean);
    assert!((sums.variance() - 9.5).abs() < 1e-12, "{sums:?}");
}
