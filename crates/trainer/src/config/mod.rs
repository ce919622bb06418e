//! What a training is to be: as it was typed, and as it is resolved.

mod check;
mod class_weights;
mod clustering_options;
mod defaults;
mod options;
mod table_options;
mod training_config;

pub use class_weights::ClassWeights;
pub use clustering_options::ClusteringOptions;
pub use options::TrainingOptions;
pub use table_options::TableOptions;
pub(crate) use table_options::parse_delimiter;
pub use training_config::TrainingConfig;
