use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use mlp_training::EpochSummary;

/// What is sent to a log.
#[derive(Clone, Debug)]
pub struct Message {
    /// What it is about.
    pub place: Arc<Place>,
    /// When it happened.
    pub time: SystemTime,
    /// What happened.
    pub content: Content,
}

/// The part of a training that something belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The fold or the member of an ensemble, such as `fold 1`; empty for the training as a whole.
    pub part: String,
    /// The phase of a clustering, such as `pretraining`; else empty.
    pub phase: String,
}

/// What happened in a training.
#[derive(Clone, Debug)]
pub enum Content {
    /// It goes on after some epochs.
    Before(Vec<EpochSummary>),
    /// An epoch has ended.
    Epoch(EpochSummary),
    /// It is known how good the model is.
    Results(Results),
    /// All has ended.
    Ended(RunEnding),
}

/// Figures about a trained model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Results {
    /// The rows that they are about, if they are: `test`.
    pub rows: Option<&'static str>,
    /// The epoch of the model.
    pub epoch: usize,
    /// Their names and values.
    pub values: Vec<(String, f64)>,
}

/// How a command that trains has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunEnding {
    /// With a model.
    Finished,
    /// Its user stopped it.
    Stopped,
    /// With an error.
    Failed,
}

/// The seconds since 1970.
pub fn seconds(time: SystemTime) -> f64 {
    let since = time.duration_since(UNIX_EPOCH);
    since.map_or(0.0, |since| since.as_secs_f64())
}

/// The milliseconds since 1970.
pub fn milliseconds(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
