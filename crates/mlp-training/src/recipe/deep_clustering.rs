use serde::{Deserialize, Serialize};

use super::autoencoder::{AutoencoderSettings, default_batch_size, default_pretraining_epochs};
use super::describe::{Describe, Method, Sections};
use super::require::require;
use super::self_organising_map::check_linear_rate;
use super::{ClusterCount, ClusteringData};
use crate::{Error, Problem};

/// Deep embedded clustering: an autoencoder whose codes, once k-means has grouped them, learn to
/// form clusters ([Xie et al. 2016](https://arxiv.org/abs/1511.06335)).
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct DeepClusteringRecipe {
    /// Whether codes must also reconstruct their rows while clusters form (IDEC, [Guo et al.
    /// 2017](https://doi.org/10.24963/ijcai.2017/243)). The model is named by it.
    #[serde(skip)]
    pub keeps_reconstruction: bool,
    /// The network.
    pub model: DeepClusteringSettings,
    /// How it learns.
    pub training: DeepClusteringTraining,
    /// How rows become inputs.
    pub data: ClusteringData,
}

/// The layers of the autoencoder, and the weight of the clusters.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct DeepClusteringSettings {
    /// How many clusters of codes there are.
    pub clusters: ClusterCount,
    /// How many units each hidden layer of the encoder has; the decoder has them in reverse.
    pub hidden: Vec<usize>,
    /// The width of the code, at least 1.
    pub d_code: usize,
    /// Whether the decoder has the encoder's weights, transposed.
    pub tied: bool,
    /// The standard deviation, 0 or more, of the noise that it learns to remove.
    pub denoising: f64,
    /// How many of its nearest neighbours a row's code is pulled towards; 0 to learn from
    /// reconstructions alone.
    pub neighbours: usize,
    /// The weight of the clustering loss, above 0; that of the reconstruction is 1 for IDEC and 0 for DEC.
    pub gamma: f64,
}

/// How an autoencoder learns, and then its clusters.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct DeepClusteringTraining {
    /// How many passes over the rows there are before codes are grouped, at least 1.
    pub pretraining_epochs: usize,
    /// The learning rate while clusters form, above 0 and at most 1.
    pub learning_rate: f64,
    /// How many passes over the rows there are while clusters form, at least 1. Most often they
    /// settle before the last one.
    pub epochs: usize,
    /// How many rows each step takes, at least 1.
    pub batch_size: usize,
}

impl DeepClusteringRecipe {
    /// The defaults for a problem, of IDEC or of DEC.
    pub fn new(keeps_reconstruction: bool, problem: Problem) -> Self {
        let autoencoder = AutoencoderSettings::new(problem);
        Self {
            keeps_reconstruction,
            model: DeepClusteringSettings {
                clusters: autoencoder.clusters,
                hidden: autoencoder.hidden,
                d_code: autoencoder.d_code,
                tied: autoencoder.tied,
                denoising: autoencoder.denoising,
                neighbours: autoencoder.neighbours,
                gamma: if keeps_reconstruction { 0.7 } else { 1.0 },
            },
            training: DeepClusteringTraining {
                pretraining_epochs: default_pretraining_epochs(problem.num_rows),
                // Codes have been divided by their spread, and larger steps would scatter them.
                learning_rate: 0.0001,
                epochs: 30,
                batch_size: default_batch_size(problem.num_rows),
            },
            data: ClusteringData::new(problem),
        }
    }

    /// The settings of the autoencoder alone.
    pub fn autoencoder(&self) -> AutoencoderSettings {
        let DeepClusteringSettings {
            clusters,
            hidden,
            d_code,
            tied,
            denoising,
            neighbours,
            gamma: _,
        } = self.model.clone();
        AutoencoderSettings {
            clusters,
            hidden,
            d_code,
            tied,
            denoising,
            neighbours,
        }
    }
}

impl Describe for DeepClusteringRecipe {
    fn method(&self) -> Method<'_> {
        Method::DeepClustering(self)
    }

    fn sections(&self) -> Sections<'_> {
        Sections {
            model: &self.model,
            training: &self.training,
            data: &self.data,
        }
    }

    fn check(&self) -> Result<(), Error> {
        self.data.check()?;
        self.autoencoder().check()?;
        let gamma = self.model.gamma;
        require(gamma.is_finite() && gamma > 0.0, "gamma", gamma, "above 0")?;
        let training = &self.training;
        check_linear_rate(training.learning_rate)?;
        for (setting, value) in [
            ("pretraining_epochs", training.pretraining_epochs),
            ("epochs", training.epochs),
            ("batch_size", training.batch_size),
        ] {
            require(value > 0, setting, value, "1 or more")?;
        }
        Ok(())
    }
}
