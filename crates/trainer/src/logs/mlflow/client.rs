use std::env;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use ureq::Agent;
use ureq::http::header::{AUTHORIZATION, CONTENT_TYPE};

use super::Address;
use crate::logs::Failure;

/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a request may take in all.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The longest answer that is read, in bytes: a page of a metric's history has some megabytes.
const LONGEST_ANSWER: u64 = 64 << 20;
/// How much of a server's message is shown, in characters.
const SHOWN: usize = 300;

/// Calls the REST API of an MLflow server.
///
/// Credentials come from the environment, as for MLflow's own clients: `MLFLOW_TRACKING_USERNAME` and
/// `MLFLOW_TRACKING_PASSWORD`, or `MLFLOW_TRACKING_TOKEN`.
pub struct Client {
    agent: Agent,
    address: Address,
    authorization: Option<String>,
}

/// Why a server did not do what it was asked.
#[derive(Debug)]
pub struct Refusal {
    /// Its code of the error, such as `RESOURCE_DOES_NOT_EXIST`; empty if it gave none.
    pub code: String,
    /// In words.
    pub failure: Failure,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        refusal.failure
    }
}

impl Client {
    /// A client of a server that was not called yet.
    pub fn new(address: Address) -> Self {
        let config = Agent::config_builder()
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            // Credentials are for this server.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("trainer/", env!("CARGO_PKG_VERSION")));
        let config = if address.is_local() {
            config.proxy(None)
        } else {
            config
        };
        Self {
            agent: config.build().new_agent(),
            address,
            authorization: authorization(|name| {
                env::var(name).ok().filter(|text| !text.is_empty())
            }),
        }
    }

    /// The address of the server.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Asks for something by its path, such as `runs/get`.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached, refuses, or does not answer in JSON.
    pub fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Value, Refusal> {
        let mut request = self.agent.get(self.url(path));
        for (name, value) in query {
            request = request.query(name, value);
        }
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        read(request.call())
    }

    /// Has something done.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get).
    pub fn post(&self, path: &str, body: &Value) -> Result<Value, Refusal> {
        let mut request = self.agent.post(self.url(path));
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let request = request.header(CONTENT_TYPE, "application/json");
        read(request.send(body.to_string().as_bytes()))
    }

    fn url(&self, path: &str) -> String {
        format!("{}/api/2.0/mlflow/{path}", self.address)
    }
}

/// The answer to a request.
fn read(response: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Value, Refusal> {
    let refusal = |code: &str, failure| Refusal {
        code: code.to_owned(),
        failure,
    };
    let mut response = response.map_err(|error| refusal("", unreachable(&error)))?;
    let status = response.status();
    let body = response.body_mut().with_config().limit(LONGEST_ANSWER);
    let body = body
        .read_to_vec()
        .map_err(|error| refusal("", unreachable(&error)))?;
    let json: Option<Value> = serde_json::from_slice(&body).ok();
    if status.is_success() {
        return json.ok_or_else(|| {
            refusal(
                "",
                Failure::lasting("does not answer in JSON, so it may be something else"),
            )
        });
    }
    let text = |name: &str| {
        let text = json.as_ref().and_then(|json| json[name].as_str());
        text.unwrap_or_default()
    };
    let mut reason = format!("answers {status}");
    let message: String = text("message").chars().take(SHOWN).collect();
    if !message.is_empty() {
        reason.push_str(": ");
        reason.push_str(message.lines().next().unwrap_or_default());
    }
    let is_passing = status.is_server_error() || matches!(status.as_u16(), 408 | 429);
    let failure = Failure { reason, is_passing };
    Err(refusal(text("error_code"), failure))
}

/// What a server that gives no answer is said to do.
fn unreachable(error: &ureq::Error) -> Failure {
    #[allow(clippy::wildcard_enum_match_arm)] // The enum is not ours.
    match error {
        ureq::Error::Timeout(_) => Failure::passing("does not answer in time"),
        ureq::Error::BodyExceedsLimit(_) => Failure::lasting("answers with too much"),
        ureq::Error::Http(_) => Failure::lasting(
            "cannot be asked: an environment variable `MLFLOW_TRACKING_…` is not the value of a header",
        ),
        ureq::Error::Io(error) => Failure::passing(format!("cannot be reached: {error}")),
        error => Failure::passing(format!("cannot be reached: {error}")),
    }
}

/// The header that says who asks, by variables of the environment.
fn authorization(variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let user = variable("MLFLOW_TRACKING_USERNAME");
    if let (Some(user), Some(password)) = (user, variable("MLFLOW_TRACKING_PASSWORD")) {
        let encoded = BASE64_STANDARD.encode(format!("{user}:{password}"));
        return Some(format!("Basic {encoded}"));
    }
    let token = variable("MLFLOW_TRACKING_TOKEN")?;
    Some(format!("Bearer {token}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7617, 2.
    #[test]
    fn credentials_are_those_of_the_environment() {
        let all = |name: &str| match name {
            "MLFLOW_TRACKING_USERNAME" => Some("Aladdin".to_owned()),
            "MLFLOW_TRACKING_PASSWORD" => Some("open sesame".to_owned()),
            "MLFLOW_TRACKING_TOKEN" => Some("token".to_owned()),
            _ => None,
        };
        let basic = Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==".to_owned());
        assert_eq!(authorization(all), basic);
        let without_password = |name: &str| {
            if name.ends_with("PASSWORD") {
                None
            } else {
                all(name)
            }
        };
        let bearer = Some("Bearer token".to_owned());
        assert_eq!(authorization(without_password), bearer);
        assert_eq!(authorization(|_| None), None);
    }
}
