//! Runs: the folder of a training, while it is made and afterwards.

mod directory;
mod exchange;
pub mod files;
mod identity;
mod kept_files;
mod loading;
mod resumption;
mod state;
mod written;

pub use directory::{RunDirectory, replacements};
pub use identity::{identity, identity_of_file};
pub use kept_files::KeptFiles;
pub use loading::{load, load_model};
pub use resumption::{all_runs, resumed_options, same_training};
pub use state::{State, remove_unfinished};
