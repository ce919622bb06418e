use std::fmt;

/// Why something could not be written into a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong, as the predicate of a sentence whose subject is the log.
    pub reason: String,
    /// Whether it may go better later, as when a server is restarted.
    pub is_passing: bool,
}

impl Failure {
    /// One that stays.
    pub fn lasting(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            is_passing: false,
        }
    }

    /// One that may pass.
    pub fn passing(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            is_passing: true,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.reason)
    }
}
