//! The `OpenAPI` document, with the columns of the models.
//!
//! <https://spec.openapis.org/oas/v3.1.0>

mod columns;
mod tensors;

use serde_json::{Map, Value, json};

use columns::{example, prediction, row, split};
use tensors::{tensor_answer, tensors};

use super::Shared;
use crate::media::Media;
use crate::metrics::Protocol;
use crate::model::ServedModel;

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
