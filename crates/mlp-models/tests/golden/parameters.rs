//! Parameters of any module, found in golden JSON by their paths.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Gradients, Tensor, TensorData};
use serde_json::Value;

use crate::{assert_close, flat};

/// Golden values of the parameters of a module, or of their gradients.
pub struct Golden<'a> {
    pub values: &'a Value,
    /// The place in JSON, as `hidden/0/weight`, of a path in the module, as `layers/0/linear/weight`.
    pub place: fn(&str) -> String,
}

impl Golden<'_> {
    /// The numbers of a parameter, in the order of a tensor.
    fn numbers(&self, path: &[String]) -> Vec<f64> {
        let place = (self.place)(&path.join("/"));
        let value = self.values.pointer(&format!("/{place}"));
        flat(value.unwrap_or_else(|| panic!("there are no values of {place}")))
    }

    /// A module with these parameters.
    pub fn fill<M: Module>(&self, module: M) -> M {
        module.map(&mut Filler {
            golden: self,
            path: Vec::new(),
        })
    }

    /// Compares the gradients of a module's parameters with these.
    pub fn assert_gradients<M: Module>(&self, what: &str, module: &M, gradients: &Gradients) {
        let mut comparison = Comparison {
            golden: self,
            what,
            gradients,
            path: Vec::new(),
            count: 0,
        };
        module.visit(&mut comparison);
        assert!(comparison.count > 0, "{what} has parameters");
    }
}

struct Filler<'a> {
    golden: &'a Golden<'a>,
    path: Vec<String>,
}

impl ModuleMapper for Filler<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let numbers = self.golden.numbers(&self.path);
        param.map(|tensor| {
            let data = TensorData::new(numbers, tensor.dims());
            Tensor::from_data(data, &tensor.device()).require_grad()
        })
    }
}

struct Comparison<'a> {
    golden: &'a Golden<'a>,
    what: &'a str,
    gradients: &'a Gradients,
    path: Vec<String>,
    count: usize,
}

impl ModuleVisitor for Comparison<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let expected = self.golden.numbers(&self.path);
        let what = format!("{}: the gradient of {}", self.what, self.path.join("/"));
        let gradient = param.val().grad(self.gradients);
        let gradient = gradient.unwrap_or_else(|| panic!("{what} is missing"));
        assert_close(&what, gradient, &expected);
        self.count += 1;
    }
}
