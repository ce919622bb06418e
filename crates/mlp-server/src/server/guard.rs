//! Whom the server answers.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Shared;
use crate::refusal::Refusal;

/// Where whoever watches over the server asks whether it is well.
const HEALTH: [&str; 3] = ["/v2/health/live", "/v2/health/ready", "/ping"];
/// The page, which says nothing about the models: it asks for the token.
const PAGE: [&str; 2] = ["/", "/page.js"];

/// Answers requests with the token, if there is one. On the loopback, without a token, it answers those that name this
/// machine only: a page of another site that is open in a browser could otherwise send some, directly or through a
/// name of its own for this machine.
pub async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    match check(&shared, request.headers(), request.uri().path()) {
        Ok(()) => next.run(request).await,
        Err(refusal) => {
            shared.metrics.answered(refusal.status);
            refusal.into_response()
        }
    }
}

fn check(shared: &Shared, headers: &HeaderMap, path: &str) -> Result<(), Refusal> {
    if HEALTH.contains(&path) {
        return Ok(());
    }
    if let Some(token) = &shared.settings.token
        && !PAGE.contains(&path)
    {
        let given = headers.get(AUTHORIZATION).map(HeaderValue::as_bytes);
        let given = given.and_then(|given| {
            let (scheme, given) = given.split_at_checked("Bearer ".len())?;
            scheme.eq_ignore_ascii_case(b"Bearer ").then_some(given)
        });
        return if given.is_some_and(|given| token.is(given)) {
            Ok(())
        } else {
            let what = if given.is_some() {
                "the token is not the right one"
            } else {
                "a token is needed, in the header `Authorization: Bearer TOKEN`"
            };
            Err(Refusal::new(StatusCode::UNAUTHORIZED, what))
        };
    }
    if shared.any_host || is_from_here(headers, &shared.settings.hosts) {
        return Ok(());
    }
    Err(Refusal::new(
        StatusCode::FORBIDDEN,
        "this server is for the machine that it runs on; `--host NAME` lets it answer to another name",
    ))
}

fn is_from_here(headers: &HeaderMap, hosts: &[String]) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let Some(host) = text(HOST) else {
        return false;
    };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        Some(_) | None => host,
    };
    let is_known = ["127.0.0.1", "localhost", "[::1]"].contains(&name)
        || hosts.iter().any(|known| known.eq_ignore_ascii_case(name));
    let has_own_origin = match text(ORIGIN) {
        None => true,
        Some(origin) => {
            let origin = origin
                .strip_prefix("http://")
                .or_else(|| origin.strip_prefix("https://"));
            origin == Some(host)
        }
    };
    is_known && has_own_origin
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

    fn answers(headers: &[(&'static str, &'static str)], hosts: &[&str]) -> bool {
        let headers = headers.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        let hosts: Vec<String> = hosts.iter().map(ToString::to_string).collect();
        is_from_here(&headers.collect(), &hosts)
    }

    #[test]
    fn pages_of_other_sites_are_not_answered() {
        assert!(answers(&[("host", "127.0.0.1:8080")], &[]));
        assert!(answers(&[("host", "[::1]:8080")], &[]));
        let own = ("origin", "http://localhost:8080");
        assert!(answers(&[("host", "localhost:8080"), own], &[]));
        let other = ("origin", "http://example.org");
        assert!(!answers(&[("host", "localhost:8080"), other], &[]));
        // A name that someone else has given to this machine, and one that a proxy has.
        assert!(!answers(&[("host", "example.org:8080")], &[]));
        let proxied = [("host", "Example.org"), ("origin", "https://Example.org")];
        assert!(answers(&proxied, &["example.org"]));
        assert!(!answers(&[], &[]));
    }
}
