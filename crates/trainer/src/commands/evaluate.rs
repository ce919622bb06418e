use std::collections::BTreeMap;
use std::io::{Write, stderr};
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use mlp_datasets::{ReadOptions, SplitName};
use mlp_inference::{ClusterModel, Purpose, SavedModel};

use crate::{
    Backend, ClusteringConfig, ClusteringSummary, Error, Summary, TrainingConfig, load_to_judge,
    report,
};

/// Judge a run's model on the data it was trained on, or on other data.
#[derive(Args, Debug)]
pub struct EvaluateCommand {
    /// Folder of the run
    run: PathBuf,
    /// Another data set or table, all of whose rows are then judged as `test`
    /// [default: that of the training, split as it was]
    dataset: Option<String>,
    /// What computes [default: the first backend compiled in]
    #[arg(long, value_enum)]
    backend: Option<Backend>,
    /// Folder of the IDX files of `mnist` and `idx` [default: where training found them]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Print one JSON document and nothing else
    #[arg(long)]
    json: bool,
}

impl EvaluateCommand {
    pub(super) fn run(self, out: &mut impl Write) -> anyhow::Result<()> {
        if Purpose::of(&self.run).is_ok_and(|purpose| purpose == Purpose::Clustering) {
            return self.judge_clusters(out);
        }
        let start = Instant::now();
        let backend = self.backend.map_or_else(Backend::preferred, Ok)?;
        let model = SavedModel::load(&self.run, &backend.device()?)?;
        let config = TrainingConfig::load(&self.run)?;
        let trained = Summary::load(&self.run)?;

        let mut options = config.load_options();
        options.data_dir = self.data_dir.or(options.data_dir);
        let is_same = self
            .dataset
            .as_ref()
            .is_none_or(|name| *name == config.dataset);
        let name = self.dataset.as_deref().unwrap_or(&config.dataset);
        let target = &model.description().preprocessor.target;
        // Read as in training, so that the rows are split alike; but the kinds of columns, and which
        // are left out, the model says.
        let mut read = ReadOptions {
            target: target.names(),
            task: Some(target.task()),
            model: Some(model.schema()),
            ..config.table.without_kinds().read_options()?
        };
        if !is_same {
            (read.split, read.group, read.time, read.test) = (None, None, None, None);
            read.weight = None;
        }
        let dataset = load_to_judge(name, &options, &read)?;
        let splits: Vec<(SplitName, Vec<usize>)> = if is_same {
            let split = config.split(&dataset)?;
            SplitName::ALL
                .into_iter()
                .map(|name| (name, name.rows(&split).to_vec()))
                .collect()
        } else {
            vec![(SplitName::Test, (0..dataset.table.num_rows()).collect())]
        };
        let evaluations = splits
            .iter()
            .map(|(name, rows)| Ok((*name, model.evaluate(&dataset.table, rows)?)))
            .collect::<Result<BTreeMap<_, _>, Error>>()?;

        let rows: BTreeMap<SplitName, usize> = splits
            .iter()
            .map(|(name, rows)| (*name, rows.len()))
            .collect();
        if is_same && rows != trained.rows {
            let _ = writeln!(
                stderr(),
                "warning: the table has changed since training, so its rows are split otherwise: \
                 test rows may have been trained on"
            );
        }
        let metrics = evaluations
            .iter()
            .map(|(name, evaluation)| (*name, evaluation.metrics.clone()))
            .collect();
        if self.json {
            let summary = Summary {
                run: self.run,
                backend,
                seconds: start.elapsed().as_secs_f64(),
                metrics,
                rows,
                ..trained
            };
            serde_json::to_writer(&mut *out, &summary)?;
            writeln!(out)?;
            return Ok(());
        }
        let rows: Vec<_> = splits
            .iter()
            .map(|(name, rows)| (name.name(), rows.len(), &evaluations[name].metrics))
            .collect();
        report::write_metrics(out, &rows)?;
        if let (Some(test), Some(classes)) = (evaluations.get(&SplitName::Test), model.classes()) {
            report::write_confusion(out, test, classes)?;
        }
        Ok(())
    }

    /// Judges the clusters of all rows.
    fn judge_clusters(self, out: &mut impl Write) -> anyhow::Result<()> {
        let start = Instant::now();
        let backend = self.backend.map_or_else(Backend::preferred, Ok)?;
        let model = ClusterModel::load(&self.run, &backend.device()?)?;
        let config = ClusteringConfig::load(&self.run)?;
        let trained = ClusteringSummary::load(&self.run)?;
        let mut options = config.load_options();
        options.data_dir = self.data_dir.or(options.data_dir);
        let name = self.dataset.as_deref().unwrap_or(&config.dataset);
        let read = ReadOptions {
            model: Some(model.schema()),
            ..config.table.without_kinds().read_options()?
        };
        let dataset = load_to_judge(name, &options, &read)?;
        let found = model.predict(&dataset.table).map_err(Error::from)?;
        let metrics = model.judge(&dataset.table, &found).map_err(Error::from)?;
        if self.json {
            let summary = ClusteringSummary {
                run: self.run,
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
        report::write_cluster_metrics(out, &[(&config.model.to_string(), &metrics)])?;
        Ok(())
    }
}
