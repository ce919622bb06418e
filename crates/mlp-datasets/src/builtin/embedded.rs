//! Small classic tables that are part of the program; `datasets/README.md` says whose they are.

use super::{BuiltIn, Dataset, Partition};
use crate::csv::parse_table;
use crate::{Error, Scaling};

const IRIS: (&str, &[u8]) = ("iris.csv", include_bytes!("../../../../datasets/iris.csv"));
const WINE: (&str, &[u8]) = ("wine.csv", include_bytes!("../../../../datasets/wine.csv"));
const BREAST_CANCER: (&str, &[u8]) = (
    "breast_cancer.csv",
    include_bytes!("../../../../datasets/breast_cancer.csv"),
);
const DIGITS: (&str, &[u8]) = (
    "digits.csv.gz",
    include_bytes!("../../../../datasets/digits.csv.gz"),
);
const DIABETES: (&str, &[u8]) = (
    "diabetes.csv",
    include_bytes!("../../../../datasets/diabetes.csv"),
);

pub(super) fn load(dataset: BuiltIn) -> Result<Dataset, Error> {
    let (file, content) = match dataset {
        BuiltIn::Iris => IRIS,
        BuiltIn::Wine => WINE,
        BuiltIn::BreastCancer => BREAST_CANCER,
        BuiltIn::Digits => DIGITS,
        BuiltIn::Diabetes => DIABETES,
        other => unreachable!("`{other}` is not embedded"),
    };
    Ok(Dataset {
        name: dataset.name().to_owned(),
        table: parse_table(file, content, dataset.task())?,
        partition: Partition::Random,
        scaling: match dataset {
            BuiltIn::Digits => Scaling::Shared,
            _ => Scaling::Standard,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LoadOptions, Table, TargetValues, file};

    fn load(dataset: BuiltIn) -> Table {
        dataset.load(&LoadOptions::default()).unwrap().table
    }

    fn means(table: &Table) -> Vec<f64> {
        let mut sums = vec![0.0; table.num_features()];
        for row in 0..table.num_rows() {
            for (sum, &value) in sums.iter_mut().zip(table.row(row)) {
                *sum += f64::from(value);
            }
        }
        sums.iter()
            .map(|sum| sum / table.num_rows() as f64)
            .collect()
    }

    /// How many rows each class has, in the order of the classes.
    fn class_counts(table: &Table) -> Vec<(String, usize)> {
        let TargetValues::Classes { labels, names } = &table.target().unwrap().values else {
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
        for (name, content) in [IRIS, WINE, BREAST_CANCER, DIGITS, DIABETES] {
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
        let TargetValues::Numbers(numbers) =
            load(BuiltIn::Diabetes).target().unwrap().values.clone()
        else {
            panic!("a regression");
        };
        let min = numbers.iter().copied().fold(f32::INFINITY, f32::min);
        let max = numbers.iter().copied().fold(0.0, f32::max);
        assert_eq!((min, max), (25.0, 346.0));
        let mean = numbers.iter().sum::<f32>() / 442.0;
        assert!((mean - 152.13).abs() < 0.01, "{mean}");
    }
}
