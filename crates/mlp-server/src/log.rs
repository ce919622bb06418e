use std::fmt::Write;
use std::sync::Arc;
use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value};

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// A short text.
    #[default]
    Text,
    /// A JSON object.
    Json,
}

/// Where the server writes what happens, a line at a time.
#[derive(Clone)]
pub struct Log {
    format: LogFormat,
    /// Whether each request has a line.
    requests: bool,
    write: Arc<dyn Fn(&str) + Send + Sync>,
}

/// How much an event matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Info,
    Warning,
    Error,
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Log {
    /// A log whose lines, without their line break, are given to a function.
    pub fn new(format: LogFormat, write: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self {
            format,
            requests: false,
            write: Arc::new(write),
        }
    }

    /// The same with a line for each request, or without.
    #[must_use]
    pub fn with_requests(self, requests: bool) -> Self {
        Self { requests, ..self }
    }

    /// Whether each request has a line.
    pub(crate) fn has_requests(&self) -> bool {
        self.requests
    }

    /// Writes that something happened, with what there is to know of it.
    pub(crate) fn write(&self, level: Level, event: &str, fields: &[(&str, Value)]) {
        let line = match self.format {
            LogFormat::Text => text(level, event, fields),
            LogFormat::Json => json(level, event, fields, SystemTime::now()),
        };
        (self.write)(&line);
    }
}

fn text(level: Level, event: &str, fields: &[(&str, Value)]) -> String {
    let mut line = match level {
        Level::Info => event.to_owned(),
        Level::Warning | Level::Error => format!("{}: {event}", level.name()),
    };
    for (name, value) in fields {
        // Names and addresses. What may have line breaks is quoted.
        let plain = value
            .as_str()
            .filter(|text| text.chars().all(|c| c.is_ascii_graphic()));
        let value = plain.map_or_else(|| value.to_string(), str::to_owned);
        let _ = write!(line, " {name}={value}");
    }
    line
}

fn json(level: Level, event: &str, fields: &[(&str, Value)], now: SystemTime) -> String {
    let time = DateTime::<Utc>::from(now).to_rfc3339_opts(SecondsFormat::Millis, true);
    let mut line = Map::new();
    line.insert("time".to_owned(), time.into());
    line.insert("level".to_owned(), level.name().into());
    line.insert("event".to_owned(), event.into());
    for (name, value) in fields {
        line.insert((*name).to_owned(), value.clone());
    }
    Value::Object(line).to_string()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_line_is_a_text_or_an_object() {
        let fields = [("model", "iris".into()), ("reason", "two\nlines".into())];
        assert_eq!(
            text(Level::Warning, "not reloaded", &fields),
            r#"warning: not reloaded model=iris reason="two\nlines""#
        );
        // `date -u -d @1709214300 --iso-8601=seconds` prints 2024-02-29T13:45:00+00:00.
        let now = SystemTime::UNIX_EPOCH + Duration::from_millis(1_709_214_300_250);
        let line = json(Level::Info, "reloaded", &fields[..1], now);
        let line: Value = serde_json::from_str(&line).unwrap();
        let expected = serde_json::json!({
            "time": "2024-02-29T13:45:00.250Z", "level": "info", "event": "reloaded", "model": "iris"
        });
        assert_eq!(line, expected);
    }
}
