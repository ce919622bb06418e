//! Numbers about what the server has done, in the text format of Prometheus.
//!
//! <https://prometheus.io/docs/instrumenting/exposition_formats/>

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use axum::http::StatusCode;
use mlp_inference::Predictions;

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

struct Histogram<const N: usize> {
    ends: [f64; N],
    /// How many values are in each bucket, and not in the ones before.
    counts: [AtomicU64; N],
    beyond: AtomicU64,
    /// The sum in millionths.
    sum: AtomicU64,
}

impl<const N: usize> Histogram<N> {
    fn new(ends: [f64; N]) -> Self {
        Self {
            ends,
            counts: std::array::from_fn(|_| AtomicU64::new(0)),
            beyond: AtomicU64::new(0),
            sum: AtomicU64::new(0),
        }
    }

    fn observe(&self, value: f64) {
        let bucket = self.ends.iter().position(|&end| value <= end);
        let count = bucket.map_or(&self.beyond, |bucket| &self.counts[bucket]);
        count.fetch_add(1, Ordering::Relaxed);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // It is at least 0.
        self.sum.fetch_add((value * 1e6) as u64, Ordering::Relaxed);
    }

    fn write(&self, out: &mut String, name: &str, model: &str) {
        let mut total = 0;
        for (end, count) in self.ends.iter().zip(&self.counts) {
            total += count.load(Ordering::Relaxed);
            let _ = writeln!(
                out,
                "{name}_bucket{{model=\"{model}\",le=\"{end}\"}} {total}"
            );
        }
        total += self.beyond.load(Ordering::Relaxed);
        let _ = writeln!(
            out,
            "{name}_bucket{{model=\"{model}\",le=\"+Inf\"}} {total}"
        );
        let sum = self.sum.load(Ordering::Relaxed) as f64 / 1e6;
        let _ = writeln!(out, "{name}_sum{{model=\"{model}\"}} {sum}");
        let _ = writeln!(out, "{name}_count{{model=\"{model}\"}} {total}");
    }
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

    /// All numbers as text.
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.write_requests(&mut out);
        let name = "mlp_server_request_seconds";
        let help = "Time from the head of a request for predictions to its answer.";
        family(&mut out, name, "histogram", help);
        for model in &self.models {
            model.latency.write(&mut out, name, &model.name);
        }
        let name = "mlp_server_batch_rows";
        let help = "Rows of each pass through the network.";
        family(&mut out, name, "histogram", help);
        for model in &self.models {
            model.batches.write(&mut out, name, &model.name);
        }
        let name = "mlp_server_reloads_total";
        let help = "Changed runs that were loaded, or could not be.";
        family(&mut out, name, "counter", help);
        for model in &self.models {
            for (outcome, count) in ["loaded", "failed"].iter().zip(&model.reloads) {
                let (model, count) = (&model.name, count.load(Ordering::Relaxed));
                let _ = writeln!(
                    out,
                    "{name}{{model=\"{model}\",outcome=\"{outcome}\"}} {count}"
                );
            }
        }
        for (name, help, number) in [
            (
                "mlp_server_requests_in_flight",
                "Requests for predictions that are being answered.",
                &self.in_flight,
            ),
            (
                "mlp_server_connections",
                "Open connections.",
                &self.connections,
            ),
        ] {
            family(&mut out, name, "gauge", help);
            let _ = writeln!(out, "{name} {}", number.load(Ordering::Relaxed));
        }
        out
    }

    fn write_requests(&self, out: &mut String) {
        let name = "mlp_server_requests_total";
        family(out, name, "counter", "Requests that were answered.");
        for model in &self.models {
            for protocol in Protocol::ALL {
                let counts = &model.requests[protocol.index()];
                write_statuses(out, &model.name, protocol.name(), counts);
            }
        }
        write_statuses(out, "", "", &self.others);
        self.write_counts(
            out,
            "mlp_server_request_errors_total",
            "Requests for predictions that were refused or failed.",
            |model| {
                let counts = model
                    .requests
                    .iter()
                    .flat_map(|counts| STATUSES.iter().zip(counts));
                let errors = counts.filter(|(status, _)| **status >= 400);
                errors.map(|(_, count)| count.load(Ordering::Relaxed)).sum()
            },
        );
        self.write_counts(
            out,
            "mlp_server_rows_total",
            "Rows that were predicted.",
            |model| model.batches.sum.load(Ordering::Relaxed) / 1_000_000,
        );
        self.write_counts(
            out,
            "mlp_server_unseen_values_total",
            "Values for which there was no training row.",
            |model| model.unseen.load(Ordering::Relaxed),
        );
        self.write_counts(
            out,
            "mlp_server_not_finite_rows_total",
            "Rows whose prediction is not finite, and null.",
            |model| model.not_finite.load(Ordering::Relaxed),
        );
    }

    /// A counter of each model.
    fn write_counts(
        &self,
        out: &mut String,
        name: &str,
        help: &str,
        of: impl Fn(&ModelMetrics) -> u64,
    ) {
        family(out, name, "counter", help);
        for model in &self.models {
            let _ = writeln!(out, "{name}{{model=\"{}\"}} {}", model.name, of(model));
        }
    }
}

/// What is said once about numbers of a name.
fn family(out: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

/// How many requests were answered with each status that occurred.
fn write_statuses(out: &mut String, model: &str, protocol: &str, counts: &[AtomicU64]) {
    for (status, count) in STATUSES.iter().zip(counts) {
        let count = count.load(Ordering::Relaxed);
        if count > 0 {
            let labels = format!("model=\"{model}\",protocol=\"{protocol}\",status=\"{status}\"");
            let _ = writeln!(out, "mlp_server_requests_total{{{labels}}} {count}");
        }
    }
}
