use std::collections::BTreeMap;
use std::io::{Write, stderr};
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use mlp_datasets::{Dataset, ReadOptions, SplitName};
use mlp_inference::{ClusteringModel, Evaluation, SavedModel};
use strum::VariantArray;

use crate::data::load_to_evaluate;
use crate::options::named;
use crate::summary::{ClusteringSummary, PredictionSummary};
use crate::{Backend, Error, TrainingConfig, report};

/// Evaluate a run's model on the data it was trained on, or on other data.
#[derive(Args, Debug)]
pub struct EvaluateCommand {
    /// Folder of the run
    run: PathBuf,
    /// Another data set or table, all of whose rows are then evaluated as `test`; that of the training
    /// is split as it was [default: that of the training]
    dataset: Option<String>,
    /// Compute backend [default: the first one compiled in]
    #[arg(long, value_parser = named::<Backend>())]
    backend: Option<Backend>,
    /// Folder of the IDX files of `mnist` and `idx` [default: the one used in training]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Print one JSON document and nothing else
    #[arg(long)]
    json: bool,
}

impl EvaluateCommand {
    pub(super) fn run(self, out: &mut impl Write) -> anyhow::Result<()> {
        let start = Instant::now();
        let backend = self.backend.map_or_else(Backend::preferred, Ok)?;
        let model = SavedModel::load(&self.run, &backend.device()?).map_err(Error::from)?;
        let config = TrainingConfig::load(&self.run)?;
        match model.clustering() {
            Some(clustering) => {
                let dataset = self.load(&config, &model)?;
                self.evaluate_clusters(&clustering, &dataset, &config, backend, start, out)
            }
            None => self.evaluate(&model, &config, backend, start, out),
        }
    }

    /// Whether the data set is that of the training.
    fn is_same(&self, config: &TrainingConfig) -> bool {
        let dataset = self.dataset.as_ref();
        dataset.is_none_or(|name| name == config.dataset())
    }

    /// Loads the data set. A table is read as in training, so that its rows are split alike; but the
    /// kinds of its columns, and which of them are left out, are those that the model knows.
    fn load(&self, config: &TrainingConfig, model: &SavedModel) -> Result<Dataset, Error> {
        let mut options = config.load_options();
        options.data_dir = self.data_dir.clone().or(options.data_dir);
        let name = self.dataset.as_deref().unwrap_or(config.dataset());
        let schema = model.schema();
        let mut read = ReadOptions {
            dialect: schema.dialect.clone(),
            model: Some(schema),
            ..config.table().without_kinds().read_options()?
        };
        if model.clustering().is_none() {
            read.target = model.target_names();
            read.task = Some(model.task());
        }
        if !self.is_same(config) {
            (read.split, read.group, read.time, read.test) = (None, None, None, None);
            read.weight = None;
        }
        load_to_evaluate(name, &options, &read)
    }

    /// Evaluates the predictions of each split.
    fn evaluate(
        &self,
        model: &SavedModel,
        config: &TrainingConfig,
        backend: Backend,
        start: Instant,
        out: &mut impl Write,
    ) -> anyhow::Result<()> {
        let trained = PredictionSummary::load(&self.run)?;
        let dataset = self.load(config, model)?;
        let is_same = self.is_same(config);
        let splits: Vec<(SplitName, Vec<usize>)> = if is_same {
            let split = config.split(&dataset)?;
            SplitName::VARIANTS
                .iter()
                .map(|&name| (name, name.rows(&split).to_vec()))
                .collect()
        } else {
            vec![(SplitName::Test, (0..dataset.table.num_rows()).collect())]
        };
        let evaluations = splits
            .iter()
            .map(|(name, rows)| Ok((*name, model.evaluate(&dataset.table, rows)?)))
            .collect::<Result<BTreeMap<SplitName, Evaluation>, Error>>()?;

        let rows: BTreeMap<SplitName, usize> = splits
            .iter()
            .map(|(name, rows)| (*name, rows.len()))
            .collect();
        if is_same && rows != trained.rows {
            let _ = writeln!(
                stderr(),
                "warning: the table has changed since training, so its rows are split differently: \
                 test rows may have been trained on"
            );
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
        config: &TrainingConfig,
        backend: Backend,
        start: Instant,
        out: &mut impl Write,
    ) -> anyhow::Result<()> {
        let trained = ClusteringSummary::load(&self.run)?;
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
