use mlp_inference::PredictionColumn;

use super::Answer;
use crate::model::ServedModel;

/// An object for each row, in an array if the request had one.
pub fn rows(answer: Answer, is_array: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 * answer.columns().len() * answer.rows().len());
    if is_array {
        push_rows(&mut out, answer);
    } else {
        let first = answer.rows().start;
        push_row(&mut out, answer, first);
    }
    out
}

/// What `MLflow` answers: the rows as `predictions`.
pub fn dataframe(answer: Answer) -> Vec<u8> {
    let mut out = br#"{"predictions":"#.to_vec();
    push_rows(&mut out, answer);
    out.push(b'}');
    out
}

fn push_rows(out: &mut Vec<u8>, answer: Answer) {
    out.push(b'[');
    for row in answer.rows() {
        if row > answer.rows().start {
            out.push(b',');
        }
        push_row(out, answer, row);
    }
    out.push(b']');
}

fn push_row(out: &mut Vec<u8>, answer: Answer, row: usize) {
    for (index, (column, key)) in answer.columns().iter().zip(&answer.model.keys).enumerate() {
        out.push(if index == 0 { b'{' } else { b',' });
        out.extend_from_slice(key.as_bytes());
        push_value(out, column, row, answer.model);
    }
    out.push(b'}');
}

/// A value; `null` where the model computed none that is finite.
pub fn push_value(out: &mut Vec<u8>, column: &PredictionColumn, row: usize, model: &ServedModel) {
    if column.is_null(row) {
        out.extend_from_slice(b"null");
        return;
    }
    let mut buffer = ryu::Buffer::new();
    match column {
        PredictionColumn::Classes { labels, .. } => {
            let class = labels[row].and_then(|label| model.classes.get(label));
            out.extend_from_slice(class.map_or("null", String::as_str).as_bytes());
        }
        PredictionColumn::Integers(integers) => {
            out.extend_from_slice(integers[row].to_string().as_bytes());
        }
        PredictionColumn::Singles(numbers) => {
            out.extend_from_slice(buffer.format_finite(numbers[row]).as_bytes());
        }
        PredictionColumn::Doubles(numbers) | PredictionColumn::Numbers(numbers) => {
            out.extend_from_slice(buffer.format_finite(numbers[row]).as_bytes());
        }
    }
}
