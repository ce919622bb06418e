use std::time::{Duration, Instant};

use burn::train::checkpoint::{CheckpointingAction, CheckpointingStrategy};
use burn::train::metric::store::EventStoreClient;

/// How long a checkpoint serves.
const INTERVAL: Duration = Duration::from_secs(1);

/// Keeps the checkpoint of the last epoch and of none before, at most once a second: three files an
/// epoch would take most of the time of a small network.
pub struct OnceASecond {
    num_epochs: usize,
    last: Option<(usize, Instant)>,
}

impl OnceASecond {
    /// Of a training of so many epochs.
    pub fn new(num_epochs: usize) -> Self {
        Self {
            num_epochs,
            last: None,
        }
    }

    fn after(&mut self, epoch: usize) -> Vec<CheckpointingAction> {
        let now = Instant::now();
        if let Some((_, written)) = self.last
            && now.duration_since(written) < INTERVAL
            && epoch != self.num_epochs
        {
            return Vec::new();
        }
        let before = self.last.replace((epoch, now));
        let delete = before.map(|(epoch, _)| CheckpointingAction::Delete(epoch));
        [CheckpointingAction::Save]
            .into_iter()
            .chain(delete)
            .collect()
    }
}

impl CheckpointingStrategy for OnceASecond {
    fn checkpointing(
        &mut self,
        epoch: usize,
        _store: &EventStoreClient,
    ) -> Vec<CheckpointingAction> {
        self.after(epoch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_epochs_within_a_second_the_first_and_the_last_are_written() {
        let mut strategy = OnceASecond::new(4);
        let actions = [1, 2, 3, 4].map(|epoch| strategy.after(epoch));
        let expected = [
            vec![CheckpointingAction::Save],
            vec![],
            vec![],
            vec![CheckpointingAction::Save, CheckpointingAction::Delete(1)],
        ];
        assert_eq!(actions, expected);
    }
}
