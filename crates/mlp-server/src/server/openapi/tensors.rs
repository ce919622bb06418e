//! Requests and answers of the Open Inference Protocol.

use mlp_inference::arrow_schema::Field;
use serde_json::{Value, json};

use crate::model::ServedModel;

/// A request.
pub fn tensors(model: &ServedModel, example: &Value) -> Value {
    let inputs = model.schema.columns.iter().map(|column| {
        let value = &example[&column.name];
        let datatype = if value.is_number() { "FP64" } else { "BYTES" };
        json!({ "name": column.name, "shape": [1], "datatype": datatype, "data": [value] })
    });
    let tensor = json!({
        "type": "object",
        "required": ["name", "shape", "datatype", "data"],
        "properties": {
            "name": { "type": "string" },
            "shape": { "type": "array", "items": { "type": "integer", "minimum": 0 }, "minItems": 1, "maxItems": 2 },
            "datatype": { "enum": crate::request::DATATYPES },
            "data": { "type": "array" },
        },
    });
    json!({
        "schema": {
            "type": "object",
            "required": ["inputs"],
            "properties": {
                "id": { "type": ["string", "null"] },
                "inputs": { "type": "array", "items": tensor, "minItems": 1 },
                "outputs": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["name"],
                        "properties": { "name": { "enum": model.fields.iter().map(Field::name).collect::<Vec<_>>() } },
                    },
                },
            },
        },
        "example": { "inputs": inputs.collect::<Vec<_>>() },
    })
}

/// Its answer.
pub fn tensor_answer(model: &ServedModel) -> Value {
    json!({
        "type": "object",
        "required": ["model_name", "model_version", "outputs"],
        "properties": {
            "model_name": { "const": model.name },
            "model_version": { "type": "string" },
            "id": { "type": "string" },
            "outputs": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["name", "shape", "datatype", "data"],
                    "properties": {
                        "name": { "type": "string" },
                        "shape": { "type": "array", "items": { "type": "integer" } },
                        "datatype": { "type": "string" },
                        "data": { "type": "array" },
                    },
                },
            },
        },
    })
}
