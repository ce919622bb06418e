//! Requests for predictions.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use mlp_datasets::Table;
use serde_json::Value;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::body;
use super::{Named, Shared};
use crate::answer::{self, Answer};
use crate::batch::Predicted;
use crate::log::Level;
use crate::media::Media;
use crate::metrics::Protocol;
use crate::model::ServedModel;
use crate::place::Place;
use crate::refusal::Refusal;
use crate::request::{
    InferRequest, Reading, table_of_dataframe, table_of_inputs, table_of_json, tables_of_arrow,
    tables_of_csv,
};

/// Bodies of more bytes are read on a thread where they keep nobody waiting.
const SMALL: usize = 1 << 16;
/// Answers with more rows are written there too.
const FEW_ROWS: usize = 1000;
/// What says that tensors follow a JSON document as bytes.
const BINARY: HeaderName = HeaderName::from_static("inference-header-content-length");

/// Answers a request for predictions of the model of an index.
pub async fn predict(
    shared: Arc<Shared>,
    index: usize,
    protocol: Protocol,
    request: Request,
) -> Response {
    let start = Instant::now();
    let named = &shared.models[index];
    let limits = shared.settings.limits;
    let result = match Place::take(&shared.places, &shared.metrics) {
        None => Err(Refusal::too_many("requests")),
        Some(place) => {
            let answered = timeout(
                limits.time,
                answer(&shared, named, protocol, request, place),
            );
            answered.await.unwrap_or_else(|_| {
                let seconds = limits.time.as_secs_f64();
                Err(Refusal::new(
                    StatusCode::REQUEST_TIMEOUT,
                    format!("the request took more than {seconds} seconds"),
                ))
            })
        }
    };
    let response = result.unwrap_or_else(Refusal::into_response);
    let (status, took) = (response.status(), start.elapsed());
    named.metrics.answered(protocol, status, took);
    if shared.log.has_requests() {
        let fields: [(&str, Value); 4] = [
            ("model", named.name.as_str().into()),
            ("protocol", protocol.name().into()),
            ("status", status.as_u16().into()),
            ("seconds", took.as_secs_f64().into()),
        ];
        shared.log.write(Level::Info, "request", &fields);
    }
    response
}

async fn answer(
    shared: &Arc<Shared>,
    named: &Named,
    protocol: Protocol,
    request: Request,
    place: Arc<Place>,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let format = Format::of(protocol, &parts.headers)?;
    let most = shared.settings.limits.body_bytes;
    let expected = body::expected_length(&parts.headers, most);
    if expected > SMALL {
        let kibibytes = u32::try_from(expected.div_ceil(1024)).unwrap_or(u32::MAX);
        let memory = shared.memory.clone().try_acquire_many_owned(kibibytes);
        place.keep(memory.map_err(|_| Refusal::too_many("large bodies"))?);
    }
    let body = body::read(&parts.headers, body, most).await?;
    let model = named.model();
    let limits = shared.settings.limits;
    let allow_unknown = shared.settings.allow_unknown;
    let is_small = body.len() <= SMALL;
    let read = {
        let model = model.clone();
        move || {
            let reading = Reading {
                model: &model,
                most_rows: limits.rows,
                allow_unknown,
            };
            format.read(reading, body, limits.body_bytes)
        }
    };
    let (tables, shape) = if is_small {
        read()
    } else {
        // What it becomes takes more memory, so a few are read at the same time.
        let reader = shared.readers.clone().acquire_owned().await;
        let kept = (reader, place.clone());
        let read = spawn_blocking(move || {
            let read = read();
            drop(kept);
            read
        });
        read.await.unwrap_or_else(|_| Err(failed()))
    }?;
    let predicted = named
        .worker
        .predict(model.clone(), tables, Some(place.clone()))?;
    let predicted = predicted.await.unwrap_or_else(|_| Err(failed()))?;
    if predicted.rows.len() <= FEW_ROWS {
        return shape.write(&model, &predicted);
    }
    let write = spawn_blocking(move || {
        let written = shape.write(&model, &predicted);
        drop(place);
        written
    });
    write.await.unwrap_or_else(|_| Err(failed()))
}

/// How a body is read, and its answer written.
struct Format {
    protocol: Protocol,
    body: Media,
    encoding: Option<String>,
    answer: Media,
}

/// What of a request its answer depends on.
enum Shape {
    Json {
        is_array: bool,
    },
    Csv,
    Arrow,
    Dataframe,
    Tensors {
        id: Option<String>,
        wanted: Vec<usize>,
    },
}

impl Format {
    fn of(protocol: Protocol, headers: &HeaderMap) -> Result<Self, Refusal> {
        let (body, encoding) = Media::of_body(headers)?;
        let unsupported = |error| Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, error));
        let answer = match protocol {
            Protocol::Rows => Media::of_answer(headers)?,
            Protocol::OpenInference | Protocol::Mlflow => Media::Json,
        };
        match (protocol, body) {
            (Protocol::OpenInference, _) if headers.contains_key(BINARY) => {
                return unsupported("tensors must be in the JSON document, not in bytes after it");
            }
            (Protocol::OpenInference, Media::Csv | Media::Arrow) => {
                return unsupported("bodies must be `application/json`");
            }
            (Protocol::Mlflow, Media::Arrow) => {
                return unsupported("bodies must be `application/json` or `text/csv`");
            }
            (Protocol::Rows, _)
            | (Protocol::OpenInference, Media::Json)
            | (Protocol::Mlflow, Media::Json | Media::Csv) => {}
        }
        Ok(Self {
            protocol,
            body,
            encoding,
            answer,
        })
    }

    fn read(
        self,
        reading: Reading,
        body: Bytes,
        most_bytes: usize,
    ) -> Result<(Vec<Table>, Shape), Refusal> {
        let (tables, is_array) = match (self.protocol, self.body) {
            (Protocol::OpenInference, _) => {
                let request = InferRequest::parse(&body)?;
                let wanted = answer::selected(&reading.model.fields, &request)?;
                let table = table_of_inputs(reading, &request)?;
                let id = request.id;
                return Ok((vec![table], Shape::Tensors { id, wanted }));
            }
            (Protocol::Mlflow, Media::Json) => (vec![table_of_dataframe(reading, &body)?], true),
            (Protocol::Rows, Media::Json) => {
                let (table, is_array) = table_of_json(reading, &body)?;
                (vec![table], is_array)
            }
            (_, Media::Csv) => (
                tables_of_csv(reading, body, self.encoding.as_deref())?,
                true,
            ),
            (_, Media::Arrow) => (tables_of_arrow(reading, body, most_bytes)?, true),
        };
        let shape = match (self.protocol, self.answer) {
            (Protocol::Mlflow, _) => Shape::Dataframe,
            (_, Media::Json) => Shape::Json { is_array },
            (_, Media::Csv) => Shape::Csv,
            (_, Media::Arrow) => Shape::Arrow,
        };
        Ok((tables, shape))
    }
}

impl Shape {
    fn write(self, model: &ServedModel, predicted: &Predicted) -> Result<Response, Refusal> {
        let answer = Answer { model, predicted };
        let (media, body) = match self {
            Self::Json { is_array } => (Media::Json, answer::rows(answer, is_array)),
            Self::Csv => (Media::Csv, answer::csv(answer).map_err(|_| failed())?),
            Self::Arrow => (Media::Arrow, answer::arrow(answer).map_err(|_| failed())?),
            Self::Dataframe => (Media::Json, answer::dataframe(answer)),
            Self::Tensors { id, wanted } => {
                (Media::Json, answer::outputs(answer, id.as_deref(), &wanted))
            }
        };
        let kind = HeaderValue::from_static(media.name());
        Ok(([(CONTENT_TYPE, kind)], body).into_response())
    }
}

fn failed() -> Refusal {
    Refusal::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "the request could not be answered; the log of the server says why",
    )
}
