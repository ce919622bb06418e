//! Tables, built-in data sets, splits, preprocessing and device-resident batches for
//! [Burn](burn).
//!
//! A row's way through the crate, with no turning back:
//!
//! 1. a [`BuiltIn`] set or [a file](read_dataset) gives a [`Table`] of columns;
//! 2. a [`Split`] says which rows train, which choose the best epoch and which test;
//! 3. a [`Preprocessor`] is fitted on the training rows alone;
//! 4. [`Examples`] are preprocessed rows as tensors on a device;
//! 5. an [`ExamplesLoader`] hands them out in batches.
//!
//! The crate names no backend: tensors are made for a
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
//! | `tables` (default) | embeds adult, california_housing and titanic, which are a megabyte |
//! | `download` | [`LoadOptions::download`] fetches MNIST, through Burn's downloader |

mod builtin;
mod error;
mod examples;
mod input;
mod loader;
mod preprocessor;
mod reader;
mod split;
mod table;

pub use arrow_array;
pub use builtin::{BuiltIn, Dataset, LoadOptions, Partition};
pub use error::{Error, Place};
pub use examples::{Examples, Targets, category_tensor};
pub use input::{Dialect, Source};
pub use loader::ExamplesLoader;
pub use preprocessor::{
    Categories, CategoryEncoding, EncodedTarget, FeatureEncoding, Inputs, PartScaler, Preprocessor,
    PreprocessorConfig, Scaler, Scaling, Surprise, TargetEncoding, TargetScaling,
};
pub use reader::{
    Chunks, ColumnReport, DropReason, Dropped, InputRows, OddCell, ReadOptions, Role, Schema,
    SchemaColumn, read_dataset, read_table,
};
pub use split::{Split, SplitConfig, SplitName};
pub use table::{Column, ColumnKind, DatePart, Table, Target, Task, Values};
