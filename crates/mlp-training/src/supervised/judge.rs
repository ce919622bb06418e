use burn::module::Module;
use mlp_datasets::SplitName;
use mlp_models::Network;
use serde::{Deserialize, Serialize};

use super::objective::SupervisedObjective;
use crate::Error;
use crate::learner::{Epochs, History, Memory, remembered};
use crate::progress::Measure;
use crate::recipe::{Criterion, Selection};

/// Judges each epoch: keeps the network of the best one in memory, and decides whether training goes
/// on.
pub struct Judge {
    history: History,
    selection: Selection,
    /// After how many epochs without an improvement to stop.
    patience: Option<usize>,
    /// Whether to stop once every training row is classified correctly.
    until_converged: bool,
    best: Option<Best>,
    /// How many epochs were judged.
    epochs: usize,
    stop: Option<Stop>,
}

/// The network of the best epoch.
pub struct Best {
    /// The epoch, from 1.
    pub epoch: usize,
    /// The value by which it was selected.
    value: f64,
    /// The network, off autodiff.
    pub network: Network,
}

/// What a judge remembers besides the network of the best epoch.
#[derive(Serialize, Deserialize)]
struct Judged {
    epochs: usize,
    /// The best epoch, and the bits of its value.
    best: Option<(usize, u64)>,
    stop: Option<Stop>,
}

/// Why training ended before its last epoch.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
pub enum Stop {
    /// A loss became NaN or infinite.
    Diverged {
        /// Which loss.
        rows: SplitName,
        /// What it became.
        loss: f64,
        /// In which epoch.
        epoch: usize,
    },
    /// An epoch passed in which every row was classified correctly when its turn came: by
    /// Rosenblatt's rule no weight changes any more.
    Converged,
    /// Validation has not improved for as many epochs as allowed.
    OutOfPatience,
}

impl Judge {
    /// Judges by a learning curve.
    pub fn new(
        history: History,
        selection: Selection,
        patience: Option<usize>,
        until_converged: bool,
    ) -> Self {
        Self {
            history,
            selection,
            patience,
            until_converged,
            best: None,
            epochs: 0,
            stop: None,
        }
    }

    /// How many epochs were judged.
    pub fn epochs(&self) -> usize {
        self.epochs
    }

    /// Why training ended before its last epoch, if it did.
    pub fn stop(&self) -> Option<Stop> {
        self.stop
    }

    /// Takes the network of the best epoch.
    pub fn take_best(&mut self) -> Option<Best> {
        self.best.take()
    }

    /// An epoch is the best if its value is finite and preferred to that of the best so far.
    fn compare(&mut self, epoch: usize, network: Network) {
        let measure = match self.selection.criterion {
            Criterion::Loss => Measure::Loss,
            Criterion::Accuracy => Measure::Accuracy,
            Criterion::Metric(metric) => Measure::Metric(metric),
        };
        let Some(value) = self.history.value(measure, SplitName::Valid, epoch) else {
            return;
        };
        let best = self.best.as_ref().map(|best| best.value);
        if value.is_finite() && best.is_none_or(|best| self.selection.prefers(value, best)) {
            self.best = Some(Best {
                epoch,
                value,
                network,
            });
        }
    }

    /// The loss that is not finite, if one is.
    fn diverged(&self, epoch: usize) -> Option<Stop> {
        for rows in [SplitName::Train, SplitName::Valid] {
            let loss = self.history.value(Measure::Loss, rows, epoch);
            if let Some(loss) = loss.filter(|loss| !loss.is_finite()) {
                return Some(Stop::Diverged { rows, loss, epoch });
            }
        }
        None
    }

    fn decide(&self, epoch: usize) -> Option<Stop> {
        if self.until_converged {
            let accuracy = self
                .history
                .value(Measure::Accuracy, SplitName::Train, epoch);
            if accuracy == Some(1.0) {
                return Some(Stop::Converged);
            }
        }
        let waited = epoch - self.best.as_ref()?.epoch;
        self.patience
            .is_some_and(|patience| waited >= patience)
            .then_some(Stop::OutOfPatience)
    }

    fn judge(&mut self, epoch: usize, network: Network) -> bool {
        self.epochs = epoch;
        self.stop = self.diverged(epoch);
        if self.stop.is_none() {
            self.compare(epoch, network);
            self.stop = self.decide(epoch);
        }
        self.stop.is_none()
    }
}

impl Epochs<SupervisedObjective> for Judge {
    fn end(&mut self, epoch: usize, objective: SupervisedObjective) -> bool {
        self.judge(epoch, objective.network)
    }

    /// One that diverged is not worth to be gone on from: it would diverge again.
    fn memory(&self) -> Result<Option<Memory>, Error> {
        if matches!(self.stop, Some(Stop::Diverged { .. })) {
            return Ok(None);
        }
        let judged = Judged {
            epochs: self.epochs,
            best: self
                .best
                .as_ref()
                .map(|best| (best.epoch, best.value.to_bits())),
            stop: self.stop,
        };
        Ok(Some(Memory {
            values: serde_json::to_value(judged).map_err(Error::learner)?,
            best: self
                .best
                .as_ref()
                .map(|best| best.network.clone().into_record()),
        }))
    }

    fn restore(&mut self, memory: Memory, objective: &SupervisedObjective) -> Result<(), Error> {
        let judged: Judged = remembered(memory.values)?;
        (self.epochs, self.stop) = (judged.epochs, judged.stop);
        if let (Some((epoch, value)), Some(record)) = (judged.best, memory.best) {
            let network = objective.network.clone().try_load_record(record);
            self.best = Some(Best {
                epoch,
                value: f64::from_bits(value),
                network: network.map_err(Error::learner)?,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Ties;
    use burn::tensor::Device;
    use mlp_models::{BackboneConfig, InputsConfig, MlpConfig, NetworkConfig};

    /// The best epoch, and the epoch after which training stopped, if validation comes to these
    /// values.
    fn judge(
        criterion: Criterion,
        ties: Ties,
        patience: Option<usize>,
        values: &[Option<f64>],
    ) -> (Option<usize>, Option<usize>) {
        let network = NetworkConfig {
            inputs: InputsConfig::new(2, &[], 1),
            backbone: BackboneConfig::Mlp(MlpConfig::new(2, vec![], 1)),
        };
        let network = network.init(&Device::flex());
        let columns = [Measure::Loss, Measure::Accuracy].map(|m| (m, SplitName::Valid));
        let history = History::create(None, columns.to_vec(), Vec::new());
        let selection = Selection { criterion, ties };
        let mut judge = Judge::new(history.clone(), selection, patience, false);
        let measure = match criterion {
            Criterion::Accuracy => Measure::Accuracy,
            Criterion::Loss | Criterion::Metric(_) => Measure::Loss,
        };
        let mut stopped = None;
        for (value, epoch) in values.iter().zip(1..) {
            if let Some(value) = value {
                history.record(measure, SplitName::Valid, epoch, *value);
            }
            if !judge.judge(epoch, network.clone()) && stopped.is_none() {
                stopped = Some(epoch);
            }
        }
        assert_eq!(judge.epochs(), values.len());
        (judge.take_best().map(|best| best.epoch), stopped)
    }

    #[test]
    fn the_best_epoch_has_the_lowest_loss_or_the_highest_accuracy() {
        let values = [0.5, 0.3, 0.4, 0.3, 0.9].map(Some);
        let best = |criterion, ties| judge(criterion, ties, None, &values).0;
        assert_eq!(best(Criterion::Loss, Ties::First), Some(2));
        assert_eq!(best(Criterion::Loss, Ties::Last), Some(4));
        assert_eq!(best(Criterion::Accuracy, Ties::First), Some(5));
    }

    #[test]
    fn an_epoch_without_a_finite_value_is_never_the_best() {
        let best = |values: &[Option<f64>]| judge(Criterion::Loss, Ties::First, None, values).0;
        assert_eq!(best(&[None, Some(f64::NAN), Some(f64::INFINITY)]), None);
        assert_eq!(best(&[Some(f64::NAN), Some(2.0), None]), Some(2));
    }

    #[test]
    fn training_stops_after_as_many_epochs_without_an_improvement_as_allowed() {
        let values = [0.5, 0.3, 0.4, 0.5, 0.2].map(Some);
        let stopped = |patience| judge(Criterion::Loss, Ties::First, patience, &values).1;
        assert_eq!(stopped(None), None);
        assert_eq!(stopped(Some(2)), Some(4));
        assert_eq!(stopped(Some(3)), None);
    }

    #[test]
    fn an_epoch_whose_loss_is_not_finite_is_not_the_best_by_its_accuracy() {
        let network = NetworkConfig {
            inputs: InputsConfig::new(2, &[], 1),
            backbone: BackboneConfig::Mlp(MlpConfig::new(2, vec![], 1)),
        };
        let columns = [Measure::Loss, Measure::Accuracy].map(|m| (m, SplitName::Valid));
        let history = History::create(None, columns.to_vec(), Vec::new());
        history.record(Measure::Loss, SplitName::Valid, 1, f64::NAN);
        history.record(Measure::Accuracy, SplitName::Valid, 1, 0.9);
        let selection = Selection {
            criterion: Criterion::Accuracy,
            ties: Ties::First,
        };
        let mut judge = Judge::new(history, selection, None, false);

        assert!(!judge.judge(1, network.init(&Device::flex())));

        assert!(judge.take_best().is_none());
    }

    #[test]
    fn a_loss_that_is_not_finite_stops_training() {
        let values = [Some(0.5), Some(f64::NAN)];
        assert_eq!(
            judge(Criterion::Loss, Ties::First, None, &values),
            (Some(1), Some(2))
        );
    }
}
