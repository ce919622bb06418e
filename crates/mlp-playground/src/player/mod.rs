//! A training that one plays, pauses, and takes step by step.

mod controls;
mod follower;
mod observed;
mod pacer;

use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread;

use mlp_training::{Device, Ending, StopHandle, Training};

pub use controls::{Controls, Edit, Seen, Snapshot, Standing};
use follower::Follower;
pub use observed::Observed;

use crate::protocol::{Failure, State};
use crate::setup::Setup;

/// A training on a thread of its own, which begins paused. It ends when the player is dropped.
pub struct Player {
    controls: Arc<Controls>,
    stop: StopHandle,
}

impl Player {
    /// Begins a training, and waits until it is about to take its first step.
    ///
    /// # Errors
    ///
    /// If it cannot begin.
    pub fn start(setup: &Setup, device: &Device) -> Result<(Self, Observed), Failure> {
        let controls = Arc::new(Controls::new());
        let stop = StopHandle::new();
        let (begun, beginning) = sync_channel(1);
        let selection = setup.recipe.as_supervised();
        let selection = selection.map(mlp_training::SupervisedRecipe::selection);
        let follower = Follower::new(controls.clone(), begun, selection);
        let training = Training::new(setup.recipe.clone())
            .with_seed(setup.seed)
            .with_observer(follower.clone())
            .with_progress(follower)
            .with_stop(stop.clone());
        let (dataset, device) = (setup.dataset.clone(), device.clone());
        let of_thread = controls.clone();
        let thread = thread::Builder::new().name("training".to_owned());
        let spawned = thread.spawn(move || match training.fit(&dataset, &device) {
            Ok(fitted) => of_thread.end(match fitted.ending {
                Ending::Diverged(_) => State::Diverged,
                Ending::Complete
                | Ending::Converged
                | Ending::NotSeparated
                | Ending::OutOfPatience
                | Ending::Interrupted => State::Complete,
            }),
            Err(mlp_training::Error::Diverged(_)) => of_thread.end(State::Diverged),
            Err(error) => of_thread.fail(error.into()),
        });
        spawned.map_err(|error| Failure::new(format!("no thread could be started: {error}")))?;
        let player = Self { controls, stop };
        // The sender is dropped with the training, if that never begins.
        match beginning.recv() {
            Ok(training) => Ok((player, training)),
            Err(_) => Err(player
                .controls
                .failure()
                .unwrap_or_else(|| Failure::new("the training ended before it began"))),
        }
    }

    /// What it does, and what it has to show.
    pub fn controls(&self) -> &Arc<Controls> {
        &self.controls
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        self.stop.abandon();
        self.controls.close();
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::protocol::Experiment;
    use crate::tables::Tables;

    fn start(experiment: &str) -> (Player, Setup) {
        let experiment: Experiment = serde_json::from_str(experiment).unwrap();
        let setup = Setup::of(&experiment, &Tables::default()).unwrap();
        let (player, _) = Player::start(&setup, &Device::flex()).unwrap();
        (player, setup)
    }

    /// Waits until a training is in a state, and says how far it is.
    fn wait_for(player: &Player, state: State) -> Standing {
        let begin = Instant::now();
        loop {
            let standing = player.controls().wait(0, Duration::ZERO);
            if standing.state == state && player.controls().snapshot().is_some() {
                return standing;
            }
            assert!(begin.elapsed() < Duration::from_mins(1), "{standing:?}");
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Waits until a number of steps was taken and the training is paused.
    fn wait_for_step(player: &Player, step: usize) {
        let begin = Instant::now();
        while wait_for(player, State::Paused).step != step {
            assert!(begin.elapsed() < Duration::from_mins(1));
            thread::sleep(Duration::from_millis(1));
        }
    }

    const MOONS: &str =
        r#"{"data": {"name": "moons", "samples": 100}, "hidden": [3], "epochs": 20}"#;

    #[test]
    fn one_plays_and_takes_single_steps_and_epochs() {
        let (player, _) = start(MOONS);
        let controls = player.controls();
        wait_for_step(&player, 0);
        // As long as it takes one, at a pace at which nobody would wait for the next.
        controls.set_pace(Some(0.1));
        controls.step();
        wait_for_step(&player, 1);
        controls.step();
        wait_for_step(&player, 2);
        controls.set_pace(None);
        // 60 training rows in batches of 10.
        controls.epoch();
        wait_for_step(&player, 6);
        assert_eq!(controls.curve_after(0).len(), 1, "the epoch is reported");
        controls.epoch();
        wait_for_step(&player, 12);
        controls.play();
        let standing = wait_for(&player, State::Complete);
        assert_eq!((standing.step, standing.epoch), (120, 20));
    }

    #[test]
    fn what_is_played_comes_to_the_same_losses_as_a_training() {
        let (player, setup) = start(MOONS);
        wait_for_step(&player, 0);
        player.controls().step();
        wait_for_step(&player, 1);
        player.controls().play();
        wait_for(&player, State::Complete);
        let played = player.controls().curve_after(0);

        let (sender, losses) = std::sync::mpsc::channel();
        let training = Training::new(setup.recipe)
            .with_seed(setup.seed)
            .with_progress(move |epoch: &mlp_training::EpochSummary| {
                let value = |rows| epoch.value(mlp_training::Measure::Loss, rows);
                let both = [
                    mlp_training::SplitName::Train,
                    mlp_training::SplitName::Valid,
                ]
                .map(value);
                let _ = sender.send(both);
            });
        training.fit(&setup.dataset, &Device::flex()).unwrap();

        let losses: Vec<_> = losses.try_iter().collect();
        let played: Vec<_> = played
            .iter()
            .map(|point| [point.train_loss, point.valid_loss])
            .collect();
        assert_eq!(played, losses);
    }

    #[test]
    fn a_weight_that_is_changed_while_paused_is_shown() {
        let (player, _) = start(MOONS);
        wait_for_step(&player, 0);
        player.controls().edit(Edit {
            layer: 0,
            from: Some(1),
            to: 2,
            value: 4.5,
        });
        let begin = Instant::now();
        loop {
            let snapshot = player.controls().snapshot().unwrap();
            let Seen::Network(network) = &snapshot.network else {
                panic!("it predicts");
            };
            let weights = crate::painter::weights(network).unwrap();
            // Two inputs, three units: the second row begins at 3.
            if weights[5] == 4.5 {
                break;
            }
            assert!(begin.elapsed() < Duration::from_mins(1), "{weights:?}");
        }
    }

    #[test]
    fn a_slow_pace_is_kept() {
        let (player, _) = start(MOONS);
        wait_for_step(&player, 0);
        player.controls().set_pace(Some(100.0));
        let begin = Instant::now();
        player.controls().play();
        while player.controls().wait(0, Duration::ZERO).step < 20 {
            player.controls().want();
            thread::sleep(Duration::from_millis(1));
        }
        // Twenty steps, of which the first may come at once.
        assert!(
            begin.elapsed() >= Duration::from_millis(180),
            "{:?}",
            begin.elapsed()
        );
    }

    #[test]
    fn a_map_and_an_autoencoder_are_played_to_their_end() {
        for (model, steps) in [
            (r#""model": "som", "grid": "3x3", "epochs": 4"#, 16),
            (
                r#""model": "idec", "hidden": [8], "pretraining_epochs": 3, "epochs": 1, "batch_size": 25"#,
                16,
            ),
        ] {
            let (player, setup) = start(&format!(
                r#"{{"data": {{"name": "blobs", "samples": 100}}, {model}}}"#
            ));
            wait_for_step(&player, 0);
            player.controls().step();
            wait_for_step(&player, 1);
            player.controls().play();
            let standing = wait_for(&player, State::Complete);
            assert_eq!((standing.step, standing.epoch), (steps, 4));
            let curve = player.controls().curve_after(0);
            let epochs: Vec<_> = curve.iter().map(|point| point.epoch).collect();
            assert_eq!(epochs, [1, 2, 3, 4], "counted on through all phases");

            if setup.recipe.model() != mlp_training::Model::Som {
                // It draws neighbours, with the random numbers that all tests share.
                continue;
            }
            let training = Training::new(setup.recipe).with_seed(setup.seed);
            let fitted = training.fit(&setup.dataset, &Device::flex()).unwrap();
            let snapshot = player.controls().snapshot().unwrap();
            let Seen::Clusterer(seen, _) = &snapshot.network else {
                panic!("it finds clusters");
            };
            let mlp_inference::TrainedNetwork::Clustering { network, .. } =
                fitted.model.trained_network()
            else {
                panic!("it finds clusters");
            };
            let prototypes = |network: &mlp_models::clustering::Clusterer| {
                network
                    .prototypes()
                    .into_data()
                    .try_to_vec::<f32>()
                    .unwrap()
            };
            assert_eq!(prototypes(seen), prototypes(network));
        }
    }

    #[test]
    fn what_cannot_begin_says_why() {
        let experiment: Experiment =
            serde_json::from_str(r#"{"data": {"name": "sine"}, "loss": "cross_entropy"}"#).unwrap();
        let failure = Setup::of(&experiment, &Tables::default()).err().unwrap();
        assert!(failure.message.contains("cross_entropy"), "{failure:?}");
    }
}
