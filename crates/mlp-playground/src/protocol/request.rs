use serde::{Deserialize, Serialize};

use super::{Experiment, View};

/// What a page asks for.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Request {
    /// Begin anew with an experiment, paused before its first step. Answered by
    /// [`Configured`](super::Response::Configured), or by [`Failed`](super::Response::Failed), after which what
    /// there was goes on.
    Configure {
        /// The experiment.
        experiment: Box<Experiment>,
    },
    /// Train on.
    Play,
    /// Stop after the current step.
    Pause,
    /// Take one step, and pause.
    Step,
    /// Train until the end of the epoch, and pause.
    Epoch,
    /// Begin the same experiment anew, paused.
    Reset,
    /// Train at most so fast from now on, in this and later experiments: what takes a second cannot be
    /// watched otherwise.
    Pace {
        /// The most steps in a second, above 0; as fast as possible if `None`.
        #[cfg_attr(test, ts(optional))]
        steps_per_second: Option<f64>,
    },
    /// Show something else.
    Look {
        /// What to show.
        view: View,
    },
    /// Change one weight. Training goes on from there.
    SetWeight {
        /// The layer of weights, from 0; the last one is that of the outputs.
        layer: usize,
        /// The unit that the weight comes from, from 0; `None`: the bias.
        from: Option<usize>,
        /// The unit that it goes to, from 0.
        to: usize,
        /// Its new value.
        value: f32,
    },
}
