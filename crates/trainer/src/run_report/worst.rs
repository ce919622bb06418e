use std::fmt::Write;

use mlp_datasets::{Column, ColumnSummary, Table as Data, ValueSummary};
use mlp_report::{Block, Cells, Section, Table, count, number, percent, shortened};

use super::{Judged, Subject};

/// How many rows are shown.
const MOST_ROWS: usize = 12;
/// How many rows are shown even if they are predicted well.
const LEAST_ROWS: usize = 5;
/// How many of their columns are shown.
const MOST_COLUMNS: usize = 8;

/// The rows that are predicted worst, with their values.
pub fn section(subject: &Subject<'_>, judged: &Judged) -> Option<Section> {
    let (worst, caption) = if let Some(classes) = judged.classes() {
        let badness = |row: usize| {
            let label = judged.labels[row];
            let probabilities = classes.probabilities(row);
            match (label, probabilities) {
                (Some(label), Some(probabilities)) => {
                    worst_if_not_finite(1.0 - probabilities[label])
                }
                (label, _) => f64::from(classes.labels[row] != label),
            }
        };
        (
            ranked(judged.rows.len(), badness, 0.5),
            "The rows whose actual class was given the lowest probability",
        )
    } else {
        let numbers = judged.numbers()?;
        // Each target by its own spread.
        let width = numbers.num_outputs;
        let scales: Vec<f64> = (0..width)
            .map(|output| {
                let errors = (0..judged.rows.len()).map(|row| error(judged, width, row, output));
                let errors: Vec<f64> = errors.filter(|error| error.is_finite()).collect();
                let sum: f64 = errors.iter().copied().map(f64::abs).sum();
                (sum / errors.len() as f64).max(f64::MIN_POSITIVE)
            })
            .collect();
        let badness = |row: usize| {
            let errors =
                (0..width).map(|output| error(judged, width, row, output).abs() / scales[output]);
            errors.map(worst_if_not_finite).fold(0.0, f64::max)
        };
        (
            ranked(judged.rows.len(), badness, 0.0),
            "The rows with the largest errors",
        )
    };
    let table = table(subject, judged, &worst, caption);
    Some(
        Section::new("worst", "The worst rows")
            .with_text(
                "Looking at these often shows what is wrong: a value that was typed wrongly, a label that is \
                 disputable, or a kind of row of which there are too few. The rows are counted from 1, as in \
                 their file, without the line of names.",
            )
            .with(Block::Table(table)),
    )
}

fn worst_if_not_finite(badness: f64) -> f64 {
    if badness.is_finite() {
        badness
    } else {
        f64::INFINITY
    }
}

/// The rows with the highest numbers, the highest first: a few in any case, and more if they are above a bound.
fn ranked(num_rows: usize, badness: impl Fn(usize) -> f64, bound: f64) -> Vec<usize> {
    let rows = (0..num_rows).map(|row| (badness(row), row));
    let mut rows: Vec<(f64, usize)> = rows.filter(|(badness, _)| *badness > 0.0).collect();
    rows.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    rows.into_iter()
        .take(MOST_ROWS)
        .enumerate()
        .filter(|(index, (badness, _))| *index < LEAST_ROWS || *badness > bound)
        .map(|(_, (_, row))| row)
        .collect()
}

fn error(judged: &Judged, width: usize, row: usize, output: usize) -> f64 {
    let index = row * width + output;
    let predicted = judged
        .numbers()
        .map_or(f64::NAN, |numbers| numbers.values[index]);
    predicted - judged.targets[index]
}

fn table(subject: &Subject<'_>, judged: &Judged, worst: &[usize], caption: &str) -> Table {
    let data = &subject.dataset.table;
    let shown: Vec<&Column> = data.columns().iter().take(MOST_COLUMNS).collect();
    let mut caption = format!("{caption}, of {}", judged.described());
    if data.num_features() > shown.len() {
        let _ = write!(
            caption,
            "; the first {} of {} columns",
            shown.len(),
            data.num_features()
        );
    }
    let targets = subject.model.target_names();
    let names: Vec<String> = match judged.classes() {
        Some(_) => ["actual", "predicted", "#probability of the actual class"]
            .map(String::from)
            .to_vec(),
        None if targets.len() == 1 => ["#actual", "#predicted", "#residual"]
            .map(String::from)
            .to_vec(),
        None => targets
            .iter()
            .take(3)
            .flat_map(|name| [format!("#{name}, actual"), format!("#{name}, predicted")])
            .collect(),
    };
    let places = &subject.dataset.places;
    // Of two files, which one.
    let file: &[&str] = if places.has_test_file() {
        &["file"]
    } else {
        &[]
    };
    let headings: Vec<&str> = ["#row"]
        .iter()
        .chain(file)
        .copied()
        .chain(names.iter().map(String::as_str))
        .collect();
    let mut table = Table::new(caption, &headings);
    table.columns.extend(shown.iter().map(|column| {
        let name = shortened(&column.name, 40);
        match &column.values {
            mlp_datasets::Values::Numbers(_) => mlp_report::Column::number(name),
            mlp_datasets::Values::Categories { .. } | mlp_datasets::Values::Dates(_) => {
                mlp_report::Column::text(name)
            }
        }
    }));
    table.rows = worst
        .iter()
        .map(|&index| {
            let row = judged.rows[index];
            let place = places.of(row);
            let mut cells: Cells = vec![count(place.number)];
            if places.has_test_file() {
                let test = subject.config.table().split.test.as_deref();
                let file = test.filter(|_| place.is_test);
                cells.push(shortened(file.unwrap_or(subject.config.dataset()), 40));
            }
            cells.extend(outcome(judged, data, index));
            cells.extend(shown.iter().map(|column| cell(column, row)));
            cells
        })
        .collect();
    table
}

/// What a row is, and what was predicted.
fn outcome(judged: &Judged, data: &Data, index: usize) -> Cells {
    if let Some(classes) = judged.classes() {
        let actual = judged.labels[index].map(|label| classes.names[label].as_str());
        let row = judged.rows[index];
        let actual = actual.map_or_else(|| actual_name(data, row), ToOwned::to_owned);
        let probability =
            judged.labels[index].and_then(|label| Some(classes.probabilities(index)?[label]));
        return vec![
            shortened(&actual, 40),
            shortened(classes.name(index).unwrap_or("–"), 40),
            probability.map_or("–".to_owned(), percent),
        ];
    }
    let width = judged.numbers().map_or(1, |numbers| numbers.num_outputs);
    let predicted = judged.predictions.numbers(index);
    let actual = &judged.targets[index * width..][..width];
    if width == 1 {
        return [actual[0], predicted[0], predicted[0] - actual[0]]
            .map(number)
            .to_vec();
    }
    let pairs = actual.iter().zip(predicted).take(3);
    pairs
        .flat_map(|(actual, predicted)| [number(*actual), number(*predicted)])
        .collect()
}

/// The name of a class that the model does not know.
fn actual_name(data: &Data, row: usize) -> String {
    match data.target() {
        Some(mlp_datasets::Target::Classes {
            labels, classes, ..
        }) => classes[labels[row]].clone(),
        Some(mlp_datasets::Target::Numbers { .. }) | None => "–".to_owned(),
    }
}

/// A value as it is shown.
pub fn cell(column: &Column, row: usize) -> String {
    match ColumnSummary::of(&column.values, &[row]).values {
        None => "missing".to_owned(),
        Some(ValueSummary::Numbers { low, .. }) => number(low),
        Some(ValueSummary::Categories(names)) => names
            .first()
            .map_or(String::new(), |(name, _)| shortened(name, 40)),
        Some(ValueSummary::Dates { first, .. }) => first,
    }
}
