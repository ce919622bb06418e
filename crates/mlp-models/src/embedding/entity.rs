use burn::config::Config;
use burn::module::{Module, Param};
use burn::nn::{Embedding, EmbeddingConfig};
use burn::tensor::{Device, Distribution, Int, Tensor};

use crate::InvalidConfig;
use crate::drawn::drawn;

/// Configuration of an [`EntityEmbedding`].
#[derive(Config, Debug)]
pub struct EntityEmbeddingConfig {
    /// The number of indices of each categorical feature. Index 0 is for categories that were not
    /// seen in training.
    pub cardinalities: Vec<usize>,
    /// The length of the vector of each category.
    #[config(default = 8)]
    pub d_embedding: usize,
}

impl EntityEmbeddingConfig {
    /// Checks that the configuration describes an embedding.
    ///
    /// # Errors
    ///
    /// Names the first field that is out of range.
    pub fn check(&self) -> Result<(), InvalidConfig> {
        if self.cardinalities.is_empty() || self.cardinalities.contains(&0) {
            return Err(InvalidConfig::new(
                "cardinalities",
                format!("{:?}", self.cardinalities),
                "one or more sizes of 1 or more",
            ));
        }
        if self.d_embedding == 0 {
            return Err(InvalidConfig::new("d_embedding", 0, "1 or more"));
        }
        Ok(())
    }

    /// The length of the vectors of all features together, or `usize::MAX` if it is larger.
    pub fn d_output(&self) -> usize {
        self.cardinalities.len().saturating_mul(self.d_embedding)
    }

    /// Initializes the module on a device. Vectors are drawn from N(0, 1), except that of index 0 of
    /// each feature, which is zero and remains so unless training changes it.
    ///
    /// # Panics
    ///
    /// If [`check`](Self::check) finds an error.
    pub fn init(&self, device: &Device) -> EntityEmbedding {
        if let Err(error) = self.check() {
            panic!("{error}");
        }
        let num_indices = self.cardinalities.iter().sum();
        let mut offsets = Vec::with_capacity(self.cardinalities.len());
        let mut seen = vec![1.0f32; num_indices];
        let mut offset = 0;
        for cardinality in &self.cardinalities {
            offsets.push(offset);
            seen[offset] = 0.0;
            offset += cardinality;
        }
        let mut embedding = EmbeddingConfig::new(num_indices, self.d_embedding).init(device);
        let shape = [num_indices, self.d_embedding];
        embedding.weight = drawn(shape, device, move |shape, device| {
            let vectors = Tensor::<2>::random(shape, Distribution::Normal(0.0, 1.0), device);
            vectors * Tensor::<1>::from_floats(seen.as_slice(), device).unsqueeze_dim(1)
        });
        EntityEmbedding { embedding, offsets }
    }
}

/// A vector for each category of each categorical feature, learned together with the network behind
/// it ([Guo and Berkhahn 2016](https://arxiv.org/abs/1604.06737)).
///
/// The vectors of all features are stored in one matrix, so that a batch needs only one lookup.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use mlp_models::EntityEmbeddingConfig;
///
/// let device = Device::flex();
/// // One of 5 colours and one of 40 countries.
/// let embedding = EntityEmbeddingConfig::new(vec![5, 40]).with_d_embedding(3).init(&device);
/// let categories = Tensor::from_data([[4, 39], [0, 7]], &device);
/// assert_eq!(embedding.forward(categories).dims(), [2, 6]);
/// ```
#[derive(Module, Debug)]
pub struct EntityEmbedding {
    /// The vectors, feature after feature: `[sum of cardinalities, d_embedding]`.
    pub embedding: Embedding,
    /// The row at which the vectors of each feature start.
    #[module(skip)]
    offsets: Vec<usize>,
}

impl EntityEmbedding {
    /// The same with another vector of index 0 for the features that have shares: the mean of their
    /// vectors, weighted by the share of each index. It is for categories that were not seen in training, if
    /// nothing has trained their vector.
    ///
    /// # Panics
    ///
    /// If there are not as many shares as features, or as indices of a feature.
    #[must_use]
    pub fn with_mean_for_unknown(mut self, shares: &[Option<Vec<f32>>]) -> Self {
        assert_eq!(shares.len(), self.offsets.len(), "shares for each feature");
        let mut vectors = self.embedding.weight.val();
        for (shares, &offset) in shares.iter().zip(&self.offsets) {
            let Some(shares) = shares else { continue };
            let of_feature = vectors.clone().slice(offset..offset + shares.len());
            let shares = Tensor::<1>::from_floats(shares.as_slice(), &vectors.device());
            let mean = (of_feature * shares.unsqueeze_dim(1)).sum_dim(0);
            vectors = vectors.slice_assign(offset..=offset, mean);
        }
        self.embedding.weight = Param::from_tensor(vectors);
        self
    }

    /// The vectors of a batch of categories, side by side.
    ///
    /// # Shapes
    ///
    /// - categories: `[batch_size, num_features]`, each below its feature's cardinality
    /// - output: `[batch_size, num_features · d_embedding]`
    pub fn forward(&self, categories: Tensor<2, Int>) -> Tensor<2> {
        #[allow(clippy::cast_possible_wrap)] // Far fewer than 2^63.
        let offsets: Vec<i64> = self.offsets.iter().map(|&offset| offset as i64).collect();
        let offsets = Tensor::<1, Int>::from_data(offsets.as_slice(), &categories.device());
        let vectors = self.embedding.forward(categories + offsets.unsqueeze());
        vectors.flatten(1, 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_do_not_share_vectors() {
        let device = Device::flex();
        let config = EntityEmbeddingConfig::new(vec![2, 3]).with_d_embedding(2);
        let mut embedding = config.init(&device);
        // Vectors (0, 0) and (1, 1) of the first feature, then (2, 2), (3, 3) and (4, 4).
        let vectors = [[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [3.0, 3.0], [4.0, 4.0]];
        embedding.embedding.weight = Param::from_tensor(Tensor::from_floats(vectors, &device));

        let output = embedding.forward(Tensor::from_data([[1, 0], [0, 2]], &device));

        let output = output.into_data().try_to_vec::<f32>().unwrap();
        assert_eq!(output, [1.0, 1.0, 2.0, 2.0, 0.0, 0.0, 4.0, 4.0]);
    }

    #[test]
    fn an_unknown_category_may_have_the_mean_of_the_vectors() {
        let device = Device::flex();
        let config = EntityEmbeddingConfig::new(vec![2, 3]).with_d_embedding(2);
        let mut embedding = config.init(&device);
        let vectors = [[7.0, 7.0], [1.0, 1.0], [9.0, 9.0], [3.0, 0.0], [4.0, 8.0]];
        embedding.embedding.weight = Param::from_tensor(Tensor::from_floats(vectors, &device));

        let embedding = embedding.with_mean_for_unknown(&[None, Some(vec![0.0, 0.25, 0.75])]);

        let output = embedding.forward(Tensor::from_data([[0, 0], [1, 2]], &device));
        let output = output.into_data().try_to_vec::<f32>().unwrap();
        assert_eq!(output, [7.0, 7.0, 3.75, 6.0, 1.0, 1.0, 4.0, 8.0]);
    }

    #[test]
    fn only_the_vectors_of_index_0_start_at_zero() {
        for device in [Device::flex(), Device::flex().autodiff()] {
            let embedding = EntityEmbeddingConfig::new(vec![4, 3]).init(&device);
            let output = embedding.forward(Tensor::from_data([[0, 0], [1, 2]], &device));
            let output = output.into_data().try_to_vec::<f32>().unwrap();
            assert!(output[..16].iter().all(|&number| number == 0.0));
            assert!(output[16..].iter().all(|&number| number != 0.0));
        }
    }

    #[test]
    fn features_without_indices_and_empty_vectors_are_rejected() {
        for config in [
            EntityEmbeddingConfig::new(vec![]),
            EntityEmbeddingConfig::new(vec![3, 0]),
            EntityEmbeddingConfig::new(vec![3]).with_d_embedding(0),
        ] {
            assert!(config.check().is_err(), "{config:?}");
        }
    }
}
