use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};

/// The page loads nothing from elsewhere, and runs nothing that is not a file of its own.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
                      object-src 'none'; base-uri 'none'; form-action 'none'";

/// The page.
pub async fn index() -> Response {
    file(
        "text/html; charset=utf-8",
        include_bytes!("../../dist/index.html"),
    )
}

/// A file of the page.
pub async fn asset(Path(name): Path<String>) -> Response {
    match name.as_str() {
        "app.js" => file(
            "text/javascript; charset=utf-8",
            include_bytes!("../../dist/assets/app.js"),
        ),
        "app.css" => file(
            "text/css; charset=utf-8",
            include_bytes!("../../dist/assets/app.css"),
        ),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn file(kind: &'static str, content: &'static [u8]) -> Response {
    let headers = [
        (CONTENT_TYPE, kind),
        // Another version of the program has other files of the same names.
        (CACHE_CONTROL, "no-cache"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CONTENT_SECURITY_POLICY, POLICY),
    ];
    (headers, content).into_response()
}
