use mlp_tables as tables;

use super::built_in::BuiltIn;
use crate::dataset::Dataset;
use crate::error::Error;
use crate::input::Source;
use crate::preprocessor::Scaling;
use crate::reader::{ReadOptions, read_dataset};
use crate::table::ColumnKind;

/// A file of the package `mlp-tables`, whose README gives its source and licence.
pub(super) struct File {
    content: &'static [u8],
    /// The column to predict.
    target: &'static str,
}

pub(super) const IRIS: File = file(tables::IRIS, "species");
pub(super) const WINE: File = file(tables::WINE, "class");
pub(super) const BREAST_CANCER: File = file(tables::BREAST_CANCER, "diagnosis");
pub(super) const DIGITS: File = file(tables::DIGITS, "digit");
pub(super) const DIABETES: File = file(tables::DIABETES, "progression");
#[cfg(feature = "tables")]
pub(super) const ADULT: File = file(tables::ADULT, "class");
#[cfg(feature = "tables")]
pub(super) const CALIFORNIA_HOUSING: File = file(tables::CALIFORNIA_HOUSING, "MedHouseVal");
#[cfg(feature = "tables")]
pub(super) const TITANIC: File = file(tables::TITANIC, "Survived");

const fn file(content: &'static [u8], target: &'static str) -> File {
    File { content, target }
}

pub(super) fn load(dataset: BuiltIn, file: File) -> Result<Dataset, Error> {
    let mut options = ReadOptions {
        target: vec![file.target.to_owned()],
        task: Some(dataset.task()),
        ..ReadOptions::default()
    };
    let is_image = dataset == BuiltIn::Digits;
    if is_image {
        // Pixels that are the same in every image belong to the image all the same.
        let pixels =
            (0..8).flat_map(|row| (0..8).map(move |column| format!("pixel_{row}_{column}")));
        options.kinds = pixels.map(|pixel| (pixel, ColumnKind::Numeric)).collect();
    }
    let source = Source::from_bytes(dataset.name(), file.content);
    let read = read_dataset(&source, &options)?;
    Ok(Dataset {
        name: dataset.name().to_owned(),
        scaling: if is_image {
            Scaling::Shared
        } else {
            read.scaling
        },
        ..read
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LoadOptions, Table, Target};

    fn load(dataset: BuiltIn) -> Table {
        dataset.load(&LoadOptions::default()).unwrap().table
    }

    fn means(table: &Table) -> Vec<f64> {
        let mut sums = vec![0.0; table.num_features()];
        for row in 0..table.num_rows() {
            for (sum, value) in sums.iter_mut().zip(table.row(row)) {
                *sum += value;
            }
        }
        sums.iter()
            .map(|sum| sum / table.num_rows() as f64)
            .collect()
    }

    /// The number of rows of each class, in the order of the classes.
    fn class_counts(table: &Table) -> Vec<(String, usize)> {
        let Some(Target::Classes {
            labels,
            classes: names,
            ..
        }) = table.target()
        else {
            panic!("the task is classification");
        };
        let count = |class| labels.iter().filter(|&&label| label == class).count();
        names
            .iter()
            .cloned()
            .zip((0..names.len()).map(count))
            .collect()
    }

    #[test]
    fn iris_has_the_means_of_the_literature() {
        let table = load(BuiltIn::Iris);
        let names = ["sepal_length", "sepal_width", "petal_length", "petal_width"];
        assert_eq!(table.feature_names(), names);
        // R: colMeans(iris[, 1:4]), rounded to five digits.
        for (found, expected) in means(&table)
            .into_iter()
            .zip([5.8433, 3.0573, 3.758, 1.1993])
        {
            assert!((found - expected).abs() < 5e-5, "{found}");
        }
    }

    #[test]
    fn class_sizes_are_those_published() {
        let count = |name: &str, count| (name.to_owned(), count);
        assert_eq!(
            class_counts(&load(BuiltIn::Iris)),
            [
                count("setosa", 50),
                count("versicolor", 50),
                count("virginica", 50)
            ]
        );
        // As in UCI's descriptions of the data sets.
        assert_eq!(
            class_counts(&load(BuiltIn::Wine)),
            [
                count("class_0", 59),
                count("class_1", 71),
                count("class_2", 48)
            ]
        );
        assert_eq!(
            class_counts(&load(BuiltIn::BreastCancer)),
            [count("benign", 357), count("malignant", 212)]
        );
        let digits = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180];
        for (digit, (found, expected)) in class_counts(&load(BuiltIn::Digits))
            .into_iter()
            .zip(digits)
            .enumerate()
        {
            assert_eq!(found, count(&digit.to_string(), expected));
        }
    }

    #[test]
    fn diabetes_has_the_range_of_the_literature() {
        // Efron et al.: the response is an integer from 25 to 346, with a mean of 152.1.
        let table = load(BuiltIn::Diabetes);
        let Some(Target::Numbers {
            values: numbers, ..
        }) = table.target()
        else {
            panic!("the task is regression");
        };
        let min = numbers.iter().copied().fold(f64::INFINITY, f64::min);
        let max = numbers.iter().copied().fold(0.0, f64::max);
        assert_eq!((min, max), (25.0, 346.0));
        let mean = numbers.iter().sum::<f64>() / 442.0;
        assert!((mean - 152.13).abs() < 0.01, "{mean}");
    }

    #[cfg(feature = "tables")]
    #[test]
    fn the_numbers_of_missing_values_are_those_published() {
        // As in UCI's description of Adult and Kaggle's of the Titanic.
        let missing = |dataset, column| {
            let table = load(dataset);
            table.column(column).unwrap().values.num_missing()
        };
        assert_eq!(missing(BuiltIn::Adult, "workclass"), 2799);
        assert_eq!(missing(BuiltIn::Adult, "occupation"), 2809);
        assert_eq!(missing(BuiltIn::Adult, "native-country"), 857);
        assert_eq!(missing(BuiltIn::Titanic, "Age"), 177);
        assert_eq!(missing(BuiltIn::Titanic, "Cabin"), 687);
        assert_eq!(
            class_counts(&load(BuiltIn::Titanic)),
            [("0".to_owned(), 549), ("1".to_owned(), 342)]
        );
    }
}
