//! The `OpenAPI` document, with the columns of the models.
//!
//! <https://spec.openapis.org/oas/v3.1.0>

use chrono::DateTime;
use mlp_datasets::{Categories, FeatureEncoding, Values};
use mlp_inference::arrow_schema::{DataType, Field};
use serde_json::{Map, Value, json};

use super::Shared;
use crate::media::Media;
use crate::metrics::Protocol;
use crate::model::ServedModel;

/// How many categories of a column are listed.
const LISTED: usize = 50;

/// The document.
pub fn document(shared: &Shared) -> Value {
    let models: Vec<_> = shared.models.iter().map(super::Named::model).collect();
    let mut paths = Map::new();
    let mut schemas = Map::new();
    schemas.insert("Error".to_owned(), error());
    for model in &models {
        let name = &model.name;
        schemas.insert(format!("{name}.Row"), row(model));
        schemas.insert(format!("{name}.Prediction"), prediction(model));
        let mut path = |path: String, protocol| {
            paths.insert(path, json!({ "post": operation(model, protocol) }));
        };
        path(format!("/models/{name}/predict"), Protocol::Rows);
        path(format!("/v2/models/{name}/infer"), Protocol::OpenInference);
        path(format!("/models/{name}/invocations"), Protocol::Mlflow);
        if models.len() == 1 {
            path("/predict".to_owned(), Protocol::Rows);
            path("/invocations".to_owned(), Protocol::Mlflow);
        }
        let about = |summary: &str| json!({ "get": question(summary, "application/json") });
        paths.insert(
            format!("/v2/models/{name}"),
            about("The inputs and outputs of the model"),
        );
        paths.insert(
            format!("/v2/models/{name}/ready"),
            about("Whether the model is ready"),
        );
    }
    for (path, summary, media) in [
        (
            "/v2",
            "The name and version of the server",
            "application/json",
        ),
        (
            "/v2/health/live",
            "Whether the server is there",
            "application/json",
        ),
        (
            "/v2/health/ready",
            "Whether the server takes requests",
            "application/json",
        ),
        (
            "/ping",
            "Whether the server takes requests",
            "application/json",
        ),
        ("/version", "The version of the server", "text/plain"),
        (
            "/metrics",
            "What the server has done, for Prometheus",
            "text/plain",
        ),
    ] {
        paths.insert(path.to_owned(), json!({ "get": question(summary, media) }));
    }
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Predictions",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Predicts the rows of tables. Rows have the columns of the training; others are ignored.",
        },
        "paths": paths,
        "components": { "schemas": schemas },
    });
    if shared.settings.token.is_some() {
        document["components"]["securitySchemes"] =
            json!({ "token": { "type": "http", "scheme": "bearer" } });
        document["security"] = json!([{ "token": [] }]);
        for path in ["/v2/health/live", "/v2/health/ready", "/ping"] {
            document["paths"][path]["get"]["security"] = json!([]);
        }
    }
    document
}

/// What is said of a request that is refused.
fn error() -> Value {
    json!({
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": { "type": "string", "description": "What is wrong" },
            "row": { "type": "integer", "minimum": 1 },
            "line": { "type": "integer", "minimum": 1 },
            "column": { "type": "string" },
            "value": { "type": "string" },
            "allowed": { "type": "string", "description": "What would be accepted instead" },
        },
        "additionalProperties": false,
    })
}

/// A request that asks for something about the server.
fn question(summary: &str, media: &str) -> Value {
    let mut responses = refusals(&[401, 403]);
    responses.insert(
        "200".to_owned(),
        json!({ "description": summary, "content": { media: {} } }),
    );
    json!({ "summary": summary, "responses": responses })
}

/// The answers with an error.
fn refusals(statuses: &[u16]) -> Map<String, Value> {
    let described = |status: &u16| {
        let description = match status {
            400 => "The body is not written as its type says",
            401 => "The token is missing or wrong",
            403 => "The request is for another server",
            406 => "No type of answer would be accepted",
            408 => "The request took too long",
            413 => "The body is too large, or has too many rows",
            415 => "The type of the body is not taken",
            422 => "The rows do not have what the model needs",
            429 => "There are too many requests at the same time",
            _ => "The model failed",
        };
        let content = json!({ "application/json": { "schema": reference("Error") } });
        (
            status.to_string(),
            json!({ "description": description, "content": content }),
        )
    };
    statuses.iter().map(described).collect()
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// A request for predictions.
fn operation(model: &ServedModel, protocol: Protocol) -> Value {
    let (row, prediction) = (
        reference(&format!("{}.Row", model.name)),
        reference(&format!("{}.Prediction", model.name)),
    );
    let example = example(model);
    let mut bodies = Map::new();
    let mut answers = Map::new();
    let mut text = |media: Media| {
        bodies.insert(
            media.name().to_owned(),
            json!({ "schema": { "type": "string" } }),
        );
    };
    let (json_body, json_answer) = match protocol {
        Protocol::Rows => {
            text(Media::Csv);
            text(Media::Arrow);
            for media in [Media::Csv, Media::Arrow] {
                answers.insert(
                    media.name().to_owned(),
                    json!({ "schema": { "type": "string" } }),
                );
            }
            let body = json!({
                "schema": { "oneOf": [{ "type": "array", "minItems": 1, "items": row }, row] },
                "example": [example],
            });
            (
                body,
                json!({ "oneOf": [{ "type": "array", "items": prediction }, prediction] }),
            )
        }
        Protocol::Mlflow => {
            text(Media::Csv);
            let records = json!({ "type": "array", "minItems": 1, "items": row });
            let with_records = json!({
                "type": "object",
                "required": ["dataframe_records"],
                "properties": { "dataframe_records": records },
            });
            let body = json!({
                "schema": { "oneOf": [with_records, split(model)] },
                "example": { "dataframe_records": [example] },
            });
            let predictions = json!({ "type": "array", "items": prediction });
            let answer = json!({
                "type": "object", "required": ["predictions"], "properties": { "predictions": predictions },
            });
            (body, answer)
        }
        Protocol::OpenInference => (tensors(model, &example), tensor_answer(model)),
    };
    bodies.insert("application/json".to_owned(), json_body);
    answers.insert(
        "application/json".to_owned(),
        json!({ "schema": json_answer }),
    );
    let mut responses = refusals(&[400, 401, 403, 406, 408, 413, 415, 422, 429, 500]);
    let described = json!({ "description": "A prediction for each row", "content": answers });
    responses.insert("200".to_owned(), described);
    json!({
        "summary": format!("Predict with {}", model.name),
        "requestBody": { "required": true, "content": bodies },
        "responses": responses,
    })
}

/// A table by its columns, in the order of the training, and its rows.
fn split(model: &ServedModel) -> Value {
    let features = &model.model.preprocessor().features;
    let (columns, width) = (model.columns(), model.num_columns());
    let row = json!({
        "type": "array",
        "prefixItems": features.iter().map(column).collect::<Vec<_>>(),
        "items": false,
        "minItems": width,
        "maxItems": width,
    });
    let split = json!({
        "type": "object",
        "required": ["columns", "data"],
        "properties": {
            "columns": { "const": columns },
            "data": { "type": "array", "minItems": 1, "items": row },
        },
    });
    json!({
        "type": "object",
        "required": ["dataframe_split"],
        "properties": { "dataframe_split": split },
    })
}

/// A row of a model.
fn row(model: &ServedModel) -> Value {
    let features = &model.model.preprocessor().features;
    let properties: Map<_, _> = { features.iter() }
        .map(|feature| (feature.name().to_owned(), column(feature)))
        .collect();
    json!({
        "type": "object",
        "required": model.columns(),
        "properties": properties,
        "example": example(model),
    })
}

/// The values of a column.
fn column(feature: &FeatureEncoding) -> Value {
    match feature {
        FeatureEncoding::Numeric { .. } => json!({
            "type": ["number", "string", "boolean", "null"],
            "minimum": -Values::MAX_NUMBER,
            "maximum": Values::MAX_NUMBER,
            "description": "A number. A text is read as in training; null is a missing value",
        }),
        FeatureEncoding::OneHot { categories, .. }
        | FeatureEncoding::Embedding { categories, .. }
        | FeatureEncoding::TargetMeans { categories, .. } => {
            let known: Vec<_> = categories.names.iter().take(LISTED).collect();
            json!({
                "type": ["string", "number", "boolean", "null"],
                "examples": known,
                "description": "A category, best one of the training; null is a missing value",
            })
        }
        FeatureEncoding::Date { .. } => json!({
            "type": ["string", "number", "null"],
            "description": "A date, as in training; null is a missing value",
        }),
    }
}

/// A row of values in the middle of those of the training.
pub fn example(model: &ServedModel) -> Value {
    let most_frequent = |categories: &Categories| {
        let shares = categories.names.iter().zip(&categories.shares);
        let best = shares
            .max_by(|(_, a), (_, b)| a.total_cmp(b))
            .map(|(name, _)| name);
        best.or(categories.names.first()).cloned()
    };
    let value = |feature: &FeatureEncoding| match feature {
        FeatureEncoding::Numeric { median, .. } => json!(rounded(*median)),
        FeatureEncoding::OneHot { categories, .. }
        | FeatureEncoding::Embedding { categories, .. }
        | FeatureEncoding::TargetMeans { categories, .. } => json!(most_frequent(categories)),
        FeatureEncoding::Date { name, median, .. } => {
            // Dates that are written otherwise are not shown as they are written.
            let is_usual = { model.schema.dialect.columns.get(name) }
                .is_none_or(|format| format.dates.is_none());
            let date = DateTime::from_timestamp(*median, 0).filter(|_| is_usual);
            json!(date.map(|date| date.format("%Y-%m-%d").to_string()))
        }
    };
    let features = &model.model.preprocessor().features;
    features
        .iter()
        .map(|feature| (feature.name().to_owned(), value(feature)))
        .collect()
}

/// A number without the digits that come from computing it.
fn rounded(number: f64) -> f64 {
    format!("{number:.5e}").parse().unwrap_or(number)
}

/// The prediction of a row.
fn prediction(model: &ServedModel) -> Value {
    let names: Vec<_> = model.fields.iter().map(Field::name).collect();
    let properties: Map<_, _> = { model.fields.iter() }
        .map(|field| (field.name().clone(), predicted(model, field)))
        .collect();
    json!({
        "type": "object",
        "required": names,
        "properties": properties,
        "additionalProperties": false,
    })
}

fn predicted(model: &ServedModel, field: &Field) -> Value {
    if *field.data_type() == DataType::UInt64 {
        json!({ "type": "integer", "minimum": 0 })
    } else if *field.data_type() == DataType::Utf8 {
        let classes = model.model.classes().unwrap_or_default();
        let classes = classes.iter().map(|class| json!(class));
        json!({ "enum": classes.chain([Value::Null]).collect::<Vec<_>>() })
    } else if field.name().starts_with("probability") {
        json!({ "type": ["number", "null"], "minimum": 0, "maximum": 1 })
    } else {
        json!({ "type": ["number", "null"] })
    }
}

/// A request of the Open Inference Protocol.
fn tensors(model: &ServedModel, example: &Value) -> Value {
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

fn tensor_answer(model: &ServedModel) -> Value {
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
