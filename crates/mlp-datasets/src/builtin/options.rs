use std::path::PathBuf;

use crate::{BuiltIn, Error};

/// How a [`BuiltIn`] set is made or found.
#[derive(Clone, Debug, Default)]
pub struct LoadOptions {
    /// Where the random numbers of a generated set start. Other sets take no notice.
    pub seed: u64,
    /// How many rows a generated set has; 500 if not given.
    pub samples: Option<usize>,
    /// The standard deviation of a generated set's noise; 1 for `blobs` and 0.1 for the others if
    /// not given.
    pub noise: Option<f64>,
    /// The folder of the four files of `mnist` or `idx`.
    pub data_dir: Option<PathBuf>,
    /// Whether to fetch the files of `mnist` that are not in the folder. Without a folder they are
    /// kept in `$XDG_CACHE_HOME/mlp-datasets/mnist` or `~/.cache/mlp-datasets/mnist`. Needs the
    /// feature `download`.
    pub download: bool,
    /// Where to fetch them from, in place of the usual address: what stands before the file names.
    pub mirror: Option<String>,
}

impl LoadOptions {
    /// Checks that nothing is set that the data set has no use for.
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
                return Err(Error::UnusedOption { option, dataset });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_without_use_is_an_error() {
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
                "`noise` means nothing to the data set `iris`",
            ),
            (
                &download,
                BuiltIn::Idx,
                "`download` means nothing to the data set `idx`",
            ),
            (
                &download,
                BuiltIn::Moons,
                "`download` means nothing to the data set `moons`",
            ),
        ] {
            assert_eq!(dataset.load(options).unwrap_err().to_string(), message);
        }
        assert!(BuiltIn::Moons.load(&noise).is_ok());
    }
}
