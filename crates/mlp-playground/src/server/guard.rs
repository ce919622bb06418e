use axum::extract::Request;
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Answers requests of the page itself only: another page that is open in the same browser could otherwise
/// send some, directly or through a name of its own for this machine.
pub async fn only_from_here(request: Request, next: Next) -> Response {
    if is_from_here(request.headers()) {
        next.run(request).await
    } else {
        let refusal = "this page is only for the machine that it runs on";
        (StatusCode::FORBIDDEN, refusal).into_response()
    }
}

fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let Some(host) = text(HOST) else {
        return false;
    };
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let is_loopback = ["127.0.0.1", "localhost", "[::1]"].contains(&name);
    let has_own_origin = match text(ORIGIN) {
        None => true,
        Some(origin) => origin.strip_prefix("http://") == Some(host),
    };
    is_loopback && has_own_origin
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(headers: &[(&'static str, &'static str)]) -> bool {
        let headers = headers.iter().map(|(name, value)| {
            let name = axum::http::HeaderName::from_static(name);
            (name, axum::http::HeaderValue::from_static(value))
        });
        is_from_here(&headers.collect())
    }

    #[test]
    fn only_the_page_itself_is_answered() {
        assert!(answers(&[("host", "127.0.0.1:7878")]));
        let own = ("origin", "http://localhost:7878");
        assert!(answers(&[("host", "localhost:7878"), own]));
        let other = ("origin", "http://example.org");
        assert!(!answers(&[("host", "localhost:7878"), other]));
        // Another port is another page.
        let port = ("origin", "http://localhost:3000");
        assert!(!answers(&[("host", "localhost:7878"), port]));
        // A name that someone else has given to this machine.
        assert!(!answers(&[("host", "example.org:7878")]));
        assert!(!answers(&[]));
    }
}
