//! Networks that group unlabelled rows.

mod autoencoder;
mod clusterer;
mod deep_embedded_clustering;
mod distances;
mod grid;
mod neighbour_contrast;
mod neighbourhood;
mod self_organising_map;

pub use autoencoder::{Autoencoder, AutoencoderConfig, Decoder, TiedDecoder};
pub use clusterer::{Clustered, Clusterer, ClustererConfig};
pub use deep_embedded_clustering::{
    DeepEmbeddedClustering, DeepEmbeddedClusteringConfig, target_distribution,
};
pub use grid::{Grid, Topology};
pub use neighbour_contrast::neighbour_contrast;
pub use neighbourhood::Neighbourhood;
pub use self_organising_map::{SelfOrganisingMap, SelfOrganisingMapConfig};
