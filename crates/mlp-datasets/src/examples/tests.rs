use super::*;
use crate::{CategoryEncoding, Column, PreprocessorConfig, Scaling, Target, Values};

/// Rows 0 to 4 with the features (i, -i), and the classes 0, 1, 0, 1, 0 or the numbers i.
fn examples(regression: bool, device: &Device) -> Examples {
    let target = if regression {
        Target::Numbers {
            names: vec!["t".into()],
            values: vec![0.0, 1.0, 2.0, 3.0, 4.0],
        }
    } else {
        Target::Classes {
            name: "t".into(),
            labels: vec![0, 1, 0, 1, 0],
            classes: vec!["even".into(), "odd".into()],
        }
    };
    let features = [0.0, 0.0, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0, 4.0, -4.0];
    let table = Table::from_rows(vec!["a".into(), "b".into()], &features, Some(target))
        .and_then(|table| table.with_weights(vec![1.0, 2.0, 3.0, 4.0, 5.0]))
        .unwrap();
    // Fitted on the numbers 1 and 3: mean 2, standard deviation 1.
    let preprocessor = Preprocessor::fit(&table, &[1, 3], Scaling::None).unwrap();
    Examples::new(&table, &[0, 1, 2, 3, 4], &preprocessor, device).unwrap()
}

fn features(examples: &Examples) -> Vec<f32> {
    examples.features.clone().into_data().iter().collect()
}

fn weights(examples: &Examples) -> Vec<f32> {
    let weights = examples.weights.clone().unwrap();
    weights.into_data().iter().collect()
}

fn targets(examples: &Examples) -> Vec<f32> {
    match &examples.targets {
        ExampleTargets::Classes(classes) => classes.clone().into_data().iter().collect(),
        ExampleTargets::Numbers(numbers) => numbers.clone().into_data().iter().collect(),
    }
}

#[test]
fn rows_are_selected_with_their_targets() {
    let device = Device::flex();
    for (regression, expected) in [(false, [0.0, 1.0]), (true, [2.0, -1.0])] {
        let examples = examples(regression, &device);
        let two = examples.select(index_tensor(vec![4, 1], &device));
        assert_eq!(features(&two), [4.0, -4.0, 1.0, -1.0]);
        assert_eq!(weights(&two), [5.0, 2.0]);
        assert_eq!(targets(&two), expected);
    }
}

#[test]
fn rows_are_sliced_with_their_targets() {
    for (regression, expected) in [(false, [1.0, 0.0]), (true, [-1.0, 0.0])] {
        let two = examples(regression, &Device::flex()).slice(1..3);
        assert_eq!(two.len(), 2);
        assert_eq!(features(&two), [1.0, -1.0, 2.0, -2.0]);
        assert_eq!(targets(&two), expected);
    }
}

#[test]
fn examples_move_to_autodiff_and_back() {
    let inner = Device::flex();
    let autodiff = inner.clone().autodiff();
    for device in [autodiff.clone(), autodiff.gradient_checkpointing()] {
        for regression in [false, true] {
            let there = examples(regression, &inner).to_device(&device);
            assert!(there.features.is_autodiff());
            assert_eq!(
                there.features.gradient_checkpointing_strategy(),
                device.gradient_checkpointing_strategy()
            );
            let back = there.to_device(&inner);
            assert!(!back.features.is_autodiff());
            for moved in [&there, &back] {
                assert_eq!(features(moved), features(&examples(regression, &inner)));
                assert_eq!(targets(moved), targets(&examples(regression, &inner)));
            }
        }
    }
}

#[test]
fn examples_need_rows() {
    let table = Table::from_rows(
        vec!["a".into()],
        &[1.0, 2.0],
        Some(Target::Numbers {
            names: vec!["y".into()],
            values: vec![1.0, 2.0],
        }),
    )
    .unwrap();
    let preprocessor = Preprocessor::fit(&table, &[0, 1], Scaling::None).unwrap();
    assert!(Examples::new(&table, &[], &preprocessor, &Device::flex()).is_err());
}

/// Three rows of a category, so that there are no numbers.
fn only_categories(device: &Device) -> Examples {
    let category = Column {
        name: "category".into(),
        values: Values::Categories {
            codes: vec![0, 1, 0],
            names: vec!["a".into(), "b".into()],
        },
    };
    let target = Target::Numbers {
        names: vec!["t".into()],
        values: vec![0.0, 1.0, 2.0],
    };
    let table = Table::new(vec![category], Some(target)).unwrap();
    let config = PreprocessorConfig {
        categories: CategoryEncoding::Embedding,
        min_category_count: 1,
        ..PreprocessorConfig::default()
    };
    let preprocessor = Preprocessor::fit(&table, &[0, 1, 2], config).unwrap();
    Examples::new(&table, &[0, 1, 2], &preprocessor, device).unwrap()
}

#[test]
fn examples_without_numbers_are_selected_sliced_and_moved() {
    let inner = Device::flex();
    let examples = only_categories(&inner);
    assert_eq!((examples.len(), examples.features.dims()), (3, [3, 0]));
    let indices = |examples: &Examples| -> Vec<i64> {
        let categories = examples.categories.clone().unwrap();
        categories.into_data().iter().collect()
    };

    let selected = examples.select(index_tensor(vec![1, 0], &inner));
    assert_eq!((selected.len(), indices(&selected)), (2, vec![3, 2]));
    let sliced = examples.slice(1..3);
    assert_eq!((sliced.len(), indices(&sliced)), (2, vec![3, 2]));

    let autodiff = inner.clone().autodiff();
    let there = examples.to_device(&autodiff);
    assert!(there.features.is_autodiff());
    let selected = examples.select(index_tensor(vec![1], &autodiff));
    assert!(selected.features.is_autodiff());
    let back = there.to_device(&inner);
    assert!(!back.features.is_autodiff());
    assert_eq!((back.len(), indices(&back)), (3, vec![2, 3, 2]));
}
