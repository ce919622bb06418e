use std::fs;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::time::Duration;

use burn::tensor::Device;

use super::checkpoint::{Beginning, CheckpointFile, Identity};
use crate::Error;
use crate::observer::{ObservedClustering, ObservedTraining, SharedObserver};
use crate::progress::{SharedProgress, StopHandle};

/// The folder of checkpoints within that of a training.
const CHECKPOINTS: &str = "checkpoint";

/// What all phases of a training have in common.
pub struct Session {
    /// What computes, off autodiff.
    pub device: Device,
    /// The seed of weights, order and dropout.
    pub seed: u64,
    /// Where learning curves and checkpoints are written, if anywhere.
    pub folder: Option<PathBuf>,
    /// Where the checkpoints are that the training goes on from, if it does.
    pub resumed: Option<PathBuf>,
    /// The time between two checkpoints.
    pub checkpoint_interval: Duration,
    /// What is trained.
    pub identity: Identity,
    /// Who follows.
    pub progress: SharedProgress,
    /// Who sees the network between steps, if anyone.
    pub observer: Option<SharedObserver>,
    /// Who may stop it.
    pub stop: StopHandle,
    /// Whether the threads that share the work stay awake between steps.
    pub stay_awake: bool,
    /// What a progress calls the training, if it is one of several.
    pub phase: String,
}

impl Session {
    /// The path of a file of the folder, if there is a folder.
    pub fn path(&self, file: impl AsRef<Path>) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(file))
    }

    /// What a part of the training begins with, and where its state is kept.
    ///
    /// # Errors
    ///
    /// If there is a checkpoint that cannot be read, or is that of another training.
    pub fn beginning(&self, part: &str) -> Result<Beginning, Error> {
        let file = |folder: &Option<PathBuf>| {
            let path = folder.as_ref()?.join(CHECKPOINTS).join(part);
            let path = path.with_extension("safetensors");
            Some(CheckpointFile::new(path, self.identity.clone()))
        };
        if let Some(folder) = &self.folder {
            // If that fails, the first checkpoint does, which is a warning.
            let _ = fs::create_dir(folder.join(CHECKPOINTS));
        }
        let resumed = file(&self.resumed);
        let checkpoint = resumed.map(|file| file.load()).transpose()?.flatten();
        Ok(Beginning {
            checkpoint,
            file: file(&self.folder),
        })
    }

    /// Tells the observer, if there is one, that a training is about to begin.
    pub fn begin(&self, training: impl FnOnce() -> ObservedTraining) {
        if let Some(observer) = &self.observer {
            let mut observer = observer.lock().unwrap_or_else(PoisonError::into_inner);
            observer.begin(training());
        }
    }

    /// Tells the observer, if there is one, that a training that finds clusters is about to begin.
    pub fn begin_clustering(&self, training: impl FnOnce() -> ObservedClustering) {
        if let Some(observer) = &self.observer {
            let mut observer = observer.lock().unwrap_or_else(PoisonError::into_inner);
            observer.begin_clustering(training());
        }
    }

    /// The device under autodiff.
    pub fn autodiff(&self) -> Device {
        self.device.clone().autodiff()
    }
}
