use std::io::{self, Write};

use mlp_inference::ClusterMetrics;

use super::phrases::{epochs, program};
use crate::run::files::REPORT_FILE;
use crate::summary::ClusteringSummary;

/// Prints a clustering's end: metrics beside those of k-means, the sizes of the clusters, where the
/// run lies, what to type next.
///
/// # Errors
///
/// If the writer fails.
pub fn write_clustering(out: &mut impl Write, summary: &ClusteringSummary) -> io::Result<()> {
    writeln!(
        out,
        "{} trained for {} on {} in {:.2} s: {} clusters of {} rows",
        summary.model,
        epochs(summary.epochs),
        summary.backend,
        summary.seconds,
        summary.clusters,
        summary.rows,
    )?;
    if summary.interrupted {
        writeln!(out, "interrupted: what was learned so far is kept")?;
    }
    if summary.reseeded > 0 {
        let times = match summary.reseeded {
            1 => "once".to_owned(),
            count => format!("{count} times"),
        };
        writeln!(
            out,
            "{times} a cluster became empty and was restarted from the furthest row"
        )?;
    }
    if !summary.silhouettes.is_empty() {
        writeln!(out, "\nclusters  silhouette")?;
        for (count, silhouette) in &summary.silhouettes {
            let mark = if *count == summary.clusters {
                "  chosen"
            } else {
                ""
            };
            writeln!(out, "{count:>8}{silhouette:>12.4}{mark}")?;
        }
    }
    writeln!(out)?;
    write_cluster_metrics(
        out,
        &[
            (&summary.model.to_string(), &summary.metrics),
            ("k-means", &summary.k_means),
        ],
    )?;
    let sizes: Vec<String> = summary.sizes.iter().map(ToString::to_string).collect();
    writeln!(out, "\nrows of each cluster: {}", sizes.join(", "))?;
    let run = summary.run.display();
    writeln!(out, "\nrun       {run}")?;
    writeln!(out, "pictures  {run}/pictures")?;
    if summary.run.join(REPORT_FILE).is_file() {
        writeln!(out, "report    {run}/{REPORT_FILE}")?;
    }
    writeln!(out, "next      {} evaluate {run}", program())
}

/// The heading of a metric's column, and the metric.
type MetricColumn = (&'static str, fn(&ClusterMetrics) -> Option<f64>);

/// Prints a table of metrics with a row for each way to find clusters. A column that would be empty
/// is left out.
///
/// # Errors
///
/// If the writer fails.
pub fn write_cluster_metrics(
    out: &mut impl Write,
    rows: &[(&str, &ClusterMetrics)],
) -> io::Result<()> {
    let columns: [MetricColumn; 8] = [
        ("silhouette", |m| m.silhouette),
        ("Davies-B.", |m| m.davies_bouldin),
        ("Calinski-H.", |m| m.calinski_harabasz),
        ("accuracy", |m| m.accuracy),
        ("mutual inf.", |m| m.normalized_mutual_information),
        ("adj. Rand", |m| m.adjusted_rand_index),
        ("quantis. err.", |m| m.quantization_error),
        ("topogr. err.", |m| m.topographic_error),
    ];
    let has_any = |of: &fn(&ClusterMetrics) -> Option<f64>| {
        rows.iter().any(|(_, metrics)| of(metrics).is_some())
    };
    let columns: Vec<_> = columns.iter().filter(|(_, of)| has_any(of)).collect();
    write!(out, "{:<12}", "")?;
    for (heading, _) in &columns {
        write!(out, "{heading:>14}")?;
    }
    writeln!(out)?;
    for (name, metrics) in rows {
        write!(out, "{name:<12}")?;
        for (heading, of) in &columns {
            let value = match (*heading, of(metrics)) {
                (_, None) => "-".to_owned(),
                ("accuracy", Some(value)) => format!("{:.2} %", 100.0 * value),
                ("Calinski-H.", Some(value)) => format!("{value:.1}"),
                (_, Some(value)) => format!("{value:.4}"),
            };
            write!(out, "{value:>14}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}
