use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use mlp_datasets::{Dataset, ReadOptions, SplitName};
use mlp_inference::{ClusteringModel, Evaluation, SavedModel};
use strum::VariantArray;

use crate::data::{load_named_by_run, load_to_evaluate};
use crate::escaped::stderr;
use crate::options::named;
use crate::report::warnings;
use crate::run::load;
use crate::summary::{ClusteringSummary, PredictionSummary, Summary, class_metrics};
use crate::{Backend, Error, TrainingConfig, built_in, report};

/// Evaluate a run's model on the data it was trained on, or on other data.
#[derive(Args, Debug)]
pub struct EvaluateCommand {
    /// Folder of the run
    run: PathBuf,
    /// Another data set or table, all of whose rows are then evaluated as `test`, without weights. The
    /// rows of the training are recognised and split as they were [default: that of the training]
    dataset: Option<String>,
    /// Compute backend [default: the first one compiled in]
    #[arg(long, value_parser = named::<Backend>())]
    backend: Option<Backend>,
    /// Folder of the IDX files of `mnist` and `idx` [default: the one used in training]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Further text that means "missing", besides what did in training, in all columns or, as COLUMN=VALUE,
    /// in one
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    missing: Vec<String>,
    /// Evaluate although no value of a column was there in training
    #[arg(long)]
    allow_unknown: bool,
    /// Sheet of a workbook to read, by its name or its number from 1 [default: that of the training, or
    /// the first one with a table]
    #[arg(long, value_name = "SHEET")]
    sheet: Option<String>,
    /// Print one JSON document and nothing else
    #[arg(long)]
    json: bool,
}

impl EvaluateCommand {
    pub(super) fn run(self, out: &mut impl Write) -> anyhow::Result<()> {
        let start = Instant::now();
        let backend = self.backend.map_or_else(Backend::preferred, Ok)?;
        let device = backend.device()?;
        let (model, config, trained) = load(&self.run, &device)?;
        match (model.clustering(), trained) {
            (Some(clustering), Summary::Clustering(trained)) => {
                let dataset = self.load(&config, &model, self.names_training(&config))?;
                let run = (&config, trained);
                self.evaluate_clusters(&clustering, &dataset, run, backend, start, out)
            }
            (None, Summary::Prediction(trained)) => {
                self.evaluate(&model, (&config, trained), backend, start, out)
            }
            (Some(_), Summary::Prediction(_)) | (None, Summary::Clustering(_)) => {
                unreachable!("the summary is that of the model")
            }
        }
    }

    /// Whether the data set is named as in training, in any spelling of its path.
    fn names_training(&self, config: &TrainingConfig) -> bool {
        let name = self.dataset.as_deref().unwrap_or(config.dataset());
        let absolute = |path: &str| fs::canonicalize(path).ok();
        let is_same_file = || {
            let path = absolute(name);
            path.is_some() && path == absolute(config.dataset())
        };
        let is_same_sheet = self.sheet.is_none() || self.sheet == config.table().sheet;
        is_same_sheet && (name == config.dataset() || built_in(name).is_none() && is_same_file())
    }

    /// The data set, and whether its rows are split as in training: they are if they are those of the
    /// training, wherever they are read from.
    fn load_and_recognise(
        &self,
        config: &TrainingConfig,
        model: &SavedModel,
        trained: &PredictionSummary,
    ) -> Result<(Dataset, bool), Error> {
        let is_named = self.names_training(config);
        let dataset = self.load(config, model, is_named)?;
        let features = model.preprocessor().feature_names();
        let is_equal = match &trained.fingerprint {
            Some(fingerprint) => *fingerprint == dataset.fingerprint(&features),
            None => is_named,
        };
        match (is_named, is_equal) {
            (true, false) => {
                warn_of_change();
                Ok((dataset, true))
            }
            (false, true) => {
                let _ = writeln!(
                    stderr(),
                    "these are the rows of the training, so they are split as they were then"
                );
                let by_column = !config.table().split.is_empty();
                let dataset = if by_column {
                    self.load(config, model, true)?
                } else {
                    dataset
                };
                Ok((dataset, true))
            }
            (is_named, _) => Ok((dataset, is_named)),
        }
    }

    /// Loads the data set. That of the training is read as it was then, so that its rows are split alike;
    /// but the kinds of its columns, and which of them are left out, are those that the model knows.
    fn load(
        &self,
        config: &TrainingConfig,
        model: &SavedModel,
        is_training: bool,
    ) -> Result<Dataset, Error> {
        let mut options = config.load_options();
        options.data_dir = self.data_dir.clone().or(options.data_dir);
        let name = self.dataset.as_deref().unwrap_or(config.dataset());
        let schema = model.schema();
        let mut read = ReadOptions {
            dialect: schema.dialect.clone(),
            model: Some(schema),
            ..config.table().without_kinds().read_options()?
        };
        read.dialect.missing.extend(self.missing.clone());
        if model.clustering().is_none() {
            read.target = model.target_names();
            read.task = Some(model.task());
        }
        if !is_training {
            (read.split, read.group, read.time, read.test) = (None, None, None, None);
            read.weight = None;
        }
        let trained_on = config.table().sheet.as_ref();
        let trained_on = trained_on.filter(|_| self.names_training(config));
        let sheet = self.sheet.as_ref().or(trained_on).map(String::as_str);
        let dataset = match &self.dataset {
            Some(_) => load_to_evaluate(name, sheet, &options, &read)?,
            None => load_named_by_run(name, sheet, &options, &read)?,
        };
        let _ = warnings::write_notes(&mut stderr(), &dataset.notes);
        if !is_training {
            let preprocessor = model.preprocessor();
            if !self.allow_unknown {
                preprocessor.check_known(&dataset.table)?;
            }
            let unseen = preprocessor.unseen_values(&dataset.table)?;
            let _ = warnings::warn_of_unseen_values(&mut stderr(), &unseen);
        }
        Ok(dataset)
    }

    /// Evaluates the predictions of each split.
    fn evaluate(
        &self,
        model: &SavedModel,
        (config, trained): (&TrainingConfig, PredictionSummary),
        backend: Backend,
        start: Instant,
        out: &mut impl Write,
    ) -> anyhow::Result<()> {
        let (dataset, is_training) = self.load_and_recognise(config, model, &trained)?;
        let _ = warnings::write_empty_inputs(&mut stderr(), &dataset.empty_inputs);
        let all_rows = || (0..dataset.table.num_rows()).collect();
        let splits: Vec<(SplitName, Vec<usize>)> = if is_training && config.is_of_all_rows() {
            vec![(SplitName::Train, all_rows())]
        } else if is_training {
            let split = config.split(&dataset)?;
            SplitName::VARIANTS
                .iter()
                .map(|&name| (name, name.rows(&split).to_vec()))
                .collect()
        } else {
            vec![(SplitName::Test, all_rows())]
        };
        let evaluations = splits
            .iter()
            .map(|(name, rows)| Ok((*name, model.evaluate(&dataset.table, rows)?)))
            .collect::<Result<BTreeMap<SplitName, Evaluation>, Error>>()?;

        let rows: BTreeMap<SplitName, usize> = splits
            .iter()
            .map(|(name, rows)| (*name, rows.len()))
            .collect();
        if is_training && trained.fingerprint.is_none() && rows != trained.rows {
            warn_of_change();
        }
        for (name, evaluation) in &evaluations {
            let _ = write!(stderr(), "{}", report::shortcomings(*name, evaluation));
        }
        if self.json {
            let summary = PredictionSummary {
                run: self.run.clone(),
                backend,
                seconds: start.elapsed().as_secs_f64(),
                metrics: evaluations
                    .iter()
                    .map(|(name, evaluation)| (*name, evaluation.metrics.clone()))
                    .collect(),
                rows,
                baseline: trained.baseline.filter(|_| is_training),
                classes: class_metrics(model, evaluations.get(&SplitName::Test)),
                ..trained
            };
            serde_json::to_writer(&mut *out, &summary)?;
            writeln!(out)?;
            return Ok(());
        }
        let rows: Vec<_> = evaluations
            .iter()
            .map(|(name, evaluation)| (name.name(), rows[name], &evaluation.metrics))
            .collect();
        report::write_metrics(out, &rows)?;
        if let (Some(test), Some(classes)) = (evaluations.get(&SplitName::Test), model.classes()) {
            report::write_confusion(out, test, classes)?;
        }
        Ok(())
    }

    /// Evaluates the clusters of all rows.
    fn evaluate_clusters(
        &self,
        model: &ClusteringModel<'_>,
        dataset: &Dataset,
        (config, trained): (&TrainingConfig, ClusteringSummary),
        backend: Backend,
        start: Instant,
        out: &mut impl Write,
    ) -> anyhow::Result<()> {
        let found = model.predict(&dataset.table).map_err(Error::from)?;
        let metrics = model
            .evaluate_clusters(&dataset.table, &found)
            .map_err(Error::from)?;
        if self.json {
            let summary = ClusteringSummary {
                run: self.run.clone(),
                backend,
                rows: dataset.table.num_rows(),
                sizes: found.sizes(model.num_clusters()),
                seconds: start.elapsed().as_secs_f64(),
                metrics,
                ..trained
            };
            serde_json::to_writer(&mut *out, &summary)?;
            writeln!(out)?;
            return Ok(());
        }
        report::write_cluster_metrics(out, &[(&config.model().to_string(), &metrics)])?;
        Ok(())
    }
}

fn warn_of_change() {
    let _ = writeln!(
        stderr(),
        "warning: the table has changed since training, so its rows are split anew: test rows may have \
         been trained on"
    );
}
