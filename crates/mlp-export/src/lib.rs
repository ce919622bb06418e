#![doc = include_str!("../README.md")]

mod comparison;
mod error;
mod evaluator;
mod onnx;
mod sample;
mod weights;

pub use comparison::Difference;
pub use error::Error;
pub use onnx::{InputColumn, InputKind, Onnx, Tables, tables_path};
pub use weights::{burnpack, safetensors};
