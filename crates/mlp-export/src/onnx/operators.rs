//! The operators of ONNX, as methods of a [`Graph`].

use super::attribute::{float, int, ints};
use super::graph::{ElementType, Graph, Tensor, whole};

impl Graph {
    /// `a + b`.
    pub fn add(&mut self, a: &Tensor, b: &Tensor) -> Tensor {
        self.node("Add", &[a, b], Vec::new())
    }

    /// `a − b`.
    pub fn sub(&mut self, a: &Tensor, b: &Tensor) -> Tensor {
        self.node("Sub", &[a, b], Vec::new())
    }

    /// `a · b`, element by element.
    pub fn mul(&mut self, a: &Tensor, b: &Tensor) -> Tensor {
        self.node("Mul", &[a, b], Vec::new())
    }

    /// `a / b`.
    pub fn div(&mut self, a: &Tensor, b: &Tensor) -> Tensor {
        self.node("Div", &[a, b], Vec::new())
    }

    /// The greater one.
    pub fn max(&mut self, a: &Tensor, b: &Tensor) -> Tensor {
        self.node("Max", &[a, b], Vec::new())
    }

    /// The smaller one.
    pub fn min(&mut self, a: &Tensor, b: &Tensor) -> Tensor {
        self.node("Min", &[a, b], Vec::new())
    }

    /// A function of each element that has no attributes: `Exp`, `Log`, `Sqrt`, `Floor`, `Neg`, `Abs`, `Sin`,
    /// `Cos`, `Tanh`, `Sigmoid`, `Relu`, `Erf`, `Softplus`, `IsNaN` or `Not`.
    pub fn map(&mut self, function: &str, x: &Tensor) -> Tensor {
        self.node(function, &[x], Vec::new())
    }

    /// A function of each element with numbers as attributes: `LeakyRelu`, `Elu` or `Selu`.
    pub fn map_with(&mut self, function: &str, x: &Tensor, numbers: &[(&str, f32)]) -> Tensor {
        let attributes = numbers.iter().map(|&(name, number)| float(name, number));
        self.node(function, &[x], attributes.collect())
    }

    /// A comparison: `Less`, `LessOrEqual`, `GreaterOrEqual` or `Equal`.
    pub fn compare(&mut self, comparison: &str, a: &Tensor, b: &Tensor) -> Tensor {
        self.node(comparison, &[a, b], Vec::new())
    }

    /// `a` where the condition is true, else `b`.
    pub fn select(&mut self, condition: &Tensor, a: &Tensor, b: &Tensor) -> Tensor {
        self.node("Where", &[condition, a, b], Vec::new())
    }

    /// The elements in another type.
    pub fn cast(&mut self, x: &Tensor, element: ElementType) -> Tensor {
        self.node("Cast", &[x], vec![int("to", element as i64)])
    }

    /// The sum over an axis, which stays as 1.
    pub fn sum(&mut self, x: &Tensor, axis: i64) -> Tensor {
        let axes = self.list(&[axis]);
        self.node("ReduceSum", &[x, &axes], vec![int("keepdims", 1)])
    }

    /// The mean over an axis, which stays as 1.
    pub fn mean(&mut self, x: &Tensor, axis: i64) -> Tensor {
        self.node(
            "ReduceMean",
            &[x],
            vec![ints("axes", &[axis]), int("keepdims", 1)],
        )
    }

    /// The greatest element over an axis, which stays as 1.
    pub fn greatest(&mut self, x: &Tensor, axis: i64) -> Tensor {
        self.node(
            "ReduceMax",
            &[x],
            vec![ints("axes", &[axis]), int("keepdims", 1)],
        )
    }

    /// The index of the greatest element over an axis, which stays as 1; of several the first one.
    pub fn argmax(&mut self, x: &Tensor, axis: i64) -> Tensor {
        self.node("ArgMax", &[x], vec![int("axis", axis), int("keepdims", 1)])
    }

    /// Matrix products over the last two dimensions.
    pub fn matmul(&mut self, a: &Tensor, b: &Tensor) -> Tensor {
        self.node("MatMul", &[a, b], Vec::new())
    }

    /// `a·b + c` for matrices.
    pub fn affine(&mut self, a: &Tensor, b: &Tensor, c: &Tensor) -> Tensor {
        self.node("Gemm", &[a, b, c], Vec::new())
    }

    /// The elements of `x` at indices along an axis.
    pub fn gather(&mut self, x: &Tensor, indices: &Tensor, axis: i64) -> Tensor {
        self.node("Gather", &[x, indices], vec![int("axis", axis)])
    }

    /// Tensors one after another along an axis; a single one as it is.
    pub fn concat(&mut self, tensors: &[Tensor], axis: i64) -> Tensor {
        if let [tensor] = tensors {
            return tensor.clone();
        }
        let tensors: Vec<&Tensor> = tensors.iter().collect();
        self.node("Concat", &tensors, vec![int("axis", axis)])
    }

    /// The same elements in another shape, where 0 keeps a dimension.
    pub fn reshape(&mut self, x: &Tensor, shape: &[i64]) -> Tensor {
        let shape = self.list(shape);
        self.node("Reshape", &[x, &shape], Vec::new())
    }

    /// With a dimension of 1 at an axis.
    pub fn unsqueeze(&mut self, x: &Tensor, axis: i64) -> Tensor {
        let axes = self.list(&[axis]);
        self.node("Unsqueeze", &[x, &axes], Vec::new())
    }

    /// Without the dimension of 1 at an axis.
    pub fn squeeze(&mut self, x: &Tensor, axis: i64) -> Tensor {
        let axes = self.list(&[axis]);
        self.node("Squeeze", &[x, &axes], Vec::new())
    }

    /// The dimensions in another order.
    pub fn transpose(&mut self, x: &Tensor, order: &[i64]) -> Tensor {
        self.node("Transpose", &[x], vec![ints("perm", order)])
    }

    /// Limited to a range of double precision.
    pub fn clamp(&mut self, x: &Tensor, low: f64, high: f64) -> Tensor {
        let (low, high) = (self.double(low), self.double(high));
        let x = self.max(x, &low);
        self.min(&x, &high)
    }

    /// The columns of a matrix at some indices; the matrix itself if those are all of its `width` columns.
    pub fn columns(&mut self, x: &Tensor, columns: &[usize], width: usize) -> Tensor {
        if columns.iter().copied().eq(0..width) {
            return x.clone();
        }
        let indices: Vec<i64> = columns.iter().map(|&column| whole(column)).collect();
        let indices = self.list(&indices);
        self.gather(x, &indices, 1)
    }

    /// Whether each element of double precision is NaN. In single precision it still is, and `tract` knows no other one.
    pub fn is_nan(&mut self, x: &Tensor) -> Tensor {
        let x = self.cast(x, ElementType::Float);
        self.map("IsNaN", &x)
    }

    /// Whether an element of each row of a matrix of double precision is NaN: `[N, 1]`.
    pub fn has_nan(&mut self, x: &Tensor) -> Tensor {
        let is_nan = self.is_nan(x);
        let is_nan = self.cast(&is_nan, ElementType::Float);
        let any = self.greatest(&is_nan, 1);
        let zero = self.float(0.0);
        self.compare("Less", &zero, &any)
    }
}
