use crate::Error;

/// An error unless a value is in its range.
pub(super) fn require(
    holds: bool,
    setting: &'static str,
    value: impl ToString,
    allowed: &str,
) -> Result<(), Error> {
    if holds {
        Ok(())
    } else {
        Err(Error::invalid(setting, value, allowed))
    }
}
