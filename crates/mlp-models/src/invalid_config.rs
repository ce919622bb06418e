use core::error::Error;
use core::fmt;

/// A field of a configuration is out of range.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidConfig {
    /// The name of the field, such as `hidden_sizes`.
    pub field: &'static str,
    /// Its value.
    pub value: String,
    /// The values that are allowed, such as `1 or more`.
    pub allowed: &'static str,
}

impl InvalidConfig {
    pub(crate) fn new(field: &'static str, value: impl ToString, allowed: &'static str) -> Self {
        Self {
            field,
            value: value.to_string(),
            allowed,
        }
    }
}

impl fmt::Display for InvalidConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            field,
            value,
            allowed,
        } = self;
        write!(f, "`{field}` is {value}, but must be {allowed}")
    }
}

impl Error for InvalidConfig {}
