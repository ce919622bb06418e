mod classes;
mod target;

use std::path::{Path, PathBuf};

use classes::classify;
use target::TargetFault;

use super::options::ReadOptions;
use crate::column_report::{ColumnReport, DropReason, Role};
use crate::error::Error;
use crate::split::{Partition, SplitName};
use crate::table::{Column, Target, Values};

/// The columns that are not features.
pub(super) struct Roles {
    target: Vec<Column>,
    weight: Option<Column>,
    split: Option<Column>,
    group: Option<Column>,
    time: Option<Column>,
}

impl Roles {
    /// Moves the columns with a role out of all columns. That they exist was checked before.
    pub fn take(
        path: &Path,
        columns: &mut Vec<Column>,
        reports: &mut [ColumnReport],
        options: &ReadOptions,
    ) -> Result<Self, Error> {
        let mut take = |name: &String, role: Role| {
            let reported = reports.iter().find(|report| report.name == *name);
            if let Some(DropReason::Unreadable(data_type)) =
                reported.and_then(|report| report.dropped)
            {
                return Err(Error::UnsupportedColumn {
                    path: path.to_owned(),
                    column: name.clone(),
                    data_type,
                });
            }
            if let Some(report) = reports.iter_mut().find(|report| report.name == *name) {
                report.role = role;
                report.dropped = None;
            }
            let index = columns.iter().position(|column| column.name == *name);
            let column = index.map(|index| columns.remove(index));
            column.ok_or_else(|| Error::RoleTaken {
                path: path.to_owned(),
                column: name.clone(),
            })
        };
        let target = options
            .target
            .iter()
            .map(|name| take(name, Role::Target))
            .collect::<Result<_, _>>()?;
        let mut one = |name: &Option<String>, role| {
            let column = name.as_ref().map(|name| take(name, role));
            column.transpose()
        };
        let roles = Self {
            target,
            weight: one(&options.weight, Role::Weight)?,
            split: one(&options.split, Role::Split)?,
            group: one(&options.group, Role::Split)?,
            time: one(&options.time, Role::Split)?,
        };
        // What recurs in a date, such as the weekday, is as good an input in later rows as in earlier
        // ones.
        if let Some(time @ Column { values, .. }) = &roles.time
            && matches!(values, Values::Dates(_))
        {
            columns.push(time.clone());
        }
        Ok(roles)
    }

    /// Which rows have a target; `None` if all have.
    pub fn rows_with_target(&self) -> Option<Vec<bool>> {
        let num_rows = self.target.first()?.values.len();
        let keep: Vec<bool> = (0..num_rows)
            .map(|row| {
                let mut targets = self.target.iter();
                !targets.any(|target| target.values.is_missing(row))
            })
            .collect();
        keep.contains(&false).then_some(keep)
    }

    pub fn retain(&mut self, keep: &[bool]) {
        let others = [
            &mut self.weight,
            &mut self.split,
            &mut self.group,
            &mut self.time,
        ];
        let others = others.into_iter().flatten();
        for column in self.target.iter_mut().chain(others) {
            column.values.retain(keep);
        }
    }

    /// The values to predict, if a target was named.
    ///
    /// The task, and whether it can be learned, is decided by the first rows, those of training files.
    pub fn target(
        &mut self,
        path: &Path,
        options: &ReadOptions,
        num_train_rows: usize,
    ) -> Result<Option<Target>, Error> {
        let columns = std::mem::take(&mut self.target);
        target::target(columns, options, num_train_rows).map_err(|fault| {
            let TargetFault {
                column,
                reason,
                non_numeric,
            } = fault;
            Error::BadTarget {
                path: path.to_owned(),
                column,
                reason,
                non_numeric,
                missing_text: None,
            }
        })
    }

    /// The weight of each row, if there is a column of weights. A function tells the file of a row, and its number
    /// there.
    pub fn weights(
        &mut self,
        place: impl Fn(usize) -> (PathBuf, usize),
    ) -> Result<Option<Vec<f32>>, Error> {
        let Some(Column { name, values }) = self.weight.take() else {
            return Ok(None);
        };
        match values {
            #[expect(clippy::cast_possible_truncation)] // Weights need no more digits.
            Values::Numbers(weights) => {
                let weights: Vec<f32> = weights.into_iter().map(|weight| weight as f32).collect();
                let is_wrong = |weight: &f32| !weight.is_finite() || *weight < 0.0;
                if let Some(index) = weights.iter().position(is_wrong) {
                    let (path, row) = place(index);
                    return Err(Error::BadWeight {
                        path,
                        row,
                        column: name,
                        found: match weights[index] {
                            weight if weight.is_nan() => "nothing".to_owned(),
                            weight => format!("`{weight}`"),
                        },
                    });
                }
                Ok(Some(weights))
            }
            Values::Categories { .. } | Values::Dates(_) => Err(Error::table(format!(
                "the weights in `{name}` are not numbers"
            ))),
        }
    }

    /// How the columns split the rows.
    pub fn partition(&mut self) -> Result<Partition, Error> {
        let missing = |column: &Column| match column.values.num_missing() {
            0 => Ok(()),
            missing => Err(Error::table(format!(
                "`{}`, which splits the rows, has {missing} missing values",
                column.name
            ))),
        };
        for column in [&self.split, &self.group, &self.time].into_iter().flatten() {
            missing(column)?;
        }
        if let Some(Column { name, values }) = self.split.take() {
            let (labels, names) = classify(&values);
            let parts = names
                .iter()
                .map(|part| {
                    part.parse::<SplitName>().map_err(|_| {
                        Error::table(format!(
                            "`{name}` has the value `{part}`, but the parts are `train`, `valid` \
                             and `test`"
                        ))
                    })
                })
                .collect::<Result<Vec<_>, _>>()?;
            let parts = labels.into_iter().map(|label| parts[label]).collect();
            return Ok(Partition::Given(parts));
        }
        if let Some(Column { values, .. }) = self.group.take() {
            return Ok(Partition::Groups(classify(&values).0));
        }
        Ok(match self.time.take() {
            Some(Column { name, values }) => match values {
                Values::Numbers(numbers) => Partition::Time {
                    times: numbers,
                    feature: None,
                },
                Values::Dates(dates) => Partition::Time {
                    times: dates.into_iter().map(|date| date as f64).collect(),
                    feature: Some(name),
                },
                Values::Categories { .. } => {
                    return Err(Error::table(format!(
                        "`{name}`, the time of each row, has neither dates nor numbers"
                    )));
                }
            },
            None => Partition::Random,
        })
    }
}
