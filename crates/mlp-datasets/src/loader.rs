use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use burn::data::dataloader::{DataLoader, DataLoaderIterator, Progress};
use burn::data::dataset::DatasetError;
use burn::tensor::{Device, Int, Tensor};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use crate::Examples;
use crate::examples::index_tensor;

/// Numbers that are put into the order of an epoch at once: so many that Burn shares them out among the
/// threads, and few enough for a processor's cache.
const NUMBERS_AT_ONCE: usize = 1 << 20;

/// Hands out [`Examples`] in batches, the last of which may be smaller.
///
/// The tensors already lie on the device, so that a batch costs a copy there and none from the host.
/// Burn's `DataLoader` trait gives the batches:
///
/// ```
/// use burn::data::dataloader::DataLoader;
/// use burn::tensor::Device;
/// use mlp_datasets::{BuiltIn, Examples, ExamplesLoader, LoadOptions, Preprocessor};
///
/// let iris = BuiltIn::Iris.load(&LoadOptions::default())?;
/// let rows: Vec<usize> = (0..150).collect();
/// let preprocessor = Preprocessor::fit(&iris.table, &rows, iris.scaling)?;
/// let examples = Examples::new(&iris.table, &rows, &preprocessor, &Device::flex())?;
///
/// let loader = ExamplesLoader::new(examples, 64).shuffled(7);
/// let sizes: Vec<usize> = loader.iter().map(|batch| batch.unwrap().len()).collect();
/// assert_eq!(sizes, [64, 64, 22]);
/// # Ok::<(), mlp_datasets::Error>(())
/// ```
pub struct ExamplesLoader {
    /// Off autodiff, so that a loader under autodiff and one that is not share them.
    examples: Examples,
    /// The device of the batches: that of the examples, perhaps with autodiff.
    device: Device,
    batch_size: usize,
    shuffling: Option<Shuffling>,
}

struct Shuffling {
    seed: u64,
    /// How many epochs have begun.
    epoch: AtomicU64,
}

impl ExamplesLoader {
    /// Hands out the examples in their order, on the device where they are. A batch size of 0
    /// counts as 1.
    pub fn new(examples: Examples, batch_size: usize) -> Self {
        let device = examples.features.device();
        Self {
            examples: examples.moved_to(&device.clone().inner()),
            device,
            batch_size: batch_size.max(1),
            shuffling: None,
        }
    }

    /// Shuffles the examples anew for each epoch, that is for each call of `iter`. A seed decides
    /// the order of every epoch.
    #[must_use]
    pub fn shuffled(self, seed: u64) -> Self {
        Self {
            shuffling: Some(Shuffling {
                seed,
                epoch: AtomicU64::new(0),
            }),
            ..self
        }
    }

    /// A loader of other examples that goes on in the same epoch.
    fn with(&self, examples: Examples, device: &Device) -> Arc<dyn DataLoader<Examples>> {
        Arc::new(Self {
            examples,
            device: device.clone(),
            batch_size: self.batch_size,
            shuffling: self.shuffling.as_ref().map(Shuffling::fork),
        })
    }
}

impl DataLoader<Examples> for ExamplesLoader {
    fn iter<'a>(&'a self) -> Box<dyn DataLoaderIterator<Examples> + 'a> {
        let num_items = self.num_items();
        let order = match &self.shuffling {
            Some(shuffling) => Some(shuffling.next_epoch(num_items)),
            // What an index tensor selects takes on the autodiff settings of the index tensor, for
            // which a slice has no way.
            None if self.device.is_autodiff() => Some((0..num_items).collect()),
            None => None,
        };
        let [_, d_input] = self.examples.features.dims();
        let numbers = self.batch_size.saturating_mul(d_input.max(1));
        let batches_at_once = NUMBERS_AT_ONCE.div_ceil(numbers);
        Box::new(Batches {
            examples: &self.examples,
            order: order.map(|order| index_tensor(order, &self.device)),
            selected: None,
            rows_at_once: batches_at_once.saturating_mul(self.batch_size),
            batch_size: self.batch_size,
            done: 0,
            num_items,
        })
    }

    fn num_items(&self) -> usize {
        self.examples.len()
    }

    fn to_device(&self, device: &Device) -> Arc<dyn DataLoader<Examples>> {
        self.with(self.examples.to_device(&device.clone().inner()), device)
    }

    fn slice(&self, start: usize, end: usize) -> Arc<dyn DataLoader<Examples>> {
        let end = end.min(self.num_items());
        self.with(self.examples.slice(start.min(end)..end), &self.device)
    }
}

impl Shuffling {
    fn fork(&self) -> Self {
        Self {
            seed: self.seed,
            epoch: AtomicU64::new(self.epoch.load(Ordering::Relaxed)),
        }
    }

    /// The order of the next epoch: the seed and the epoch together are the key of the generator,
    /// so that an epoch's order depends on nothing else.
    fn next_epoch(&self, num_items: usize) -> Vec<usize> {
        let epoch = self.epoch.fetch_add(1, Ordering::Relaxed);
        let mut key = [0; 32];
        key[..8].copy_from_slice(&self.seed.to_le_bytes());
        key[8..16].copy_from_slice(&epoch.to_le_bytes());
        let mut order: Vec<usize> = (0..num_items).collect();
        order.shuffle(&mut StdRng::from_seed(key));
        order
    }
}

/// The batches of an epoch.
struct Batches<'a> {
    examples: &'a Examples,
    order: Option<Tensor<1, Int>>,
    /// The examples of some batches in that order, and the place of the first.
    selected: Option<(usize, Examples)>,
    rows_at_once: usize,
    batch_size: usize,
    done: usize,
    num_items: usize,
}

impl Batches<'_> {
    fn batch(&mut self, range: Range<usize>) -> Examples {
        let Some(order) = &self.order else {
            return self.examples.slice(range);
        };
        let selected = self.selected.take();
        let (start, selected) = selected
            .filter(|(start, selected)| range.end <= start + selected.len())
            .unwrap_or_else(|| {
                let end = range.start.saturating_add(self.rows_at_once);
                let places = range.start..end.min(self.num_items);
                let order = order.clone().slice([places]);
                (range.start, self.examples.select(order))
            });
        let batch = selected.slice(range.start - start..range.end - start);
        self.selected = Some((start, selected));
        batch
    }
}

impl Iterator for Batches<'_> {
    type Item = Result<Examples, DatasetError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done == self.num_items {
            return None;
        }
        let end = self
            .num_items
            .min(self.done.saturating_add(self.batch_size));
        let batch = self.batch(self.done..end);
        self.done = end;
        Some(Ok(batch))
    }
}

impl DataLoaderIterator<Examples> for Batches<'_> {
    fn progress(&self) -> Progress {
        Progress::new(self.done, self.num_items, Some("items".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Targets;
    use burn::tensor::TensorData;

    /// Rows whose feature and whose class are their number.
    fn examples(num_rows: usize, device: &Device) -> Examples {
        let features: Vec<f32> = (0..num_rows).map(|row| row as f32).collect();
        Examples {
            features: Tensor::from_data(TensorData::new(features, [num_rows, 1]), device),
            categories: None,
            targets: Targets::Classes(index_tensor((0..num_rows).collect(), device)),
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
                let Targets::Classes(classes) = batch.targets else {
                    panic!("a classification");
                };
                let classes: Vec<i64> = classes.into_data().iter().collect();
                assert_eq!(features, classes, "a row has its own target");
                features
            })
            .collect()
    }

    #[test]
    fn batches_come_in_order_and_the_last_may_be_smaller() {
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
    fn a_shuffled_epoch_holds_every_row_once_and_the_next_one_is_another() {
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
    fn rows_too_wide_to_be_put_in_order_at_once_come_in_the_same_order() {
        let narrow = examples(11, &Device::flex());
        let wide = Examples {
            features: narrow.features.clone().repeat_dim(1, NUMBERS_AT_ONCE / 4),
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
    fn the_seed_decides_the_order_of_every_epoch() {
        let epochs = |seed| {
            let loader = loader(50, 8).shuffled(seed);
            [epoch(&loader), epoch(&loader), epoch(&loader)]
        };
        assert_eq!(epochs(3), epochs(3));
        assert_ne!(epochs(3), epochs(4));
    }

    #[test]
    fn it_moves_into_autodiff_and_out_of_it_in_the_same_epoch() {
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
                    // Such tensors combine with parameters of that device.
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
    fn a_loader_made_under_autodiff_stays_there() {
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
}
