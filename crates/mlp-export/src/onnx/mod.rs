//! Models as graphs of [ONNX](https://onnx.ai).

mod activation;
pub(crate) mod attribute;
mod backbone;
mod column;
mod date;
mod embedding;
mod features;
pub(crate) mod graph;
mod metadata;
mod model;
mod network;
mod normal;
mod operators;
mod output;
mod prediction;
pub(crate) mod proto;
mod scaling;
mod spelling;
mod weights;

pub use column::{InputColumn, InputKind};
pub(crate) use graph::ElementType;
pub use metadata::Tables;
pub use model::{Onnx, tables_path};
pub(crate) use model::{preprocessors, write};
