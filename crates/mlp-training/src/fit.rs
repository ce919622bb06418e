mod cross_validation;
mod ensemble;

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use burn::tensor::Device;
use mlp_datasets::{Dataset, Split};
use mlp_inference::whole_file;

use crate::fitted::Fitted;
use crate::learner::{Identity, Session};
use crate::observer::{Observer, SharedObserver};
use crate::progress::{Progress, SharedProgress, Silent, StopHandle};
use crate::recipe::{Method, Recipe};
use crate::{Error, clustering, supervised};

/// How much of a training may be lost.
const CHECKPOINT_INTERVAL: Duration = Duration::from_secs(1);

/// Trains the model of a recipe.
///
/// ```
/// use burn::tensor::Device;
/// use mlp_datasets::{BuiltIn, LoadOptions};
/// use mlp_training::{MlpRecipe, Problem, Training};
///
/// let iris = BuiltIn::Iris.load(&LoadOptions::default())?;
/// let recipe = MlpRecipe::new(Problem::of(&iris)?);
///
/// let fitted = Training::new(recipe).with_seed(3).fit(&iris, &Device::flex())?;
///
/// let predictions = fitted.model.predict_rows(&iris.table, &[0, 149])?;
/// assert_eq!(predictions.class(0), Some("setosa"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Training {
    recipe: Recipe,
    seed: u64,
    folder: Option<PathBuf>,
    checkpoint_interval: Duration,
    resumes: bool,
    /// Whether nothing is written into the folder.
    is_read_only: bool,
    progress: SharedProgress,
    observer: Option<SharedObserver>,
    stop: StopHandle,
    stay_awake: bool,
}

impl Training {
    /// Trains by a recipe, with the seed 0, without writing or reporting anything.
    pub fn new(recipe: impl Into<Recipe>) -> Self {
        Self {
            recipe: recipe.into(),
            seed: 0,
            folder: None,
            checkpoint_interval: CHECKPOINT_INTERVAL,
            resumes: false,
            is_read_only: false,
            progress: Arc::new(Mutex::new(Silent)),
            observer: None,
            stop: StopHandle::new(),
            stay_awake: false,
        }
    }

    /// Draws the split, weights, order of rows and dropout by a seed. The same seed on the same
    /// backend gives the same model, unless another thread uses the random numbers of the device at the
    /// same time.
    #[must_use]
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Writes learning curves and checkpoints into an existing folder: a checkpoint a second, and one at the
    /// end.
    #[must_use]
    pub fn with_folder(self, folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: Some(folder.into()),
            ..self
        }
    }

    /// Writes checkpoints in such an interval, or less often if they take more than 2 % of the time; with an
    /// interval of 0 after each epoch, however long they take. Without this, it is a second.
    #[must_use]
    pub fn with_checkpoint_interval(self, checkpoint_interval: Duration) -> Self {
        Self {
            checkpoint_interval,
            ..self
        }
    }

    /// Goes on from the checkpoints in the [folder](Self::with_folder), as if the training had never
    /// stopped: the model is the same to the last bit, on the same machine and backend, with any number
    /// of threads. What has no checkpoint yet begins anew.
    ///
    /// The recipe and the data must be the same, but there may be more epochs; schedules then are those
    /// of all epochs from there on.
    ///
    /// ```
    /// # use burn::tensor::Device;
    /// # use mlp_datasets::{BuiltIn, LoadOptions};
    /// # use mlp_training::{MlpRecipe, Problem, Training};
    /// # let iris = BuiltIn::Iris.load(&LoadOptions::default())?;
    /// # let folder = std::env::temp_dir().join(format!("resumed-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// let mut recipe = MlpRecipe::new(Problem::of(&iris)?);
    /// recipe.training.epochs = 5;
    /// let training = Training::new(recipe.clone()).with_folder(&folder);
    /// training.fit(&iris, &Device::flex())?;
    ///
    /// recipe.training.epochs = 8;
    /// let training = Training::new(recipe).with_folder(&folder).resuming();
    /// let fitted = training.fit(&iris, &Device::flex())?;
    /// assert_eq!(fitted.epochs, 8);
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn resuming(self) -> Self {
        Self {
            resumes: true,
            ..self
        }
    }

    /// Reports how training goes. A function is called at the end of each epoch.
    ///
    /// ```
    /// # use burn::tensor::Device;
    /// # use mlp_datasets::{BuiltIn, LoadOptions};
    /// # use mlp_training::{EpochSummary, MlpRecipe, Problem, Training};
    /// # let iris = BuiltIn::Iris.load(&LoadOptions::default())?;
    /// # let recipe = MlpRecipe::new(Problem::of(&iris)?);
    /// let training = Training::new(recipe).with_progress(|epoch: &EpochSummary| {
    ///     println!("{} of {} epochs", epoch.epoch, epoch.num_epochs);
    /// });
    /// # training.fit(&iris, &Device::flex())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_progress(self, progress: impl Progress + 'static) -> Self {
        Self {
            progress: Arc::new(Mutex::new(progress)),
            ..self
        }
    }

    /// Shows the network between the steps of its training.
    #[must_use]
    pub fn with_observer(self, observer: impl Observer + 'static) -> Self {
        Self {
            observer: Some(Arc::new(Mutex::new(observer))),
            ..self
        }
    }

    /// Lets a handle stop the training.
    #[must_use]
    pub fn with_stop(self, stop: StopHandle) -> Self {
        Self { stop, ..self }
    }

    /// Keeps the threads that share the work on large tensors awake between steps, on backends that
    /// compute on the CPU. It takes effect if the calling thread [shares the
    /// work](crate::share_work).
    #[must_use]
    pub fn with_threads_awake(self, stay_awake: bool) -> Self {
        Self { stay_awake, ..self }
    }

    /// The recipe.
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// Trains on a data set: rows are split and prepared, Burn's learner does gradient descent, and
    /// the network of the best epoch is kept.
    ///
    /// # Errors
    ///
    /// If a setting is out of range, the recipe does not suit the data, a loss stops being finite before an epoch
    /// ended well, a folder cannot be created, the device fails, or a training is to go on that is another
    /// one.
    pub fn fit(&self, dataset: &Dataset, device: &Device) -> Result<Fitted, Error> {
        self.recipe.check()?;
        let session = self.session(&self.recipe, dataset, device, self.folder.clone())?;
        let model = self.recipe.model();
        match self.recipe.method() {
            Method::Supervised(recipe) => {
                let split = recipe.data().split(self.seed);
                let split = Split::new(&dataset.table, &dataset.partition, &split)?;
                supervised::fit(recipe, model, dataset, &split, &session)
            }
            Method::Ensemble(recipe) => self.fit_ensemble(recipe, dataset, device),
            Method::Map(recipe) => clustering::fit_map(recipe, model, dataset, &session),
            Method::Autoencoder(recipe) => {
                clustering::fit_autoencoder(recipe, model, dataset, &session)
            }
            Method::DeepClustering(recipe) => {
                clustering::fit_deep_clustering(recipe, model, dataset, &session)
            }
        }
    }

    /// The model as far as its training got, from the checkpoints in the [folder](Self::with_folder): nothing
    /// is trained or written. Of a model that predicts, it is that of the best epoch so far.
    ///
    /// # Errors
    ///
    /// As [`fit`](Self::fit); also if there is no checkpoint yet.
    pub fn fit_so_far(&self, dataset: &Dataset, device: &Device) -> Result<Fitted, Error> {
        let stop = StopHandle::new();
        stop.stop();
        let training = Self {
            resumes: true,
            is_read_only: true,
            progress: Arc::new(Mutex::new(Silent)),
            observer: None,
            stop,
            stay_awake: false,
            ..self.clone()
        };
        let fitted = training.fit(dataset, device)?;
        if fitted.epochs == 0 {
            return Err(Error::NothingTrained);
        }
        Ok(fitted)
    }

    /// Creates a folder in that of the training, if it has one.
    fn create_folder(&self, name: &str) -> Result<Option<PathBuf>, Error> {
        let Some(folder) = &self.folder else {
            return Ok(None);
        };
        let path = folder.join(name);
        if self.is_read_only {
            return Ok(Some(path));
        }
        // Those of members and folds are made one after the other, and something may have got there meanwhile.
        match whole_file::check_folder(&path).and_then(|()| fs::create_dir_all(&path)) {
            Ok(()) => Ok(Some(path)),
            Err(source) => Err(Error::Io {
                action: "create",
                path,
                source,
            }),
        }
    }

    /// What is common to all parts of a training by a recipe.
    fn session(
        &self,
        recipe: &Recipe,
        dataset: &Dataset,
        device: &Device,
        folder: Option<PathBuf>,
    ) -> Result<Session, Error> {
        let data = match folder {
            Some(_) => {
                let rows = dataset.fingerprint(&dataset.table.feature_names());
                rows + &dataset.split_fingerprint().unwrap_or_default()
            }
            // Nobody is going to compare it.
            None => String::new(),
        };
        Ok(Session {
            device: device.clone(),
            seed: self.seed,
            resumed: folder.clone().filter(|_| self.resumes),
            folder: folder.filter(|_| !self.is_read_only),
            checkpoint_interval: self.checkpoint_interval,
            identity: Identity::new(recipe, self.seed, data)?,
            progress: self.progress.clone(),
            observer: self.observer.clone(),
            stop: self.stop.clone(),
            stay_awake: self.stay_awake,
            phase: String::new(),
        })
    }
}
