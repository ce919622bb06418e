//! The kinds of charts that a report has.

mod bars;
mod histogram;
mod layers;
mod lines;
mod matrix;
mod scatter;

pub use bars::{Bar, BarChart};
pub use histogram::Histogram;
pub use layers::{Layer, LayerChart};
pub use lines::{Guide, LineChart, Marker, Series};
pub use matrix::MatrixChart;
pub use scatter::{Ideal, ScatterChart};

/// The size of a chart in pixels: as wide as a telephone, so that its text can be read there, and several
/// fit side by side on a wide screen.
pub(crate) const SIZE: [f64; 2] = [380.0, 300.0];
