use burn::module::Module;
use burn::tensor::{Device, Int, Tensor};
use serde::{Deserialize, Serialize};

use crate::{
    Backbone, BackboneConfig, EntityEmbedding, InputsConfig, InvalidConfig, NumericalInputs,
};

/// Configuration of a [`Network`].
#[derive(Serialize, Deserialize, Clone, Debug)]
pub struct NetworkConfig {
    /// What a row consists of, and how it becomes one vector.
    pub inputs: InputsConfig,
    /// The network that receives this vector.
    pub backbone: BackboneConfig,
}

impl NetworkConfig {
    /// Checks that the configuration describes a network.
    ///
    /// # Errors
    ///
    /// Names the first field that is out of range, or `d_input` if the backbone is not as wide as
    /// the inputs.
    pub fn check(&self) -> Result<(), InvalidConfig> {
        self.inputs.check()?;
        self.backbone.check()?;
        let (d_input, d_inputs) = (self.backbone.d_input(), self.inputs.d_output());
        if d_input != d_inputs {
            return Err(InvalidConfig::new(
                "d_input",
                format!("{d_input} for inputs of width {d_inputs}"),
                "equal to their width",
            ));
        }
        Ok(())
    }

    /// Initializes the module on a device.
    ///
    /// # Panics
    ///
    /// If [`check`](Self::check) finds an error.
    pub fn init(&self, device: &Device) -> Network {
        if let Err(error) = self.check() {
            panic!("{error}");
        }
        let InputsConfig {
            d_numbers,
            numerical,
            embedding,
        } = &self.inputs;
        let numerical = numerical.as_ref();
        let embedding = embedding.as_ref();
        Network {
            numerical: numerical.map(|numerical| numerical.init(*d_numbers, device)),
            embedding: embedding.map(|embedding| embedding.init(device)),
            backbone: self.backbone.init(device),
        }
    }

    /// The number of indices of each categorical feature; empty if there is no embedding.
    pub fn cardinalities(&self) -> &[usize] {
        self.inputs.cardinalities()
    }

    /// The number of outputs.
    pub fn d_output(&self) -> usize {
        self.backbone.d_output()
    }

    /// How many members the network has, each with an output for every row.
    pub fn num_members(&self) -> usize {
        self.backbone.num_members()
    }
}

/// A network for rows of numbers and categories: an input front end followed by a backbone.
///
/// ```text
/// y = backbone([x, embedding(c)])
/// ```
///
/// Some of the numbers `x` may be [embedded](NumericalInputs) too. Without an embedding the backbone receives the numbers alone; without numbers, the embedding
/// vectors alone.
///
/// A network may consist of several members. Training minimises the mean of their losses;
/// prediction averages their probabilities, or the numbers that they predict.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use mlp_models::{BackboneConfig, InputsConfig, MlpConfig, NetworkConfig};
///
/// let device = Device::flex();
/// // Six numbers and two categories, each of which becomes a vector of eight.
/// let inputs = InputsConfig::new(6, &[12, 42], 8);
/// let backbone = BackboneConfig::Mlp(MlpConfig::new(inputs.d_output(), vec![64], 2));
/// let network = NetworkConfig { inputs, backbone }.init(&device);
///
/// let numbers = Tensor::zeros([3, 6], &device);
/// let categories = Tensor::zeros([3, 2], &device);
/// assert_eq!(network.forward(numbers, Some(categories)).dims(), [3, 2]);
/// ```
#[derive(Module, Debug)]
pub struct Network {
    // Parameters are initialized in the order of these fields, so their order decides the random
    // draws.
    /// The embeddings of numbers, if some are embedded.
    pub numerical: Option<NumericalInputs>,
    /// The embedding vectors of categories, if rows have categories.
    pub embedding: Option<EntityEmbedding>,
    /// The network behind the inputs.
    pub backbone: Backbone,
}

impl Network {
    /// The logits (for a perceptron, the net input) or the predicted numbers.
    ///
    /// # Shapes
    ///
    /// - numbers: `[batch_size, d_numbers]`
    /// - categories: `[batch_size, num_categorical]`, for a network with an embedding
    /// - output: `[num_members · batch_size, d_output]`, one member's rows after another's
    ///
    /// # Panics
    ///
    /// If a network with an embedding is given no categories.
    pub fn forward(&self, numbers: Tensor<2>, categories: Option<Tensor<2, Int>>) -> Tensor<2> {
        self.backbone.forward(self.inputs(numbers, categories))
    }

    /// The same for members that have rows of their own.
    ///
    /// # Shapes
    ///
    /// - numbers: `[num_members · batch_size, d_numbers]`, one member's rows after another's
    /// - categories: `[num_members · batch_size, num_categorical]`, for a network with an embedding
    /// - output: `[num_members · batch_size, d_output]`
    ///
    /// # Panics
    ///
    /// If a network with an embedding is given no categories.
    pub fn forward_members(
        &self,
        numbers: Tensor<2>,
        categories: Option<Tensor<2, Int>>,
    ) -> Tensor<2> {
        let inputs = self.inputs(numbers, categories);
        self.backbone.forward_members(inputs)
    }

    /// What the backbone receives.
    ///
    /// # Shapes
    ///
    /// - numbers: `[batch_size, d_numbers]`
    /// - categories: `[batch_size, num_categorical]`, for a network with an embedding
    /// - output: `[batch_size, d_input]` of the backbone
    ///
    /// # Panics
    ///
    /// If a network with an embedding is given no categories.
    pub fn inputs(&self, numbers: Tensor<2>, categories: Option<Tensor<2, Int>>) -> Tensor<2> {
        let numbers = match &self.numerical {
            None => numbers,
            Some(numerical) => numerical.forward(numbers),
        };
        match &self.embedding {
            None => numbers,
            Some(embedding) => {
                let categories = categories.expect("a network with an embedding needs categories");
                let vectors = embedding.forward(categories);
                let [_, d_numbers] = numbers.dims();
                if d_numbers == 0 {
                    vectors
                } else {
                    Tensor::cat(vec![numbers, vectors], 1)
                }
            }
        }
    }

    /// How many members the network has, each with an output for every row.
    pub fn num_members(&self) -> usize {
        self.backbone.num_members()
    }

    /// The same with all probabilities of dropout multiplied by a factor in `[0, 1]`, as a schedule asks for.
    #[must_use]
    pub fn with_dropout_factor(mut self, factor: f64) -> Self {
        for dropout in self.backbone.dropouts() {
            dropout.prob *= factor;
        }
        self
    }

    /// Whether there is nothing but the backbone: no embeddings.
    pub fn is_bare(&self) -> bool {
        self.numerical.is_none() && self.embedding.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MlpConfig;

    fn config(d_numbers: usize, cardinalities: &[usize]) -> NetworkConfig {
        let inputs = InputsConfig::new(d_numbers, cardinalities, 2);
        let backbone = BackboneConfig::Mlp(MlpConfig::new(inputs.d_output(), vec![4], 1));
        NetworkConfig { inputs, backbone }
    }

    #[test]
    fn the_backbone_receives_the_numbers_and_then_the_vectors() {
        let device = Device::flex();
        let network = config(3, &[3]).init(&device);
        let numbers = Tensor::<2>::from_floats([[1.0, 2.0, 3.0]], &device);
        let categories = Tensor::<2, Int>::from_data([[2]], &device);

        let output = network.forward(numbers.clone(), Some(categories.clone()));

        let vectors = network.embedding.as_ref().unwrap().forward(categories);
        let inputs = Tensor::cat(vec![numbers, vectors], 1);
        assert_eq!(
            output.into_data(),
            network.backbone.forward(inputs).into_data()
        );
    }

    #[test]
    fn without_numbers_the_backbone_receives_the_vectors_alone() {
        let device = Device::flex();
        let network = config(0, &[3, 2]).init(&device);
        let categories = Tensor::<2, Int>::from_data([[2, 0], [1, 1]], &device);

        let output = network.forward(Tensor::zeros([2, 0], &device), Some(categories.clone()));

        let vectors = network.embedding.as_ref().unwrap().forward(categories);
        assert_eq!(
            output.into_data(),
            network.backbone.forward(vectors).into_data()
        );
    }

    #[test]
    fn without_an_embedding_the_backbone_receives_the_numbers_alone() {
        let device = Device::flex();
        let network = config(3, &[]).init(&device);
        assert!(network.embedding.is_none());
        let numbers = Tensor::<2>::from_floats([[1.0, 2.0, 3.0]], &device);

        let output = network.forward(numbers.clone(), None);

        assert_eq!(
            output.into_data(),
            network.backbone.forward(numbers).into_data()
        );
    }

    #[test]
    fn a_backbone_of_another_width_than_the_inputs_is_rejected() {
        let mut config = config(3, &[3, 3]);
        config.inputs.d_numbers = 4;
        assert_eq!(
            config.check().unwrap_err().to_string(),
            "`d_input` is 7 for inputs of width 8, but must be equal to their width"
        );
    }

    #[test]
    #[should_panic(expected = "needs categories")]
    fn an_embedding_without_categories_panics() {
        let device = Device::flex();
        let network = config(1, &[3]).init(&device);
        network.forward(Tensor::zeros([1, 1], &device), None);
    }
}
