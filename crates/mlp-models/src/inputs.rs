use serde::{Deserialize, Serialize};

use crate::{EntityEmbeddingConfig, InvalidConfig, NumericalInputsConfig};

/// The inputs of a [`Network`](crate::Network), and how they become one vector for its backbone.
///
/// A row has numbers, categories or both. The backbone receives the numbers, of which some may be
/// embedded, followed by the embedding vectors of the categories.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub struct InputsConfig {
    /// How many numbers a row has. May be 0 if there is an embedding.
    pub d_numbers: usize,
    /// Which numbers are embedded, and how. `None`: the backbone receives the numbers as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numerical: Option<NumericalInputsConfig>,
    /// How categories become vectors. `None` if a row has no categories.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub embedding: Option<EntityEmbeddingConfig>,
}

impl InputsConfig {
    /// Inputs of `d_numbers` numbers, and of one category for each element of `cardinalities`, which
    /// becomes a vector of `d_embedding` numbers. Without cardinalities there is no embedding.
    pub fn new(d_numbers: usize, cardinalities: &[usize], d_embedding: usize) -> Self {
        let embedding = (!cardinalities.is_empty()).then(|| {
            EntityEmbeddingConfig::new(cardinalities.to_vec()).with_d_embedding(d_embedding)
        });
        Self {
            d_numbers,
            numerical: None,
            embedding,
        }
    }

    /// The same with some numbers embedded.
    #[must_use]
    pub fn with_numerical(self, numerical: Option<NumericalInputsConfig>) -> Self {
        Self { numerical, ..self }
    }

    /// Checks that the configuration describes inputs.
    ///
    /// # Errors
    ///
    /// Names the first field that is out of range.
    pub fn check(&self) -> Result<(), InvalidConfig> {
        if let Some(numerical) = &self.numerical {
            numerical.check(self.d_numbers)?;
        }
        match &self.embedding {
            Some(embedding) => embedding.check(),
            None if self.d_numbers == 0 => Err(InvalidConfig::new(
                "d_numbers",
                0,
                "1 or more if there is no embedding",
            )),
            None => Ok(()),
        }
    }

    /// The width of the vector that the backbone receives, or `usize::MAX` if it is larger.
    pub fn d_output(&self) -> usize {
        let numerical = self.numerical.as_ref();
        let embedding = self.embedding.as_ref();
        let d_numerical = numerical.map_or(self.d_numbers, |numerical| {
            numerical.d_output(self.d_numbers)
        });
        d_numerical.saturating_add(embedding.map_or(0, EntityEmbeddingConfig::d_output))
    }

    /// The number of indices of each categorical feature; empty if there is no embedding.
    pub fn cardinalities(&self) -> &[usize] {
        let embedding = self.embedding.as_ref();
        embedding.map_or(&[], |embedding| &embedding.cardinalities)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_output_is_as_wide_as_the_numbers_and_the_vectors_together() {
        let inputs = InputsConfig::new(3, &[5, 2], 4);
        assert_eq!(inputs.d_output(), 3 + 2 * 4);
        assert_eq!(inputs.cardinalities(), [5, 2]);
    }

    #[test]
    fn without_cardinalities_there_is_no_embedding() {
        let inputs = InputsConfig::new(3, &[], 4);
        assert!(inputs.embedding.is_none());
        assert_eq!(inputs.d_output(), 3);
        assert!(inputs.cardinalities().is_empty());
        let json = serde_json::to_string(&inputs).unwrap();
        assert_eq!(json, r#"{"d_numbers":3}"#);
    }

    #[test]
    fn inputs_need_numbers_or_an_embedding() {
        assert!(InputsConfig::new(0, &[5], 4).check().is_ok());
        let error = InputsConfig::new(0, &[], 4).check().unwrap_err();
        assert_eq!(error.field, "d_numbers");
        let error = InputsConfig::new(2, &[5], 0).check().unwrap_err();
        assert_eq!(error.field, "d_embedding");
    }
}
