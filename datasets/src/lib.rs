//! The bytes of classic machine-learning tables, and nothing else.
//!
//! Sources, licences and checksums are listed in the README of this package. In each file the last
//! column is the target. The crate `mlp-datasets` reads them.
//!
//! ```
//! let text = str::from_utf8(mlp_tables::IRIS).unwrap();
//! assert_eq!(
//!     text.lines().next(),
//!     Some("sepal_length,sepal_width,petal_length,petal_width,species")
//! );
//! ```
//!
//! # Features
//!
//! | Feature | What it adds |
//! |---|---|
//! | `tables` (default) | adult, california_housing and titanic, a megabyte together |

/// Three species of iris, as CSV.
pub const IRIS: &[u8] = include_bytes!("../iris.csv");
/// Wines from three cultivars, as CSV.
pub const WINE: &[u8] = include_bytes!("../wine.csv");
/// Benign and malignant tumours, as CSV.
pub const BREAST_CANCER: &[u8] = include_bytes!("../breast_cancer.csv");
/// Handwritten digits of 8 × 8 pixels, as CSV compressed with gzip.
pub const DIGITS: &[u8] = include_bytes!("../digits.csv.gz");
/// Progression of diabetes within a year, as CSV.
pub const DIABETES: &[u8] = include_bytes!("../diabetes.csv");
/// Incomes in a census, as Parquet.
#[cfg(feature = "tables")]
pub const ADULT: &[u8] = include_bytes!("../adult.parquet");
/// House prices in the districts of California, as Parquet.
#[cfg(feature = "tables")]
pub const CALIFORNIA_HOUSING: &[u8] = include_bytes!("../california_housing.parquet");
/// Passengers of the Titanic, as Parquet.
#[cfg(feature = "tables")]
pub const TITANIC: &[u8] = include_bytes!("../titanic.parquet");

/// The name and the content of every file of this package that the enabled features embed.
pub const FILES: &[(&str, &[u8])] = &[
    ("iris.csv", IRIS),
    ("wine.csv", WINE),
    ("breast_cancer.csv", BREAST_CANCER),
    ("digits.csv.gz", DIGITS),
    ("diabetes.csv", DIABETES),
    #[cfg(feature = "tables")]
    ("adult.parquet", ADULT),
    #[cfg(feature = "tables")]
    ("california_housing.parquet", CALIFORNIA_HOUSING),
    #[cfg(feature = "tables")]
    ("titanic.parquet", TITANIC),
];
