//! The server.

mod body;
mod connection;
mod describe;
mod guard;
mod openapi;
mod page;
mod patient;
mod predict;
mod router;
mod unread;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::num::NonZero;
use std::sync::mpsc::channel;
use std::sync::{Arc, RwLock};
use std::{io, thread};

use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::{Semaphore, watch};

use crate::batch::Worker;
use crate::error::Error;
use crate::log::{Level, Log};
use crate::metrics::{Metrics, ModelMetrics};
use crate::model::{Current, Reloader, ServedModel, ServedRun, version_of};
use crate::settings::Settings;

/// Models that answer HTTP requests.
///
/// ```no_run
/// use mlp_inference::{Device, SavedModel};
/// use mlp_server::{Log, LogFormat, ServedRun, Server, Settings};
///
/// let folder = "runs/iris-mlp-1";
/// let run = ServedRun::load("iris", folder, move || SavedModel::load(folder, &Device::flex()))?;
/// let log = Log::new(LogFormat::Text, |line| eprintln!("{line}"));
/// let server = Server::bind(Settings::default(), vec![run], log)?;
/// println!("http://{}", server.address());
/// server.serve()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Server {
    listener: std::net::TcpListener,
    address: SocketAddr,
    settings: Settings,
    runs: Vec<ServedRun>,
    log: Log,
    stopper: Stopper,
}

/// Ends a server from elsewhere: another thread, a signal.
#[derive(Clone)]
pub struct Stopper(Arc<watch::Sender<Stage>>);

/// How far a server has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Serving,
    /// Requests that have begun are still answered.
    Ending,
    /// Nothing is.
    Ended,
}

impl Stopper {
    /// Ends it once the requests that have begun are answered; at once, the second time.
    pub fn stop(&self) {
        self.0.send_modify(|stage| {
            *stage = match stage {
                Stage::Serving => Stage::Ending,
                Stage::Ending | Stage::Ended => Stage::Ended,
            }
        });
    }
}

/// A model that requests can name.
struct Named {
    name: String,
    current: Arc<Current>,
    worker: Worker,
    metrics: Arc<ModelMetrics>,
}

impl Named {
    /// The model as it is now.
    fn model(&self) -> Arc<ServedModel> {
        match self.current.read() {
            Ok(current) => current.clone(),
            Err(poisoned) => poisoned.into_inner().clone(),
        }
    }
}

/// What all requests share.
struct Shared {
    models: Vec<Named>,
    metrics: Arc<Metrics>,
    settings: Settings,
    /// Whether any name of this server is accepted.
    any_host: bool,
    log: Log,
    stage: watch::Receiver<Stage>,
    /// Places for requests for predictions.
    places: Arc<Semaphore>,
    /// Places for large bodies that are being read.
    readers: Arc<Semaphore>,
    /// Memory for large bodies, in KiB.
    memory: Arc<Semaphore>,
}

/// How many of the largest bodies may be in memory at the same time.
const LARGEST_BODIES: usize = 16;

impl Shared {
    /// The index of a model by its name.
    fn index_of(&self, name: &str) -> Option<usize> {
        self.models.iter().position(|model| model.name == name)
    }
}

impl Server {
    /// Takes an address to serve runs on.
    ///
    /// # Errors
    ///
    /// If the address cannot be taken, there is no run, two have the same name, or a name cannot be part of an
    /// address.
    pub fn bind(settings: Settings, runs: Vec<ServedRun>, log: Log) -> Result<Self, Error> {
        if runs.is_empty() {
            return Err(Error::NoModels);
        }
        Self::check_names(runs.iter().map(|run| run.name.as_str()))?;
        let bind = || {
            let listener = std::net::TcpListener::bind(settings.listen)?;
            listener.set_nonblocking(true)?;
            Ok((listener.local_addr()?, listener))
        };
        let (address, listener) = bind().map_err(|source| Error::Bind {
            address: settings.listen,
            source,
        })?;
        Ok(Self {
            listener,
            address,
            settings,
            runs,
            log,
            stopper: Stopper(Arc::new(watch::Sender::new(Stage::Serving))),
        })
    }

    /// Checks that the names of models can be parts of addresses, and none is there twice.
    ///
    /// # Errors
    ///
    /// If a name has other characters than letters, digits, `-`, `_` and `.`, or is there twice.
    pub fn check_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<(), Error> {
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let mut known = BTreeSet::new();
        for name in names {
            // Dots alone would lead to another address.
            let is_name = !name.chars().all(|c| c == '.') && name.chars().all(is_allowed);
            let name = name.to_owned();
            if !is_name {
                return Err(Error::BadName { name });
            }
            if !known.insert(name.clone()) {
                return Err(Error::SameName { name });
            }
        }
        Ok(())
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What ends it.
    pub fn stopper(&self) -> Stopper {
        self.stopper.clone()
    }

    /// Answers requests until it is stopped.
    ///
    /// # Errors
    ///
    /// If the server fails.
    pub fn serve(self) -> Result<(), Error> {
        let runtime = Builder::new_multi_thread()
            .thread_name("server")
            .enable_all()
            .build()
            .map_err(Error::Serve)?;
        // The reloaders end when this is dropped.
        let mut reloaders = Vec::new();
        let mut models = Vec::new();
        for run in self.runs {
            let (named, stop) = start(run, &self.settings, &self.log).map_err(Error::Serve)?;
            models.push(named);
            reloaders.push(stop);
        }
        let metrics = Metrics::new(models.iter().map(|model| model.metrics.clone()).collect());
        for model in &models {
            let served = model.model();
            let fields = [
                ("model", served.name.as_str().into()),
                ("version", served.version.as_str().into()),
            ];
            self.log.write(Level::Info, "serving", &fields);
        }
        let any_host = self.settings.token.is_some() || !self.address.ip().is_loopback();
        let shared = Arc::new(Shared {
            models,
            metrics: Arc::new(metrics),
            any_host,
            places: Arc::new(Semaphore::new(self.settings.limits.requests)),
            memory: Arc::new(Semaphore::new(
                LARGEST_BODIES * self.settings.limits.body_bytes.div_ceil(1024),
            )),
            settings: self.settings,
            log: self.log,
            stage: self.stopper.0.subscribe(),
            readers: Arc::new(Semaphore::new(
                thread::available_parallelism().map_or(1, NonZero::get),
            )),
        });
        let serving = async {
            let listener = TcpListener::from_std(self.listener)?;
            connection::accept(&listener, &shared).await;
            drop(listener);
            connection::drain(&shared).await;
            io::Result::Ok(())
        };
        let served = runtime.block_on(serving);
        runtime.shutdown_background();
        shared.log.write(Level::Info, "ended", &[]);
        served.map_err(Error::Serve)
    }
}

/// Starts the threads of a run: one that predicts, and one that looks for a new model.
fn start(
    run: ServedRun,
    settings: &Settings,
    log: &Log,
) -> io::Result<(Named, std::sync::mpsc::Sender<()>)> {
    let ServedRun {
        name,
        folder,
        model,
        identity,
        load,
    } = run;
    let served = ServedModel::new(&name, version_of(&folder), model);
    let current = Arc::new(RwLock::new(Arc::new(served)));
    let metrics = Arc::new(ModelMetrics::new(&name));
    let worker = Worker::start(
        &name,
        settings.limits.requests,
        metrics.clone(),
        log.clone(),
    )?;
    let reloader = Reloader {
        failed: None,
        name: name.clone(),
        folder,
        identity,
        load,
        current: current.clone(),
        metrics: metrics.clone(),
        log: log.clone(),
    };
    let (stop, stopped) = channel();
    let every = settings.reload_every;
    thread::Builder::new()
        .name(format!("reload {name}"))
        .spawn(move || reloader.run(every, &stopped))?;
    let named = Named {
        name,
        current,
        worker,
        metrics,
    };
    Ok((named, stop))
}
