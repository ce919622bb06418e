//! Weights of Burn as constants of a graph.

use burn::nn::Linear;
use burn::tensor::Tensor as BurnTensor;

use super::graph::{Graph, Tensor};
use crate::error::Error;

/// The shape and the numbers of a tensor of Burn.
pub fn numbers<const D: usize>(tensor: BurnTensor<D>) -> Result<(Vec<usize>, Vec<f32>), Error> {
    let shape = tensor.dims().to_vec();
    Ok((shape, tensor.try_into_vec_as()?))
}

impl Graph {
    /// A tensor of Burn as a constant.
    pub fn weights<const D: usize>(
        &mut self,
        name: &str,
        tensor: BurnTensor<D>,
    ) -> Result<Tensor, Error> {
        let (shape, numbers) = numbers(tensor)?;
        Ok(self.floats(name, &shape, &numbers))
    }

    /// `x·W + b`.
    pub fn linear(&mut self, name: &str, linear: &Linear, input: &Tensor) -> Result<Tensor, Error> {
        let weight = self.weights(&format!("{name}.weight"), linear.weight.val())?;
        match &linear.bias {
            Some(bias) => {
                let bias = self.weights(&format!("{name}.bias"), bias.val())?;
                Ok(self.affine(input, &weight, &bias))
            }
            None => Ok(self.matmul(input, &weight)),
        }
    }
}
