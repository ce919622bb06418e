use std::io::{self, Write};

use mlp_explanations::{ColumnImportance, Importances};

use super::{ExplainedRows, bar, name_width, padded};
use crate::report::{counted, heading, significant, written};

/// How many columns are listed.
const LISTED: usize = 50;

/// What the importance of a column is, such as `increase of the RMSE`.
pub fn importance_of(found: &Importances) -> String {
    let change = if found.metric.higher_is_better() {
        "decrease"
    } else {
        "increase"
    };
    format!("{change} of the {}", heading(found.metric))
}

/// Prints the importance of each column.
///
/// # Errors
///
/// If the writer fails.
pub fn write_importances(
    out: &mut impl Write,
    found: &Importances,
    rows: ExplainedRows<'_>,
) -> io::Result<()> {
    writeln!(
        out,
        "Importance of columns: {}{} when a column is shuffled among {} {} of {}, \
         over {}\n",
        importance_of(found),
        if found.targets.is_empty() {
            ""
        } else {
            ", the mean of all targets,"
        },
        found.rows,
        rows.rows,
        rows.dataset,
        counted(found.repeats, "shuffle", "shuffles"),
    )?;
    write_columns(out, &found.columns)?;
    for of in &found.targets {
        writeln!(
            out,
            "\n{}: {} {}\n",
            of.target,
            heading(found.metric),
            written(found.metric, of.score)
        )?;
        write_columns(out, &of.columns)?;
    }
    writeln!(
        out,
        "\n{} without shuffling: {}. Importance says what the model uses, which need not be what causes {}.",
        heading(found.metric),
        written(found.metric, found.score),
        rows.target
    )
}

/// A line for each column.
fn write_columns(out: &mut impl Write, columns: &[ColumnImportance]) -> io::Result<()> {
    let listed = &columns[..columns.len().min(LISTED)];
    let width = name_width(listed.iter().map(|of| of.column.as_str()));
    // Of a single shuffle there is none.
    let has_spread = listed.iter().any(|of| of.std.is_some());
    let (spread, spread_width) = if has_spread {
        ("std. dev.", 12)
    } else {
        ("", 0)
    };
    writeln!(out, "{:width$}{:>12}{spread:>spread_width$}", "", "mean")?;
    let longest = listed.iter().map(|of| of.mean).fold(0.0, f64::max);
    for of in listed {
        let std = of.std.map(significant).unwrap_or_default();
        let line = format!(
            "{}{:>12}{std:>spread_width$}  {}",
            padded(&of.column, width),
            significant(of.mean),
            bar(of.mean, longest)
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    let others = columns.len() - listed.len();
    if others > 0 {
        let others = counted(others, "less important column", "less important columns");
        writeln!(out, "and {others}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlp_explanations::TargetImportances;
    use mlp_inference::Metric;

    #[test]
    fn each_target_has_its_columns_and_one_shuffle_no_spread() {
        let columns = |mean| {
            vec![ColumnImportance {
                column: "size".to_owned(),
                mean,
                std: None,
                repeats: vec![mean],
            }]
        };
        let target = |target: &str, mean: f64| TargetImportances {
            target: target.to_owned(),
            score: mean / 2.0,
            columns: columns(mean),
        };
        let found = Importances {
            metric: Metric::Rmse,
            score: 25.25,
            rows: 10,
            repeats: 1,
            seed: 0,
            columns: columns(50.5),
            targets: vec![target("price", 100.0), target("age", 1.0)],
        };
        let rows = ExplainedRows {
            rows: "test rows",
            dataset: "houses",
            target: "`price`, `age`",
        };
        let mut out = Vec::new();
        write_importances(&mut out, &found, rows).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.contains("increase of the RMSE, the mean of all targets, when"),
            "{text}"
        );
        assert!(text.contains("\nprice: RMSE 50"), "{text}");
        assert!(text.contains("\nage: RMSE 0.5"), "{text}");
        assert!(!text.contains("std. dev."), "{text}");
    }
}
