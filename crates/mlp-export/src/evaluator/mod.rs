//! Computes a graph of ONNX with the operators that this crate writes, and in the plainest way: it is there to check
//! what was written, so it shares nothing with the networks of `mlp-models`.

mod arithmetic;
mod array;
mod lookup;
mod matrix;
mod reduction;
mod shape;

use std::collections::HashMap;

use prost::Message;

pub use array::{Array, Data};

use crate::error::Error;
use crate::onnx::proto::{AttributeProto, ModelProto, NodeProto};

/// Computes the outputs of a file of ONNX from inputs by their names.
///
/// # Errors
///
/// If the file is damaged, an input is missing, or a node has another operator or inputs that do not fit.
pub fn evaluate(
    bytes: &[u8],
    inputs: HashMap<String, Array>,
) -> Result<HashMap<String, Array>, Error> {
    let model = ModelProto::decode(bytes).map_err(Error::graph)?;
    let graph = model.graph.unwrap_or_default();
    let mut arrays = inputs;
    for constant in &graph.initializer {
        let name = constant.name.clone().unwrap_or_default();
        arrays.insert(name, Array::constant(constant)?);
    }
    for node in &graph.node {
        let output = node.output.first().cloned().unwrap_or_default();
        let array = compute(node, &arrays).map_err(|error| {
            let name = node.name.as_deref().unwrap_or_default();
            Error::graph(format!("`{name}`: {error}"))
        })?;
        arrays.insert(output, array);
    }
    let names = graph.output.into_iter().filter_map(|output| output.name);
    let outputs = names.map(|name| {
        let array = arrays.get(&name).cloned();
        let array = array.ok_or_else(|| Error::graph(format!("`{name}` is not computed")))?;
        Ok((name, array))
    });
    outputs.collect()
}

/// A node with its inputs.
struct Node<'a> {
    proto: &'a NodeProto,
    inputs: Vec<&'a Array>,
}

fn compute(proto: &NodeProto, arrays: &HashMap<String, Array>) -> Result<Array, Error> {
    let inputs = proto.input.iter().map(|name| {
        let array = arrays.get(name);
        array.ok_or_else(|| Error::graph(format!("there is no `{name}`")))
    });
    let node = Node {
        proto,
        inputs: inputs.collect::<Result<_, _>>()?,
    };
    let operator = proto.op_type.as_deref().unwrap_or_default();
    let operators = [
        arithmetic::compute,
        reduction::compute,
        matrix::compute,
        shape::compute,
        lookup::compute,
    ];
    for compute in operators {
        if let Some(array) = compute(operator, &node)? {
            return Ok(array);
        }
    }
    Err(Error::graph(format!("there is no operator `{operator}`")))
}

impl Node<'_> {
    /// An input by its position.
    fn input(&self, position: usize) -> Result<&Array, Error> {
        let input = self.inputs.get(position).copied();
        input.ok_or_else(|| Error::graph(format!("input {position} is missing")))
    }

    fn attribute(&self, name: &str) -> Result<&AttributeProto, Error> {
        let mut attributes = self.proto.attribute.iter();
        let attribute = attributes.find(|attribute| attribute.name.as_deref() == Some(name));
        attribute.ok_or_else(|| Error::graph(format!("the attribute `{name}` is missing")))
    }

    fn int(&self, name: &str) -> Result<i64, Error> {
        Ok(self.attribute(name)?.i.unwrap_or_default())
    }

    fn float(&self, name: &str) -> Result<f32, Error> {
        Ok(self.attribute(name)?.f.unwrap_or_default())
    }
}
