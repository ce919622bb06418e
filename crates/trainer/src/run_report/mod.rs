//! What a run is like, as a page and as a model card.

mod card;
mod card_file;
mod class_curves;
mod classes;
mod clusters;
mod data;
mod dependence;
mod features;
mod interval;
mod judged;
mod limits;
mod metrics;
mod network;
mod numbers;
mod opening;
mod reproduction;
mod training;
mod worst;

use std::io;
use std::path::{Path, PathBuf};

use mlp_datasets::Dataset;
use mlp_inference::{SavedModel, whole_file};
use mlp_report::Page;
use serde_json::Value;

pub use judged::{Judged, JudgedRows};

use crate::summary::Summary;
use crate::{Error, TrainingConfig};

/// Without rows, a category is named if so many rows have it, as rarer ones may tell of whom they are.
const FEWEST_ROWS_SHOWN: usize = 5;

/// What a report is about.
pub struct Subject<'a> {
    /// The folder with its files.
    pub folder: &'a Path,
    /// Its model.
    pub model: &'a SavedModel,
    /// Its configuration.
    pub config: &'a TrainingConfig,
    /// Its metrics.
    pub summary: &'a Summary,
    /// The metrics over the folds of a cross-validation.
    pub folds: Option<&'a Value>,
    /// What it was trained on.
    pub dataset: &'a Dataset,
    /// The rows by which it is judged, unless it finds clusters.
    pub judged: Option<&'a Judged>,
    /// What one must know before reading on.
    pub warnings: Vec<String>,
    /// Whether rows of the table are shown with their values, and values that are rare.
    pub shows_rows: bool,
}

impl Subject<'_> {
    /// The page.
    ///
    /// # Errors
    ///
    /// If a picture cannot be drawn, or the device fails.
    fn page(&self) -> anyhow::Result<Page> {
        let mut page = opening::page(self);
        page = page.with(data::section(self));
        page.sections.extend(training::section(self));
        match self.judged {
            Some(judged) => {
                page = page.with(metrics::section(self, judged));
                page.sections.extend(classes::section(self, judged));
                page.sections.extend(numbers::section(self, judged));
                page.sections.extend(features::section(self, judged)?);
                if self.shows_rows {
                    page.sections.extend(worst::section(self, judged));
                }
            }
            None => page = page.with(clusters::section(self)?),
        }
        page = page.with(network::section(self.model));
        page = page.with(limits::section(self));
        Ok(page.with(reproduction::section(self)))
    }

    /// The model card.
    fn card(&self) -> Page {
        card::card(self)
    }

    /// Writes the page and the model card, and gives the page, and where the card is: one that was edited is kept
    /// unless it is to be replaced, and the new one goes beside it. Each file appears whole or not at all.
    ///
    /// # Errors
    ///
    /// As [`page`](Self::page), and if a file cannot be written.
    pub fn write(
        &self,
        report: &Path,
        card: &Path,
        replaces: bool,
    ) -> anyhow::Result<(Page, PathBuf)> {
        let page = self.page()?;
        write(report, &page.to_html())?;
        let text = self.card().to_markdown();
        let card = if replaces {
            card.to_owned()
        } else {
            card_file::free_place(card, &text)
        };
        card_file::write(&card, &text)?;
        Ok((page, card))
    }
}

/// Writes a text file, which appears whole or not at all.
///
/// # Errors
///
/// If it cannot be written.
fn write(path: &Path, text: &str) -> Result<(), Error> {
    let written: io::Result<()> = whole_file::write(path, text.as_bytes());
    written.map_err(|source| Error::Io {
        action: "write",
        path: path.to_owned(),
        source,
    })
}
