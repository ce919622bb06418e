//! The curves of a training in places besides its run: event files of TensorBoard, an MLflow server.
//!
//! Each log is written on a thread of its own, which takes [messages](message::Message) from a bounded queue, so that
//! training does not wait for a disk or a server. A log that fails is a warning.

mod command_line;
mod destination;
mod error;
mod failure;
mod followed;
mod message;
mod mlflow;
mod record;
mod results;
mod tensorboard;
mod worker;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use mlp_datasets::Dataset;
use mlp_training::Fitted;

pub use destination::Destinations;
use destination::EventFolder;
pub use error::Error;
pub use failure::Failure;
pub use followed::Followed;
pub use message::RunEnding;
use message::{Content, Message, Place};
use mlflow::{Connection, Mlflow, parameters};
use record::MlflowRun;
pub use record::{LOG_FILE, Record};
pub use tensorboard::remove_event_files;
use tensorboard::{TensorBoard, check_writable, has_event_files};
use worker::Worker;

use crate::escaped::stderr;
use crate::{RunDirectory, TrainingConfig};

/// The folder of the event files in that of a run.
pub const TENSORBOARD_FOLDER: &str = "tensorboard";
/// The variable with the name of the experiment on an MLflow server, as for MLflow's own clients.
const EXPERIMENT_VARIABLE: &str = "MLFLOW_EXPERIMENT_NAME";

/// The logs of a training. Clones are the same ones.
#[derive(Clone)]
pub struct Logs {
    destinations: Arc<Destinations>,
    mlflow: Option<Arc<Connection>>,
    /// What an MLflow run is tagged with.
    tags: Arc<Vec<(String, String)>>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    workers: Vec<Worker>,
    /// The fold that is trained; else empty.
    part: String,
}

impl Logs {
    /// Checks that the logs can be written, before a training begins.
    ///
    /// # Errors
    ///
    /// If a server cannot be reached, a folder cannot be written to, or it has the curves of another training and is not to be overwritten. A
    /// run that goes on may have its own there.
    pub fn open(
        destinations: Destinations,
        dataset: &Dataset,
        resumed: Option<&Path>,
        force: bool,
    ) -> Result<Self, Error> {
        if let Some(EventFolder::Other(folder)) = &destinations.tensorboard {
            let own = resumed.map(Record::load).and_then(|run| run.tensorboard);
            let is_own =
                own.is_some_and(|own| std::path::absolute(folder).is_ok_and(|path| path == own));
            if !is_own && !force && has_event_files(folder) {
                let path = folder.clone();
                return Err(Error::TakenFolder { path });
            }
            check_writable(folder).map_err(|source| Error::UnwritableFolder {
                path: folder.clone(),
                source,
            })?;
        }
        let mlflow = match &destinations.mlflow {
            Some(address) => {
                let experiment = std::env::var(EXPERIMENT_VARIABLE).ok();
                let experiment = experiment.filter(|name| !name.is_empty());
                let experiment = experiment.unwrap_or_else(|| dataset.name.clone());
                Some(Arc::new(Connection::open(address.clone(), &experiment)?))
            }
            None => None,
        };
        let tags = if mlflow.is_some() {
            tags(dataset)
        } else {
            Vec::new()
        };
        Ok(Self {
            destinations: Arc::new(destinations),
            mlflow,
            tags: Arc::new(tags),
            state: Arc::default(),
        })
    }

    /// Begins logs for a training in the folder of a run. If it goes on with the training of a run, so do they.
    /// Logs that were begun before are those of an attempt that failed.
    ///
    /// # Errors
    ///
    /// If a server refuses, or a file of the run cannot be written.
    pub fn begin(
        &self,
        run: &RunDirectory,
        resumed: Option<&Path>,
        config: &TrainingConfig,
    ) -> Result<(), crate::Error> {
        // What is not continued now may be later.
        let mut record = resumed.map_or_else(Record::default, |resumed| {
            let here = Record::load(run.path());
            if here == Record::default() {
                Record::load(resumed)
            } else {
                here
            }
        });
        self.end(RunEnding::Failed);
        let mut workers = Vec::new();
        let out = &mut stderr();
        if let Some(folder) = &self.destinations.tensorboard {
            let (sink, folder) = event_files(folder, run, resumed, &mut record);
            let _ = writeln!(
                out,
                "  log          `tensorboard --logdir {}`",
                folder.display()
            );
            let name = format!("the log `{}`", folder.display());
            workers.push(Worker::start(name, sink)?);
        }
        if let Some(connection) = &self.mlflow {
            let (sink, page) = self.mlflow(connection, run, config, &mut record)?;
            let _ = writeln!(out, "  log          {page}");
            let name = format!("the MLflow server `{}`", connection.address());
            workers.push(Worker::start(name, sink)?);
        }
        if record != Record::default() {
            record.save(run.path())?;
        }
        self.state().workers = workers;
        Ok(())
    }

    /// The run on a server, and the address of its page.
    fn mlflow(
        &self,
        connection: &Arc<Connection>,
        run: &RunDirectory,
        config: &TrainingConfig,
        record: &mut Record,
    ) -> Result<(Mlflow, String), crate::Error> {
        let address = connection.address().to_string();
        let refused = |failure| Error::Server {
            address: address.clone(),
            failure,
        };
        let known = record.mlflow.take();
        let known = known.filter(|known| known.address == address);
        let known = match known {
            Some(known) if connection.reopen(&known.run).map_err(refused)? => Some(known.run),
            Some(_) | None => None,
        };
        let is_continued = known.is_some();
        let name = run.target().file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        let id = if let Some(id) = known {
            id
        } else {
            let mut tags = self.tags.to_vec();
            tags.push(("trainer.run".to_owned(), run.target().display().to_string()));
            let settings = config.to_toml().unwrap_or_default();
            let settings = settings.parse().unwrap_or_default();
            connection
                .create(&name, &tags, &parameters(&settings))
                .map_err(refused)?
        };
        record.mlflow = Some(MlflowRun {
            address: address.clone(),
            run: id.clone(),
        });
        let page = connection.page(&id);
        let tags = self.tags.to_vec();
        let sink = Mlflow::new(connection.clone(), name, tags, id, is_continued);
        Ok((sink, page))
    }

    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.destinations.is_empty()
    }

    /// From now on, what is trained is a fold, from 1, or all rows.
    pub fn begin_fold(&self, fold: Option<usize>) {
        self.state().part = fold.map_or_else(String::new, |fold| format!("fold {fold}"));
    }

    /// The fold that is trained; empty if none is.
    fn part(&self) -> String {
        self.state().part.clone()
    }

    /// Sends what is known of a trained model.
    pub fn results(&self, fitted: &Fitted) {
        self.send_results("", results::of_model(fitted));
    }

    /// Sends what is known of the models of folds.
    pub fn results_of_folds(&self, fitted: &[Fitted]) {
        for (fitted, fold) in fitted.iter().zip(1..) {
            self.send_results(&format!("fold {fold}"), results::of_model(fitted));
        }
        self.send_results("", vec![results::of_folds(fitted)]);
    }

    fn send_results(&self, part: &str, results: Vec<message::Results>) {
        let place = Arc::new(Place {
            part: part.to_owned(),
            phase: String::new(),
        });
        for results in results.into_iter().filter(|one| !one.values.is_empty()) {
            self.send(Message {
                place: place.clone(),
                time: SystemTime::now(),
                content: Content::Results(results),
            });
        }
    }

    /// Waits until all is written that was sent, but not long, and says what was not.
    pub fn flush(&self) {
        for worker in &mut self.state().workers {
            worker.flush();
        }
        for warning in self.take_warnings() {
            let _ = writeln!(stderr(), "warning: {warning}");
        }
    }

    /// Ends the logs.
    pub fn end(&self, ending: RunEnding) {
        self.send(Message {
            place: Arc::default(),
            time: SystemTime::now(),
            content: Content::Ended(ending),
        });
        self.flush();
        self.state().workers.clear();
    }

    fn send(&self, message: Message) {
        let workers = &mut self.state().workers;
        for worker in workers {
            worker.send(message.clone());
        }
    }

    /// What is to be said about logs that failed.
    fn take_warnings(&self) -> Vec<String> {
        let state = self.state();
        state
            .workers
            .iter()
            .filter_map(Worker::take_warning)
            .collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The event files of a run, and their folder.
fn event_files(
    folder: &EventFolder,
    run: &RunDirectory,
    resumed: Option<&Path>,
    record: &mut Record,
) -> (TensorBoard, PathBuf) {
    let folder = match folder {
        EventFolder::Other(folder) => {
            record.tensorboard = std::path::absolute(folder).ok();
            folder.clone()
        }
        EventFolder::OfRun => run.path().join(TENSORBOARD_FOLDER),
    };
    let previous = resumed.map(|resumed| {
        if has_event_files(&folder) {
            folder.clone()
        } else {
            resumed.join(TENSORBOARD_FOLDER)
        }
    });
    if previous.is_none() {
        remove_event_files(&folder);
    }
    (TensorBoard::new(folder.clone(), previous), folder)
}

/// Says where the curves of a run are besides that would not be continued, and adds what is in the run's folder.
pub fn continue_logs(run: &Path, destinations: &mut Destinations) {
    let record = Record::load(run);
    let mut missing = Vec::new();
    if destinations.tensorboard.is_none() {
        match record.tensorboard {
            Some(folder) => missing.push(format!("tensorboard={}", folder.display())),
            None if has_event_files(&run.join(TENSORBOARD_FOLDER)) => {
                destinations.tensorboard = Some(EventFolder::OfRun);
            }
            None => {}
        }
    }
    if let (None, Some(mlflow)) = (&destinations.mlflow, record.mlflow) {
        missing.push(format!("mlflow={}", mlflow.address));
    }
    for log in missing {
        let _ = writeln!(
            stderr(),
            "note: the run was logged; `--log {log}` goes on with that"
        );
    }
}

/// What each MLflow run of a training is tagged with.
fn tags(dataset: &Dataset) -> Vec<(String, String)> {
    [
        ("mlflow.source.name", "trainer".to_owned()),
        ("mlflow.source.type", "LOCAL".to_owned()),
        ("trainer.version", env!("CARGO_PKG_VERSION").to_owned()),
        ("trainer.command", command_line::command_line()),
        ("trainer.data", dataset.name.clone()),
        (
            "trainer.data_fingerprint",
            dataset.fingerprint(&dataset.table.feature_names()),
        ),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}
