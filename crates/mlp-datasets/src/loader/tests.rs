use super::*;
use crate::ExampleTargets;
use burn::tensor::TensorData;

/// Rows whose feature and class are their index.
fn examples(num_rows: usize, device: &Device) -> Examples {
    let features: Vec<f32> = (0..num_rows).map(|row| row as f32).collect();
    Examples {
        features: Tensor::from_data(TensorData::new(features, [num_rows, 1]), device),
        categories: None,
        targets: ExampleTargets::Classes(index_tensor((0..num_rows).collect(), device)),
        weights: None,
    }
}

fn loader(num_rows: usize, batch_size: usize) -> ExamplesLoader {
    ExamplesLoader::new(examples(num_rows, &Device::flex()), batch_size)
}

/// The rows of each batch of an epoch.
fn epoch(loader: &dyn DataLoader<Examples>) -> Vec<Vec<i64>> {
    loader
        .iter()
        .map(|batch| {
            let batch = batch.unwrap();
            let features: Vec<i64> = batch.features.into_data().iter().collect();
            let ExampleTargets::Classes(classes) = batch.targets else {
                panic!("the task is classification");
            };
            let classes: Vec<i64> = classes.into_data().iter().collect();
            assert_eq!(features, classes, "a row has its own target");
            features
        })
        .collect()
}

#[test]
fn batches_are_in_order_and_the_last_may_be_smaller() {
    assert_eq!(
        epoch(&loader(7, 3)),
        [vec![0, 1, 2], vec![3, 4, 5], vec![6]]
    );
    assert_eq!(epoch(&loader(4, 2)), [[0, 1], [2, 3]]);
    assert_eq!(epoch(&loader(3, 10)), [[0, 1, 2]]);
    assert_eq!(epoch(&loader(2, usize::MAX)), [[0, 1]]);
    assert_eq!(epoch(&loader(2, 0)), [[0], [1]]);
}

#[test]
fn a_smaller_last_batch_can_be_dropped() {
    let dropping = |num_rows, batch_size| loader(num_rows, batch_size).dropping_last();
    assert_eq!(epoch(&dropping(7, 3)), [[0, 1, 2], [3, 4, 5]]);
    assert_eq!(dropping(7, 3).num_items(), 6);
    assert_eq!(epoch(&dropping(4, 2)), [[0, 1], [2, 3]]);
    // At least one batch remains.
    assert_eq!(epoch(&dropping(3, 10)), [[0, 1, 2]]);
    assert_eq!(dropping(3, 10).num_items(), 3);

    let progress = dropping(7, 3);
    let mut batches = progress.iter();
    while batches.next().is_some() {}
    assert!(batches.progress().is_completed());
    assert_eq!(epoch(&*dropping(10, 3).slice(0, 5)), [[0, 1, 2]]);
}

#[test]
fn different_rows_are_dropped_in_different_epochs() {
    let loader = loader(7, 3).shuffled(1).dropping_last();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..20 {
        let rows = epoch(&loader).concat();
        assert_eq!(rows.len(), 6);
        seen.extend(rows);
    }
    assert_eq!(seen.len(), 7);
}

#[test]
fn a_shuffled_epoch_has_every_row_once_and_the_next_one_is_different() {
    let loader = loader(50, 8).shuffled(1);
    let (first, second) = (epoch(&loader).concat(), epoch(&loader).concat());
    assert_ne!(first, second);
    for mut rows in [first, second] {
        assert!(!rows.is_sorted());
        rows.sort_unstable();
        assert_eq!(rows, (0..50).collect::<Vec<_>>());
    }
}

#[test]
fn rows_too_wide_for_one_selection_are_in_the_same_order() {
    let narrow = examples(11, &Device::flex());
    let wide = Examples {
        features: narrow
            .features
            .clone()
            .repeat_dim(1, NUMBERS_PER_SELECTION / 4),
        ..narrow.clone()
    };
    let loader = |examples| ExamplesLoader::new(examples, 2).shuffled(1);
    let (narrow, wide) = (loader(narrow), loader(wide));
    let first_columns: Vec<Vec<i64>> = wide
        .iter()
        .map(|batch| {
            let features = batch.unwrap().features;
            features.narrow(1, 0, 1).into_data().iter().collect()
        })
        .collect();
    assert_eq!(first_columns, epoch(&narrow));
}

#[test]
fn a_batch_has_rows_of_each_of_several_orders() {
    let of_one = loader(7, 3).shuffled(5);
    let of_two = loader(7, 3).shuffled(5).in_orders(2);
    let (first, both) = (epoch(&of_one), epoch(&of_two));
    let sizes: Vec<usize> = both.iter().map(Vec::len).collect();
    assert_eq!(sizes, [6, 6, 2]);
    let mut second = Vec::new();
    for (of_first, batch) in first.iter().zip(&both) {
        let (start, rest) = batch.split_at(of_first.len());
        assert_eq!(start, of_first, "the first order is that of a single one");
        second.extend_from_slice(rest);
    }
    assert_ne!(second, first.concat());
    second.sort_unstable();
    assert_eq!(
        second,
        [0, 1, 2, 3, 4, 5, 6],
        "each order has every row once"
    );

    let mut batches = of_two.iter();
    batches.next();
    assert_eq!(batches.progress().items_processed, 3);
    assert_eq!(batches.progress().items_total, 7);
}

#[test]
fn the_seed_determines_the_order_of_every_epoch() {
    let epochs = |seed| {
        let loader = loader(50, 8).shuffled(seed);
        [epoch(&loader), epoch(&loader), epoch(&loader)]
    };
    assert_eq!(epochs(3), epochs(3));
    assert_ne!(epochs(3), epochs(4));
}

#[test]
fn a_loader_moves_to_autodiff_and_back_in_the_same_epoch() {
    let inner = Device::flex();
    let autodiff = inner.clone().autodiff();
    for device in [autodiff.clone(), autodiff.gradient_checkpointing()] {
        for shuffle in [false, true] {
            let loader = || {
                let loader = loader(10, 4);
                if shuffle { loader.shuffled(5) } else { loader }
            };
            let (here, moved) = (loader(), loader());
            epoch(&here);
            epoch(&moved);

            let there = moved.to_device(&device);
            for batch in there.iter() {
                let features = batch.unwrap().features;
                assert!(features.is_autodiff());
                assert_eq!(
                    features.gradient_checkpointing_strategy(),
                    device.gradient_checkpointing_strategy()
                );
                // These tensors can be combined with parameters of that device.
                let weights = Tensor::<2>::ones([1, 2], &device).require_grad();
                let gradients = features.matmul(weights.clone()).sum().backward();
                assert!(weights.grad(&gradients).is_some());
            }
            epoch(&here);
            let back = there.to_device(&inner);
            assert!(!back.iter().next().unwrap().unwrap().features.is_autodiff());
            epoch(&here);
            assert_eq!(epoch(&*back), epoch(&here));
        }
    }
}

#[test]
fn a_loader_created_under_autodiff_stays_there() {
    let device = Device::flex().autodiff();
    let loader = ExamplesLoader::new(examples(5, &device), 2);
    assert!(
        loader
            .iter()
            .all(|batch| batch.unwrap().features.is_autodiff())
    );
    assert_eq!(epoch(&loader), [vec![0, 1], vec![2, 3], vec![4]]);
}

#[test]
fn a_slice_is_a_loader_over_its_rows() {
    assert_eq!(epoch(&*loader(10, 2).slice(3, 6)), [vec![3, 4], vec![5]]);
    assert_eq!(loader(10, 2).slice(8, 99).num_items(), 2);

    let mut rows = epoch(&*loader(10, 2).shuffled(0).slice(3, 6)).concat();
    rows.sort_unstable();
    assert_eq!(rows, [3, 4, 5]);
}

#[test]
fn progress_counts_items() {
    let loader = loader(7, 3);
    let mut batches = loader.iter();
    let mut done = vec![];
    while batches.next().is_some() {
        let progress = batches.progress();
        assert_eq!(progress.items_total, 7);
        done.push(progress.items_processed);
    }
    assert_eq!(done, [3, 6, 7]);
    assert!(batches.progress().is_completed());
}

#[test]
fn a_loader_can_be_used_from_other_threads() {
    fn assert_send_sync<T: Send + Sync>() {}
    assert_send_sync::<ExamplesLoader>();
}
