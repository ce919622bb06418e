use super::classes::{classify_first, infer_task};
use crate::names::Shortened;
use crate::reader::options::ReadOptions;
use crate::table::{Column, Target, Values};
use crate::task::Task;

/// A text target with more classes, and few rows of each, is rejected unless the task was given.
const MAX_INFERRED_CLASSES: usize = 100;

/// Why a column cannot be predicted.
pub(super) struct TargetFault {
    pub column: String,
    /// The reason, such as `is 1 in every row`.
    pub reason: String,
    /// A text among numbers that may stand for a missing value, if that is the reason.
    pub non_numeric: Option<String>,
}

/// The values to predict, from columns without missing values; `None` without columns. The first rows
/// decide what is learned.
pub(super) fn target(
    columns: Vec<Column>,
    options: &ReadOptions,
    num_train_rows: usize,
) -> Result<Option<Target>, TargetFault> {
    if let (Some(Column { name, .. }), 0) = (columns.first(), num_train_rows) {
        return Err(fault(name, "has no value in any row"));
    }
    let [first, rest @ ..] = columns.as_slice() else {
        return Ok(None);
    };
    let task = match (options.task, rest) {
        (Some(task @ (Task::Classification | Task::Regression)), _) => task,
        // Groups can be compared with classes as well as with numbers.
        (Some(Task::Clustering) | None, []) => infer_task(&first.values.head(num_train_rows)),
        (Some(Task::Clustering) | None, _) => Task::Regression,
    };
    match task {
        Task::Classification if rest.is_empty() => classes(first, options, num_train_rows),
        Task::Classification => Err(fault(
            &first.name,
            "is one of several targets, which must be numbers",
        )),
        Task::Regression | Task::Clustering => numbers(columns, options, num_train_rows),
    }
    .map(Some)
}

fn classes(
    column: &Column,
    options: &ReadOptions,
    num_train_rows: usize,
) -> Result<Target, TargetFault> {
    let Column { name, values } = column;
    if let Values::Dates(_) = values {
        return Err(fault(name, DATES));
    }
    let (labels, classes, num_classes) = classify_first(values, num_train_rows);
    let known = &classes[..num_classes];
    // A model that is evaluated has learned already.
    if options.model.is_none() {
        if let [class] = known {
            let reason = format!("is `{class}` in every row, so there is nothing to learn");
            return Err(fault(name, reason));
        }
        if num_classes == num_train_rows {
            let reason = "has a different value in every row, so it has no classes to learn";
            return Err(fault(name, reason));
        }
        let is_inferred = options.task.is_none() && options.kind(name).is_none();
        if is_inferred && num_classes > MAX_INFERRED_CLASSES && 5 * num_classes > num_train_rows {
            return Err(too_many_classes(name, known));
        }
    }
    Ok(Target::Classes {
        name: name.clone(),
        labels,
        classes,
    })
}

/// The fault of a text target with too many classes, with the text that may be the cause.
fn too_many_classes(name: &str, classes: &[String]) -> TargetFault {
    let non_numeric = text_among_numbers(classes);
    let cause = match (&non_numeric, classes.first()) {
        (Some(text), _) => {
            let text = Shortened(text);
            format!("; not all of its values are numbers: one is `{text}`")
        }
        (None, Some(text)) if looks_like_number(text) => {
            format!("; is `{}` a number?", Shortened(text))
        }
        (None, _) => String::new(),
    };
    let count = classes.len();
    let reason =
        format!("is text with {count} different values, too many for classification{cause}");
    TargetFault {
        non_numeric,
        ..fault(name, reason)
    }
}

/// The first text that is not a number, if others are.
fn text_among_numbers(texts: &[String]) -> Option<String> {
    let is_number = |text: &&String| text.parse::<f64>().is_ok();
    let text = texts.iter().find(|text| !is_number(text))?;
    texts
        .iter()
        .any(|text| is_number(&text))
        .then(|| text.clone())
}

/// Whether a text consists of digits and what people write around them, as in `46,19` or `$1,000`.
fn looks_like_number(text: &str) -> bool {
    let is_part = |character: char| character.is_ascii_digit() || " .,'+-$€£%".contains(character);
    text.chars().all(is_part) && text.contains(|character: char| character.is_ascii_digit())
}

fn numbers(
    columns: Vec<Column>,
    options: &ReadOptions,
    num_train_rows: usize,
) -> Result<Target, TargetFault> {
    let mut names = Vec::with_capacity(columns.len());
    let mut numbers = Vec::with_capacity(columns.len());
    for Column { name, values } in columns {
        let values = match values {
            Values::Numbers(values) => values,
            Values::Dates(_) => return Err(fault(&name, DATES)),
            Values::Categories { names, .. } => {
                let text = names.iter().find(|name| name.parse::<f64>().is_err());
                let text = text.or(names.first()).map_or("", String::as_str);
                let text = Shortened(text);
                let reason = format!("has text such as `{text}`, where numbers are needed");
                return Err(TargetFault {
                    non_numeric: text_among_numbers(&names),
                    ..fault(&name, reason)
                });
            }
        };
        let mut known = values.iter().take(num_train_rows);
        let is_constant = known.all(|&value| value == values[0]);
        if is_constant && options.model.is_none() {
            let value = values[0];
            let reason = format!("is {value} in every row, so there is nothing to learn");
            return Err(fault(&name, reason));
        }
        // Predictions are of single precision, in which such numbers have few digits or become 0.
        let smallest = f64::from(f32::MIN_POSITIVE);
        if options.model.is_none() && values.iter().all(|value| value.abs() < smallest) {
            let reason = "is between -1.2e-38 and 1.2e-38 in every row, which is 0 in single precision, so there is \
                          nothing to learn; give it in a smaller unit";
            return Err(fault(&name, reason));
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

const DATES: &str = "has dates, which cannot be predicted";

fn fault(column: &str, reason: impl Into<String>) -> TargetFault {
    TargetFault {
        column: column.to_owned(),
        reason: reason.into(),
        non_numeric: None,
    }
}
