#![doc = include_str!("../README.md")]

mod answer;
mod batch;
mod error;
mod log;
mod media;
mod metrics;
mod model;
mod refusal;
mod request;
mod server;
mod settings;

pub use error::Error;
pub use log::{Log, LogFormat};
pub use model::ServedRun;
pub use server::{Server, Stopper};
pub use settings::{Limits, Settings, Token};
