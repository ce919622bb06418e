use std::path::{Path, PathBuf};

use mlp_inference::whole_file;

use crate::Error;
use crate::run::files::CONFIG_FILE;

/// The configuration that a run had before it was to go on.
pub struct EarlierConfig {
    path: PathBuf,
    content: Vec<u8>,
}

impl EarlierConfig {
    /// That of a run's folder, if it has one.
    pub fn of(folder: &Path) -> Option<Self> {
        let path = folder.join(CONFIG_FILE);
        let content = whole_file::read(&path).ok()?;
        Some(Self { path, content })
    }

    /// Puts it back if the run did not go on, since an option or the data was another one or a checkpoint is damaged:
    /// what was refused must not be what the run is said to be.
    pub fn restore_after(self, error: &anyhow::Error) {
        let is_refused = matches!(
            error.downcast_ref(),
            Some(Error::Training(
                mlp_training::Error::OtherTraining { .. }
                    | mlp_training::Error::OtherData
                    | mlp_training::Error::DamagedCheckpoint { .. }
            ))
        );
        if is_refused {
            // If that fails, the error is shown all the same.
            let _ = whole_file::write(&self.path, &self.content);
        }
    }
}
