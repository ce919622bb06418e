use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use mlp_datasets::{Dataset, SplitName};
use mlp_inference::{ClusteringModel, Evaluation, Metrics, SavedModel};
use mlp_training::Model;

use super::table_of_run::{TableOfRun, splits, warn_of_change};
use crate::escaped::stderr;
use crate::options::named;
use crate::report::warnings;
use crate::run::load;
use crate::summary::{
    ClusteringSummary, PredictionSummary, Summary, class_metrics, target_metrics,
};
use crate::{Backend, Error, TrainingConfig, report};

/// Evaluate a run's model on the data it was trained on, or on other data.
#[derive(Args, Debug)]
pub struct EvaluateCommand {
    /// Folder of the run
    run: PathBuf,
    #[command(flatten)]
    table: TableOfRun,
    /// Compute backend [default: the first one compiled in]
    #[arg(long, value_parser = named::<Backend>())]
    backend: Option<Backend>,
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
                let is_training = self.table.names_training(&config);
                let dataset = self.table.load(&config, &model, is_training)?;
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

    /// Evaluates the predictions of each split.
    fn evaluate(
        &self,
        model: &SavedModel,
        (config, trained): (&TrainingConfig, PredictionSummary),
        backend: Backend,
        start: Instant,
        out: &mut impl Write,
    ) -> anyhow::Result<()> {
        let (dataset, is_training) = self.table.load_and_recognise(config, model, &trained)?;
        let _ = warnings::write_empty_inputs(&mut stderr(), &dataset.empty_inputs);
        let mut splits = splits(config, &dataset, is_training)?;
        // All but a few members of an ensemble have learned from them.
        let of_training = if config.model() == Model::Ensemble && is_training {
            splits.retain(|(name, _)| *name != SplitName::Valid);
            trained.metrics.get(&SplitName::Valid).cloned()
        } else {
            None
        };
        let evaluations = splits
            .iter()
            .map(|(name, rows)| Ok((*name, model.evaluate(&dataset.table, rows)?)))
            .collect::<Result<BTreeMap<SplitName, Evaluation>, Error>>()?;

        let mut rows: BTreeMap<SplitName, usize> = splits
            .iter()
            .map(|(name, rows)| (*name, rows.len()))
            .collect();
        let mut metrics: BTreeMap<SplitName, Metrics> = evaluations
            .iter()
            .map(|(name, evaluation)| (*name, evaluation.metrics.clone()))
            .collect();
        if let Some(of_training) = of_training {
            metrics.insert(SplitName::Valid, of_training);
            rows.extend(trained.rows.get_key_value(&SplitName::Valid));
        }
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
                metrics,
                rows,
                baseline: trained.baseline.filter(|_| is_training),
                classes: class_metrics(model, evaluations.get(&SplitName::Test)),
                targets: target_metrics(model, evaluations.get(&SplitName::Test)),
                ..trained
            };
            serde_json::to_writer(&mut *out, &summary)?;
            writeln!(out)?;
            return Ok(());
        }
        let lines: Vec<_> = metrics
            .iter()
            .map(|(name, metrics)| (name.name(), rows[name], metrics))
            .collect();
        report::write_metrics(out, &lines)?;
        if let Some(test) = evaluations.get(&SplitName::Test) {
            let targets = model.preprocessor().target.names();
            report::write_targets(out, test, rows[&SplitName::Test], &targets)?;
        }
        if config.is_of_all_rows() && is_training {
            report::write_out_of_fold(out, &report::FoldMetrics::load(&self.run)?)?;
        }
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
