//! What is in a run: its network layer by layer, columns, classes, metrics and files.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use mlp_datasets::{SplitName, Task};
use mlp_inference::{ClusterMetrics, Metrics, NetworkLayer, SavedModel};
use mlp_training::Model;
use serde::Serialize;

use super::{
    Aligned, FoldMetrics, cut, widest, write_cluster_metrics, write_metrics, write_out_of_fold,
};
use crate::TrainingConfig;
use crate::summary::Summary;

/// How many layers, columns and classes are printed; `--json` has all.
const MOST_LINES: usize = 60;

/// How much of a class and of the names of the targets is printed.
const MOST_CHARACTERS: usize = 200;

/// The document that `inspect RUN --json` prints.
#[derive(Serialize, Debug)]
pub struct RunContents {
    /// The folder.
    pub run: String,
    /// What the model does.
    pub task: Task,
    /// Which network it is.
    pub model: Model,
    /// The name of the data set.
    pub dataset: String,
    /// The random seed.
    pub seed: u64,
    /// How many numbers the network has learned.
    pub parameters: usize,
    /// The layers of the network with their tensors.
    pub layers: Vec<ContainedLayer>,
    /// The columns that rows must have.
    pub columns: Vec<ContainedColumn>,
    /// The predicted columns.
    pub targets: Vec<String>,
    /// The classes, if classes are predicted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// How many clusters there are, if it finds clusters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clusters: Option<usize>,
    /// How many epochs were trained.
    pub epochs: usize,
    /// The epoch whose network was kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub best_epoch: Option<usize>,
    /// How many rows each split had.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub rows: BTreeMap<SplitName, usize>,
    /// How good it was on each split.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metrics: BTreeMap<SplitName, Metrics>,
    /// How good models of folds were on rows that they had not seen, if there was a cross-validation; the metrics
    /// above are then of rows that the model has learned from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folds: Option<FoldMetrics>,
    /// How well the clusters fit the rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster_metrics: Option<ClusterMetrics>,
    /// The files with their sizes.
    pub files: Vec<ContainedFile>,
}

/// A layer with its tensors.
#[derive(Serialize, Debug)]
pub struct ContainedLayer {
    /// Where it is, what it is, and its tensors.
    #[serde(flatten)]
    pub layer: NetworkLayer,
    /// How many numbers it has learned.
    pub parameters: usize,
}

/// A column that rows must have.
#[derive(Serialize, Debug)]
pub struct ContainedColumn {
    /// Its name.
    pub name: String,
    /// The kind of its values.
    pub kind: &'static str,
    /// How many numbers it becomes, not counting embedded categories.
    pub inputs: usize,
    /// How many categories are embedded, if they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embedded: Option<usize>,
}

/// A file of the run.
#[derive(Serialize, Debug, PartialEq, Eq)]
pub struct ContainedFile {
    /// Its path in the folder.
    pub path: String,
    /// Its size.
    pub bytes: u64,
}

impl RunContents {
    /// Of the run in a folder.
    pub fn of(run: &Path, model: &SavedModel, config: &TrainingConfig, summary: &Summary) -> Self {
        let layers = model.trained_network().layers();
        let layers: Vec<ContainedLayer> = layers
            .into_iter()
            .map(|layer| ContainedLayer {
                parameters: layer.num_parameters(),
                layer,
            })
            .collect();
        let features = model.preprocessor().features.iter();
        let columns = features.map(|feature| ContainedColumn {
            name: feature.name().to_owned(),
            kind: match feature.as_derived() {
                Some(_) => "derived",
                None => feature.column_kind().name(),
            },
            inputs: feature.width(),
            embedded: feature.cardinality(),
        });
        let mut files = Vec::new();
        list_files(run, "", &mut files);
        files.sort_by(|a: &ContainedFile, b| a.path.cmp(&b.path));
        let mut contents = Self {
            run: run.display().to_string(),
            task: model.task(),
            model: config.model(),
            dataset: config.dataset().to_owned(),
            seed: config.seed,
            parameters: layers.iter().map(|layer| layer.parameters).sum(),
            layers,
            columns: columns.collect(),
            targets: model.target_names(),
            classes: model.classes().unwrap_or_default().to_vec(),
            clusters: None,
            epochs: 0,
            best_epoch: None,
            rows: BTreeMap::new(),
            metrics: BTreeMap::new(),
            folds: None,
            cluster_metrics: None,
            files,
        };
        match summary {
            Summary::Prediction(summary) => {
                contents.epochs = summary.epochs;
                contents.best_epoch = Some(summary.best_epoch);
                contents.rows.clone_from(&summary.rows);
                contents.metrics.clone_from(&summary.metrics);
            }
            Summary::Clustering(summary) => {
                contents.task = Task::Clustering;
                contents.epochs = summary.epochs;
                contents.clusters = Some(summary.clusters);
                contents.cluster_metrics = Some(summary.metrics.clone());
            }
        }
        contents
    }
}

/// Adds the files below a folder. Links are not followed.
fn list_files(folder: &Path, prefix: &str, files: &mut Vec<ContainedFile>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => {
                list_files(&entry.path(), &format!("{path}/"), files);
            }
            Ok(metadata) => files.push(ContainedFile {
                path,
                bytes: metadata.len(),
            }),
            Err(_) => {}
        }
    }
}

/// Prints what is in a run.
///
/// # Errors
///
/// If the writer fails.
pub fn write_run_contents(out: &mut impl Write, contents: &RunContents) -> io::Result<()> {
    writeln!(
        out,
        "{}: {} on {}",
        contents.run, contents.model, contents.dataset
    )?;
    writeln!(out, "  task         {}", task(contents))?;
    let kept = match contents.best_epoch {
        Some(epoch) => format!(", of which the network of epoch {epoch} was kept"),
        None => String::new(),
    };
    writeln!(out, "  epochs       {}{kept}", contents.epochs)?;
    writeln!(out, "  seed         {}", contents.seed)?;
    writeln!(out, "  parameters   {}\n", contents.parameters)?;
    write_layers(out, contents)?;
    write_columns(out, contents)?;
    if !contents.metrics.is_empty() {
        writeln!(out)?;
        let rows: Vec<_> = contents
            .metrics
            .iter()
            .map(|(split, metrics)| {
                let rows = contents.rows.get(split).copied().unwrap_or(0);
                (split.name(), rows, metrics)
            })
            .collect();
        write_metrics(out, &rows)?;
    }
    if let Some(folds) = &contents.folds {
        write_out_of_fold(out, folds)?;
    }
    if let Some(metrics) = &contents.cluster_metrics {
        writeln!(out)?;
        write_cluster_metrics(out, &[(&contents.model.to_string(), metrics)])?;
    }
    let width = widest(contents.files.iter().map(|file| file.path.as_str())).max("file".len());
    writeln!(out, "\n{:<width$}  {:>12}", "file", "bytes")?;
    for file in &contents.files {
        writeln!(out, "{:<width$}  {:>12}", Aligned(&file.path), file.bytes)?;
    }
    Ok(())
}

fn task(contents: &RunContents) -> String {
    let targets = contents.targets.join(", ");
    let targets = cut(&targets, MOST_CHARACTERS);
    match contents.task {
        Task::Classification => {
            let classes = contents
                .classes
                .iter()
                .take(12)
                .map(|class| cut(class, MOST_CHARACTERS))
                .collect::<Vec<_>>();
            let more = match contents.classes.len().saturating_sub(12) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            format!("classification of {targets}: {}{more}", classes.join(", "))
        }
        Task::Regression => format!("regression of {targets}"),
        Task::Clustering => format!("clustering: {} clusters", contents.clusters.unwrap_or(0)),
    }
}

fn write_layers(out: &mut impl Write, contents: &RunContents) -> io::Result<()> {
    let shown = &contents.layers[..contents.layers.len().min(MOST_LINES)];
    let named = |layer: &ContainedLayer| match layer.layer.path.as_str() {
        "" => "(all)".to_owned(),
        path => path.to_owned(),
    };
    let width = shown.iter().map(|layer| named(layer).chars().count());
    let width = width.max().unwrap_or(0).max("layer".len());
    let kinds = shown.iter().map(|layer| layer.layer.kind.chars().count());
    let kinds = kinds.max().unwrap_or(0).max("kind".len());
    writeln!(
        out,
        "{:<width$}  {:<kinds$}  {:>10}  tensors",
        "layer", "kind", "parameters"
    )?;
    for layer in shown {
        let tensors = layer.layer.tensors.iter().map(|tensor| {
            let sides = tensor.shape.iter().map(ToString::to_string);
            format!(
                "{} [{}]",
                tensor.name,
                sides.collect::<Vec<_>>().join(" × ")
            )
        });
        writeln!(
            out,
            "{:<width$}  {:<kinds$}  {:>10}  {}",
            named(layer),
            layer.layer.kind,
            layer.parameters,
            tensors.collect::<Vec<_>>().join(", ")
        )?;
    }
    write_rest(out, contents.layers.len() - shown.len())
}

fn write_columns(out: &mut impl Write, contents: &RunContents) -> io::Result<()> {
    let shown = &contents.columns[..contents.columns.len().min(MOST_LINES)];
    let width = widest(shown.iter().map(|column| column.name.as_str())).max("column".len());
    writeln!(out, "\n{:<width$}  {:<11}  inputs", "column", "kind")?;
    for column in shown {
        let inputs = match column.embedded {
            Some(categories) => format!("{categories} embedded categories"),
            None => column.inputs.to_string(),
        };
        writeln!(
            out,
            "{:<width$}  {:<11}  {inputs}",
            Aligned(&column.name),
            column.kind
        )?;
    }
    write_rest(out, contents.columns.len() - shown.len())
}

fn write_rest(out: &mut impl Write, more: usize) -> io::Result<()> {
    match more {
        0 => Ok(()),
        more => writeln!(out, "and {more} more, which `--json` lists"),
    }
}
