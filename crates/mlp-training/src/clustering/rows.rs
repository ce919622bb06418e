use std::sync::{Arc, Mutex, PoisonError};

use burn::data::dataloader::{DataLoader, DataLoaderIterator, Progress};
use burn::data::dataset::DatasetError;
use burn::tensor::{Device, Int, Tensor};
use mlp_datasets::ExampleTargets;

use crate::learner::{Batch, Clock};

/// What a step of clustering takes.
#[derive(Clone, Debug)]
pub struct RowBatch {
    /// The inputs of the rows: `[batch_size, width]`.
    pub features: Tensor<2>,
    /// The indices of the rows among all rows: `[batch_size]`.
    pub rows: Tensor<1, Int>,
    /// The target distribution of the rows, if there is one: `[batch_size, num_clusters]`.
    pub targets: Option<Tensor<2>>,
    /// The time.
    pub clock: Clock,
}

/// The target distribution of all rows, once it is set. Clones share it.
#[derive(Clone, Default)]
pub struct SharedTargets(Arc<Mutex<Option<Tensor<2>>>>);

impl SharedTargets {
    /// Sets the targets of all rows.
    pub fn set(&self, targets: Tensor<2>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(targets);
    }

    fn of(&self, rows: &Tensor<1, Int>) -> Option<Tensor<2>> {
        let targets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let targets = targets.clone()?;
        Some(targets.select(0, rows.clone().without_autodiff()))
    }
}

/// Hands out the batches of a loader whose classes are the indices of the rows, with their targets.
pub struct RowLoader {
    loader: Arc<dyn DataLoader<Batch>>,
    targets: SharedTargets,
}

impl RowLoader {
    /// Of batches of a loader.
    pub fn new(loader: impl DataLoader<Batch> + 'static, targets: SharedTargets) -> Self {
        Self {
            loader: Arc::new(loader),
            targets,
        }
    }

    fn with(&self, loader: Arc<dyn DataLoader<Batch>>) -> Arc<dyn DataLoader<RowBatch>> {
        Arc::new(Self {
            loader,
            targets: self.targets.clone(),
        })
    }
}

impl DataLoader<RowBatch> for RowLoader {
    fn iter<'a>(&'a self) -> Box<dyn DataLoaderIterator<RowBatch> + 'a> {
        Box::new(RowBatches {
            batches: self.loader.iter(),
            targets: &self.targets,
        })
    }

    fn num_items(&self) -> usize {
        self.loader.num_items()
    }

    fn to_device(&self, device: &Device) -> Arc<dyn DataLoader<RowBatch>> {
        self.with(self.loader.to_device(device))
    }

    fn slice(&self, start: usize, end: usize) -> Arc<dyn DataLoader<RowBatch>> {
        self.with(self.loader.slice(start, end))
    }
}

struct RowBatches<'a> {
    batches: Box<dyn DataLoaderIterator<Batch> + 'a>,
    targets: &'a SharedTargets,
}

impl Iterator for RowBatches<'_> {
    type Item = Result<RowBatch, DatasetError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.batches.next()?;
        Some(batch.map(|Batch { examples, clock }| {
            let ExampleTargets::Classes(rows) = examples.targets else {
                unreachable!("the classes of such batches are indices of rows");
            };
            RowBatch {
                features: examples.features,
                targets: self.targets.of(&rows),
                rows,
                clock,
            }
        }))
    }
}

impl DataLoaderIterator<RowBatch> for RowBatches<'_> {
    fn progress(&self) -> Progress {
        self.batches.progress()
    }
}

/// What Burn's learner validates on: all rows are there to be grouped, and none is held back.
pub struct NoRows;

impl DataLoader<RowBatch> for NoRows {
    fn iter<'a>(&'a self) -> Box<dyn DataLoaderIterator<RowBatch> + 'a> {
        Box::new(Nothing)
    }

    fn num_items(&self) -> usize {
        0
    }

    fn to_device(&self, _device: &Device) -> Arc<dyn DataLoader<RowBatch>> {
        Arc::new(Self)
    }

    fn slice(&self, _start: usize, _end: usize) -> Arc<dyn DataLoader<RowBatch>> {
        Arc::new(Self)
    }
}

struct Nothing;

impl Iterator for Nothing {
    type Item = Result<RowBatch, DatasetError>;

    fn next(&mut self) -> Option<Self::Item> {
        None
    }
}

impl DataLoaderIterator<RowBatch> for Nothing {
    fn progress(&self) -> Progress {
        Progress::new(0, 0, None)
    }
}
