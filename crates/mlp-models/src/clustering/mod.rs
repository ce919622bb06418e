//! Networks that find groups where there are no labels.

mod autoencoder;
mod clusterer;
mod deep_embedded_clustering;
mod grid;
mod neighbour_contrast;
mod self_organising_map;

pub use autoencoder::{Autoencoder, AutoencoderConfig, Decoder, TiedDecoder};
pub use clusterer::{Clustered, Clusterer, ClustererConfig};
pub use deep_embedded_clustering::{
    DeepEmbeddedClustering, DeepEmbeddedClusteringConfig, target_distribution,
};
pub use grid::{Grid, Topology};
pub use neighbour_contrast::neighbour_contrast;
pub use self_organising_map::{Neighbourhood, SelfOrganisingMap, SelfOrganisingMapConfig};
