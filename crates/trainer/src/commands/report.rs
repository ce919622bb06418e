use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::iter;
use std::path::{Path, PathBuf};

use clap::Args;
use mlp_datasets::{Dataset, SplitName};
use mlp_inference::{Device, SavedModel};
use serde_json::Value;

use super::table_of_run::{TableOfRun, splits};
use crate::data::load_training_named_by_run;
use crate::escaped::stderr;
use crate::options::named;
use crate::pictures::save_drawing;
use crate::report::warnings;
use crate::run::files::{self, CARD_FILE, REPORT_FILE};
use crate::run::{KeptFiles, identity, load};
use crate::run_report::{Judged, JudgedRows, Subject};
use crate::summary::Summary;
use crate::{Backend, Error, TrainingConfig};

/// How many rows are predicted for a report; of more, so many are drawn by the seed.
const MOST_ROWS: usize = 50_000;

/// Write what a run is like as a page that needs no other file, and as a model card.
#[derive(Args, Debug)]
pub struct ReportCommand {
    /// Folder of the run
    run: PathBuf,
    #[command(flatten)]
    table: TableOfRun,
    /// File of the page; the model card is then beside it, with the ending `.md` [default: `report.html` in the
    /// folder of the run, and `model-card.md`; of another table `report-TABLE.html` and `model-card-TABLE.md`]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write each drawing into a folder as well, as SVG and PNG
    #[arg(long, value_name = "DIR")]
    pictures: Option<PathBuf>,
    /// Show no rows of the table, for a report that others will read
    #[arg(long)]
    no_rows: bool,
    /// Replace a model card although it was edited [default: the new one goes beside it]
    #[arg(long)]
    force: bool,
    /// Compute backend [default: the first one compiled in]
    #[arg(long, value_parser = named::<Backend>())]
    backend: Option<Backend>,
}

impl ReportCommand {
    pub(super) fn run(self, out: &mut impl Write) -> anyhow::Result<()> {
        let backend = self.backend.map_or_else(Backend::preferred, Ok)?;
        let device = backend.device()?;
        let run = identity(&self.run).ok();
        let (model, config, summary) = load(&self.run, &device)?;
        let (report, card) = self.files(None);
        self.check_output(&[&report, &card])?;
        let (dataset, is_training) = self.dataset(&config, &model, &summary)?;
        // The run's own report is of its own table.
        let (report, card) = self.files((!is_training).then_some(dataset.name.as_str()));
        self.check_output(&[&report, &card])?;
        let _ = warnings::write_empty_inputs(&mut stderr(), &dataset.empty_inputs);
        let folds: Option<Value> = if config.is_of_all_rows() && is_training {
            Some(files::load_summary(&self.run)?)
        } else {
            None
        };
        let judged = match &folds {
            Some(_) => self.by_folds(&config, &dataset, &device)?,
            None => None,
        };
        let judged = match judged {
            Some(judged) => Some(judged),
            None => by_split(&model, &config, (&dataset, is_training))?,
        };
        let subject = Subject {
            folder: &self.run,
            model: &model,
            config: &config,
            summary: &summary,
            folds: folds.as_ref(),
            dataset: &dataset,
            judged: judged.as_ref(),
            warnings: changes(&model, &summary, (&dataset, is_training)),
            shows_rows: !self.no_rows,
        };
        // With `--force`, another training may have been quicker.
        if identity(&self.run).ok() != run {
            return Err(Error::RunReplaced {
                path: self.run.clone(),
            }
            .into());
        }
        let (page, written) = subject.write(&report, &card, self.force)?;
        if written != card {
            let _ = writeln!(
                stderr(),
                "note: `{}` was edited, or is not of this program, so it is kept, and the new model card is `{}`; \
                 `--force` replaces it",
                card.display(),
                written.display()
            );
        }
        let card = written;
        writeln!(out, "report      {}", report.display())?;
        writeln!(out, "model card  {}", card.display())?;
        if let Some(folder) = &self.pictures {
            let mut names = BTreeSet::new();
            for figure in page.figures() {
                let numbered = (2..).map(|number| format!("{}-{number}", figure.name));
                let mut free = iter::once(figure.name.clone()).chain(numbered);
                let name = free.find(|name| names.insert(name.clone()));
                save_drawing(&figure.drawing, folder, &name.unwrap_or_default())?;
            }
            writeln!(out, "pictures    {}", folder.display())?;
        }
        Ok(())
    }

    /// The table, and whether its rows are split as in training.
    fn dataset(
        &self,
        config: &TrainingConfig,
        model: &SavedModel,
        summary: &Summary,
    ) -> Result<(Dataset, bool), Error> {
        // As it was read in training, it also tells which columns were left out.
        if self.table.is_default()
            && let Ok(dataset) = load_training_named_by_run(config)
            && is_unchanged(model, summary, &dataset)
        {
            return Ok((dataset, true));
        }
        match summary {
            Summary::Prediction(trained) => self.table.load_and_recognise(config, model, trained),
            Summary::Clustering(_) => {
                let is_training = self.table.names_training(config);
                Ok((self.table.load(config, model, is_training)?, is_training))
            }
        }
    }

    /// The files of the page and of the model card, of another table than that of the training if one is named.
    fn files(&self, other: Option<&str>) -> (PathBuf, PathBuf) {
        let of_table = |file: &str| match (other, file.rsplit_once('.')) {
            (Some(name), Some((stem, ending))) => self
                .run
                .join(format!("{stem}-{}.{ending}", file_name(name))),
            (None, _) | (_, None) => self.run.join(file),
        };
        match &self.output {
            Some(path) => (path.clone(), path.with_extension("md")),
            None => (of_table(REPORT_FILE), of_table(CARD_FILE)),
        }
    }

    /// Checks that no file is replaced that belongs to the run, or is read.
    fn check_output(&self, outputs: &[&Path]) -> Result<(), Error> {
        let mut kept = KeptFiles::of(&self.run).but(&[REPORT_FILE, CARD_FILE]);
        if let Some(name) = self.table.name() {
            kept = kept.with_table(name);
        }
        for output in outputs {
            kept.check_replaceable(output)?;
        }
        if let Some(output) = &self.output
            && output.extension().is_some_and(|ending| ending == "md")
        {
            return Err(Error::InvalidOption {
                option: "output".to_owned(),
                value: format!("`{}`", output.display()),
                allowed: "the name of an HTML file; the model card has the ending `.md`".to_owned(),
            });
        }
        Ok(())
    }

    /// By the models of all folds, if they are there.
    fn by_folds(
        &self,
        config: &TrainingConfig,
        dataset: &Dataset,
        device: &Device,
    ) -> Result<Option<Judged>, Error> {
        let splits = config.training().folds(dataset)?;
        let mut models = Vec::new();
        for fold in 1..=splits.len() {
            let folder = self.run.join(format!("fold-{fold}"));
            if !fs::exists(folder.join("model.json")).unwrap_or(false) {
                return Ok(None);
            }
            models.push(SavedModel::load(&folder, device)?);
        }
        let tested: Vec<_> = models
            .iter()
            .zip(splits)
            .map(|(model, split)| (model, split.test))
            .collect();
        Judged::by_folds(&tested, dataset, (MOST_ROWS, config.seed))
    }
}

/// The name of a table as a part of the name of a file.
fn file_name(table: &str) -> String {
    let stem = Path::new(table).file_stem().unwrap_or_default();
    let allowed = |character: char| {
        if character.is_alphanumeric() || "-_".contains(character) {
            character
        } else {
            '_'
        }
    };
    stem.to_string_lossy()
        .chars()
        .take(60)
        .map(allowed)
        .collect()
}

/// The rows that the model is judged by: those for testing, or others if there are none.
fn by_split(
    model: &SavedModel,
    config: &TrainingConfig,
    (dataset, is_training): (&Dataset, bool),
) -> Result<Option<Judged>, Error> {
    if model.clustering().is_some() {
        return Ok(None);
    }
    let parts = splits(config, dataset, is_training)?;
    // The test rows come last.
    let parts: Vec<(JudgedRows, &[usize])> = parts
        .iter()
        .rev()
        .map(|(name, rows)| {
            let which = match name {
                SplitName::Test if is_training => JudgedRows::Test,
                SplitName::Test => JudgedRows::Other,
                SplitName::Valid => JudgedRows::Valid,
                SplitName::Train => JudgedRows::Train,
            };
            (which, rows.as_slice())
        })
        .collect();
    Judged::by_rows(model, dataset, &parts, (MOST_ROWS, config.seed))
}

/// What differs from when the model was trained.
fn changes(
    model: &SavedModel,
    summary: &Summary,
    (dataset, is_training): (&Dataset, bool),
) -> Vec<String> {
    if !is_training {
        return vec![format!(
            "the figures below are of {}, which is not the table of the training; the metrics of the training are \
             listed beside them.",
            dataset.name
        )];
    }
    if is_unchanged(model, summary, dataset) {
        return Vec::new();
    }
    vec![
        "the table has changed since the training, so its rows were split anew: the figures below are of rows that \
         may have been trained on. The metrics of the training are as they were."
            .to_owned(),
    ]
}

/// Whether a table is the one that was trained on, as far as one can see.
fn is_unchanged(model: &SavedModel, summary: &Summary, dataset: &Dataset) -> bool {
    let fingerprint = match summary {
        Summary::Prediction(summary) => summary.fingerprint.as_ref(),
        Summary::Clustering(_) => None,
    };
    let features = model.preprocessor().column_names();
    let has_all = features
        .iter()
        .all(|name| dataset.table.column(name).is_some());
    has_all && fingerprint.is_none_or(|fingerprint| *fingerprint == dataset.fingerprint(&features))
}
