use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use burn::data::dataloader::{DataLoader, DataLoaderIterator, Progress};
use burn::data::dataset::DatasetError;
use burn::tensor::{Device, Int, Tensor};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use crate::examples::{Examples, index_tensor};

/// The number of numbers that are selected at a time in the order of an epoch: enough for Burn to use
/// several threads, and few enough for a processor's cache.
const NUMBERS_PER_SELECTION: usize = 1 << 20;

/// Gives out [`Examples`] in batches, the last of which may be smaller.
///
/// The tensors are on the device already, so a batch costs a copy there and none from the host. The
/// batches come from Burn's `DataLoader` trait:
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
    /// Not under autodiff, so that loaders with and without autodiff share them.
    examples: Examples,
    /// The device of the batches: that of the examples, possibly with autodiff.
    device: Device,
    batch_size: usize,
    drops_last: bool,
    /// How many orders each epoch has.
    num_orders: usize,
    shuffling: Option<Shuffling>,
}

struct Shuffling {
    seed: u64,
    /// The number of epochs that have begun.
    epoch: AtomicU64,
}

impl ExamplesLoader {
    /// Gives out the examples in their order, on their device. A batch size of 0 counts as 1.
    pub fn new(examples: Examples, batch_size: usize) -> Self {
        let device = examples.features.device();
        Self {
            examples: examples.moved_to(&device.clone().inner()),
            device,
            batch_size: batch_size.max(1),
            drops_last: false,
            num_orders: 1,
            shuffling: None,
        }
    }

    /// Shuffles the examples for each epoch, that is for each call of `iter`. The seed determines the
    /// order of every epoch.
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

    /// Begins with the order of a later epoch, counted from 0, as a training does that goes on. It changes
    /// [shuffled](Self::shuffled) orders only.
    #[must_use]
    pub fn from_epoch(self, epoch: u64) -> Self {
        Self {
            shuffling: self.shuffling.map(|shuffling| Shuffling {
                epoch: AtomicU64::new(epoch),
                ..shuffling
            }),
            ..self
        }
    }

    /// Leaves out the last batch of each epoch if it is smaller than the others. If there are fewer
    /// examples than in a batch, they form a batch all the same.
    #[must_use]
    pub fn dropping_last(self) -> Self {
        Self {
            drops_last: true,
            ..self
        }
    }

    /// Gives out the examples in several orders at once, for the members of an ensemble: a batch has the rows
    /// of each order, one after another. Only [shuffled](Self::shuffled) orders differ. A number of 0 counts
    /// as 1.
    #[must_use]
    pub fn in_orders(self, num_orders: usize) -> Self {
        Self {
            num_orders: num_orders.max(1),
            ..self
        }
    }

    /// The indices of the examples in the orders of the next epoch, batch after batch.
    fn next_orders(&self, shuffling: &Shuffling) -> Vec<usize> {
        // Of all examples, so that every epoch leaves out others.
        let orders = shuffling.next_epoch(self.examples.len(), self.num_orders);
        let [order] = orders.as_slice() else {
            let num_items = self.num_items();
            let starts = (0..num_items).step_by(self.batch_size);
            let batch = |start: usize| {
                let rows = start..num_items.min(start + self.batch_size);
                orders
                    .iter()
                    .flat_map(move |order| order[rows.clone()].iter().copied())
            };
            return starts.flat_map(batch).collect();
        };
        order.clone()
    }

    /// A loader of other examples that continues in the same epoch.
    fn with(&self, examples: Examples, device: &Device) -> Arc<dyn DataLoader<Examples>> {
        Arc::new(Self {
            examples,
            device: device.clone(),
            batch_size: self.batch_size,
            drops_last: self.drops_last,
            num_orders: self.num_orders,
            shuffling: self.shuffling.as_ref().map(Shuffling::fork),
        })
    }
}

impl DataLoader<Examples> for ExamplesLoader {
    fn iter<'a>(&'a self) -> Box<dyn DataLoaderIterator<Examples> + 'a> {
        let num_items = self.num_items();
        let order = match &self.shuffling {
            Some(shuffling) => Some(self.next_orders(shuffling)),
            // Selected rows take on the autodiff settings of the index tensor; a slice cannot.
            None if self.device.is_autodiff() => Some((0..num_items).collect()),
            None => None,
        };
        let num_orders = match &self.shuffling {
            Some(_) => self.num_orders,
            None => 1,
        };
        let batch_size = self.batch_size.saturating_mul(num_orders);
        let [_, d_input] = self.examples.features.dims();
        let numbers = batch_size.saturating_mul(d_input.max(1));
        let batches_per_selection = NUMBERS_PER_SELECTION.div_ceil(numbers);
        Box::new(Batches {
            examples: &self.examples,
            order: order.map(|order| index_tensor(order, &self.device)),
            selected: None,
            rows_per_selection: batches_per_selection.saturating_mul(batch_size),
            batch_size,
            done: 0,
            num_items: num_items * num_orders,
            num_orders,
        })
    }

    fn num_items(&self) -> usize {
        let num_examples = self.examples.len();
        if self.drops_last && num_examples >= self.batch_size {
            num_examples - num_examples % self.batch_size
        } else {
            num_examples
        }
    }

    fn to_device(&self, device: &Device) -> Arc<dyn DataLoader<Examples>> {
        self.with(self.examples.to_device(&device.clone().inner()), device)
    }

    fn slice(&self, start: usize, end: usize) -> Arc<dyn DataLoader<Examples>> {
        let end = end.min(self.examples.len());
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

    /// The orders of the next epoch. The key of the random generator consists of the seed, the number
    /// of the epoch and that of the order, so that an order depends on nothing else.
    fn next_epoch(&self, num_items: usize, num_orders: usize) -> Vec<Vec<usize>> {
        let epoch = self.epoch.fetch_add(1, Ordering::Relaxed);
        let mut key = [0; 32];
        key[..8].copy_from_slice(&self.seed.to_le_bytes());
        key[8..16].copy_from_slice(&epoch.to_le_bytes());
        let order = |number: u64| {
            let mut key = key;
            key[16..24].copy_from_slice(&number.to_le_bytes());
            let mut order: Vec<usize> = (0..num_items).collect();
            order.shuffle(&mut StdRng::from_seed(key));
            order
        };
        (0..num_orders as u64).map(order).collect()
    }
}

/// The batches of an epoch.
struct Batches<'a> {
    examples: &'a Examples,
    order: Option<Tensor<1, Int>>,
    /// The examples of some batches in that order, and the position of the first.
    selected: Option<(usize, Examples)>,
    rows_per_selection: usize,
    batch_size: usize,
    done: usize,
    num_items: usize,
    num_orders: usize,
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
                let end = range.start.saturating_add(self.rows_per_selection);
                let positions = range.start..end.min(self.num_items);
                let order = order.clone().slice([positions]);
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
        let num_orders = self.num_orders;
        Progress::new(
            self.done / num_orders,
            self.num_items / num_orders,
            Some("items".to_owned()),
        )
    }
}

#[cfg(test)]
mod tests;
