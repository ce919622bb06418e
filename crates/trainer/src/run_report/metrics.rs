use mlp_datasets::SplitName;
use mlp_inference::{Metric, Metrics};
use mlp_report::{Block, Column, Section, Table, count};
use strum::{EnumMessage, VariantArray};

use super::{Judged, JudgedRows, Subject};
use crate::report::{heading, is_worth_a_column, written};
use crate::summary::Summary;

/// The metrics of all splits beside those of always predicting the same, and what they mean.
pub fn section(subject: &Subject<'_>, judged: &Judged) -> Section {
    let mut section = Section::new("metrics", "How good it is");
    if let Some(table) = folds(subject) {
        section = section.with(Block::Table(table));
    }
    let table = table(subject, judged);
    let used: Vec<Metric> = metrics(subject, judged);
    let meanings = used.iter().filter_map(|metric| {
        let meaning = metric.get_documentation()?;
        let better = if metric.higher_is_better() {
            "higher"
        } else {
            "lower"
        };
        Some(format!(
            "{}: {}; {better} is better.",
            heading(*metric),
            uncapitalised(meaning)
        ))
    });
    section
        .with(Block::Table(table))
        .with(Block::List(meanings.collect()))
}

/// The metrics of each split, of the judged rows if these are others, and of the baseline.
pub fn table(subject: &Subject<'_>, judged: &Judged) -> Table {
    let used = metrics(subject, judged);
    let mut table = Table::new("Metrics of each part of the rows", &["rows of", "#rows"]);
    table
        .columns
        .extend(used.iter().map(|metric| Column::number(heading(*metric))));
    let mut row = |name: &str, rows: usize, metrics: &Metrics| {
        let values = used.iter().map(|metric| {
            let value = metric.of(metrics).map(|value| written(*metric, value));
            value.unwrap_or_default()
        });
        let cells = [name.to_owned(), count(rows)].into_iter().chain(values);
        table.rows.push(cells.collect());
    };
    let Summary::Prediction(summary) = subject.summary else {
        return table;
    };
    for (split, metrics) in &summary.metrics {
        let name = match split {
            SplitName::Train => "training",
            SplitName::Valid => "validation",
            SplitName::Test => "test",
        };
        row(name, summary.rows.get(split).copied().unwrap_or(0), metrics);
    }
    let further = match judged.which {
        JudgedRows::OutOfFold => Some("all folds together, out of fold"),
        JudgedRows::Other => Some("the other table"),
        JudgedRows::Test | JudgedRows::Valid | JudgedRows::Train => None,
    };
    if let Some(name) = further {
        row(name, judged.rows.len(), &judged.evaluation.metrics);
    }
    if let Some(baseline) = &summary.baseline {
        let rows = summary.rows.get(&SplitName::Test).copied().unwrap_or(0);
        row("test, always predicting the same", rows, baseline);
    }
    table
}

/// The metrics that say something.
fn metrics(subject: &Subject<'_>, judged: &Judged) -> Vec<Metric> {
    let Summary::Prediction(summary) = subject.summary else {
        return Vec::new();
    };
    let all = || summary.metrics.values().chain([&judged.evaluation.metrics]);
    let metrics = Metric::VARIANTS.iter().copied();
    metrics
        .filter(|metric| all().any(|metrics| is_worth_a_column(*metric, metrics)))
        .collect()
}

/// Mean and standard deviation of each metric of the test rows over the folds.
pub fn folds(subject: &Subject<'_>) -> Option<Table> {
    let summary = subject.folds?;
    let spreads = summary["metrics"]["test"].as_object()?;
    let mut table = Table::new(
        format!(
            "Cross-validation: the metrics of the test rows over {} folds",
            summary["folds"]
        ),
        &["metric", "#mean", "#standard deviation"],
    );
    for metric in Metric::VARIANTS {
        let Some(spread) = spreads.get(metric.name()) else {
            continue;
        };
        let (Some(mean), Some(std)) = (spread["mean"].as_f64(), spread["std"].as_f64()) else {
            continue;
        };
        let name = heading(*metric).to_owned();
        table
            .rows
            .push(vec![name, written(*metric, mean), written(*metric, std)]);
    }
    Some(table)
}

fn uncapitalised(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => String::new(),
    }
}
