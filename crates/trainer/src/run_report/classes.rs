use mlp_report::chart::MatrixChart;
use mlp_report::{Block, Cells, Figure, Section, Table, count, percent, shortened};

use super::{Judged, Subject, class_curves};

/// How many classes a confusion matrix is drawn for.
const MOST_CLASSES: usize = 40;
/// How many confusions are listed.
const MOST_CONFUSIONS: usize = 8;

/// Which classes are confused, and how well probabilities rank rows and come true.
pub fn section(subject: &Subject<'_>, judged: &Judged) -> Option<Section> {
    let classes = judged.classes()?;
    let names = &classes.names;
    let mut section = Section::new("classes", "Classes")
        .with_text(format!("The figures are of {}.", judged.described()));
    let mut figures = Vec::new();
    if let Some(matrix) = &judged.evaluation.confusion_matrix {
        section = section.with(Block::Table(per_class(judged, names)));
        let confusions = confusions(names, matrix);
        if !confusions.rows.is_empty() {
            section = section.with(Block::Table(confusions));
        }
        if names.len() <= MOST_CLASSES {
            figures.push(matrix_figure(names, matrix));
        }
    }
    if classes.probabilities.is_some() {
        let weights = judged.weights(&subject.dataset.table);
        figures.extend(class_curves::figures(classes, judged, &weights));
    } else {
        section = section.with_text(
            "The model gives scores and no probabilities, so there are no curves of them.",
        );
    }
    Some(section.with(Block::Figures(figures)))
}

fn per_class(judged: &Judged, names: &[String]) -> Table {
    let mut table = Table::new(
        "Each class: how many of its rows are found (recall), how many of the rows predicted as it are \
         (precision), and both in one (F1)",
        &["class", "#rows", "#recall", "#precision", "#F1"],
    );
    let share = |share: Option<f64>| share.map_or("–".to_owned(), percent);
    let rows = names.iter().zip(&judged.evaluation.per_class);
    table.rows = rows
        .map(|(name, metrics)| {
            vec![
                shortened(name, 60),
                count(metrics.rows),
                share(metrics.recall),
                share(metrics.precision),
                metrics.f1.map_or("–".to_owned(), |f1| format!("{f1:.3}")),
            ]
        })
        .collect();
    table
}

/// The most frequent mistakes.
fn confusions(names: &[String], matrix: &[Vec<usize>]) -> Table {
    let mut found = Vec::new();
    for (actual, counts) in matrix.iter().enumerate() {
        let total: usize = counts.iter().sum();
        for (predicted, &cases) in counts.iter().enumerate() {
            if actual != predicted && cases > 0 {
                found.push((cases, actual, predicted, total));
            }
        }
    }
    found.sort_by_key(|&(cases, actual, predicted, _)| {
        (std::cmp::Reverse(cases), actual, predicted)
    });
    let mut table = Table::new(
        "The most frequent mistakes",
        &[
            "actual class",
            "predicted class",
            "#rows",
            "#of the actual class",
        ],
    );
    let row = |(cases, actual, predicted, total): (usize, usize, usize, usize)| -> Cells {
        vec![
            name(names, actual),
            name(names, predicted),
            count(cases),
            percent(cases as f64 / total as f64),
        ]
    };
    table.rows = found.into_iter().take(MOST_CONFUSIONS).map(row).collect();
    table
}

/// The name of a class; the one after the last stands for those that the model does not know.
fn name(names: &[String], class: usize) -> String {
    names
        .get(class)
        .map_or("(others)".to_owned(), |name| shortened(name, 60))
}

fn matrix_figure(names: &[String], matrix: &[Vec<usize>]) -> Figure {
    let right: usize = (0..names.len()).map(|class| matrix[class][class]).sum();
    let all: usize = matrix.iter().flatten().sum();
    let chart = MatrixChart {
        title: "Confusion matrix".to_owned(),
        description: format!(
            "{} of {} rows are on the diagonal, where the prediction is right",
            count(right),
            count(all)
        ),
        rows: (0..matrix.len()).map(|class| name(names, class)).collect(),
        columns: names.to_vec(),
        counts: matrix.to_vec(),
    };
    Figure::new(
        "confusion_matrix",
        chart.draw(),
        "How many rows of each class (down) were predicted to be of each class (across). A cell is as dark as \
         its share of the row; the outlined ones are right.",
    )
}
