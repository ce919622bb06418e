use core::error::Error;
use core::fmt;

/// A network configuration that describes no network.
///
/// Holds which field is wrong, what it holds and what it may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidConfig {
    /// The field's name, such as `hidden_sizes`.
    pub field: &'static str,
    /// The value it has.
    pub value: String,
    /// The values it may have.
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
