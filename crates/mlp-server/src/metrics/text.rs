//! The numbers in the text format of Prometheus.
//!
//! <https://prometheus.io/docs/instrumenting/exposition_formats/>

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Metrics, ModelMetrics, Protocol, STATUSES};

impl Metrics {
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
            |model| model.batches.sum(),
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
