use mlp_inference::PredictionColumn;
use mlp_inference::arrow_schema::Field;
use serde_json::Value;

use super::Answer;
use super::json::push_value;
use crate::names::{did_you_mean, listed, shortened};
use crate::refusal::Refusal;
use crate::request::InferRequest;

/// The indices of the outputs that a request asks for.
///
/// # Errors
///
/// If it asks for one that there is not.
pub fn selected(fields: &[Field], request: &InferRequest) -> Result<Vec<usize>, Refusal> {
    if request.outputs.is_empty() {
        return Ok((0..fields.len()).collect());
    }
    let wanted = request.outputs.iter().map(|output| {
        let index = fields.iter().position(|field| *field.name() == output.name);
        index.ok_or_else(|| {
            let names: Vec<&str> = fields.iter().map(|field| field.name().as_str()).collect();
            let error = format!(
                "there is no output `{}`; the outputs are {}",
                shortened(&output.name),
                listed(&names)
            );
            Refusal::unsuitable(error).with_hint(did_you_mean(&output.name, &names))
        })
    });
    wanted.collect()
}

/// A tensor for each column of the predictions that is wanted.
pub fn outputs(answer: Answer, id: Option<&str>, wanted: &[usize]) -> Vec<u8> {
    let model = answer.model;
    let mut out = Vec::with_capacity(256 + 32 * wanted.len() * answer.rows().len());
    let mut push = |text: &str| out.extend_from_slice(text.as_bytes());
    push(r#"{"model_name":"#);
    push(&Value::from(model.name.as_str()).to_string());
    push(r#","model_version":"#);
    push(&Value::from(model.version.as_str()).to_string());
    if let Some(id) = id {
        push(r#","id":"#);
        push(&Value::from(id).to_string());
    }
    push(r#","outputs":["#);
    for (place, &index) in wanted.iter().enumerate() {
        let column = &answer.columns()[index];
        let name = Value::from(model.fields[index].name().as_str());
        let (comma, rows) = (if place > 0 { "," } else { "" }, answer.rows().len());
        let datatype = datatype(column);
        let head =
            format!(r#"{comma}{{"name":{name},"shape":[{rows}],"datatype":"{datatype}","data":["#);
        out.extend_from_slice(head.as_bytes());
        for row in answer.rows() {
            if row > answer.rows().start {
                out.push(b',');
            }
            push_value(&mut out, column, row, model);
        }
        out.extend_from_slice(b"]}");
    }
    out.extend_from_slice(b"]}");
    out
}

fn datatype(column: &PredictionColumn) -> &'static str {
    match column {
        PredictionColumn::Classes { .. } => "BYTES",
        PredictionColumn::Integers(_) => "UINT64",
        PredictionColumn::Singles(_) => "FP32",
        PredictionColumn::Doubles(_) | PredictionColumn::Numbers(_) => "FP64",
    }
}
