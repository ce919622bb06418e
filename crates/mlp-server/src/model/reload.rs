use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use mlp_datasets::with_causes;

use super::run::{Identity, LoadError};
use super::{ServedModel, version_of};
use crate::log::{Level, Log};
use crate::metrics::ModelMetrics;

/// Where requests find the model of a name, and a new one takes its place.
pub type Current = RwLock<Arc<ServedModel>>;

/// Looks from time to time whether a run has changed, and then loads it. Requests that have begun go on with the
/// model that they began with.
pub struct Reloader {
    pub name: String,
    pub folder: PathBuf,
    pub identity: Identity,
    /// The one that could not be loaded at the last look.
    pub failed: Option<Identity>,
    pub load: Box<dyn FnMut() -> Result<mlp_inference::SavedModel, LoadError> + Send>,
    pub current: Arc<Current>,
    pub metrics: Arc<ModelMetrics>,
    pub log: Log,
}

impl Reloader {
    /// Looks until the other end of the channel is gone.
    pub fn run(mut self, every: Duration, stop: &Receiver<()>) {
        while stop.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
            self.look();
        }
    }

    fn look(&mut self) {
        let identity = Identity::of(&self.folder);
        if identity == self.identity {
            return;
        }
        // It may be in the middle of an exchange; the next look will tell.
        if identity.is_nothing() {
            return;
        }
        let model = ("model", self.name.as_str().into());
        // A panic of a backend must not end the looking.
        let loaded = catch_unwind(AssertUnwindSafe(|| (self.load)()));
        let loaded = loaded.unwrap_or_else(|_| Err("loading it panicked".into()));
        match loaded {
            Ok(loaded) => {
                let version = version_of(&self.folder);
                let served = ServedModel::new(&self.name, version.clone(), loaded);
                match self.current.write() {
                    Ok(mut current) => *current = Arc::new(served),
                    Err(poisoned) => *poisoned.into_inner() = Arc::new(served),
                }
                self.identity = identity;
                self.failed = None;
                self.metrics.reloaded(true);
                let fields = [model, ("version", version.into())];
                self.log.write(Level::Info, "reloaded", &fields);
            }
            Err(error) => {
                // What fails may pass, as when there is too little memory, so it is tried again; but said once.
                if self.failed.replace(identity.clone()) == Some(identity) {
                    return;
                }
                self.metrics.reloaded(false);
                let reason = with_causes(error.as_ref());
                let fields = [model, ("reason", reason.into())];
                let event =
                    "the changed run cannot be loaded, so the one before it is still served";
                self.log.write(Level::Error, event, &fields);
            }
        }
    }
}
