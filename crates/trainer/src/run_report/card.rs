use mlp_report::{Block, Page, Section};

use super::{Subject, clusters, data, limits, metrics, opening, reproduction};
use crate::summary::Summary;

/// The model card: what the model is for, on which data it was trained, how good it is, what it cannot do, and how
/// it is trained again ([Mitchell et al. 2019](https://doi.org/10.1145/3287560.3287596)).
pub fn card(subject: &Subject<'_>) -> Page {
    let opening = opening::page(subject);
    let mut page = Page::new(format!("Model card: {}", opening.title));
    page.warnings = opening.warnings;
    let purpose = Section::new("purpose", "Purpose");
    let purpose = match opening.lead.first() {
        Some(text) => purpose.with_text(text),
        None => purpose,
    };
    let purpose = purpose.with_text(
        "It is meant for rows of the same kind, with the same columns. What is decided by it, and by whom, is not \
         part of this card: write it here.",
    );
    let mut figures = Section::new("metrics", "Metrics");
    if let Some(text) = opening.lead.get(1) {
        figures = figures.with_text(text);
    }
    match (subject.summary, subject.judged) {
        (Summary::Prediction(_), Some(judged)) => {
            if let Some(table) = metrics::folds(subject) {
                figures = figures.with(Block::Table(table));
            }
            figures = figures.with(Block::Table(metrics::table(subject, judged)));
        }
        (Summary::Prediction(_), None) => {}
        (Summary::Clustering(summary), _) => {
            figures = figures.with(Block::Table(clusters::table(summary)));
        }
    }
    page.with(purpose)
        .with(data::section(subject))
        .with(figures)
        .with(limits::section(subject))
        .with(reproduction::section(subject))
}
