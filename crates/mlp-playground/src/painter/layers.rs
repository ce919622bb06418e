use burn::tensor::{Device, Tensor};
use mlp_models::{Backbone, Network};

use super::maps::Map;
use super::numbers::read;
use super::plane::Grid;
use crate::protocol::Failure;

/// The weights and biases of each layer, one after the other.
///
/// # Errors
///
/// If a tensor cannot be read.
pub fn weights(network: &Network) -> Result<Vec<f32>, Failure> {
    let mut all = Vec::new();
    match &network.backbone {
        Backbone::Perceptron(perceptron) => {
            all.extend(read(perceptron.weight.val())?);
            all.extend(read(-perceptron.threshold.val())?);
        }
        Backbone::Mlp(mlp) => {
            let hidden = mlp.hidden.iter().map(|layer| &layer.linear);
            for linear in hidden.chain([&mlp.output]) {
                all.extend(read(linear.weight.val())?);
                if let Some(bias) = &linear.bias {
                    all.extend(read(bias.val())?);
                }
            }
        }
        Backbone::ResNet(_) | Backbone::RealMlp(_) | Backbone::TabM(_) => {}
    }
    Ok(all)
}

/// What each hidden unit puts out for each pixel.
///
/// # Errors
///
/// If a tensor cannot be read.
pub fn hidden_units(network: &Network, grid: &Grid) -> Result<Vec<Map>, Failure> {
    let Backbone::Mlp(mlp) = &network.backbone else {
        return Ok(Vec::new());
    };
    let mut signals = network.inputs(grid.numbers.clone(), grid.categories.clone());
    let mut maps = Vec::new();
    for layer in &mlp.hidden {
        signals = layer.forward(signals);
        maps.extend(columns(signals.clone())?);
    }
    Ok(maps)
}

/// What each output is for each pixel.
///
/// # Errors
///
/// If a tensor cannot be read.
pub fn outputs(network: &Network, grid: &Grid) -> Result<Vec<f32>, Failure> {
    read(network.forward(grid.numbers.clone(), grid.categories.clone()))
}

/// What the neurons of the last layer put out of their net inputs: for a perceptron, whether they fire.
///
/// # Errors
///
/// If a tensor cannot be read.
pub fn fired(network: &Network, net: &[f64], device: &Device) -> Result<Vec<f64>, Failure> {
    let Backbone::Perceptron(perceptron) = &network.backbone else {
        return Ok(net.to_vec());
    };
    let net = Tensor::<1>::from_floats(net, device);
    let fired = read(perceptron.activation.forward(net))?.into_iter();
    Ok(fired.map(f64::from).collect())
}

/// The columns of a matrix, each as a map.
fn columns(matrix: Tensor<2>) -> Result<Vec<Map>, Failure> {
    let [num_rows, _] = matrix.dims();
    let values = read(matrix.transpose())?;
    let columns = values.chunks(num_rows).map(<[f32]>::to_vec);
    Ok(columns.map(Map).collect())
}
