//! The `trainer` program: commands, options, run directories, reports and pictures around
//! [`mlp_training`], which is the library to train with from another program.

pub mod commands;

mod backend;
mod benchmark;
mod config;
mod data;
mod display;
mod drawings;
mod duration;
mod error;
mod escaped;
mod foreign_options;
mod hint;
mod logs;
mod message;
mod option_name;
mod options;
mod pictures;
mod report;
mod run;
mod run_report;
pub mod signals;
mod summary;
#[cfg(any(feature = "play", feature = "serve"))]
mod threads;

pub use backend::Backend;
pub(crate) use config::TrainingConfig;
pub(crate) use data::{built_in, load_dataset};
pub use error::Error;
pub use escaped::{Escaped, stderr};
pub use foreign_options::with_own_name;
pub use hint::{hint, system_hint};
pub use message::message;
pub(crate) use run::RunDirectory;

/// Checks a configuration file as a training does before it reads any data.
///
/// # Errors
///
/// If the file cannot be read, is not TOML, has an unknown key, or a value that is out of range.
pub fn check_configuration_file(path: &std::path::Path) -> Result<(), Error> {
    TrainingConfig::check(&options::Options::from_file(path)?)
}
