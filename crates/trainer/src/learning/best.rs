use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mlp_models::Network;

use super::selection::Selection;

/// The networks of a training that count: the one that was validated last, and the best.
///
/// Burn's learner hands a network to a step alone. So each step of a validation leaves it here, and
/// who judges the epoch afterwards says whether it is the best. Clones share the networks.
#[derive(Clone, Default)]
pub struct BestNetwork(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    validated: Option<Network>,
    best: Option<Best>,
    epochs: usize,
}

struct Best {
    epoch: usize,
    value: f64,
    network: Network,
}

impl fmt::Debug for BestNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BestNetwork")
    }
}

impl BestNetwork {
    /// Remembers the network that is being validated. Its tensors are shared, not copied.
    pub fn validate(&self, network: &Network) {
        self.state().validated = Some(network.clone());
    }

    /// Ends an epoch, from 1, in which the network had a value: it is the best if its value is finite
    /// and better than all before.
    pub fn judge(&self, epoch: usize, value: Option<f64>, selection: Selection) {
        let mut state = self.state();
        state.epochs = epoch;
        let network = state.validated.take();
        let best = state.best.as_ref().map(|best| best.value);
        let (Some(network), Some(value)) = (network, value) else {
            return;
        };
        if value.is_finite() && best.is_none_or(|best| selection.is_better(value, best)) {
            state.best = Some(Best {
                epoch,
                value,
                network,
            });
        }
    }

    /// How many epochs were judged.
    pub fn epochs(&self) -> usize {
        self.state().epochs
    }

    /// The epoch of the best network, from 1.
    pub fn best_epoch(&self) -> Option<usize> {
        self.state().best.as_ref().map(|best| best.epoch)
    }

    /// Takes the best network, with its epoch.
    pub fn take(&self) -> Option<(usize, Network)> {
        let best = self.state().best.take();
        best.map(|best| (best.epoch, best.network))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;
    use mlp_models::{MlpConfig, NetworkConfig};

    fn best(selection: Selection, values: &[Option<f64>]) -> Option<usize> {
        let network = NetworkConfig::Mlp(MlpConfig::new(2, vec![], 1)).init(&Device::flex());
        let networks = BestNetwork::default();
        for (value, epoch) in values.iter().zip(1..) {
            networks.validate(&network);
            networks.judge(epoch, *value, selection);
        }
        assert_eq!(networks.epochs(), values.len());
        let epoch = networks.best_epoch();
        assert_eq!(networks.take().map(|(epoch, _)| epoch), epoch);
        epoch
    }

    #[test]
    fn the_best_is_the_earliest_with_the_lowest_loss_or_the_highest_accuracy() {
        let values = [0.5, 0.3, 0.4, 0.3, 0.9].map(Some);
        assert_eq!(best(Selection::ValidLoss, &values), Some(2));
        assert_eq!(best(Selection::ValidAccuracy, &values), Some(5));
    }

    #[test]
    fn an_epoch_without_a_finite_value_is_never_the_best() {
        let values = [None, Some(f64::NAN), Some(f64::INFINITY)];
        assert_eq!(best(Selection::ValidLoss, &values), None);
        let values = [Some(f64::NAN), Some(2.0), None];
        assert_eq!(best(Selection::ValidLoss, &values), Some(2));
    }
}
