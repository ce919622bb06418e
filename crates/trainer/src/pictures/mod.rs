//! What a clustering or a self-organising map looks like, and what explains a model and its predictions.
//!
//! Each picture is a struct of what it shows, and saving it writes a PNG and an SVG. Clusters are
//! called by their numbers, counted from 0, and keep their colour from picture to picture.
//!
//! Text in a PNG is set in `DejaVu` Sans, which is built in, so no font needs to be installed; in
//! an SVG it is set in the viewer's own sans-serif.

mod axes;
mod canvas;
mod centroid_images;
mod centroids;
mod color;
mod color_bar;
mod dependence;
mod embedding;
mod error;
mod glyphs;
mod importance;
mod legend;
mod map;
mod named_rows;
mod pixel;
mod regions;
mod rendered;
mod ruler;
mod save;
mod text;
mod waterfall;

pub use centroid_images::CentroidImages;
pub use centroids::Centroids;
pub use dependence::{DependenceCurves, DependenceDots};
pub use embedding::Embedding;
pub use error::PictureError;
pub use importance::ImportanceBars;
pub use map::{ComponentPlanes, UMatrix, UnitLabels, WinMap};
pub use regions::Regions;
pub use rendered::save_drawing;
pub(crate) use text::number;
pub use waterfall::Waterfall;
