use burn::config::Config;
use burn::module::Module;
use burn::tensor::{Device, Int, Tensor};

use crate::{EntityEmbedding, EntityEmbeddingConfig, InvalidConfig, Mlp, MlpConfig};

/// Configuration of a [`Tabular`] network.
#[derive(Config, Debug)]
pub struct TabularConfig {
    /// How categories become numbers.
    pub embedding: EntityEmbeddingConfig,
    /// The network behind. Its inputs are the row's numbers, then those of the embedding.
    pub backbone: MlpConfig,
}

impl TabularConfig {
    /// Checks that the configuration describes a network.
    ///
    /// # Errors
    ///
    /// Names the first field that is out of range.
    pub fn check(&self) -> Result<(), InvalidConfig> {
        self.embedding.check()?;
        self.backbone.check()?;
        if self.backbone.d_input <= self.embedding.d_output() {
            return Err(InvalidConfig::new(
                "d_input",
                self.backbone.d_input,
                "more than the embedding gives, since a row has numbers too",
            ));
        }
        Ok(())
    }

    /// How many numbers a row has, beside its categories.
    pub fn d_input(&self) -> usize {
        self.backbone.d_input - self.embedding.d_output()
    }

    /// Initializes the module on a device.
    ///
    /// # Panics
    ///
    /// If [`check`](Self::check) finds an error.
    pub fn init(&self, device: &Device) -> Tabular {
        if let Err(error) = self.check() {
            panic!("{error}");
        }
        Tabular {
            embedding: self.embedding.init(device),
            backbone: self.backbone.init(device),
        }
    }
}

/// A network for rows of numbers and categories: categories are embedded, and a multilayer
/// perceptron takes both.
///
/// `y = backbone([x, embedding(c)])`
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use mlp_models::{EntityEmbeddingConfig, MlpConfig, TabularConfig};
///
/// let device = Device::flex();
/// let embedding = EntityEmbeddingConfig::new(vec![12, 42]);
/// // Six numbers and two embeddings of eight.
/// let backbone = MlpConfig::new(6 + 16, vec![64], 2);
/// let network = TabularConfig::new(embedding, backbone).init(&device);
///
/// let numbers = Tensor::zeros([3, 6], &device);
/// let categories = Tensor::zeros([3, 2], &device);
/// assert_eq!(network.forward(numbers, categories).dims(), [3, 2]);
/// ```
#[derive(Module, Debug)]
pub struct Tabular {
    /// The vectors of categories.
    pub embedding: EntityEmbedding,
    /// The network behind.
    pub backbone: Mlp,
}

impl Tabular {
    /// The logits, or the predicted numbers.
    ///
    /// # Shapes
    ///
    /// - numbers: `[batch_size, d_input]`
    /// - categories: `[batch_size, num_categorical]`
    /// - output: `[batch_size, d_output]`
    pub fn forward(&self, numbers: Tensor<2>, categories: Tensor<2, Int>) -> Tensor<2> {
        let vectors = self.embedding.forward(categories);
        self.backbone
            .forward(Tensor::cat(vec![numbers, vectors], 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_backbone_takes_numbers_and_then_vectors() {
        let device = Device::flex();
        let config = TabularConfig::new(
            EntityEmbeddingConfig::new(vec![3]).with_d_embedding(2),
            MlpConfig::new(5, vec![4], 1),
        );
        let network = config.init(&device);
        let numbers = Tensor::<2>::from_floats([[1.0, 2.0, 3.0]], &device);
        let categories = Tensor::<2, Int>::from_data([[2]], &device);

        let output = network.forward(numbers.clone(), categories.clone());

        let vectors = network.embedding.forward(categories);
        let inputs = Tensor::cat(vec![numbers, vectors], 1);
        assert_eq!(
            output.into_data(),
            network.backbone.forward(inputs).into_data()
        );
        assert_eq!(config.d_input(), 3);
    }

    #[test]
    fn a_backbone_too_narrow_for_the_embedding_is_refused() {
        let embedding = EntityEmbeddingConfig::new(vec![3, 3]);
        let config = TabularConfig::new(embedding, MlpConfig::new(16, vec![4], 1));
        assert_eq!(config.check().unwrap_err().field, "d_input");
    }
}
