use std::sync::Arc;

use burn::config::Config;
use burn::module::{Module, Param};
use burn::nn::Initializer;
use burn::tensor::{Device, Tensor, TensorData};

use super::linear_of_each_feature;
use crate::InvalidConfig;
#[cfg(feature = "flex")]
use crate::flex::piecewise_linear;

/// Configuration of a [`PiecewiseLinearEmbedding`].
#[derive(Config, Debug)]
pub struct PiecewiseLinearEmbeddingConfig {
    /// The edges of the bins of each feature, ascending and at least two. Usually they are the quantiles of
    /// the training rows, each value once: see [`quantile_bins`](Self::quantile_bins).
    pub bins: Vec<Vec<f32>>,
    /// The length of the vector of each feature.
    #[config(default = 16)]
    pub d_embedding: usize,
}

impl PiecewiseLinearEmbeddingConfig {
    /// The edges of at most `num_bins` bins, each with about the same number of values.
    ///
    /// Equal quantiles are one edge, so there are fewer bins where many values are tied;
    /// [`quantile_bins_around_ties`](Self::quantile_bins_around_ties) spends them on the other values. Missing
    /// values (NaN) are left out. Values that are all the same, or none, get a single bin of width 1.
    ///
    /// # Panics
    ///
    /// If there is no bin, or a value is infinite.
    pub fn quantile_bins(values: &[f32], num_bins: usize) -> Vec<f32> {
        edges(&sorted(values), num_bins)
    }

    /// The same, except that a value which fills a bin by itself is an edge, and the quantiles are those of
    /// the other values. If most numbers are zero, this sees the differences among the rest.
    ///
    /// # Panics
    ///
    /// As [`quantile_bins`](Self::quantile_bins).
    pub fn quantile_bins_around_ties(values: &[f32], num_bins: usize) -> Vec<f32> {
        let sorted = sorted(values);
        let fills_bin = |ties: &&[f32]| ties.len() > sorted.len() / num_bins.max(1);
        let ties = sorted.chunk_by(|a, b| a == b).filter(fills_bin);
        let mut frequent: Vec<f32> = ties.map(|ties| ties[0]).collect();
        let is_rare = |value: &f32| frequent.binary_search_by(|f| f.total_cmp(value)).is_err();
        let rare: Vec<f32> = sorted.iter().copied().filter(is_rare).collect();
        let bins_left = num_bins.saturating_sub(frequent.len());
        if frequent.is_empty() || rare.is_empty() || bins_left == 0 {
            return edges(&sorted, num_bins);
        }
        frequent.extend(edges(&rare, bins_left));
        frequent.sort_unstable_by(f32::total_cmp);
        frequent.dedup();
        frequent
    }

    /// Checks that the configuration describes an embedding.
    ///
    /// # Errors
    ///
    /// Names the first field that is out of range.
    pub fn check(&self) -> Result<(), InvalidConfig> {
        let is_valid = |edges: &Vec<f32>| {
            edges.len() >= 2
                && edges.iter().all(|edge| edge.is_finite())
                && edges.windows(2).all(|pair| pair[0] < pair[1])
        };
        if self.bins.is_empty() || !self.bins.iter().all(is_valid) {
            let edges = self.bins.iter().find(|edges| !is_valid(edges));
            let edges = edges.map_or_else(|| "empty".to_owned(), |edges| format!("{edges:?}"));
            return Err(InvalidConfig::new(
                "bins",
                edges,
                "two or more finite and ascending edges for each feature",
            ));
        }
        if self.d_embedding == 0 {
            return Err(InvalidConfig::new("d_embedding", 0, "1 or more"));
        }
        Ok(())
    }

    /// Initializes the module on a device. The weights of the bins start at zero, so that the vector is
    /// linear in the number at first; the other weights and the biases are drawn from
    /// `U(−k, k)` with `k = 1 / √d_embedding`.
    ///
    /// # Panics
    ///
    /// If [`check`](Self::check) finds an error.
    pub fn init(&self, device: &Device) -> PiecewiseLinearEmbedding {
        if let Err(error) = self.check() {
            panic!("{error}");
        }
        let bound = (self.d_embedding as f64).sqrt().recip();
        let uniform = Initializer::Uniform {
            min: -bound,
            max: bound,
        };
        let num_features = self.bins.len();
        let most_bins = self.bins.iter().map(|edges| edges.len() - 1).max();
        let weights = [num_features, most_bins.unwrap_or(1), self.d_embedding];
        PiecewiseLinearEmbedding {
            linear_weight: uniform.init([num_features, self.d_embedding], device),
            linear_bias: uniform.init([num_features, self.d_embedding], device),
            weight: Initializer::Zeros.init(weights, device),
            bins: Arc::new(self.bins.clone()),
        }
    }
}

/// The values in ascending order, without those that are missing.
fn sorted(values: &[f32]) -> Vec<f32> {
    assert!(
        !values.iter().any(|value| value.is_infinite()),
        "bins need finite values"
    );
    let mut sorted: Vec<f32> = values.iter().copied().filter(|x| !x.is_nan()).collect();
    sorted.sort_unstable_by(f32::total_cmp);
    sorted
}

/// The different quantiles of ascending values for evenly spaced shares, at least two.
fn edges(sorted: &[f32], num_bins: usize) -> Vec<f32> {
    assert!(num_bins > 0, "at least 1 bin");
    let Some(last) = sorted.len().checked_sub(1) else {
        return vec![0.0, 1.0];
    };
    let quantile = |i: usize| {
        let position = i as f64 / num_bins as f64 * last as f64;
        let (below, share) = (position.floor(), position.fract());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // An index.
        let below = below as usize;
        let (low, high) = (sorted[below], sorted[(below + 1).min(last)]);
        #[expect(clippy::cast_possible_truncation)] // Between two numbers of this type.
        let quantile = (f64::from(low) + share * f64::from(high - low)) as f32;
        quantile
    };
    let mut edges: Vec<f32> = (0..=num_bins).map(quantile).collect();
    edges.dedup();
    if edges.len() == 1 {
        edges.push(edges[0] + 1.0);
    }
    edges
}

/// Piecewise-linear embeddings of numbers
/// ([Gorishniy et al. 2022](https://arxiv.org/abs/2203.05556), in the version of
/// [Gorishniy et al. 2024](https://arxiv.org/abs/2410.24210) with a linear term and no activation).
///
/// ```text
/// eₜ = (x − aₜ₋₁) / (aₜ − aₜ₋₁), limited to [0, 1]
/// y  = x·w + b + e·V
/// ```
///
/// with the edges `a` of the bins of a feature. Below its first and above its last edge, the function
/// goes on as it is in the first and last bin: `e₁` has no lower limit, and the last `e` no upper one.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use mlp_models::PiecewiseLinearEmbeddingConfig as Config;
///
/// let device = Device::flex();
/// let bins = vec![Config::quantile_bins(&[1.0, 2.0, 3.0, 9.0], 3), vec![0.0, 1.0]];
/// assert_eq!(bins[0], [1.0, 2.0, 3.0, 9.0]);
/// let embedding = Config::new(bins).with_d_embedding(4).init(&device);
/// assert_eq!(embedding.forward(Tensor::ones([5, 2], &device)).dims(), [5, 8]);
/// ```
#[derive(Module, Debug)]
pub struct PiecewiseLinearEmbedding {
    /// The weights of the number itself, for each feature: `[num_features, d_embedding]`.
    pub linear_weight: Param<Tensor<2>>,
    /// The biases of each feature: `[num_features, d_embedding]`.
    pub linear_bias: Param<Tensor<2>>,
    /// The weights of the bins of each feature: `[num_features, most_bins, d_embedding]`. Those past
    /// the last bin of a feature have no influence.
    pub weight: Param<Tensor<3>>,
    /// The edges of the bins of each feature.
    #[module(skip)]
    bins: Arc<Vec<Vec<f32>>>,
}

impl PiecewiseLinearEmbedding {
    /// The vectors of a batch of rows, side by side.
    ///
    /// # Shapes
    ///
    /// - numbers: `[batch_size, num_features]`
    /// - output: `[batch_size, num_features · d_embedding]`
    pub fn forward(&self, numbers: Tensor<2>) -> Tensor<2> {
        #[cfg(feature = "flex")]
        if let Some(output) = piecewise_linear(
            &numbers,
            self.linear_weight.val(),
            self.linear_bias.val(),
            self.weight.val(),
            &self.bins,
        ) {
            return output;
        }
        let encoding = self.encode(numbers.clone());
        let linear = self.linear_weight.val().unsqueeze::<3>() * numbers.unsqueeze_dim::<3>(2);
        let vectors =
            linear + linear_of_each_feature(encoding, self.weight.val(), self.linear_bias.val());
        vectors.flatten(1, 2)
    }

    /// The piecewise-linear encoding: how much of each bin lies below the number.
    ///
    /// # Shapes
    ///
    /// - numbers: `[batch_size, num_features]`
    /// - output: `[batch_size, num_features, most_bins]`, 0 past the last bin of a feature
    pub fn encode(&self, numbers: Tensor<2>) -> Tensor<3> {
        let device = numbers.device();
        let [_, most_bins, _] = self.weight.dims();
        let of_bins = |value: &dyn Fn(&[f32], usize) -> f32| {
            let of_feature = |edges: &Vec<f32>| {
                let num_bins = edges.len() - 1;
                let values = (0..most_bins).map(|bin| {
                    if bin < num_bins {
                        value(edges, bin)
                    } else {
                        0.0
                    }
                });
                values.collect::<Vec<f32>>()
            };
            let values: Vec<f32> = self.bins.iter().flat_map(of_feature).collect();
            let shape = [1, self.bins.len(), most_bins];
            Tensor::<3>::from_data(TensorData::new(values, shape), &device)
        };
        let lower = of_bins(&|edges, bin| edges[bin]);
        let slope = of_bins(&|edges, bin| (edges[bin + 1] - edges[bin]).recip());
        let lowest = of_bins(&|_, bin| if bin == 0 { f32::MIN } else { 0.0 });
        let highest = of_bins(&|edges, bin| {
            if bin + 2 == edges.len() {
                f32::MAX
            } else {
                1.0
            }
        });
        let positions = (numbers.unsqueeze_dim::<3>(2) - lower) * slope;
        positions.max_pair(lowest).min_pair(highest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_around_ties_are_spent_on_the_other_values() {
        // 90 zeros, and the numbers from 1 to 10.
        let mut values = vec![0.0; 90];
        values.extend((1..=10).map(|value| value as f32));
        let few = PiecewiseLinearEmbeddingConfig::quantile_bins(&values, 10);
        assert_eq!(few.len(), 3, "{few:?}");

        let edges = PiecewiseLinearEmbeddingConfig::quantile_bins_around_ties(&values, 10);

        // The tie, and nine bins of ten values.
        let expected = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0];
        assert_eq!(edges, expected);
    }

    #[test]
    fn bins_survive_constant_and_missing_values() {
        for bins in [
            PiecewiseLinearEmbeddingConfig::quantile_bins,
            PiecewiseLinearEmbeddingConfig::quantile_bins_around_ties,
        ] {
            assert_eq!(bins(&[3.0; 5], 4), [3.0, 4.0]);
            assert_eq!(bins(&[f32::NAN; 5], 4), [0.0, 1.0]);
            assert_eq!(bins(&[1.0, f32::NAN, 2.0], 1), [1.0, 2.0]);
            let config = PiecewiseLinearEmbeddingConfig::new(vec![bins(&[0.0, 0.0, 7.0], 9)]);
            assert!(config.check().is_ok());
        }
    }

    #[test]
    fn edges_that_do_not_ascend_are_rejected() {
        for edges in [
            vec![1.0],
            vec![1.0, 1.0],
            vec![2.0, 1.0],
            vec![0.0, f32::NAN],
        ] {
            let config = PiecewiseLinearEmbeddingConfig::new(vec![edges]);
            assert_eq!(config.check().unwrap_err().field, "bins");
        }
        let no_features = PiecewiseLinearEmbeddingConfig::new(Vec::new());
        assert_eq!(no_features.check().unwrap_err().field, "bins");
    }
}
