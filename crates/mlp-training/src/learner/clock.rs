use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use burn::data::dataloader::{DataLoader, DataLoaderIterator, Progress};
use burn::data::dataset::DatasetError;
use burn::tensor::Device;
use mlp_datasets::Examples;

/// The progress of a training, which schedules depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The current step of the training, from 0.
    pub step: usize,
    /// How many steps it has.
    pub num_steps: usize,
}

/// What a training step takes: rows, and the time.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The rows.
    pub examples: Examples,
    /// The step that they are for.
    pub clock: Clock,
}

/// Hands out the batches of a loader together with the time.
pub struct ClockedLoader {
    loader: Arc<dyn DataLoader<Examples>>,
    steps_per_epoch: usize,
    num_epochs: usize,
    /// How many epochs have begun.
    epoch: Arc<AtomicUsize>,
}

impl ClockedLoader {
    /// For a training of so many epochs, each of so many batches, some of which may be over.
    pub fn new(
        loader: impl DataLoader<Examples> + 'static,
        steps_per_epoch: usize,
        num_epochs: usize,
        epochs_done: usize,
    ) -> Self {
        Self {
            loader: Arc::new(loader),
            steps_per_epoch,
            num_epochs,
            epoch: Arc::new(AtomicUsize::new(epochs_done)),
        }
    }

    fn with(&self, loader: Arc<dyn DataLoader<Examples>>) -> Arc<dyn DataLoader<Batch>> {
        Arc::new(Self {
            loader,
            steps_per_epoch: self.steps_per_epoch,
            num_epochs: self.num_epochs,
            epoch: Arc::clone(&self.epoch),
        })
    }
}

impl DataLoader<Batch> for ClockedLoader {
    fn iter<'a>(&'a self) -> Box<dyn DataLoaderIterator<Batch> + 'a> {
        let epoch = self.epoch.fetch_add(1, Ordering::Relaxed);
        Box::new(ClockedBatches {
            batches: self.loader.iter(),
            clock: Clock {
                step: epoch * self.steps_per_epoch,
                num_steps: self.num_epochs * self.steps_per_epoch,
            },
        })
    }

    fn num_items(&self) -> usize {
        self.loader.num_items()
    }

    fn to_device(&self, device: &Device) -> Arc<dyn DataLoader<Batch>> {
        self.with(self.loader.to_device(device))
    }

    fn slice(&self, start: usize, end: usize) -> Arc<dyn DataLoader<Batch>> {
        self.with(self.loader.slice(start, end))
    }
}

struct ClockedBatches<'a> {
    batches: Box<dyn DataLoaderIterator<Examples> + 'a>,
    /// That of the next batch.
    clock: Clock,
}

impl Iterator for ClockedBatches<'_> {
    type Item = Result<Batch, DatasetError>;

    fn next(&mut self) -> Option<Self::Item> {
        let examples = self.batches.next()?;
        let clock = self.clock;
        self.clock.step += 1;
        Some(examples.map(|examples| Batch { examples, clock }))
    }
}

impl DataLoaderIterator<Batch> for ClockedBatches<'_> {
    fn progress(&self) -> Progress {
        self.batches.progress()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Tensor;
    use mlp_datasets::{ExampleTargets, ExamplesLoader};

    #[test]
    fn steps_are_counted_over_all_epochs() {
        let device = Device::flex();
        let examples = Examples {
            features: Tensor::zeros([5, 1], &device),
            categories: None,
            targets: ExampleTargets::Classes(Tensor::zeros([5], &device)),
            weights: None,
        };
        let loader = ClockedLoader::new(ExamplesLoader::new(examples, 2), 3, 2, 0);
        let steps = || {
            let batches = loader.iter().map(|batch| batch.unwrap().clock);
            batches
                .map(|clock| (clock.step, clock.num_steps))
                .collect::<Vec<_>>()
        };
        assert_eq!(steps(), [(0, 6), (1, 6), (2, 6)]);
        assert_eq!(steps(), [(3, 6), (4, 6), (5, 6)]);
    }
}
