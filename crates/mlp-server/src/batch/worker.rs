use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;

use axum::http::StatusCode;
use mlp_datasets::{Table, with_causes};
use mlp_inference::{Error, PredictionColumn};
use tokio::sync::oneshot;

use super::merged::merged;
use super::{Job, Predicted};
use crate::log::{Level, Log};
use crate::metrics::ModelMetrics;
use crate::model::ServedModel;
use crate::place::Place;
use crate::refusal::Refusal;

/// The most rows that are gathered. A request with more goes through the network alone.
const MOST_ROWS: usize = 4096;

/// A thread that predicts the rows of all requests for the model of a name. It takes what waits, so a single request
/// is not held up, and under load more of them share a pass.
#[derive(Clone)]
pub struct Worker {
    jobs: SyncSender<Job>,
}

impl Worker {
    /// Starts the thread, which ends with the last clone of this. At most so many requests wait for it.
    ///
    /// # Errors
    ///
    /// If the system has no thread for it.
    pub fn start(
        name: &str,
        most_waiting: usize,
        metrics: Arc<ModelMetrics>,
        log: Log,
    ) -> io::Result<Self> {
        let (jobs, waiting) = sync_channel(most_waiting);
        let name_of_model = name.to_owned();
        thread::Builder::new()
            .name(format!("model {name}"))
            .spawn(move || work(&waiting, &name_of_model, &metrics, &log))?;
        Ok(Self { jobs })
    }

    /// Predicts rows, which keep a place until then. There is no answer if the thread has ended.
    ///
    /// # Errors
    ///
    /// If too many requests wait.
    pub fn predict(
        &self,
        model: Arc<ServedModel>,
        tables: Vec<Table>,
        place: Option<Arc<Place>>,
    ) -> Result<oneshot::Receiver<Result<Predicted, Refusal>>, Refusal> {
        let (reply, answer) = oneshot::channel();
        let job = Job {
            model,
            tables,
            place,
            reply,
        };
        match self.jobs.try_send(job) {
            Ok(()) | Err(TrySendError::Disconnected(_)) => Ok(answer),
            Err(TrySendError::Full(_)) => Err(Refusal::too_many("requests")),
        }
    }
}

fn work(waiting: &Receiver<Job>, name: &str, metrics: &ModelMetrics, log: &Log) {
    let mut next = None;
    while let Some(first) = next.take().or_else(|| waiting.recv().ok()) {
        let mut num_rows = first.num_rows();
        let mut jobs = vec![first];
        while num_rows < MOST_ROWS
            && let Ok(job) = waiting.try_recv()
        {
            // A model that was reloaded may have other columns.
            if !Arc::ptr_eq(&job.model, &jobs[0].model) || num_rows + job.num_rows() > MOST_ROWS {
                next = Some(job);
                break;
            }
            num_rows += job.num_rows();
            jobs.push(job);
        }
        // Nobody waits for the others any more.
        jobs.retain(|job| !job.reply.is_closed());
        if !jobs.is_empty() {
            answer(jobs, name, metrics, log);
        }
    }
}

fn answer(jobs: Vec<Job>, name: &str, metrics: &ModelMetrics, log: &Log) {
    let tables: Vec<&Table> = jobs.iter().flat_map(|job| &job.tables).collect();
    let predicted = predict(&jobs[0].model, &tables, metrics);
    match predicted {
        Ok(columns) => {
            let columns = Arc::new(columns);
            let mut start = 0;
            for job in jobs {
                let rows = start..start + job.num_rows();
                start = rows.end;
                let columns = columns.clone();
                // Before the answer, after which the client may expect the place to be free.
                drop(job.place);
                let _ = job.reply.send(Ok(Predicted { columns, rows }));
            }
        }
        Err(failure) if jobs.len() == 1 => {
            let refusal = failure.refusal();
            if refusal.status.is_server_error() {
                let fields = [("model", name.into()), ("reason", failure.reason().into())];
                log.write(Level::Error, "rows could not be predicted", &fields);
            }
            for job in jobs {
                drop(job.place);
                let _ = job.reply.send(Err(refusal.clone()));
            }
        }
        // The rows of one request must not be the fault of another.
        Err(_) => {
            for job in jobs {
                answer(vec![job], name, metrics, log);
            }
        }
    }
}

/// Why rows could not be predicted.
enum Failure {
    Model(Error),
    Panic,
}

impl Failure {
    fn reason(&self) -> String {
        match self {
            Self::Model(error) => with_causes(error),
            Self::Panic => "the model panicked".to_owned(),
        }
    }

    /// What the client gets to know: all about the rows, nothing about the machine.
    fn refusal(self: &Failure) -> Refusal {
        #[allow(clippy::wildcard_enum_match_arm)] // All others are not the fault of the rows.
        match self {
            Self::Model(Error::Data(error)) => Refusal::unsuitable(with_causes(error)),
            Self::Model(Error::NoRows { .. }) => Refusal::no_rows(),
            _ => Refusal::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "the model failed; the log of the server says why",
            ),
        }
    }
}

fn predict(
    model: &ServedModel,
    tables: &[&Table],
    metrics: &ModelMetrics,
) -> Result<Vec<PredictionColumn>, Failure> {
    let predicted = catch_unwind(AssertUnwindSafe(|| {
        let table = merged(tables)?;
        model.model.predict(&table)
    }));
    let predictions = match predicted {
        Ok(predicted) => predicted.map_err(Failure::Model)?,
        Err(_) => return Err(Failure::Panic),
    };
    metrics.predicted(&predictions);
    Ok(predictions.into_columns(false))
}
