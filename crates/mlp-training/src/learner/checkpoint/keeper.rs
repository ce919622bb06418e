use std::time::{Duration, Instant};

use burn::train::LearnerModel;
use burn::train::metric::store::EventStoreClient;
use mlp_datasets::with_causes;

use super::{Checkpoint, CheckpointFile, Pace, Snapshots, State};
use crate::Error;
use crate::learner::epochs::Epochs;
use crate::learner::recorder::Recorder;
use crate::learner::trainee::Trainee;
use crate::learner::weight_average::WeightAverage;

/// Keeps the state of a training.
pub struct Keeper<'a, M: LearnerModel> {
    file: &'a CheckpointFile,
    snapshots: Snapshots<M>,
    store: &'a EventStoreClient,
    pace: Pace,
    start: Instant,
    /// How long the training took before, in seconds.
    seconds: f64,
    /// Whether a state could not be kept, which is said once.
    has_failed: bool,
}

impl<'a, M: LearnerModel> Keeper<'a, M> {
    /// Of a training that begins or goes on, into a file, once in each interval. It took so many seconds before.
    pub fn new(
        file: &'a CheckpointFile,
        store: &'a EventStoreClient,
        interval: Duration,
        seconds: f64,
    ) -> Self {
        let start = Instant::now();
        Self {
            file,
            snapshots: Snapshots::new(),
            store,
            pace: Pace::new(start, interval),
            start,
            seconds,
            has_failed: false,
        }
    }

    /// Keeps the state after an epoch, if it is the last one or it is time.
    pub fn keep<T: 'static>(
        &mut self,
        trainee: &Trainee<M>,
        (epoch, is_last, is_over): (usize, bool, bool),
        epochs: &dyn Epochs<M>,
        recorder: &Recorder<T>,
    ) {
        let now = Instant::now();
        if !is_last && !self.pace.is_due(now) {
            return;
        }
        if let Err(error) = self.write(trainee, (epoch, is_over), epochs, recorder)
            && !self.has_failed
        {
            self.has_failed = true;
            recorder.warn(&format!(
                "the state of the training cannot be kept: {}",
                with_causes(&error)
            ));
        }
        self.pace.written(now, Instant::now());
    }

    fn write<T: 'static>(
        &mut self,
        trainee: &Trainee<M>,
        (epoch, is_over): (usize, bool),
        epochs: &dyn Epochs<M>,
        recorder: &Recorder<T>,
    ) -> Result<(), Error> {
        let Some(memory) = epochs.memory()? else {
            return Ok(());
        };
        let (model, optimizer) = self.snapshots.take(trainee.learner(), self.store)?;
        let average = trainee.average();
        let checkpoint = Checkpoint {
            state: State {
                identity: self.file.identity().clone(),
                epoch,
                is_over,
                seconds: self.seconds + self.start.elapsed().as_secs_f64(),
                averaged_steps: average.map_or(0, WeightAverage::steps),
                curve: recorder.history().values(),
                memory: memory.values,
            },
            model,
            optimizer,
            average: average.map(|average| average.apply(trainee.learner().model()).into_record()),
            best: memory.best,
        };
        self.file.save(checkpoint)
    }
}
