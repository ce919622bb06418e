//! A layer in one operation, for the tensors of flex, which lie in the host's memory.
//!
//! Burn takes two or three for it, each with a buffer that is filled with zeros first and a pass of one
//! thread, and as many nodes of autodiff's graph. Modules take it by themselves; what is public here is
//! the [matrix product](product()) beneath, by which the time of a training step can be judged.

mod function;
mod layer;
mod matrix;
mod product;

pub(crate) use function::Function;
pub(crate) use layer::layer;
pub use matrix::Matrix;
pub use product::product;
