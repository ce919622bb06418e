//! Embeddings of numbers.

use std::f32::consts::TAU;

use mlp_models::{
    NumericalEmbedding, NumericalEmbeddingConfig, PbldEmbedding, PeriodicEmbedding,
    PiecewiseLinearEmbedding,
};

use super::graph::{Graph, Tensor};
use super::network::flatten;
use crate::error::Error;

impl Graph {
    /// The vectors of numbers `[N, num_features]` side by side: `[N, num_features · d_embedding]`.
    ///
    /// # Errors
    ///
    /// If the weights cannot be read.
    pub fn embed_numbers(
        &mut self,
        name: &str,
        embedding: &NumericalEmbedding,
        config: &NumericalEmbeddingConfig,
        numbers: &Tensor,
    ) -> Result<Tensor, Error> {
        let numbers = self.unsqueeze(numbers, 2);
        let vectors = match embedding {
            NumericalEmbedding::Periodic(embedding) => self.periodic(name, embedding, &numbers)?,
            NumericalEmbedding::Pbld(embedding) => self.pbld(name, embedding, &numbers)?,
            NumericalEmbedding::PiecewiseLinear(embedding) => {
                let bins: &[Vec<f32>] = match config {
                    NumericalEmbeddingConfig::PiecewiseLinear(config) => &config.bins,
                    NumericalEmbeddingConfig::Periodic(_) | NumericalEmbeddingConfig::Pbld(_) => {
                        &[]
                    }
                };
                self.piecewise_linear(name, embedding, bins, &numbers)?
            }
        };
        Ok(flatten(self, &vectors))
    }

    /// `relu([cos(v), sin(v)]·W + b)` with `v = 2π·x·c`.
    fn periodic(
        &mut self,
        name: &str,
        embedding: &PeriodicEmbedding,
        numbers: &Tensor,
    ) -> Result<Tensor, Error> {
        let frequencies = embedding.frequencies.val();
        let [num_features, _] = frequencies.dims();
        let frequencies = self.weights(&format!("{name}.frequencies"), frequencies)?;
        let phases = self.phases(numbers, &frequencies);
        let waves = [self.map("Cos", &phases), self.map("Sin", &phases)];
        let waves = self.concat(&waves, 2);
        let weight = embedding.weight.val();
        let [num_linears, _, _] = weight.dims();
        let weight = self.weights(&format!("{name}.weight"), weight)?;
        let bias = self.weights(&format!("{name}.bias"), embedding.bias.val())?;
        let vectors = if num_linears == num_features {
            self.linear_of_each_feature(&waves, &weight, &bias)
        } else {
            let product = self.matmul(&waves, &weight);
            self.add(&product, &bias)
        };
        Ok(self.map("Relu", &vectors))
    }

    /// `[cos(2π·x·c + p)·W + b, x]`.
    fn pbld(
        &mut self,
        name: &str,
        embedding: &PbldEmbedding,
        numbers: &Tensor,
    ) -> Result<Tensor, Error> {
        let frequencies = embedding.frequencies.val();
        let frequencies = self.weights(&format!("{name}.frequencies"), frequencies)?;
        let offsets = self.weights(&format!("{name}.phases"), embedding.phases.val())?;
        let phases = self.phases(numbers, &frequencies);
        let phases = self.add(&phases, &offsets);
        let waves = self.map("Cos", &phases);
        let weight = self.weights(&format!("{name}.weight"), embedding.weight.val())?;
        let bias = self.weights(&format!("{name}.bias"), embedding.bias.val())?;
        let learned = self.linear_of_each_feature(&waves, &weight, &bias);
        Ok(self.concat(&[learned, numbers.clone()], 2))
    }

    /// `2π·x·c`.
    fn phases(&mut self, numbers: &Tensor, frequencies: &Tensor) -> Tensor {
        let product = self.mul(numbers, frequencies);
        let turn = self.float(TAU);
        self.mul(&product, &turn)
    }

    /// `x·w + b + e·V` with the share `e` of each bin below the number.
    fn piecewise_linear(
        &mut self,
        name: &str,
        embedding: &PiecewiseLinearEmbedding,
        bins: &[Vec<f32>],
        numbers: &Tensor,
    ) -> Result<Tensor, Error> {
        let weight = embedding.weight.val();
        let [num_features, most_bins, d_embedding] = weight.dims();
        let weight = self.weights(&format!("{name}.weight"), weight)?;
        let mut of_bins = |what: &str, value: &dyn Fn(&[f32], usize) -> f32| {
            let mut values = Vec::with_capacity(num_features * most_bins);
            for edges in bins {
                let of_bin = |bin| {
                    if bin + 1 < edges.len() {
                        value(edges, bin)
                    } else {
                        // Past the last bin of a feature there is nothing.
                        0.0
                    }
                };
                values.extend((0..most_bins).map(of_bin));
            }
            self.floats(
                &format!("{name}.{what}"),
                &[num_features, most_bins],
                &values,
            )
        };
        let lower = of_bins("lower", &|edges, bin| edges[bin]);
        let slope = of_bins("slope", &|edges, bin| (edges[bin + 1] - edges[bin]).recip());
        let lowest = of_bins("lowest", &|_, bin| if bin == 0 { f32::MIN } else { 0.0 });
        let highest = of_bins("highest", &|edges, bin| {
            if bin + 2 == edges.len() {
                f32::MAX
            } else {
                1.0
            }
        });
        let position = self.sub(numbers, &lower);
        let position = self.mul(&position, &slope);
        let position = self.max(&position, &lowest);
        let encoding = self.min(&position, &highest);
        let shape = [num_features, d_embedding];
        let bias = self.weights(&format!("{name}.linear_bias"), embedding.linear_bias.val())?;
        let of_bins = self.linear_of_each_feature(&encoding, &weight, &bias);
        let linear_weight = embedding.linear_weight.val();
        debug_assert_eq!(linear_weight.dims(), shape);
        let linear_weight = self.weights(&format!("{name}.linear_weight"), linear_weight)?;
        let linear = self.mul(numbers, &linear_weight);
        Ok(self.add(&linear, &of_bins))
    }

    /// `x·W + b` with weights of its own for each feature: `[N, num_features, d_input]` times
    /// `[num_features, d_input, d_output]`.
    fn linear_of_each_feature(&mut self, x: &Tensor, weight: &Tensor, bias: &Tensor) -> Tensor {
        let by_feature = self.transpose(x, &[1, 0, 2]);
        let product = self.matmul(&by_feature, weight);
        let by_row = self.transpose(&product, &[1, 0, 2]);
        self.add(&by_row, bias)
    }
}
