use crate::error::Error;
use crate::onnx::ElementType;
use crate::onnx::proto::TensorProto;

/// A tensor with its elements, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// The size of each dimension.
    pub shape: Vec<usize>,
    /// As many elements as the product of these.
    pub data: Data,
}

/// Elements of one type.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    Float(Vec<f32>),
    Double(Vec<f64>),
    Int64(Vec<i64>),
    Bool(Vec<bool>),
    Text(Vec<String>),
}

impl Array {
    /// A constant of a graph.
    ///
    /// # Errors
    ///
    /// If it is damaged.
    pub fn constant(tensor: &TensorProto) -> Result<Self, Error> {
        let shape = tensor.dims.iter();
        let shape = shape.map(|&size| usize::try_from(size).unwrap_or(0));
        let shape: Vec<usize> = shape.collect();
        let bytes = tensor.raw_data.as_deref().unwrap_or_default();
        let element = tensor.data_type.unwrap_or_default();
        let data = if element == ElementType::Float as i32 {
            Data::Float(
                bytes
                    .as_chunks()
                    .0
                    .iter()
                    .map(|&x| f32::from_le_bytes(x))
                    .collect(),
            )
        } else if element == ElementType::Double as i32 {
            Data::Double(
                bytes
                    .as_chunks()
                    .0
                    .iter()
                    .map(|&x| f64::from_le_bytes(x))
                    .collect(),
            )
        } else if element == ElementType::Int64 as i32 {
            Data::Int64(
                bytes
                    .as_chunks()
                    .0
                    .iter()
                    .map(|&x| i64::from_le_bytes(x))
                    .collect(),
            )
        } else {
            return Err(Error::graph("a constant has an unknown type"));
        };
        let array = Self { shape, data };
        if array.data.len() == array.shape.iter().product::<usize>() {
            Ok(array)
        } else {
            Err(Error::graph("a constant is not as large as its shape"))
        }
    }

    /// The axis of a number that counts from the last one if it is negative.
    ///
    /// # Errors
    ///
    /// If there is no such axis.
    pub fn axis(&self, axis: i64) -> Result<usize, Error> {
        let rank = self.shape.len();
        let axis = usize::try_from(axis).ok().or_else(|| {
            let from_last = usize::try_from(axis.unsigned_abs()).ok()?;
            rank.checked_sub(from_last)
        });
        axis.filter(|&axis| axis < rank)
            .ok_or_else(|| Error::graph("there is no such axis"))
    }

    /// The number of blocks before an axis, its size, and the number of elements behind each of its indices.
    pub fn around(&self, axis: usize) -> (usize, usize, usize) {
        let before = self.shape[..axis].iter().product();
        let behind = self.shape[axis + 1..].iter().product();
        (before, self.shape[axis], behind)
    }

    /// The elements as whole numbers.
    ///
    /// # Errors
    ///
    /// If they are something else.
    pub fn integers(&self) -> Result<&[i64], Error> {
        match &self.data {
            Data::Int64(integers) => Ok(integers),
            Data::Float(_) | Data::Double(_) | Data::Bool(_) | Data::Text(_) => {
                Err(Error::graph("whole numbers are needed"))
            }
        }
    }
}

impl Data {
    /// The number of elements.
    pub fn len(&self) -> usize {
        match self {
            Self::Float(elements) => elements.len(),
            Self::Double(elements) => elements.len(),
            Self::Int64(elements) => elements.len(),
            Self::Bool(elements) => elements.len(),
            Self::Text(elements) => elements.len(),
        }
    }
}

/// The shape to which two shapes are stretched.
///
/// # Errors
///
/// If they do not fit each other.
pub fn broadcast(a: &[usize], b: &[usize]) -> Result<Vec<usize>, Error> {
    let rank = a.len().max(b.len());
    let size = |shape: &[usize], axis: usize| {
        let missing = rank - shape.len();
        if axis < missing {
            1
        } else {
            shape[axis - missing]
        }
    };
    let sizes = (0..rank).map(|axis| match (size(a, axis), size(b, axis)) {
        (a, b) if a == b => Ok(a),
        (1, b) => Ok(b),
        (a, 1) => Ok(a),
        (a, b) => Err(Error::graph(format!("{a} and {b} elements do not fit"))),
    });
    sizes.collect()
}

/// For each element of a stretched shape, in order, the index of the element that it comes from.
pub fn sources(shape: &[usize], stretched: &[usize]) -> Vec<usize> {
    let missing = stretched.len() - shape.len();
    let mut steps = vec![0; stretched.len()];
    let mut step = 1;
    for axis in (0..shape.len()).rev() {
        steps[missing + axis] = if shape[axis] == 1 { 0 } else { step };
        step *= shape[axis];
    }
    indices(stretched, &steps)
}

/// The sum of each index times the step of its axis, for all indices in order.
pub fn indices(shape: &[usize], steps: &[usize]) -> Vec<usize> {
    let mut all = vec![0];
    for (&size, &step) in shape.iter().zip(steps) {
        all = all
            .iter()
            .flat_map(|&before| (0..size).map(move |index| before + index * step))
            .collect();
    }
    all
}
