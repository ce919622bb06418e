use std::path::PathBuf;

use super::built_in::BuiltIn;
use crate::error::Error;

/// How a [`BuiltIn`] data set is generated or found.
#[derive(Clone, Debug, Default)]
pub struct LoadOptions {
    /// The seed of the noise of a generated set; ignored for other sets.
    pub seed: u64,
    /// The number of rows of a generated set; [500](Self::DEFAULT_SAMPLES) by default.
    pub samples: Option<usize>,
    /// The standard deviation of the noise of a generated set; by default
    /// [that of the set](BuiltIn::default_noise).
    pub noise: Option<f64>,
    /// The folder of the four files of `mnist` or `idx`.
    pub data_dir: Option<PathBuf>,
    /// Whether to download the files of `mnist` that are not in the folder. Without a folder they are
    /// kept in `$XDG_CACHE_HOME/mlp-datasets/mnist` or `~/.cache/mlp-datasets/mnist`. Needs the
    /// feature `download`.
    pub download: bool,
    /// The address to download from instead of the default one: the part before the file names.
    pub mirror: Option<String>,
}

impl LoadOptions {
    /// The number of rows of a generated set, unless another one is asked for.
    pub const DEFAULT_SAMPLES: usize = 500;

    /// Checks that every option that is set applies to the data set.
    pub(super) fn check(&self, dataset: BuiltIn) -> Result<(), Error> {
        let generated = dataset.is_generated();
        let mnist = dataset == BuiltIn::Mnist;
        let files = mnist || dataset == BuiltIn::Idx;
        for (option, given, used) in [
            ("samples", self.samples.is_some(), generated),
            ("noise", self.noise.is_some(), generated),
            ("data_dir", self.data_dir.is_some(), files),
            ("download", self.download, mnist),
            ("mirror", self.mirror.is_some(), mnist),
        ] {
            if given && !used {
                return Err(Error::UnusedOption {
                    option,
                    dataset: dataset.name(),
                });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_that_does_not_apply_is_an_error() {
        let noise = LoadOptions {
            noise: Some(0.1),
            ..LoadOptions::default()
        };
        let download = LoadOptions {
            download: true,
            ..LoadOptions::default()
        };
        for (options, dataset, message) in [
            (
                &noise,
                BuiltIn::Iris,
                "`noise` does not apply to the data set `iris`",
            ),
            (
                &download,
                BuiltIn::Idx,
                "`download` does not apply to the data set `idx`",
            ),
            (
                &download,
                BuiltIn::Moons,
                "`download` does not apply to the data set `moons`",
            ),
        ] {
            assert_eq!(dataset.load(options).unwrap_err().to_string(), message);
        }
        assert!(BuiltIn::Moons.load(&noise).is_ok());
    }
}
