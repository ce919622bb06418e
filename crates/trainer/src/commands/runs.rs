use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use mlp_datasets::with_causes;
use serde::Serialize;
use serde_json::Value;

use super::write_json;
use crate::Error;
use crate::escaped::stderr;
use crate::options::Options;
use crate::report::{Aligned, one_line, widest};
use crate::run::{State, files, remove_unfinished};

/// List the runs of a folder, or one run, with their state, metrics and size.
#[derive(Args, Debug)]
pub struct RunsCommand {
    /// Folder of the runs, or of one
    #[arg(default_value = "runs")]
    folder: PathBuf,
    /// Remove runs whose training was killed
    #[arg(long)]
    clean: bool,
    /// Print one JSON document and nothing else
    #[arg(long)]
    json: bool,
}

/// A run as it is listed.
#[derive(Serialize, Clone, Debug)]
struct Run {
    name: String,
    #[serde(skip)]
    path: PathBuf,
    state: State,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    /// The name and the value of the metric of the test rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    metric: Option<(String, f64)>,
    /// The size of all files, in bytes.
    bytes: u64,
}

impl RunsCommand {
    pub(super) fn run(self, out: &mut impl Write) -> anyhow::Result<()> {
        let mut runs = list(&self.folder)?;
        if self.clean {
            runs.retain(|run| run.state != State::Unfinished || !clean(run));
        }
        for run in &runs {
            warn_of_summary(run);
        }
        if self.json {
            write_json(out, &runs)?;
            return Ok(());
        }
        let width = widest(runs.iter().map(|run| run.name.as_str())).max("name".len());
        writeln!(
            out,
            "{:<width$}  {:<11} {:<12} {:>20} {:>9}",
            "name", "state", "model", "test rows", "size"
        )?;
        for run in &runs {
            let metric = run.metric.as_ref();
            let metric = metric.map(|(name, value)| format!("{name} {value:.4}"));
            writeln!(
                out,
                "{:<width$}  {:<11} {:<12} {:>20} {:>9}",
                Aligned(&run.name),
                run.state.name(),
                run.model.as_deref().unwrap_or("-"),
                metric.as_deref().unwrap_or("-"),
                size(run.bytes),
            )?;
        }
        let has = |state: State| runs.iter().any(|run| run.state == state);
        if has(State::Unfinished) || has(State::Stopped) {
            let _ = writeln!(
                stderr(),
                "`trainer train --resume RUN` goes on with a run that is stopped or unfinished; `--clean` \
                 removes those that are unfinished, whose training was killed"
            );
        }
        Ok(())
    }
}

/// Removes a run whose training was killed, and says what has become of it. Whether it is a run no more.
fn clean(run: &Run) -> bool {
    let name = one_line(&run.name);
    let is_link = run.path.is_symlink();
    let out = &mut stderr();
    let _ = match remove_unfinished(&run.path) {
        Ok(()) => writeln!(out, "removed `{name}`"),
        Err(_) if is_link => writeln!(out, "warning: `{name}` is a link, so it is left as it is"),
        Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => writeln!(
            out,
            "warning: what a training wrote into `{name}` is removed; the folder has other files too, so it stays"
        ),
        Err(error) => writeln!(out, "warning: `{name}` cannot be removed: {error}"),
    };
    State::of(&run.path).is_none()
}

/// Says that the metrics of a run cannot be shown, or are not those of the training.
fn warn_of_summary(run: &Run) {
    if run.state != State::ModelOnly || !run.path.join(files::SUMMARY_FILE).is_file() {
        return;
    }
    let summary: Result<Value, _> = files::load_summary(&run.path);
    if let Err(error) = summary {
        let error = with_causes(&error);
        let _ = writeln!(stderr(), "warning: {}", one_line(&error));
    }
}

/// The runs in a folder by name, after itself if it is one.
fn list(folder: &Path) -> Result<Vec<Run>, Error> {
    let entries = fs::read_dir(folder).map_err(|source| Error::Io {
        action: "read",
        path: folder.to_owned(),
        source,
    })?;
    let runs = entries.flatten().filter_map(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        found(name, entry.path())
    });
    let mut runs: Vec<Run> = runs.collect();
    runs.sort_by(|a, b| a.name.cmp(&b.name));
    if let Some(run) = found(folder.display().to_string(), folder.to_owned()) {
        // Those in a run are its folds, which have metrics, and its members, which are nothing by themselves.
        runs.retain(|part| part.state == State::Complete);
        runs.insert(0, run);
    }
    Ok(runs)
}

/// The run in a folder, if there is one.
fn found(name: String, path: PathBuf) -> Option<Run> {
    let state = State::of(&path)?;
    let summary: Option<Value> = files::load_summary(&path).ok();
    let options: Option<Options> = files::load_config(&path).ok();
    let model = options.and_then(|options| options.model.name);
    Some(Run {
        name,
        state,
        model: model.map(|model| model.to_string()),
        metric: summary.as_ref().and_then(metric),
        bytes: bytes(&path),
        path,
    })
}

/// What a summary says of the test rows: for folds, the mean.
fn metric(summary: &Value) -> Option<(String, f64)> {
    let metrics = &summary["metrics"]["test"];
    ["accuracy", "rmse"].into_iter().find_map(|name| {
        let value = metrics[name].as_f64().or(metrics[name]["mean"].as_f64());
        Some((name.to_owned(), value?))
    })
}

/// The size of all files below a folder. Links are not followed.
fn bytes(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    let of_entry = |entry: fs::DirEntry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => bytes(&entry.path()),
        Ok(metadata) => metadata.len(),
        Err(_) => 0,
    };
    entries.flatten().map(of_entry).sum()
}

#[expect(clippy::cast_precision_loss)] // Three digits are shown.
fn size(bytes: u64) -> String {
    match bytes as f64 {
        bytes @ ..1e3 => format!("{bytes} B"),
        bytes @ ..1e6 => format!("{:.1} kB", bytes / 1e3),
        bytes @ ..1e9 => format!("{:.1} MB", bytes / 1e6),
        bytes => format!("{:.1} GB", bytes / 1e9),
    }
}
