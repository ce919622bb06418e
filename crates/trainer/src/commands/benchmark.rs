use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;

use super::Status;
use crate::benchmark::{
    BenchmarkData, Candidate, Ending, Pace, Peers, Plan, Process, Record, Report, Results, Seeds,
    decimals, read_suite,
};
use crate::escaped::stderr;
use crate::options::{DataOptions, ModelOptions, Options, TableOptions, TrainingOptions, named};
use crate::report::heading;
use crate::signals::on_signal;
use crate::{Backend, Error};

/// Compare models on several data sets: train each with several seeds, and print metrics, time and
/// memory
///
/// Each training is a process of its own. Its result is added to `results.csv` as soon as it ends, so a
/// benchmark can be interrupted: the same command goes on where it stopped. The tables are also written
/// to `results.md`. A column `MB` has the peak memory of the process, on Linux.
#[derive(Args, Debug)]
pub struct BenchmarkCommand {
    /// Data sets: built-in ones (`trainer datasets` lists them), or `FILE:TARGET`, with a file of test rows
    /// `FILE:TARGET:TEST_FILE`. In the names of files `{seed}` means the seed, so that each seed has
    /// its own split
    data: Vec<String>,
    /// TOML file that lists data sets, each as a section [[dataset]] with `path` and, if needed, `name`,
    /// `target`, `test`, `task`, `drop` and a section [dataset.table]; paths start at its folder
    #[arg(long, value_name = "FILE", help_heading = "Benchmark")]
    suite: Option<PathBuf>,
    /// Models to compare, by the names that `--model` takes, or configuration files such as `wide.toml`
    /// [default: mlp]
    #[arg(
        long,
        value_name = "MODEL,…",
        value_delimiter = ',',
        conflicts_with = "name",
        help_heading = "Benchmark"
    )]
    models: Vec<String>,
    /// Seeds to train with: `0..2` for 0, 1 and 2, or a list. A seed draws the split too, unless there is
    /// a `--split-seed`
    #[arg(
        long,
        value_name = "SEEDS",
        default_value = "0..2",
        help_heading = "Benchmark"
    )]
    seeds: Seeds,
    /// Results of other programs, as JSON lines with `dataset`, `model`, `metric`, `value` and, if known,
    /// `seed`, `roc_auc`, `r2`, `log_loss`, `fit_s`, `predict_s` and `peak_mb`
    #[arg(long, value_name = "FILE", help_heading = "Benchmark")]
    peers: Vec<PathBuf>,
    /// Folder of the results
    #[arg(
        long,
        value_name = "DIR",
        default_value = "benchmark",
        help_heading = "Benchmark"
    )]
    output: PathBuf,
    /// Start anew, although there are results in the folder
    #[arg(long, help_heading = "Benchmark")]
    force: bool,
    /// Compute backend, among those compiled in [default: the first of flex, ndarray, …]
    #[arg(long, value_parser = named::<Backend>(), help_heading = "Training")]
    backend: Option<Backend>,
    /// Folder of the IDX files of `mnist` and `idx`
    #[arg(long, value_name = "DIR", help_heading = "Data")]
    data_dir: Option<PathBuf>,

    #[command(flatten)]
    model: ModelOptions,
    #[command(flatten)]
    training: TrainingOptions,
    #[command(flatten)]
    dataset: DataOptions,
    #[command(flatten)]
    table: TableOptions,
}

impl BenchmarkCommand {
    pub(super) fn run(self, out: &mut impl Write) -> anyhow::Result<Status> {
        let plan = self.plan()?;
        let peers = Peers::read(&self.peers, &plan)?;
        let mut results = Results::open(&self.output, self.force)?;
        let process = Process::default();
        on_signal({
            let process = process.clone();
            move || process.stop()
        })?;
        let is_complete = train_all(&plan, &mut results, &process)?;

        let own: Vec<Record> = plan
            .cells
            .iter()
            .filter_map(|cell| results.of(cell))
            .collect();
        let num_failed = own.iter().filter(|record| record.error.is_some()).count();
        let num_done = own.len() - num_failed;
        let (peers, left_out) = peers.records(&plan, &own);
        for note in left_out {
            let _ = writeln!(
                stderr(),
                "warning: a result of other programs does not count: {note}"
            );
        }
        let mut tables = Vec::new();
        Report::new(&plan, own, peers).write(&mut tables)?;
        let path = self.output.join("results.md");
        fs::write(&path, &tables).map_err(|source| Error::Io {
            action: "write",
            path,
            source,
        })?;
        if !is_complete {
            let _ = writeln!(
                stderr(),
                "\nstopped: {num_done} of {} trainings are done; the same command goes on with the others",
                plan.cells.len()
            );
            return Ok(Status::Interrupted);
        }
        out.write_all(&tables)?;
        if num_failed > 0 {
            out.flush()?;
            return Err(Error::FailedTrainings {
                failed: num_failed,
                all: plan.cells.len(),
                results: results.path().to_owned(),
            }
            .into());
        }
        Ok(Status::Success)
    }

    /// Checks everything that can be checked before the first training.
    fn plan(&self) -> Result<Plan, Error> {
        let Seeds(seeds) = &self.seeds;
        let named = self
            .data
            .iter()
            .map(|text| BenchmarkData::parse(text, seeds[0]));
        let mut data: Vec<_> = named.collect();
        if let Some(path) = &self.suite {
            data.extend(read_suite(path)?);
        }
        let common = Options {
            backend: self.backend,
            data_dir: self.data_dir.clone(),
            model: self.model.clone(),
            training: self.training.clone(),
            data: self.dataset.clone(),
            table: self.table.clone(),
            ..Options::default()
        };
        let candidates = if self.models.is_empty() {
            vec![match (common.model.name, common.model.preset) {
                (Some(model), _) => Candidate::of(model)?,
                (None, preset) => Candidate::of_preset(preset.unwrap_or_default()),
            }]
        } else {
            let models = self.models.iter().map(|text| Candidate::parse(text));
            models.collect::<Result<_, _>>()?
        };
        Plan::new(&common, &data, &candidates, seeds)
    }
}

/// Trains whatever has no result yet, and says on stderr how it goes; whether the user let it end.
fn train_all(plan: &Plan, results: &mut Results, process: &Process) -> Result<bool, Error> {
    let num_cells = plan.cells.len();
    let mut pace = Pace::default();
    let mut waiting = Vec::new();
    for (cell, number) in plan.cells.iter().zip(1..) {
        // What failed is tried again.
        match results.of(cell).and_then(|record| record.seconds) {
            Some(seconds) => pace.add(cell, seconds),
            None => waiting.push((cell, number)),
        }
    }
    // stderr may be closed, which is no reason not to train.
    if waiting.len() < num_cells {
        let num_done = num_cells - waiting.len();
        let _ = writeln!(
            stderr(),
            "{num_done} of {num_cells} trainings are done already; `--force` repeats them"
        );
    }
    for (index, &(cell, number)) in waiting.iter().enumerate() {
        let (data, model, seed) = (&cell.data, &cell.model, cell.seed);
        let _ = write!(
            stderr(),
            "[{number}/{num_cells}] {data} · {model} · seed {seed} … "
        );
        let start = Instant::now();
        let result = match process.run(cell)? {
            Ending::Measured(found) => Ok(found),
            Ending::Failed(reason) => Err(reason),
            Ending::Stopped => return Ok(false),
        };
        pace.add(cell, start.elapsed().as_secs_f64());
        let outcome = match &result {
            Ok(found) => {
                let (name, value) = (heading(found.metric), found.value);
                let decimals = decimals(found.metric, [value]);
                format!("{name} {value:.decimals$} in {:.1} s", found.seconds)
            }
            Err(reason) => format!("failed: {reason}"),
        };
        results.add(Record::new(cell, result))?;
        let rest = waiting[index + 1..].iter().map(|(cell, _)| *cell);
        let rest = pace.remaining(rest);
        let rest = rest.map_or(String::new(), |time| format!("; about {time} left"));
        let _ = writeln!(stderr(), "{outcome}{rest}");
    }
    Ok(true)
}
