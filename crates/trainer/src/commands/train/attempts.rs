use std::io::Write;

use mlp_datasets::Dataset;
use mlp_training::{Divergence, StopHandle, Training};

use crate::display::Display;
use crate::escaped::stderr;
use crate::hint::rounded;
use crate::logs::Logs;
use crate::{Error, RunDirectory, TrainingConfig};

/// A training, and again with a smaller learning rate if its loss stops being finite.
pub struct Attempts<'a> {
    /// That of the last attempt.
    pub config: TrainingConfig,
    pub dataset: &'a Dataset,
    /// How many attempts are left after the first one.
    pub left: usize,
    /// Whether the first one goes on with a training that was stopped.
    pub resumes: bool,
    pub stop: StopHandle,
    pub display: Display,
    pub logs: Logs,
}

impl Attempts<'_> {
    /// Trains in the folder of a run by a function, which also tells whether the training diverged after a
    /// good beginning. What was trained, and the folder.
    ///
    /// The folder is removed if the training failed so that it would fail again; after a failure of the device or of the
    /// disk, or if its user stopped it, it can go on.
    ///
    /// # Errors
    ///
    /// If training fails, and there is no attempt left if it diverged.
    pub fn train<T>(
        &mut self,
        run: RunDirectory,
        mut train: impl FnMut(
            &TrainingConfig,
            &Training,
        ) -> Result<(T, Option<Divergence>), mlp_training::Error>,
    ) -> Result<(RunDirectory, T), Error> {
        use mlp_training::Error as Cause;

        loop {
            let training = self.training(&run);
            #[allow(clippy::wildcard_enum_match_arm)] // No other can be tried again.
            let divergence = match train(&self.config, &training) {
                Ok((trained, None)) => return Ok((run, trained)),
                Ok((trained, Some(_))) if self.left == 0 => return Ok((run, trained)),
                Ok((_, Some(divergence))) => divergence,
                Err(Cause::Diverged(divergence) | Cause::DivergedFold(divergence))
                    if self.left > 0 =>
                {
                    divergence
                }
                Err(error) => {
                    let can_go_on = matches!(
                        error,
                        Cause::Learner { .. } | Cause::InterruptedTooEarly | Cause::Io { .. }
                    );
                    if !can_go_on {
                        // What still waits would make the folder again.
                        self.logs.flush();
                        run.discard();
                    }
                    return Err(error.into());
                }
            };
            self.lower(&divergence, &run)?;
        }
    }

    /// The training of the next attempt.
    fn training(&self, run: &RunDirectory) -> Training {
        let training = self
            .config
            .training()
            .with_folder(run.path())
            .with_stop(self.stop.clone());
        let training = if self.resumes {
            training.resuming()
        } else {
            training
        };
        self.display.follow(training, &self.stop, &self.logs)
    }

    /// Has the next attempt begin anew with a smaller learning rate.
    fn lower(&mut self, divergence: &Divergence, run: &RunDirectory) -> Result<(), Error> {
        let rate = self.config.learning_rate();
        let rate = rounded(rate.unwrap_or(divergence.learning_rate) / 10.0);
        let _ = writeln!(
            stderr(),
            "warning: {divergence}; beginning anew with a learning rate of {rate}"
        );
        self.left -= 1;
        self.resumes = false;
        self.config = self.config.with_learning_rate(rate, self.dataset)?;
        run.begin_anew();
        self.config.save(run.path())?;
        self.logs.begin(run, None, &self.config)
    }
}
