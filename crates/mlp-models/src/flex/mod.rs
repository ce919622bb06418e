//! Layers and embeddings as single operations, for tensors of flex, whose elements are in host memory.
//!
//! Burn needs several operations for each. Each allocates a buffer that is first filled with zeros,
//! passes over it in a single thread, and adds a node to the graph of autodiff. The modules of
//! this crate use the single operation wherever it applies.

// A function that is not inlined into a loop is not computed by its vector instructions.
#![allow(clippy::inline_always)]

mod chunk;
mod dropout;
mod ensemble_linear;
mod function;
mod layer;
mod math;
mod matrix;
mod member_scales;
mod operand;
mod parametric;
mod pbld;
mod piecewise_linear;
mod product;
mod rows;
mod vectorized;

pub(crate) use dropout::{Mask, dropout};
pub(crate) use ensemble_linear::ensemble_linear;
pub(crate) use function::Function;
pub(crate) use layer::{Epilogue, layer};
#[cfg(feature = "bench")]
pub use matrix::Matrix;
pub(crate) use member_scales::scale_members;
pub(crate) use operand::is_of_flex;
pub(crate) use parametric::{Blend, blend};
pub(crate) use pbld::pbld;
pub(crate) use piecewise_linear::piecewise_linear;
#[cfg(feature = "bench")]
pub use product::product;
