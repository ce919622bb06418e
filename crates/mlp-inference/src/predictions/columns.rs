use std::sync::Arc;

use mlp_datasets::arrow_array::{ArrayRef, Float32Array, Float64Array, StringArray, UInt64Array};

use super::classes::Classes;
use super::clusters::Clusters;
use super::numbers::Numbers;
use crate::column::column;

/// A column of predictions, with a value for each row. A row without a class has none, and a number
/// that is not finite counts as none.
#[derive(Clone, Debug, PartialEq)]
pub enum PredictionColumn {
    /// Names of classes.
    Classes {
        /// The names of the classes that the model knows.
        names: Arc<[String]>,
        /// The class of each row, as an index into the names; `None` for a row without one.
        labels: Vec<Option<usize>>,
    },
    /// Cluster numbers.
    Integers(Vec<u64>),
    /// Numbers of single precision: codes.
    Singles(Vec<f32>),
    /// Numbers of double precision of which few digits matter: probabilities and errors.
    Doubles(Vec<f64>),
    /// Predicted numbers, in the units of the data, of which all digits matter.
    Numbers(Vec<f64>),
}

impl PredictionColumn {
    /// The number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Classes { labels, .. } => labels.len(),
            Self::Integers(integers) => integers.len(),
            Self::Singles(numbers) => numbers.len(),
            Self::Doubles(numbers) | Self::Numbers(numbers) => numbers.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a row has no value.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Classes { labels, .. } => labels[row].is_none(),
            Self::Integers(_) => false,
            Self::Singles(numbers) => !numbers[row].is_finite(),
            Self::Doubles(numbers) | Self::Numbers(numbers) => !numbers[row].is_finite(),
        }
    }

    /// The column as an Arrow array, which is null where there is no value.
    pub fn into_array(self) -> ArrayRef {
        match self {
            Self::Classes { names, labels } => {
                let names = labels.iter().map(|label| Some(&names[(*label)?]));
                Arc::new(names.collect::<StringArray>())
            }
            Self::Integers(integers) => Arc::new(UInt64Array::from(integers)),
            Self::Singles(numbers) => {
                let numbers = numbers.into_iter().map(|x| x.is_finite().then_some(x));
                Arc::new(numbers.collect::<Float32Array>())
            }
            Self::Doubles(numbers) | Self::Numbers(numbers) => {
                let numbers = numbers.into_iter().map(|x| x.is_finite().then_some(x));
                Arc::new(numbers.collect::<Float64Array>())
            }
        }
    }
}

/// The name of the class, and the probability of each class if there are probabilities.
pub fn of_classes(classes: Classes) -> Vec<PredictionColumn> {
    let num_classes = classes.names.len();
    let probabilities = classes.probabilities.iter().flat_map(|probabilities| {
        (0..num_classes).map(|class| {
            PredictionColumn::Doubles(column(probabilities, class, num_classes).collect())
        })
    });
    let probabilities: Vec<_> = probabilities.collect();
    let mut columns = vec![PredictionColumn::Classes {
        names: classes.names,
        labels: classes.labels,
    }];
    columns.extend(probabilities);
    columns
}

/// A column for each number of a row.
pub fn of_numbers(numbers: Numbers) -> Vec<PredictionColumn> {
    let Numbers {
        values,
        num_outputs,
    } = numbers;
    if num_outputs == 1 {
        return vec![PredictionColumn::Numbers(values)];
    }
    let of_output = |output| column(&values, output, num_outputs).collect();
    (0..num_outputs)
        .map(|output| PredictionColumn::Numbers(of_output(output)))
        .collect()
}

/// The cluster, its probability and the error, and the code if it is wanted.
pub fn of_clusters(found: Clusters, codes: bool) -> Vec<PredictionColumn> {
    let clusters = found.clusters.iter().map(|&cluster| cluster as u64);
    let mut columns = vec![
        PredictionColumn::Integers(clusters.collect()),
        PredictionColumn::Doubles(found.probabilities),
        PredictionColumn::Doubles(found.errors),
    ];
    if codes {
        columns.extend(singles(&found.codes, found.d_code));
    }
    columns
}

fn singles(values: &[f32], num_columns: usize) -> Vec<PredictionColumn> {
    (0..num_columns)
        .map(|index| PredictionColumn::Singles(column(values, index, num_columns).collect()))
        .collect()
}

#[cfg(test)]
mod tests {
    use mlp_datasets::arrow_array::Array;

    use super::*;

    #[test]
    fn probabilities_are_split_by_class() {
        let columns = of_classes(Classes {
            names: Arc::from(["No".to_owned(), "Yes".to_owned()]),
            labels: vec![Some(1), Some(0)],
            probabilities: Some(vec![0.25, 0.75, 0.875, 0.125]),
        });

        assert_eq!(columns[1], PredictionColumn::Doubles(vec![0.25, 0.875]));
        assert_eq!(columns[2], PredictionColumn::Doubles(vec![0.75, 0.125]));
        let names = columns[0].clone().into_array();
        let names: &StringArray = names.as_any().downcast_ref().unwrap();
        assert_eq!(names.iter().flatten().collect::<Vec<_>>(), ["Yes", "No"]);
    }

    #[test]
    fn each_target_has_a_column() {
        let columns = of_numbers(Numbers {
            values: vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
            num_outputs: 2,
        });

        assert_eq!(columns[0], PredictionColumn::Numbers(vec![1.0, 3.0, 5.0]));
        assert_eq!(columns[1], PredictionColumn::Numbers(vec![2.0, 4.0, 6.0]));
        assert_eq!(columns.len(), 2);
    }

    #[test]
    fn a_row_without_a_class_has_no_values() {
        let columns = of_classes(Classes {
            names: Arc::from(["No".to_owned(), "Yes".to_owned()]),
            labels: vec![Some(0), None],
            probabilities: Some(vec![0.75, 0.25, f64::NAN, f64::NAN]),
        });

        for column in columns {
            assert_eq!((column.is_null(0), column.is_null(1)), (false, true));
            let array = column.into_array();
            assert_eq!((array.is_null(0), array.is_null(1)), (false, true));
        }
    }

    #[test]
    fn a_number_that_is_not_finite_is_no_value() {
        let columns = of_numbers(Numbers {
            values: vec![1.0, f64::NAN, f64::NEG_INFINITY],
            num_outputs: 1,
        });

        assert!((1..3).all(|row| columns[0].is_null(row)));
        let array = columns[0].clone().into_array();
        assert_eq!((array.null_count(), array.is_valid(0)), (2, true));
    }

    #[test]
    fn codes_are_columns_if_they_are_wanted() {
        let found = Clusters {
            clusters: vec![1, 0],
            probabilities: vec![0.5, 0.75],
            errors: vec![0.0, 2.0],
            codes: vec![1.0, 2.0, 3.0, 4.0],
            d_code: 2,
            ..Clusters::default()
        };

        assert_eq!(of_clusters(found.clone(), false).len(), 3);
        let columns = of_clusters(found, true);
        assert_eq!(columns[0], PredictionColumn::Integers(vec![1, 0]));
        assert_eq!(columns[4], PredictionColumn::Singles(vec![2.0, 4.0]));
    }
}
