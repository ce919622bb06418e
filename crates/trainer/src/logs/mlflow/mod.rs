//! Curves on an MLflow server, through its [REST API](https://mlflow.org/docs/latest/api_reference/rest-api.html).
//!
//! A training is a run, and each fold and member a run below it. Metrics are called as in the learning curve of the
//! run's folder, such as `valid_loss`; those of a phase have its name before them, such as `pretraining/train_loss`.

mod address;
mod client;
mod connection;
mod parameters;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::SystemTime;

use mlp_training::EpochSummary;

use super::Failure;
use super::message::{Content, Message, RunEnding, milliseconds};
use super::worker::Sink;
pub use address::Address;
use client::Client;
pub use connection::Connection;
use connection::{MOST_METRICS, Metric};
pub use parameters::parameters;

/// Sends curves to a server.
pub struct Mlflow {
    connection: Arc<Connection>,
    /// The name of the run, and the tags of its parts.
    name: String,
    tags: Vec<(String, String)>,
    /// By the parts of the training; the run as a whole has no name.
    runs: BTreeMap<String, Run>,
    /// Whether runs of parts may be there that are not known yet.
    is_continued: bool,
    /// The part that was heard of last.
    part: String,
}

/// A run on the server.
struct Run {
    id: String,
    /// Whether there may be points already, which cannot be taken back.
    is_continued: bool,
    /// Those of the metrics that were asked for.
    histories: BTreeMap<String, BTreeMap<usize, f64>>,
}

impl Run {
    fn new(id: String, is_continued: bool) -> Self {
        Self {
            id,
            is_continued,
            histories: BTreeMap::new(),
        }
    }
}

impl Mlflow {
    /// Into a run with a name, and with runs below it that have some tags. If it is continued, points that are there are
    /// not sent again.
    pub fn new(
        connection: Arc<Connection>,
        name: String,
        tags: Vec<(String, String)>,
        run: String,
        is_continued: bool,
    ) -> Self {
        Self {
            connection,
            name,
            tags,
            runs: BTreeMap::from([(String::new(), Run::new(run, is_continued))]),
            is_continued,
            part: String::new(),
        }
    }

    /// The identifier of the run as a whole.
    fn id(&self) -> &str {
        self.runs.get("").map_or("", |run| &run.id)
    }

    /// Makes the run of a part, unless there is one.
    fn prepare(&mut self, part: &str) -> Result<(), Failure> {
        if self.is_continued {
            for (part, id) in self.connection.parts(self.id())? {
                self.runs.entry(part).or_insert_with(|| Run::new(id, true));
            }
            self.is_continued = false;
        }
        if !self.runs.contains_key(part) {
            let id = self
                .connection
                .create_part(&self.name, part, self.id(), &self.tags)?;
            self.runs.insert(part.to_owned(), Run::new(id, false));
        }
        part.clone_into(&mut self.part);
        Ok(())
    }

    /// Adds points to the curves of a part, but for those that are there.
    fn log(&mut self, part: &str, metrics: Vec<Metric>) -> Result<(), Failure> {
        let connection = self.connection.clone();
        let Some(run) = self.runs.get_mut(part) else {
            return Ok(());
        };
        let mut missing = Vec::with_capacity(metrics.len());
        for metric in metrics {
            if !(run.is_continued && is_there(run, &connection, &metric)?) {
                missing.push(metric);
            }
        }
        for metrics in missing.chunks(MOST_METRICS) {
            connection.log(&run.id, metrics)?;
        }
        Ok(())
    }

    /// Ends the run and those of its parts: all but the last part have ended before.
    fn end(&self, ending: RunEnding, time: SystemTime) -> Result<(), Failure> {
        for (part, run) in &self.runs {
            let ending = if part.is_empty() || *part == self.part {
                ending
            } else {
                RunEnding::Finished
            };
            self.connection.end(&run.id, ending, time)?;
        }
        Ok(())
    }
}

/// Whether a run has a point already.
fn is_there(run: &mut Run, connection: &Connection, metric: &Metric) -> Result<bool, Failure> {
    if !run.histories.contains_key(&metric.key) {
        let history = connection.history(&run.id, &metric.key)?;
        run.histories.insert(metric.key.clone(), history);
    }
    let history = run.histories.get(&metric.key);
    let known = history.and_then(|history| history.get(&metric.step));
    // A server may keep the largest number in place of infinity.
    let same = |known: f64| known == metric.value || !metric.value.is_finite();
    Ok(known.is_some_and(|known| same(*known)))
}

impl Sink for Mlflow {
    fn deliver(&mut self, messages: &mut VecDeque<Message>) -> Result<(), Failure> {
        while let Some(first) = messages.front() {
            if let Content::Ended(ending) = first.content {
                self.end(ending, first.time)?;
                messages.pop_front();
                continue;
            }
            let part = first.place.part.clone();
            self.prepare(&part)?;
            let mut metrics = Vec::new();
            let mut taken = 0;
            for message in messages.iter() {
                let is_full = metrics.len() >= MOST_METRICS;
                let ends = matches!(message.content, Content::Ended(_));
                if ends || is_full || message.place.part != part {
                    break;
                }
                metrics.extend(metrics_of(message));
                taken += 1;
            }
            self.log(&part, metrics)?;
            messages.drain(..taken);
        }
        Ok(())
    }
}

/// The points of curves that a message is about.
fn metrics_of(message: &Message) -> Vec<Metric> {
    let timestamp = milliseconds(message.time);
    let phase = &message.place.phase;
    let metric = |key: String, step, value| Metric {
        key: if phase.is_empty() {
            key
        } else {
            format!("{phase}/{key}")
        },
        step,
        timestamp,
        value,
    };
    let of_epoch = |epoch: &EpochSummary| {
        let values = epoch.values.iter();
        let metrics =
            values.map(|(measure, rows, value)| metric(measure.column(*rows), epoch.epoch, *value));
        metrics.collect::<Vec<_>>()
    };
    match &message.content {
        Content::Before(epochs) => epochs.iter().flat_map(of_epoch).collect(),
        Content::Epoch(epoch) => of_epoch(epoch),
        Content::Results(results) => {
            let values = results.values.iter();
            let key = |name: &String| match results.rows {
                Some(rows) => format!("{rows}_{name}"),
                None => name.clone(),
            };
            values
                .map(|(name, value)| metric(key(name), results.epoch, *value))
                .collect()
        }
        Content::Ended(_) => Vec::new(),
    }
}
