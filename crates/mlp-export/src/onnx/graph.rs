use std::collections::{HashMap, HashSet};

use super::proto::{
    AttributeProto, DimensionProto, GraphProto, NodeProto, TensorProto, TensorShapeProto,
    TensorTypeProto, TypeProto, ValueInfoProto,
};

/// The type of a tensor's elements, with its number in ONNX.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ElementType {
    Float = 1,
    Int64 = 7,
    String = 8,
    Bool = 9,
    Double = 11,
}

/// A tensor in a [`Graph`], by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tensor(String);

/// The operators of the domain `ai.onnx.ml`.
pub const ML_DOMAIN: &str = "ai.onnx.ml";

/// The name of the dimension of rows.
const ROWS: &str = "N";

/// A graph under construction: each method for an operator adds a node and gives its output.
///
/// Shapes are those of [NumPy](https://numpy.org/doc/stable/user/basics.broadcasting.html): where two tensors
/// meet, dimensions of 1 are stretched.
#[derive(Debug, Default)]
pub struct Graph {
    proto: GraphProto,
    names: HashSet<String>,
    /// Small constants by what they hold, so that each is there once.
    constants: HashMap<String, Tensor>,
}

impl Graph {
    /// A graph without nodes, in which no tensor gets one of the given names on its own.
    pub fn new(reserved: impl IntoIterator<Item = String>) -> Self {
        Self {
            proto: GraphProto::default(),
            names: reserved.into_iter().collect(),
            constants: HashMap::new(),
        }
    }

    /// The finished graph.
    pub fn into_proto(self, name: &str) -> GraphProto {
        GraphProto {
            name: Some(name.to_owned()),
            ..self.proto
        }
    }

    /// An input `[N, 1]` of a name that was reserved for it.
    pub fn input(&mut self, name: &str, element: ElementType, doc: String) -> Tensor {
        let info = value_info(name, element, Some(1), doc);
        self.proto.input.push(info);
        Tensor(name.to_owned())
    }

    /// Makes a tensor `[N]`, or `[N, width]`, an output of a name that was reserved for it.
    pub fn output(
        &mut self,
        name: &str,
        tensor: &Tensor,
        element: ElementType,
        width: Option<usize>,
        doc: String,
    ) {
        let output = name.to_owned();
        self.add_node("Identity", "", &[tensor], Vec::new(), output);
        let info = value_info(name, element, width, doc);
        self.proto.output.push(info);
    }

    /// A constant of single precision.
    ///
    /// # Panics
    ///
    /// If there are not as many numbers as the shape has elements.
    pub fn floats(&mut self, name: &str, shape: &[usize], numbers: &[f32]) -> Tensor {
        assert_eq!(shape.iter().product::<usize>(), numbers.len(), "{name}");
        let bytes = numbers.iter().flat_map(|number| number.to_le_bytes());
        self.constant(name, shape, ElementType::Float, bytes.collect())
    }

    /// A constant of double precision.
    ///
    /// # Panics
    ///
    /// If there are not as many numbers as the shape has elements.
    pub fn doubles(&mut self, name: &str, shape: &[usize], numbers: &[f64]) -> Tensor {
        assert_eq!(shape.iter().product::<usize>(), numbers.len(), "{name}");
        let bytes = numbers.iter().flat_map(|number| number.to_le_bytes());
        self.constant(name, shape, ElementType::Double, bytes.collect())
    }

    /// A constant of whole numbers.
    ///
    /// # Panics
    ///
    /// If there are not as many numbers as the shape has elements.
    pub fn integers(&mut self, name: &str, shape: &[usize], numbers: &[i64]) -> Tensor {
        assert_eq!(shape.iter().product::<usize>(), numbers.len(), "{name}");
        let bytes = numbers.iter().flat_map(|number| number.to_le_bytes());
        self.constant(name, shape, ElementType::Int64, bytes.collect())
    }

    /// A number of double precision, `[]`, which is a constant only once.
    pub fn double(&mut self, number: f64) -> Tensor {
        let name = format!("double:{number:?}");
        self.once(name, |graph, name| graph.doubles(name, &[], &[number]))
    }

    /// A number of single precision, `[]`, which is a constant only once.
    pub fn float(&mut self, number: f32) -> Tensor {
        let name = format!("float:{number:?}");
        self.once(name, |graph, name| graph.floats(name, &[], &[number]))
    }

    /// Whole numbers, `[numbers.len()]`, which are a constant only once.
    pub fn list(&mut self, numbers: &[i64]) -> Tensor {
        let name = format!("int64:{numbers:?}");
        let shape = [numbers.len()];
        self.once(name, |graph, name| graph.integers(name, &shape, numbers))
    }

    /// The constant of a name, which is made if there is none yet.
    fn once(&mut self, name: String, make: impl FnOnce(&mut Self, &str) -> Tensor) -> Tensor {
        if let Some(constant) = self.constants.get(&name) {
            return constant.clone();
        }
        let constant = make(self, &name);
        self.constants.insert(name, constant.clone());
        constant
    }

    /// An operator with one output.
    pub fn node(
        &mut self,
        operator: &str,
        inputs: &[&Tensor],
        attributes: Vec<AttributeProto>,
    ) -> Tensor {
        let output = self.unique(operator);
        self.add_node(operator, "", inputs, attributes, output)
    }

    /// An operator of the domain `ai.onnx.ml` with one output.
    pub fn ml_node(
        &mut self,
        operator: &str,
        inputs: &[&Tensor],
        attributes: Vec<AttributeProto>,
    ) -> Tensor {
        let output = self.unique(operator);
        self.add_node(operator, ML_DOMAIN, inputs, attributes, output)
    }

    fn add_node(
        &mut self,
        operator: &str,
        domain: &str,
        inputs: &[&Tensor],
        attribute: Vec<AttributeProto>,
        output: String,
    ) -> Tensor {
        self.proto.node.push(NodeProto {
            input: inputs.iter().map(|input| input.0.clone()).collect(),
            output: vec![output.clone()],
            name: Some(format!("{output}:{operator}")),
            op_type: Some(operator.to_owned()),
            attribute,
            domain: (!domain.is_empty()).then(|| domain.to_owned()),
        });
        Tensor(output)
    }

    fn constant(
        &mut self,
        name: &str,
        shape: &[usize],
        element: ElementType,
        raw_data: Vec<u8>,
    ) -> Tensor {
        let name = if self.names.insert(name.to_owned()) {
            name.to_owned()
        } else {
            self.unique(name)
        };
        self.proto.initializer.push(TensorProto {
            dims: shape.iter().map(|&size| whole(size)).collect(),
            data_type: Some(element as i32),
            name: Some(name.clone()),
            raw_data: Some(raw_data),
        });
        Tensor(name)
    }

    /// A name that no tensor has yet: the given one and a number.
    fn unique(&mut self, name: &str) -> String {
        let mut number = self.proto.node.len() + self.proto.initializer.len();
        loop {
            let name = format!("{name}_{number}");
            if self.names.insert(name.clone()) {
                return name;
            }
            number += 1;
        }
    }
}

/// A size or an index as ONNX has it.
#[expect(clippy::cast_possible_wrap)] // Far below 2^63.
pub fn whole(number: usize) -> i64 {
    number as i64
}

/// The description of an input or an output: `[N]`, or `[N, width]`.
fn value_info(
    name: &str,
    element: ElementType,
    width: Option<usize>,
    doc: String,
) -> ValueInfoProto {
    let rows = DimensionProto {
        dim_param: Some(ROWS.to_owned()),
        dim_value: None,
    };
    let width = width.map(|width| DimensionProto {
        dim_value: Some(whole(width)),
        dim_param: None,
    });
    let tensor_type = TensorTypeProto {
        elem_type: Some(element as i32),
        shape: Some(TensorShapeProto {
            dim: [rows].into_iter().chain(width).collect(),
        }),
    };
    ValueInfoProto {
        name: Some(name.to_owned()),
        r#type: Some(TypeProto {
            tensor_type: Some(tensor_type),
        }),
        doc_string: Some(doc),
    }
}

/// Graphs that are computed at once.
#[cfg(test)]
pub mod testing {
    use std::collections::HashMap;

    use prost::Message;

    use super::{ElementType, Graph, Tensor};
    use crate::evaluator::{Array, evaluate};
    use crate::onnx::proto::ModelProto;

    /// What a graph makes of an input.
    pub fn computed(input: Array, build: impl FnOnce(&mut Graph, &Tensor) -> Tensor) -> Array {
        let names = ["x", "y"].map(str::to_owned);
        let mut graph = Graph::new(names);
        let x = graph.input("x", ElementType::Double, String::new());
        let y = build(&mut graph, &x);
        graph.output("y", &y, ElementType::Double, None, String::new());
        let model = ModelProto {
            graph: Some(graph.into_proto("test")),
            ..ModelProto::default()
        };
        let inputs = HashMap::from([("x".to_owned(), input)]);
        let mut outputs = evaluate(&model.encode_to_vec(), inputs).unwrap();
        outputs.remove("y").unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_is_not_taken_for_a_column_of_its_name() {
        let mut graph = Graph::new(["float:0.0".to_owned()]);
        let column = graph.input("float:0.0", ElementType::Double, String::new());
        let constant = graph.float(0.0);
        assert_ne!(constant, column);
        assert_eq!(graph.float(0.0), constant);
    }
}
