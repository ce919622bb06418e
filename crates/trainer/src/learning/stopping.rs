use std::sync::{Arc, Mutex, PoisonError};

use burn::train::EarlyStoppingStrategy;
use burn::train::metric::store::{EventStoreClient, Split};

use super::best::BestNetwork;
use super::history::{History, Measure};
use super::selection::Selection;

/// Why training ended before its last epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stop {
    /// A loss became NaN or infinite.
    Diverged {
        /// Which loss.
        split: &'static str,
        /// What it became.
        loss: f64,
        /// In which epoch.
        epoch: usize,
    },
    /// An epoch passed in which every row was right when its turn came: by Rosenblatt's rule no
    /// weight changes any more.
    Converged,
    /// Validation did not improve any more.
    OutOfPatience,
}

/// Decides after each epoch whether its network is the best, and whether training goes on.
#[derive(Clone)]
pub struct Stopping {
    /// The learning curve.
    pub history: History,
    /// Which epoch is the best.
    pub selection: Selection,
    /// Its network.
    pub best: BestNetwork,
    /// How many epochs without a better one are borne.
    pub patience: Option<usize>,
    /// Whether to stop once every training row is right.
    pub until_converged: bool,
    /// The decision, shared with whoever asks after the training.
    pub decision: Arc<Mutex<Option<Stop>>>,
}

impl Stopping {
    fn decide(&self, epoch: usize) -> Option<Stop> {
        for split in [Split::Train, Split::Valid] {
            let loss = self.history.value(Measure::Loss, &split, epoch);
            if let Some(loss) = loss.filter(|loss| !loss.is_finite()) {
                return Some(Stop::Diverged {
                    split: split.into(),
                    loss,
                    epoch,
                });
            }
        }
        if self.until_converged {
            let accuracy = self.history.value(Measure::Accuracy, &Split::Train, epoch);
            if accuracy == Some(100.0) {
                return Some(Stop::Converged);
            }
        }
        let best = self.best.best_epoch()?;
        let waited = epoch - best;
        self.patience
            .is_some_and(|patience| waited >= patience)
            .then_some(Stop::OutOfPatience)
    }
}

impl EarlyStoppingStrategy for Stopping {
    fn should_stop(&mut self, epoch: usize, _store: &EventStoreClient) -> bool {
        let measure = self.selection.measure();
        let value = self.history.value(measure, &Split::Valid, epoch);
        self.best.judge(epoch, value, self.selection);
        let decision = self.decide(epoch);
        *self.decision.lock().unwrap_or_else(PoisonError::into_inner) = decision;
        decision.is_some()
    }
}
