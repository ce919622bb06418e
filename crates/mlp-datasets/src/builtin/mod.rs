//! Data sets that are known by name: embedded, generated, or read from files of a known format.

mod built_in;
#[cfg(feature = "download")]
mod download;
mod embedded;
mod facts;
mod gates;
mod generated;
mod idx;
mod idx_files;
mod options;

use std::path::PathBuf;

pub use built_in::BuiltIn;
pub use options::LoadOptions;

use crate::dataset::Dataset;
use crate::error::Error;

impl BuiltIn {
    /// Generates or reads the data set.
    ///
    /// # Errors
    ///
    /// If an option is out of range or does not apply to the data set, or files are missing or
    /// damaged.
    pub fn load(self, options: &LoadOptions) -> Result<Dataset, Error> {
        options.check(self)?;
        match self {
            Self::Iris => embedded::load(self, embedded::IRIS),
            Self::Wine => embedded::load(self, embedded::WINE),
            Self::BreastCancer => embedded::load(self, embedded::BREAST_CANCER),
            Self::Digits => embedded::load(self, embedded::DIGITS),
            Self::Diabetes => embedded::load(self, embedded::DIABETES),
            #[cfg(feature = "tables")]
            Self::Adult => embedded::load(self, embedded::ADULT),
            #[cfg(feature = "tables")]
            Self::CaliforniaHousing => embedded::load(self, embedded::CALIFORNIA_HOUSING),
            #[cfg(feature = "tables")]
            Self::Titanic => embedded::load(self, embedded::TITANIC),
            Self::And => gates::load(self, |a, b| a && b),
            Self::Or => gates::load(self, |a, b| a || b),
            Self::Xor => gates::load(self, |a, b| a != b),
            Self::Moons => generated::load(self, options, generated::moons),
            Self::Circles => generated::load(self, options, generated::circles),
            Self::Blobs => generated::load(self, options, generated::blobs),
            Self::Spirals => generated::load(self, options, generated::spirals),
            Self::Sine => generated::load(self, options, generated::sine),
            Self::Mnist | Self::Idx => idx::load(self, &folder(self, options)?),
        }
    }
}

/// The folder of the files of a data set, after they were downloaded if requested.
fn folder(dataset: BuiltIn, options: &LoadOptions) -> Result<PathBuf, Error> {
    if options.download {
        #[cfg(feature = "download")]
        return download::mnist(options);
        #[cfg(not(feature = "download"))]
        return Err(Error::DownloadNotCompiledIn);
    }
    options.data_dir.clone().ok_or(Error::NoDataDir {
        dataset: dataset.name(),
        can_download: dataset == BuiltIn::Mnist,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray;

    #[test]
    fn the_facts_about_a_data_set_are_those_of_its_table() {
        for &dataset in BuiltIn::VARIANTS {
            if matches!(dataset, BuiltIn::Mnist | BuiltIn::Idx) {
                continue;
            }
            let loaded = dataset.load(&LoadOptions::default()).unwrap();
            let table = &loaded.table;
            assert_eq!(loaded.name, dataset.name());
            assert_eq!(table.task(), Some(dataset.task()), "{dataset}");
            assert_eq!(
                Some(table.num_features()),
                dataset.num_features(),
                "{dataset}"
            );
            assert_eq!(table.num_rows(), dataset.rows().unwrap_or(500), "{dataset}");
            let classes = table.target().unwrap().classes().map(<[String]>::len);
            assert_eq!(classes, dataset.num_classes(), "{dataset}");
        }
    }

    #[test]
    fn without_a_folder_the_error_names_the_settings() {
        let message = |dataset: BuiltIn| {
            let error = dataset.load(&LoadOptions::default()).unwrap_err();
            error.to_string()
        };
        assert_eq!(
            message(BuiltIn::Mnist),
            "the data set `mnist` is read from files, but `data_dir`, their folder, is not set; \
             `download` fetches them"
        );
        assert_eq!(
            message(BuiltIn::Idx),
            "the data set `idx` is read from files, but `data_dir`, their folder, is not set"
        );
    }

    #[cfg(not(feature = "download"))]
    #[test]
    fn a_build_without_network_code_cannot_download() {
        let options = LoadOptions {
            download: true,
            ..LoadOptions::default()
        };
        assert_eq!(
            BuiltIn::Mnist.load(&options).unwrap_err().to_string(),
            "the feature `download` of mlp-datasets is not enabled in this build"
        );
    }
}
