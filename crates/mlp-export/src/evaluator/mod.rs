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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onnx::attribute::{int, ints, strings};
    use crate::onnx::graph::testing::computed;
    use crate::onnx::graph::{ElementType, Graph, Tensor};

    fn floats(shape: &[usize], numbers: &[f32]) -> Array {
        Array {
            shape: shape.to_vec(),
            data: Data::Float(numbers.to_vec()),
        }
    }

    /// What a graph makes of a matrix of two rows and three columns: 1, 2, 3 and 4, 5, 6.
    fn of_matrix(build: impl FnOnce(&mut Graph, &Tensor) -> Tensor) -> Array {
        computed(floats(&[2, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), build)
    }

    #[test]
    fn elements_are_combined_with_stretched_ones() {
        let sums = of_matrix(|graph, x| {
            let column = graph.floats("column", &[2, 1], &[10.0, 20.0]);
            graph.add(x, &column)
        });
        assert_eq!(sums, floats(&[2, 3], &[11.0, 12.0, 13.0, 24.0, 25.0, 26.0]));

        let products = of_matrix(|graph, x| {
            let factors = graph.floats("factors", &[2, 1, 3], &[1.0, 1.0, 1.0, 0.0, 2.0, 0.0]);
            graph.mul(x, &factors)
        });
        let expected = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 0.0, 4.0, 0.0, 0.0, 10.0, 0.0];
        assert_eq!(products, floats(&[2, 2, 3], &expected));
    }

    #[test]
    fn matrices_are_multiplied_member_by_member() {
        let product = of_matrix(|graph, x| {
            let members = [1.0, 0.0, 0.0, 0.0, 1.0, 1.0];
            let members = graph.floats("members", &[2, 3, 1], &members);
            graph.matmul(x, &members)
        });
        // Columns 1, then 2 + 3.
        assert_eq!(product, floats(&[2, 2, 1], &[1.0, 4.0, 5.0, 11.0]));

        let affine = of_matrix(|graph, x| {
            let weights = graph.floats("weights", &[3, 2], &[1.0, 0.0, 0.0, 1.0, 1.0, 1.0]);
            let bias = graph.floats("bias", &[2], &[0.5, -0.5]);
            graph.affine(x, &weights, &bias)
        });
        assert_eq!(affine, floats(&[2, 2], &[4.5, 4.5, 10.5, 10.5]));
    }

    #[test]
    fn an_axis_is_reduced() {
        let sums = of_matrix(|graph, x| graph.sum(x, 0));
        assert_eq!(sums, floats(&[1, 3], &[5.0, 7.0, 9.0]));
        let means = of_matrix(|graph, x| graph.mean(x, 1));
        assert_eq!(means, floats(&[2, 1], &[2.0, 5.0]));
        let greatest = of_matrix(|graph, x| graph.greatest(x, 1));
        assert_eq!(greatest, floats(&[2, 1], &[3.0, 6.0]));
        // Of equal ones, the first.
        let index = of_matrix(|graph, x| {
            let limit = graph.float(2.0);
            let limited = graph.min(x, &limit);
            graph.argmax(&limited, 1)
        });
        assert_eq!(index.data, Data::Int64(vec![1, 0]));
    }

    #[test]
    fn elements_are_moved() {
        let transposed = of_matrix(|graph, x| graph.transpose(x, &[1, 0]));
        assert_eq!(transposed, floats(&[3, 2], &[1.0, 4.0, 2.0, 5.0, 3.0, 6.0]));
        let columns = of_matrix(|graph, x| graph.columns(x, &[2, 0], 3));
        assert_eq!(columns, floats(&[2, 2], &[3.0, 1.0, 6.0, 4.0]));
        let doubled = of_matrix(|graph, x| graph.concat(&[x.clone(), x.clone()], 1));
        let expected = [1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 4.0, 5.0, 6.0];
        assert_eq!(doubled, floats(&[2, 6], &expected));
        let list = of_matrix(|graph, x| graph.reshape(x, &[-1]));
        assert_eq!(list.shape, [6]);
    }

    #[test]
    fn a_condition_chooses() {
        let limited = of_matrix(|graph, x| {
            let (limit, zero) = (graph.float(3.0), graph.float(0.0));
            let is_less = graph.compare("Less", x, &limit);
            graph.select(&is_less, &zero, x)
        });
        assert_eq!(limited, floats(&[2, 3], &[0.0, 0.0, 3.0, 4.0, 5.0, 6.0]));
        let ones = of_matrix(|graph, x| {
            let negative = graph.map("Neg", x);
            let root = graph.map("Sqrt", &negative);
            graph.has_nan(&root)
        });
        assert_eq!(ones.data, Data::Bool(vec![true, true]));
    }

    #[test]
    fn texts_have_codes() {
        let texts = ["red", "", "green"].map(str::to_owned).to_vec();
        let input = Array {
            shape: vec![3, 1],
            data: Data::Text(texts),
        };
        let codes = computed(input, |graph, x| {
            let keys = ["", "red"].map(str::to_owned);
            let attributes = vec![
                strings("keys_strings", &keys),
                ints("values_int64s", &[1, 2]),
                int("default_int64", 0),
            ];
            graph.ml_node("LabelEncoder", &[x], attributes)
        });
        assert_eq!(codes.data, Data::Int64(vec![2, 1, 0]));
    }

    #[test]
    fn what_does_not_fit_is_an_error_with_the_name_of_the_node() {
        let mut graph = Graph::new(["x", "y"].map(str::to_owned));
        let x = graph.input("x", ElementType::Float, String::new());
        let other = graph.floats("other", &[2], &[1.0, 2.0]);
        let sum = graph.add(&x, &other);
        graph.output("y", &sum, ElementType::Float, None, String::new());
        let model = ModelProto {
            graph: Some(graph.into_proto("test")),
            ..ModelProto::default()
        };
        let input = HashMap::from([("x".to_owned(), floats(&[1, 3], &[0.0; 3]))]);
        let error = evaluate(&model.encode_to_vec(), input).unwrap_err();
        let message = error.to_string();
        assert!(message.contains("3 and 2 elements do not fit"), "{message}");
        assert!(message.contains(":Add"), "{message}");
        assert!(evaluate(b"\xff\xff", HashMap::new()).is_err());
    }
}
