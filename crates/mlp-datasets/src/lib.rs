//! Tables, built-in data sets, splits, preprocessing and device-resident batches for
//! [Burn](burn).
//!
//! Data flows through the crate in one direction:
//!
//! 1. a [`BuiltIn`] data set or [a file](read_dataset) becomes a [`Table`] of columns;
//! 2. a [`Split`] divides its rows into training, validation and test rows;
//! 3. a [`Preprocessor`] is fitted on the training rows only, and its [`InputSpec`] describes the
//!    inputs of a network;
//! 4. [`Examples`] are preprocessed rows as tensors on a device;
//! 5. an [`ExamplesLoader`] gives them out in batches.
//!
//! The crate does not depend on a backend: tensors are created on a
//! [`Device`](burn::tensor::Device).
//!
//! The variants of enums such as [`Scaling`] or [`BuiltIn`] are listed by
//! [`strum::VariantArray`], and their names and descriptions come from [`strum`] as well.
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
//! | `tables` (default) | embeds adult, california_housing and titanic, a megabyte together |
//! | `download` | lets [`LoadOptions::download`] fetch MNIST, through Burn's downloader |

mod builtin;
mod causes;
mod column_report;
mod dataset;
mod error;
mod examples;
mod fingerprint;
mod format;
mod input;
mod leakage;
mod loader;
mod names;
mod nearest;
mod position;
mod preprocessor;
mod quietly;
mod reader;
mod row_numbers;
mod row_places;
mod schema;
mod split;
mod statistics;
mod table;
mod task;

// Their types are in public signatures.
pub use arrow_array;
pub use arrow_schema;
pub use builtin::{BuiltIn, LoadOptions};
pub use bytes;
pub use causes::with_causes;
pub use column_report::{
    ColumnReport, DoubtfulNumbers, DropReason, NonNumericCells, OddCells, Role, Suspicion,
};
pub use csv;
pub use dataset::Dataset;
pub use error::Error;
pub use examples::{ExampleTargets, Examples, category_tensor};
pub use format::{
    ColumnFormat, DateFormat, NumberFormat, find_same, first_alike, first_of_other_case,
    looks_like_number,
};
pub use input::{ArrowStream, Dialect, Quote, Source, is_plain_text, sha256};
pub use loader::ExamplesLoader;
pub use nearest::nearest;
pub use position::Position;
pub use preprocessor::{
    Categories, CategoryEncoding, CategoryMeans, Derivation, DerivedFeature, EncodedTarget,
    FeatureEncoding, InputColumn, InputKind, InputSpec, Inputs, NumericStatistics, PartScaler,
    Preprocessor, PreprocessorConfig, Scaler, Scaling, TargetEncoding, TargetMeans, TargetScaling,
    TargetTransform, UnseenValues,
};
pub use quietly::quietly;
pub use reader::{Chunks, InputRows, ReadOptions, TableBuilder, read_dataset, read_table};
pub use row_places::{RowPlace, RowPlaces};
pub use schema::{Schema, SchemaColumn};
pub use split::{Partition, Split, SplitConfig, SplitName};
pub use statistics::{ColumnSummary, IsolatedValues, Measure, Relation, ValueSummary, time_text};
pub use strum;
pub use table::{Column, ColumnKind, DatePart, Table, Target, Values};
pub use task::Task;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
