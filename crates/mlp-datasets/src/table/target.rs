use super::column::Values;
use crate::error::Error;
use crate::names::first_duplicate;
use crate::task::Task;

/// The values to predict.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// One of several classes.
    Classes {
        /// The column's name.
        name: String,
        /// The class of each row, as an index into the classes.
        labels: Vec<usize>,
        /// The names of the classes.
        classes: Vec<String>,
    },
    /// One or more numbers.
    Numbers {
        /// The columns' names, at least one.
        names: Vec<String>,
        /// The numbers, row by row, one for each name.
        values: Vec<f64>,
    },
}

impl Target {
    /// The task that the target is for.
    pub fn task(&self) -> Task {
        match self {
            Self::Classes { .. } => Task::Classification,
            Self::Numbers { .. } => Task::Regression,
        }
    }

    /// The names of the columns.
    pub fn names(&self) -> &[String] {
        match self {
            Self::Classes { name, .. } => std::slice::from_ref(name),
            Self::Numbers { names, .. } => names,
        }
    }

    /// The names of the classes, if these are classes.
    pub fn classes(&self) -> Option<&[String]> {
        match self {
            Self::Classes { classes, .. } => Some(classes),
            Self::Numbers { .. } => None,
        }
    }

    /// The targets of the first rows for which `keep` is true, in their order.
    pub(crate) fn retained(&self, keep: &[bool]) -> Self {
        let rows = || (0..keep.len()).filter(|&row| keep[row]);
        match self {
            Self::Classes {
                name,
                labels,
                classes,
            } => Self::Classes {
                name: name.clone(),
                labels: rows().map(|row| labels[row]).collect(),
                classes: classes.clone(),
            },
            Self::Numbers { names, values } => {
                let width = names.len();
                let numbers = rows().flat_map(|row| &values[row * width..][..width]);
                Self::Numbers {
                    names: names.clone(),
                    values: numbers.copied().collect(),
                }
            }
        }
    }

    pub(super) fn check(&self, num_rows: usize) -> Result<(), Error> {
        let fits = |num_values: usize, name: &str| {
            if num_values == num_rows {
                return Ok(());
            }
            Err(Error::table(format!(
                "`{name}` has {num_values} values for {num_rows} rows"
            )))
        };
        match self {
            Self::Classes {
                name,
                labels,
                classes,
            } => {
                fits(labels.len(), name)?;
                if let Some(class) = first_duplicate(classes) {
                    return Err(Error::table(format!(
                        "two classes of `{name}` are called `{class}`"
                    )));
                }
                match labels.iter().position(|&label| label >= classes.len()) {
                    Some(row) => Err(Error::table(format!(
                        "`{name}` is {} in row {row}, but there are {} classes",
                        labels[row],
                        classes.len()
                    ))),
                    None => Ok(()),
                }
            }
            Self::Numbers { names, values } => {
                let [first, ..] = names.as_slice() else {
                    return Err(Error::table("its target has no column"));
                };
                if !values.len().is_multiple_of(names.len()) {
                    return Err(Error::table(format!(
                        "{} values do not fill rows of {} targets",
                        values.len(),
                        names.len()
                    )));
                }
                fits(values.len() / names.len(), first)?;
                match values
                    .iter()
                    .position(|number| number.is_nan() || number.abs() > Values::MAX_NUMBER)
                {
                    Some(i) => Err(Error::table(format!(
                        "`{}` is {} in row {}, but must be within ±3.4e38",
                        names[i % names.len()],
                        values[i],
                        i / names.len()
                    ))),
                    None => Ok(()),
                }
            }
        }
    }
}
