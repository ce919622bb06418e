//! A self-organising map, unit by unit.

mod component_planes;
mod figure;
mod grid;
mod u_matrix;
mod win_map;

pub use component_planes::ComponentPlanes;
pub use u_matrix::UMatrix;
pub use win_map::{UnitLabels, WinMap};
