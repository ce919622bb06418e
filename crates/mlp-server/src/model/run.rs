use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use mlp_inference::SavedModel;

/// Why a run cannot be loaded.
pub type LoadError = Box<dyn std::error::Error + Send + Sync>;

type Load = Box<dyn FnMut() -> Result<SavedModel, LoadError> + Send>;

/// A run that is served: a model with a name, and the folder in which a new one may appear.
pub struct ServedRun {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) model: SavedModel,
    /// What the model was when it was loaded.
    pub(crate) identity: Identity,
    pub(crate) load: Load,
}

impl ServedRun {
    /// Loads the model of a folder by a function, which is called again when the folder changes.
    ///
    /// # Errors
    ///
    /// As the function.
    pub fn load<E: Into<LoadError>>(
        name: impl Into<String>,
        folder: impl Into<PathBuf>,
        mut load: impl FnMut() -> Result<SavedModel, E> + Send + 'static,
    ) -> Result<Self, E> {
        let folder = folder.into();
        // Before the model, so that what changes while it is read is noticed afterwards.
        let identity = Identity::of(&folder);
        let model = load()?;
        Ok(Self {
            name: name.into(),
            folder,
            model,
            identity,
            load: Box::new(move || load().map_err(Into::into)),
        })
    }
}

/// What tells whether the files of a run are still the same, without reading them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity([Option<FileIdentity>; 3]);

#[derive(Clone, Debug, PartialEq, Eq)]
struct FileIdentity {
    length: u64,
    modified: Option<SystemTime>,
    number: u64,
}

impl Identity {
    /// The files that change with a run: each is written as a whole, and a complete run is exchanged as a whole.
    const FILES: [&str; 3] = ["model.json", "model.safetensors", "summary.json"];

    pub fn of(folder: &Path) -> Self {
        Self(Self::FILES.map(|name| FileIdentity::of(&folder.join(name))))
    }

    /// Whether there is no file of a run: it is being replaced, or was removed.
    pub fn is_nothing(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }
}

impl FileIdentity {
    fn of(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok()?;
        Some(Self {
            length: metadata.len(),
            modified: metadata.modified().ok(),
            number: number(&metadata),
        })
    }
}

#[cfg(unix)]
fn number(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn number(_metadata: &fs::Metadata) -> u64 {
    0
}
