//! Tables, built-in data sets, splits, preprocessing and device-resident batches for
//! [Burn](burn).
//!
//! A row's way through the crate, with no turning back:
//!
//! 1. a [`BuiltIn`] set or [a file](read_features) gives a [`Table`] of numbers;
//! 2. a [`Split`] says which rows train, which choose the best epoch and which test;
//! 3. a [`Preprocessor`] is fitted on the training rows alone;
//! 4. [`Examples`] are preprocessed rows as tensors on a device;
//! 5. an [`ExamplesLoader`] hands them out in batches.
//!
//! The crate depends on `burn` alone and names no backend: tensors are made for a
//! [`Device`](burn::tensor::Device), and live wherever that device is.
//!
//! ```
//! use burn::data::dataloader::DataLoader;
//! use burn::tensor::Device;
//! use mlp_datasets::{
//!     BuiltIn, Examples, ExamplesLoader, LoadOptions, Preprocessor, Split, SplitConfig,
//! };
//!
//! let iris = BuiltIn::Iris.load(&LoadOptions::default())?;
//! let split = Split::new(&iris.table, &iris.partition, &SplitConfig::default())?;
//! let preprocessor = Preprocessor::fit(&iris.table, &split.train, iris.scaling)?;
//!
//! let train = Examples::new(&iris.table, &split.train, &preprocessor, &Device::flex())?;
//! let loader = ExamplesLoader::new(train, 32).shuffled(7);
//! let batches = loader.iter().collect::<Result<Vec<_>, _>>()?;
//!
//! assert_eq!(loader.num_items(), 90);
//! assert_eq!(batches[0].features.dims(), [32, 4]);
//! assert_eq!(batches[2].features.dims(), [26, 4]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Features
//!
//! | Feature | What it adds |
//! |---|---|
//! | `download` | [`LoadOptions::download`] fetches MNIST, through Burn's downloader |

mod builtin;
mod csv;
mod error;
mod examples;
mod file;
mod loader;
mod preprocessor;
mod split;
mod table;

pub use builtin::{BuiltIn, Dataset, LoadOptions, Partition};
pub use csv::read_features;
pub use error::Error;
pub use examples::{Examples, Targets};
pub use loader::ExamplesLoader;
pub use preprocessor::{EncodedTarget, FeatureScaling, Preprocessor, Scaling, TargetEncoding};
pub use split::{Split, SplitConfig};
pub use table::{Table, Target, TargetValues, Task};
