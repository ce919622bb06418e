#![doc = include_str!("../README.md")]

mod answer;
mod batch;
mod bodies;
mod error;
mod log;
mod media;
mod metrics;
mod model;
mod names;
mod place;
mod refusal;
mod request;
mod server;
mod settings;
mod token;

#[doc(hidden)]
pub use bodies::Bodies;
pub use error::Error;
pub use log::{Log, LogFormat};
pub use model::ServedRun;
pub use server::{Server, Stopper};
pub use settings::{Limits, Settings};
pub use token::Token;
