use super::super::ReadOptions;
use super::classes::{classify, task};
use crate::{Column, Target, Task, Values};

/// More classes, if there are few rows of each, are no classes unless the user says so.
const MAX_TOLD_CLASSES: usize = 100;

/// A column that cannot be predicted.
pub(super) struct Unfit {
    pub column: String,
    /// Why, such as `is 1 in every row`.
    pub reason: String,
}

/// What is to be predicted, by columns none of whose values are missing; `None` without columns.
pub(super) fn target(columns: Vec<Column>, options: &ReadOptions) -> Result<Option<Target>, Unfit> {
    if let Some(Column { name, .. }) = columns.iter().find(|column| column.values.is_empty()) {
        return Err(unfit(name, "has no value in any row"));
    }
    let [first, rest @ ..] = columns.as_slice() else {
        return Ok(None);
    };
    let task = match (options.task, rest) {
        (Some(task @ (Task::Classification | Task::Regression)), _) => task,
        // Groups may be judged by classes as well as by numbers.
        (Some(Task::Clustering) | None, []) => task(&first.values),
        (Some(Task::Clustering) | None, _) => Task::Regression,
    };
    match task {
        Task::Classification if rest.is_empty() => classes(first, options),
        Task::Classification => Err(unfit(
            &first.name,
            "is one of several targets, which must be numbers",
        )),
        Task::Regression | Task::Clustering => numbers(columns, options),
    }
    .map(Some)
}

fn classes(column: &Column, options: &ReadOptions) -> Result<Target, Unfit> {
    let Column { name, values } = column;
    if let Values::Dates(_) = values {
        return Err(unfit(name, DATES));
    }
    let (labels, classes) = classify(values);
    let (num_classes, num_rows) = (classes.len(), labels.len());
    // A model that is to be judged has learned already.
    if options.model.is_none() {
        if let [class] = classes.as_slice() {
            let reason = format!("is `{class}` in every row, so there is nothing to learn");
            return Err(unfit(name, reason));
        }
        if num_classes == num_rows {
            let reason = "has another value in every row, so it has no classes to learn";
            return Err(unfit(name, reason));
        }
        let is_told = options.task.is_none() && options.kind(name).is_none();
        if is_told && num_classes > MAX_TOLD_CLASSES && 5 * num_classes > num_rows {
            let is_number = |class: &&String| class.parse::<f64>().is_ok();
            let text = classes.iter().find(|class| !is_number(class));
            let why = match text {
                Some(text) if classes.iter().any(|class| is_number(&class)) => {
                    format!(", since not all its values are numbers: one is `{text}`")
                }
                _ => String::new(),
            };
            let reason = format!("would have {num_classes} classes in {num_rows} rows{why}");
            return Err(unfit(name, reason));
        }
    }
    Ok(Target::Classes {
        name: name.clone(),
        labels,
        classes,
    })
}

fn numbers(columns: Vec<Column>, options: &ReadOptions) -> Result<Target, Unfit> {
    let mut names = Vec::with_capacity(columns.len());
    let mut numbers = Vec::with_capacity(columns.len());
    for Column { name, values } in columns {
        let values = match values {
            Values::Numbers(values) => values,
            Values::Dates(_) => return Err(unfit(&name, DATES)),
            Values::Categories { names, .. } => {
                let text = names.iter().find(|name| name.parse::<f64>().is_err());
                let text = text.or(names.first()).map_or("", String::as_str);
                let reason = format!("holds text, such as `{text}`, which is no number");
                return Err(unfit(&name, reason));
            }
        };
        let is_constant = values.iter().all(|&value| value == values[0]);
        if is_constant && options.model.is_none() {
            let value = values[0];
            let reason = format!("is {value} in every row, so there is nothing to learn");
            return Err(unfit(&name, reason));
        }
        names.push(name);
        numbers.push(values);
    }
    let num_rows = numbers.first().map_or(0, Vec::len);
    let row = |row: usize| numbers.iter().map(move |values| values[row]);
    Ok(Target::Numbers {
        names,
        values: (0..num_rows).flat_map(row).collect(),
    })
}

const DATES: &str = "holds dates, which cannot be predicted";

fn unfit(column: &str, reason: impl Into<String>) -> Unfit {
    Unfit {
        column: column.to_owned(),
        reason: reason.into(),
    }
}
