//! A layer as a single operation, for tensors of flex, whose elements are in host memory.
//!
//! Burn needs two or three operations for a layer. Each allocates a buffer that is first filled with
//! zeros, passes over it in a single thread, and adds a node to the graph of autodiff. The modules of
//! this crate use the single operation wherever it applies.

mod function;
mod layer;
mod matrix;
mod product;

pub(crate) use function::Function;
pub(crate) use layer::layer;
#[cfg(feature = "bench")]
pub use matrix::Matrix;
#[cfg(feature = "bench")]
pub use product::product;
