//! Which address is answered by what.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::predict::predict;
use super::{Shared, Stage, describe, guard, openapi, page};
use crate::metrics::Protocol;
use crate::names::{did_you_mean, listed, shortened};
use crate::refusal::Refusal;

type App = State<Arc<Shared>>;

/// The type of the text of metrics.
const PROMETHEUS: &str = "text/plain; version=0.0.4; charset=utf-8";

/// All addresses.
pub fn router(shared: Arc<Shared>) -> Router {
    let predictions = Router::new()
        .route("/predict", post(predict_only))
        .route("/models/{name}/predict", post(predict_named))
        .route("/v2/models/{name}/infer", post(infer))
        .route("/invocations", post(invocations))
        .route("/models/{name}/invocations", post(invocations_of));
    let others = Router::new()
        .route("/v2/health/live", get(live))
        .route("/v2/health/ready", get(ready))
        .route("/ping", get(ready))
        .route("/version", get(version))
        .route("/v2", get(describe_server))
        .route("/v2/models/{name}", get(describe_model))
        .route("/v2/models/{name}/ready", get(model_ready))
        .route("/metrics", get(metrics))
        .route("/openapi.json", get(openapi_document))
        .route("/", get(page::index))
        .route("/page.js", get(page::script));
    predictions
        .merge(others)
        .fallback(not_found)
        .method_not_allowed_fallback(not_allowed)
        .layer(from_fn_with_state(shared.clone(), count))
        .layer(from_fn_with_state(shared.clone(), guard::guard))
        .with_state(shared)
}

/// Marks an answer that was counted with its model.
#[derive(Clone, Copy)]
struct Counted;

/// Counts what is no request for predictions.
async fn count(State(shared): App, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if response.extensions().get::<Counted>().is_none() {
        shared.metrics.answered(response.status());
    }
    response
}

async fn predicted(
    shared: Arc<Shared>,
    index: usize,
    protocol: Protocol,
    request: Request,
) -> Response {
    let mut response = predict(shared, index, protocol, request).await;
    response.extensions_mut().insert(Counted);
    response
}

/// The index of the model of a name.
fn find(shared: &Shared, name: &str) -> Result<usize, Refusal> {
    shared.index_of(name).ok_or_else(|| {
        let names: Vec<&str> = shared
            .models
            .iter()
            .map(|model| model.name.as_str())
            .collect();
        let error = format!(
            "there is no model `{}`; the models are {}",
            shortened(name),
            listed(&names)
        );
        Refusal::new(StatusCode::NOT_FOUND, error).with_hint(did_you_mean(name, &names))
    })
}

/// The index of the only model.
fn only(shared: &Shared, path: &str) -> Result<usize, Refusal> {
    match &shared.models[..] {
        [_] => Ok(0),
        models => {
            let names: Vec<&str> = models.iter().map(|model| model.name.as_str()).collect();
            let names = listed(&names);
            Err(Refusal::new(
                StatusCode::NOT_FOUND,
                format!("there are several models; name one in `/models/NAME{path}`: {names}"),
            ))
        }
    }
}

async fn predict_only(State(shared): App, request: Request) -> Response {
    match only(&shared, "/predict") {
        Ok(index) => predicted(shared, index, Protocol::Rows, request).await,
        Err(refusal) => refusal.into_response(),
    }
}

async fn predict_named(State(shared): App, Path(name): Path<String>, request: Request) -> Response {
    match find(&shared, &name) {
        Ok(index) => predicted(shared, index, Protocol::Rows, request).await,
        Err(refusal) => refusal.into_response(),
    }
}

async fn infer(State(shared): App, Path(name): Path<String>, request: Request) -> Response {
    match find(&shared, &name) {
        Ok(index) => predicted(shared, index, Protocol::OpenInference, request).await,
        Err(refusal) => refusal.into_response(),
    }
}

async fn invocations(State(shared): App, request: Request) -> Response {
    match only(&shared, "/invocations") {
        Ok(index) => predicted(shared, index, Protocol::Mlflow, request).await,
        Err(refusal) => refusal.into_response(),
    }
}

async fn invocations_of(
    State(shared): App,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    match find(&shared, &name) {
        Ok(index) => predicted(shared, index, Protocol::Mlflow, request).await,
        Err(refusal) => refusal.into_response(),
    }
}

/// A JSON document.
fn document(value: &Value) -> Response {
    let kind = HeaderValue::from_static("application/json");
    ([(CONTENT_TYPE, kind)], value.to_string()).into_response()
}

async fn live() -> Response {
    document(&json!({ "live": true }))
}

async fn ready(State(shared): App) -> Response {
    let ready = *shared.stage.borrow() == Stage::Serving;
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, document(&json!({ "ready": ready }))).into_response()
}

async fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

async fn describe_server() -> Response {
    document(&describe::server())
}

async fn describe_model(State(shared): App, Path(name): Path<String>) -> Response {
    match find(&shared, &name) {
        Ok(index) => document(&describe::model(&shared.models[index].model())),
        Err(refusal) => refusal.into_response(),
    }
}

async fn model_ready(State(shared): App, Path(name): Path<String>) -> Response {
    match find(&shared, &name) {
        Ok(_) => document(&json!({ "name": name, "ready": true })),
        Err(refusal) => refusal.into_response(),
    }
}

async fn openapi_document(State(shared): App) -> Response {
    document(&openapi::document(&shared))
}

async fn metrics(State(shared): App) -> Response {
    let kind = HeaderValue::from_static(PROMETHEUS);
    ([(CONTENT_TYPE, kind)], shared.metrics.text()).into_response()
}

async fn not_found(uri: Uri) -> Refusal {
    let path = shortened(uri.path());
    Refusal::new(
        StatusCode::NOT_FOUND,
        format!("there is nothing at `{path}`; `/openapi.json` lists what there is"),
    )
}

async fn not_allowed(method: Method, uri: Uri) -> Refusal {
    let path = shortened(uri.path());
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        format!("`{path}` does not take {method} requests"),
    )
}
