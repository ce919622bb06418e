use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use crate::token::Token;

/// How models are served.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to listen; with port 0, on a free one.
    pub listen: SocketAddr,
    /// What requests must carry, if they must carry anything.
    pub token: Option<Token>,
    /// Names of this server besides those of the loopback, such as that of a proxy in front of it. Matters on the
    /// loopback without a token only, where pages of other sites that are open in a browser of this machine must not
    /// be answered.
    pub hosts: Vec<String>,
    /// What is refused.
    pub limits: Limits,
    /// How often to look whether a run has changed.
    pub reload_every: Duration,
    /// Whether rows are predicted whose categories differ from those of the training in upper and lower case alone.
    /// Categories that are entirely new are predicted anyway.
    pub allow_unknown: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 8080).into(),
            token: None,
            hosts: Vec::new(),
            limits: Limits::default(),
            reload_every: Duration::from_secs(1),
            allow_unknown: false,
        }
    }
}

/// How large, long and many requests may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of a body.
    pub body_bytes: usize,
    /// The most rows of a request.
    pub rows: usize,
    /// The longest time from the first byte of a body to its answer.
    pub time: Duration,
    /// The most requests for predictions at the same time.
    pub requests: usize,
    /// The most connections at the same time; more wait to be accepted.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 16 << 20,
            rows: 100_000,
            time: Duration::from_secs(30),
            requests: 512,
            connections: 1024,
        }
    }
}
