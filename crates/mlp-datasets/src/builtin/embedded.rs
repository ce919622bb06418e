//! Classic tables that are part of the program; `datasets/README.md` says whose they are.

use super::{BuiltIn, Dataset};
use crate::{ColumnKind, Error, ReadOptions, Scaling, Source, read_dataset};

/// A file, and which of its columns is the target.
struct File {
    name: &'static str,
    content: &'static [u8],
    target: &'static str,
}

macro_rules! file {
    ($name:literal, $target:literal) => {
        File {
            name: $name,
            content: include_bytes!(concat!("../../../../datasets/", $name)),
            target: $target,
        }
    };
}

const IRIS: File = file!("iris.csv", "species");
const WINE: File = file!("wine.csv", "class");
const BREAST_CANCER: File = file!("breast_cancer.csv", "diagnosis");
const DIGITS: File = file!("digits.csv.gz", "digit");
const DIABETES: File = file!("diabetes.csv", "progression");
#[cfg(feature = "tables")]
const ADULT: File = file!("adult.parquet", "class");
#[cfg(feature = "tables")]
const CALIFORNIA_HOUSING: File = file!("california_housing.parquet", "MedHouseVal");
#[cfg(feature = "tables")]
const TITANIC: File = file!("titanic.parquet", "Survived");

pub(super) fn load(dataset: BuiltIn) -> Result<Dataset, Error> {
    let file = match dataset {
        BuiltIn::Iris => IRIS,
        BuiltIn::Wine => WINE,
        BuiltIn::BreastCancer => BREAST_CANCER,
        BuiltIn::Digits => DIGITS,
        BuiltIn::Diabetes => DIABETES,
        #[cfg(feature = "tables")]
        BuiltIn::Adult => ADULT,
        #[cfg(feature = "tables")]
        BuiltIn::CaliforniaHousing => CALIFORNIA_HOUSING,
        #[cfg(feature = "tables")]
        BuiltIn::Titanic => TITANIC,
        other => unreachable!("`{other}` is not embedded"),
    };
    let mut options = ReadOptions {
        target: vec![file.target.to_owned()],
        task: Some(dataset.task()),
        ..ReadOptions::default()
    };
    if dataset == BuiltIn::Digits {
        // Pixels that are always white belong to the picture.
        let pixels =
            (0..8).flat_map(|row| (0..8).map(move |column| format!("pixel_{row}_{column}")));
        options.kinds = pixels.map(|pixel| (pixel, ColumnKind::Numeric)).collect();
    }
    let read = read_dataset(&Source::from_bytes(file.name, file.content), &options)?;
    Ok(Dataset {
        name: dataset.name().to_owned(),
        scaling: match dataset {
            BuiltIn::Digits => Scaling::Shared,
            _ => read.scaling,
        },
        ..read
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::file;
    use crate::{LoadOptions, Table, Target};

    fn load(dataset: BuiltIn) -> Table {
        dataset.load(&LoadOptions::default()).unwrap().table
    }

    fn means(table: &Table) -> Vec<f64> {
        let mut sums = vec![0.0; table.num_features()];
        for row in 0..table.num_rows() {
            for (sum, value) in sums.iter_mut().zip(table.row(row)) {
                *sum += f64::from(value);
            }
        }
        sums.iter()
            .map(|sum| sum / table.num_rows() as f64)
            .collect()
    }

    /// How many rows each class has, in the order of the classes.
    fn class_counts(table: &Table) -> Vec<(String, usize)> {
        let Some(Target::Classes {
            labels,
            classes: names,
            ..
        }) = table.target()
        else {
            panic!("a classification");
        };
        let count = |class| labels.iter().filter(|&&label| label == class).count();
        names
            .iter()
            .cloned()
            .zip((0..names.len()).map(count))
            .collect()
    }

    #[test]
    fn files_are_those_whose_checksums_are_stated() {
        let readme = include_str!("../../../../datasets/README.md");
        let mut files = vec![IRIS, WINE, BREAST_CANCER, DIGITS, DIABETES];
        #[cfg(feature = "tables")]
        files.extend([ADULT, CALIFORNIA_HOUSING, TITANIC]);
        for File { name, content, .. } in files {
            let row = readme
                .lines()
                .find(|line| line.starts_with(&format!("| `{name}` |")))
                .unwrap();
            assert!(
                row.contains(&format!("`{}`", file::sha256(content))),
                "{row}"
            );
        }
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
    fn classes_are_as_large_as_published() {
        let count = |name: &str, count| (name.to_owned(), count);
        assert_eq!(
            class_counts(&load(BuiltIn::Iris)),
            [
                count("setosa", 50),
                count("versicolor", 50),
                count("virginica", 50)
            ]
        );
        // Of UCI's descriptions of the sets.
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
            panic!("a regression");
        };
        let min = numbers.iter().copied().fold(f32::INFINITY, f32::min);
        let max = numbers.iter().copied().fold(0.0, f32::max);
        assert_eq!((min, max), (25.0, 346.0));
        let mean = numbers.iter().sum::<f32>() / 442.0;
        assert!((mean - 152.13).abs() < 0.01, "{mean}");
    }

    #[cfg(feature = "tables")]
    #[test]
    fn missing_values_are_as_many_as_published() {
        // UCI's description of Adult, and the well-known gaps of the Titanic's list.
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
