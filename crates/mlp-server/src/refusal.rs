//! Why a request is not answered with predictions.

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use mlp_datasets::{Error as DataError, Position, with_causes};
use serde::Serialize;

use crate::names::{listed, shortened};

/// Why a request is not answered with predictions: a status, and a document that says what is wrong.
#[derive(Clone, Debug)]
pub struct Refusal {
    pub status: StatusCode,
    document: Box<Document>,
}

#[derive(Serialize, Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// In words.
    pub error: String,
    /// The row, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// The line of a text, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What would be accepted instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed: Option<String>,
}

impl Refusal {
    pub fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self::with(
            status,
            Document {
                error: error.into(),
                ..Document::default()
            },
        )
    }

    pub fn with(status: StatusCode, document: Document) -> Self {
        Self {
            status,
            document: Box::new(document),
        }
    }

    /// That a body is not written as its type says.
    pub fn malformed(error: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error)
    }

    /// That a body does not have what the model needs.
    pub fn unsuitable(error: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, error)
    }

    /// That a row lacks a column, with what it most likely has instead.
    pub fn missing_column(
        row: Option<usize>,
        column: &str,
        columns: &[&str],
        meant: Option<String>,
    ) -> Self {
        let hint = meant.unwrap_or_else(|| "give null if the value is missing".to_owned());
        let subject = row.map_or_else(|| "the body".to_owned(), |row| format!("row {row}"));
        Self::with(
            StatusCode::UNPROCESSABLE_ENTITY,
            Document {
                error: format!("{subject} has no `{column}`; {hint}"),
                row,
                column: Some(column.to_owned()),
                allowed: Some(format!("the columns {}", listed(columns))),
                ..Document::default()
            },
        )
    }

    /// The same with more words.
    pub fn with_hint(mut self, hint: Option<String>) -> Self {
        if let Some(hint) = hint {
            self.document.error = format!("{}; {hint}", self.document.error);
        }
        self
    }

    /// That there are more rows than are taken.
    pub fn too_many_rows(most: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("there are more than {most} rows; send them in several requests"),
        )
    }

    /// That more is asked for than is answered at the same time.
    pub fn too_many(what: &str) -> Self {
        let error = format!("too many {what} are being answered; try again");
        Self::new(StatusCode::TOO_MANY_REQUESTS, error)
    }

    /// That a body has no row.
    pub fn no_rows() -> Self {
        Self::unsuitable("there are no rows to predict")
    }
}

/// A fault of a table that came with a request.
impl From<DataError> for Refusal {
    fn from(error: DataError) -> Self {
        let mut document = Document {
            error: with_causes(&error),
            ..Document::default()
        };
        #[allow(clippy::wildcard_enum_match_arm)] // All others say that the body cannot be read.
        let status = match error {
            DataError::BadCell {
                position,
                column,
                value,
                expected,
                ..
            } => {
                match position {
                    Position::Line(line) => document.line = Some(line),
                    Position::Row(row) => document.row = Some(row),
                }
                document.column = Some(column);
                document.value = Some(shortened(&value));
                document.allowed = Some(format!("a {expected}, or an empty cell if it is missing"));
                StatusCode::UNPROCESSABLE_ENTITY
            }
            DataError::OtherCase {
                row,
                column,
                value,
                known,
            } => {
                document.row = Some(row);
                document.column = Some(column);
                document.value = Some(shortened(&value));
                document.allowed = Some(format!("`{}`", shortened(&known)));
                StatusCode::UNPROCESSABLE_ENTITY
            }
            DataError::MissingColumn { column, .. } => {
                document.column = Some(column);
                StatusCode::UNPROCESSABLE_ENTITY
            }
            DataError::MissingFeature { feature, .. } => {
                document.column = Some(feature);
                StatusCode::UNPROCESSABLE_ENTITY
            }
            DataError::NoRows { .. }
            | DataError::NoRecords { .. }
            | DataError::EmptyFile { .. }
            | DataError::DuplicateColumn { .. }
            | DataError::UnsupportedColumn { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            DataError::TooLong { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::BAD_REQUEST,
        };
        Self::with(status, document)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let text = serde_json::to_vec(&*self.document).unwrap_or_default();
        let kind = HeaderValue::from_static("application/json");
        let mut response = (self.status, [(CONTENT_TYPE, kind)], text).into_response();
        let headers = response.headers_mut();
        if self.status == StatusCode::TOO_MANY_REQUESTS {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        } else if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
