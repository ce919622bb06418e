//! Numbers about what the server has done.

mod histogram;
mod text;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use axum::http::StatusCode;
use mlp_inference::Predictions;

use histogram::Histogram;

/// The statuses that answers have; others are counted as the last one.
const STATUSES: [u16; 15] = [
    200, 304, 400, 401, 403, 404, 405, 406, 408, 413, 415, 422, 429, 503, 500,
];
/// The upper ends of the buckets of latencies, in seconds.
const SECONDS: [f64; 15] = [
    1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];
/// The upper ends of the buckets of rows that went through the network at once.
const ROWS: [f64; 13] = [
    1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0, 2048.0, 4096.0,
];

/// How a request was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    Rows,
    OpenInference,
    Mlflow,
}

impl Protocol {
    const ALL: [Self; 3] = [Self::Rows, Self::OpenInference, Self::Mlflow];

    pub fn name(self) -> &'static str {
        match self {
            Self::Rows => "predict",
            Self::OpenInference => "v2",
            Self::Mlflow => "invocations",
        }
    }

    fn index(self) -> usize {
        match self {
            Self::Rows => 0,
            Self::OpenInference => 1,
            Self::Mlflow => 2,
        }
    }
}

/// All that is counted.
pub struct Metrics {
    pub models: Vec<Arc<ModelMetrics>>,
    /// Requests for something else than predictions, by their status.
    others: [AtomicU64; STATUSES.len()],
    /// How many requests for predictions are being answered.
    pub in_flight: AtomicUsize,
    /// How many connections are open.
    pub connections: AtomicUsize,
}

/// What is counted of a model.
pub struct ModelMetrics {
    name: String,
    /// Requests by protocol and status.
    requests: [[AtomicU64; STATUSES.len()]; Protocol::ALL.len()],
    latency: Histogram<{ SECONDS.len() }>,
    /// Rows of each pass through the network.
    batches: Histogram<{ ROWS.len() }>,
    unseen: AtomicU64,
    not_finite: AtomicU64,
    reloads: [AtomicU64; 2],
}

fn index_of(status: StatusCode) -> usize {
    let index = STATUSES.iter().position(|&known| known == status.as_u16());
    index.unwrap_or(STATUSES.len() - 1)
}

fn zeros<const N: usize>() -> [AtomicU64; N] {
    std::array::from_fn(|_| AtomicU64::new(0))
}

impl ModelMetrics {
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            requests: std::array::from_fn(|_| zeros()),
            latency: Histogram::new(SECONDS),
            batches: Histogram::new(ROWS),
            unseen: AtomicU64::new(0),
            not_finite: AtomicU64::new(0),
            reloads: zeros(),
        }
    }

    /// Counts a request that was answered.
    pub fn answered(&self, protocol: Protocol, status: StatusCode, took: Duration) {
        let count = &self.requests[protocol.index()][index_of(status)];
        count.fetch_add(1, Ordering::Relaxed);
        self.latency.observe(took.as_secs_f64());
    }

    /// Counts a pass through the network.
    pub fn predicted(&self, predictions: &Predictions) {
        self.batches.observe(predictions.len() as f64);
        let unseen = predictions.unseen_values.iter();
        let unseen: usize = unseen.map(|values| values.unseen + values.missing).sum();
        if unseen > 0 {
            self.unseen.fetch_add(unseen as u64, Ordering::Relaxed);
        }
        let not_finite = predictions.num_not_finite();
        if not_finite > 0 {
            self.not_finite
                .fetch_add(not_finite as u64, Ordering::Relaxed);
        }
    }

    /// Counts that a changed run was loaded, or could not be.
    pub fn reloaded(&self, well: bool) {
        self.reloads[usize::from(!well)].fetch_add(1, Ordering::Relaxed);
    }
}

impl Metrics {
    pub fn new(models: Vec<Arc<ModelMetrics>>) -> Self {
        Self {
            models,
            others: zeros(),
            in_flight: AtomicUsize::new(0),
            connections: AtomicUsize::new(0),
        }
    }

    /// Counts a request for something else than predictions.
    pub fn answered(&self, status: StatusCode) {
        self.others[index_of(status)].fetch_add(1, Ordering::Relaxed);
    }
}
