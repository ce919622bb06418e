use burn::config::Config;
use burn::module::{Initializer, Module, Param};
use burn::tensor::{Device, Int, Tensor};

use super::distances::squared_distances;
use super::{Autoencoder, AutoencoderConfig};
use crate::InvalidConfig;

/// Configuration of a [`DeepEmbeddedClustering`].
#[derive(Config, Debug)]
pub struct DeepEmbeddedClusteringConfig {
    /// The network that maps rows to codes and back.
    pub autoencoder: AutoencoderConfig,
    /// The number of clusters, 2 or more.
    pub num_clusters: usize,
}

impl DeepEmbeddedClusteringConfig {
    /// Checks that the configuration describes a network.
    ///
    /// # Errors
    ///
    /// Names the first field that is out of range.
    pub fn check(&self) -> Result<(), InvalidConfig> {
        if self.num_clusters < 2 {
            return Err(InvalidConfig::new(
                "num_clusters",
                self.num_clusters,
                "2 or more",
            ));
        }
        self.autoencoder.check()
    }

    /// Initializes the module on a device, with centroids drawn from a normal distribution. Training
    /// should rather start from the centroids of k-means on the codes.
    ///
    /// # Panics
    ///
    /// If [`check`](Self::check) finds an error.
    pub fn init(&self, device: &Device) -> DeepEmbeddedClustering {
        if let Err(error) = self.check() {
            panic!("{error}");
        }
        let normal = Initializer::Normal {
            mean: 0.0,
            std: 1.0,
        };
        DeepEmbeddedClustering {
            autoencoder: self.autoencoder.init(device),
            centroids: normal.init([self.num_clusters, self.autoencoder.d_code], device),
        }
    }
}

/// Clusters of the codes of an autoencoder, which learns codes that form clusters ([Xie et al.
/// 2016](https://arxiv.org/abs/1511.06335)).
///
/// The probability that a row with code `zᵢ` belongs to cluster `j`, with centroid `μⱼ`, follows
/// Student's t-distribution with one degree of freedom:
///
/// ```text
/// qᵢⱼ = (1 + ‖zᵢ − μⱼ‖²)⁻¹ / Σⱼ′ (1 + ‖zᵢ − μⱼ′‖²)⁻¹
/// ```
///
/// Training brings it closer to a [target distribution](target_distribution) in which the more
/// probable clusters are more probable still; see [`loss`](Self::loss).
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use mlp_models::clustering::{AutoencoderConfig, DeepEmbeddedClusteringConfig};
///
/// let device = Device::flex();
/// let config = DeepEmbeddedClusteringConfig::new(AutoencoderConfig::new(64, vec![32], 3), 10);
/// let clustering = config.init(&device);
/// let probabilities = clustering.probabilities(Tensor::ones([5, 64], &device));
/// assert_eq!(probabilities.dims(), [5, 10]);
/// ```
#[derive(Module, Debug)]
pub struct DeepEmbeddedClustering {
    /// Maps rows to codes and back.
    pub autoencoder: Autoencoder,
    /// The centre of each cluster in the space of the codes: `[num_clusters, d_code]`.
    pub centroids: Param<Tensor<2>>,
}

impl DeepEmbeddedClustering {
    /// The probability of each cluster for each row.
    ///
    /// # Shapes
    ///
    /// - input: `[batch_size, d_input]`
    /// - output: `[batch_size, num_clusters]`, where each row sums to 1
    pub fn probabilities(&self, input: Tensor<2>) -> Tensor<2> {
        self.probabilities_of_codes(self.autoencoder.encode(input))
    }

    /// The probability of each cluster for each code.
    ///
    /// # Shapes
    ///
    /// - codes: `[batch_size, d_code]`
    /// - output: `[batch_size, num_clusters]`, where each row sums to 1
    pub fn probabilities_of_codes(&self, codes: Tensor<2>) -> Tensor<2> {
        let closeness = (squared_distances(codes, self.centroids.val()) + 1.0).recip();
        let all = closeness.clone().sum_dim(1);
        closeness / all
    }

    /// The most probable cluster of each row.
    ///
    /// # Shapes
    ///
    /// - input: `[batch_size, d_input]`
    /// - output: `[batch_size]`
    pub fn clusters(&self, input: Tensor<2>) -> Tensor<1, Int> {
        self.probabilities(input).argmax(1).squeeze_dim(1)
    }

    /// The reconstruction error of a batch plus the divergence of its probabilities from their targets.
    ///
    /// ```text
    /// L = ρ·mean((x̂ − x)²) + γ/n·Σᵢ Σⱼ pᵢⱼ·ln(pᵢⱼ / qᵢⱼ)
    /// ```
    ///
    /// where `ρ` is `reconstruction` and `γ` is `clustering`. With `ρ = 0` it is the loss of Xie et al.
    /// With the reconstruction, which makes the codes preserve the rows, it is that of [Guo et al.
    /// 2017](https://doi.org/10.24963/ijcai.2017/243).
    ///
    /// # Shapes
    ///
    /// - input: `[batch_size, d_input]`
    /// - targets: `p`, `[batch_size, num_clusters]`, where each row sums to 1
    /// - returns: `[1]`
    pub fn loss(
        &self,
        input: Tensor<2>,
        targets: Tensor<2>,
        reconstruction: f64,
        clustering: f64,
    ) -> Tensor<1> {
        let [batch_size, _] = input.dims();
        let codes = self.autoencoder.encode(input.clone());
        let probabilities = self.probabilities_of_codes(codes.clone());
        // 0·ln 0 is 0.
        let information = targets.clone() * targets.clone().clamp_min(f32::MIN_POSITIVE).log();
        let divergence = (information - targets * probabilities.log()).sum() / batch_size as f64;
        let loss = divergence * clustering;
        if reconstruction == 0.0 {
            return loss;
        }
        let error = self.autoencoder.decode(codes) - input;
        loss + error.square().mean() * reconstruction
    }
}

/// The target distribution of the probabilities of all rows: squared, so that high probabilities
/// become higher, and divided by the size of the cluster, so that no cluster absorbs the others.
///
/// ```text
/// pᵢⱼ = (qᵢⱼ² / fⱼ) / Σⱼ′ (qᵢⱼ′² / fⱼ′),   fⱼ = Σᵢ qᵢⱼ
/// ```
///
/// # Shapes
///
/// - probabilities: `[num_rows, num_clusters]`
/// - output: `[num_rows, num_clusters]`, where each row sums to 1
pub fn target_distribution(probabilities: Tensor<2>) -> Tensor<2> {
    let sizes = probabilities.clone().sum_dim(0);
    let weighted = probabilities.square() / sizes.clamp_min(f32::MIN_POSITIVE);
    let all = weighted.clone().sum_dim(1);
    weighted / all
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{TensorData, Tolerance};

    /// Codes equal to their rows, and centroids at 0 and 3.
    fn clustering(device: &Device) -> DeepEmbeddedClustering {
        let config = DeepEmbeddedClusteringConfig::new(AutoencoderConfig::new(1, vec![], 1), 2);
        let mut clustering = config.init(device);
        let one = || Param::from_data(TensorData::from([[1.0]]), device);
        clustering.autoencoder.encoder.output.weight = one();
        let crate::clustering::Decoder::Mlp(decoder) = &mut clustering.autoencoder.decoder else {
            panic!("not tied");
        };
        decoder.output.weight = one();
        clustering.centroids = Param::from_data(TensorData::from([[0.0], [3.0]]), device);
        clustering
    }

    #[test]
    fn probabilities_decrease_with_the_squared_distance() {
        let device = Device::flex();
        let rows = Tensor::from_floats([[1.0], [3.0]], &device);
        let probabilities = clustering(&device).probabilities(rows);
        // 1/(1+1) and 1/(1+4); 1/(1+9) and 1.
        let expected = [[0.5 / 0.7, 0.2 / 0.7], [0.1 / 1.1, 1.0 / 1.1]];
        probabilities
            .into_data()
            .assert_approx_eq::<f32>(&TensorData::from(expected), Tolerance::default());
    }

    #[test]
    fn targets_raise_high_probabilities_and_favour_small_clusters() {
        let device = Device::flex();
        let q = Tensor::from_floats([[0.8, 0.2], [0.6, 0.4]], &device);
        // The sizes are 1.4 and 0.6.
        let row = |a: f32, b: f32| [a / (a + b), b / (a + b)];
        let expected = [row(0.64 / 1.4, 0.04 / 0.6), row(0.36 / 1.4, 0.16 / 0.6)];
        target_distribution(q)
            .into_data()
            .assert_approx_eq::<f32>(&TensorData::from(expected), Tolerance::default());
    }

    #[test]
    fn the_loss_is_the_divergence_plus_the_reconstruction_error() {
        let device = Device::flex();
        let mut clustering = clustering(&device);
        let rows = Tensor::from_floats([[1.0]], &device);
        let targets = Tensor::from_floats([[1.0, 0.0]], &device);
        let loss = |clustering: &DeepEmbeddedClustering, reconstruction| {
            let loss = clustering.loss(rows.clone(), targets.clone(), reconstruction, 2.0);
            loss.into_scalar::<f32>()
        };
        let divergence = 2.0 * (0.7f32 / 0.5).ln();
        assert!((loss(&clustering, 0.0) - divergence).abs() < 1e-6);
        // The reconstruction of 1 becomes 1.5.
        clustering.autoencoder.encoder.output.bias =
            Some(Param::from_data(TensorData::from([0.0]), &device));
        let crate::clustering::Decoder::Mlp(decoder) = &mut clustering.autoencoder.decoder else {
            panic!("not tied");
        };
        decoder.output.bias = Some(Param::from_data(TensorData::from([0.5]), &device));
        assert!((loss(&clustering, 4.0) - divergence - 4.0 * 0.25).abs() < 1e-6);
    }

    #[test]
    fn a_single_cluster_is_rejected() {
        let config = DeepEmbeddedClusteringConfig::new(AutoencoderConfig::new(2, vec![], 1), 1);
        assert!(config.check().unwrap_err().to_string().contains("clusters"));
    }
}
