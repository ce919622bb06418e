//! What a training is to be: as it was typed, and as it is resolved.

mod defaults;
mod options;
mod training_config;

pub use options::TrainingOptions;
pub use training_config::TrainingConfig;
