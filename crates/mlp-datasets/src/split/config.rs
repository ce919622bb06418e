use serde::{Deserialize, Serialize};

use crate::error::Error;

/// How large the parts of a [`Split`](crate::Split) are.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(default, deny_unknown_fields)]
pub struct SplitConfig {
    /// The share of all rows that become test rows, in (0, 1); 0.2 by default. Ignored if the test
    /// rows are fixed by the data.
    pub test_size: f64,
    /// The share of all rows that become validation rows, in (0, 1); 0.2 by default. If the test
    /// rows are fixed or form a fold, this is the share of the remaining rows.
    pub valid_size: f64,
    /// The seed of the random split; 0 by default.
    pub seed: u64,
}

impl Default for SplitConfig {
    fn default() -> Self {
        Self {
            test_size: 0.2,
            valid_size: 0.2,
            seed: 0,
        }
    }
}

impl SplitConfig {
    /// Checks that both sizes are in (0, 1) and leave rows for training. [`Split`](crate::Split)
    /// checks this too, but a program may want to know before it reads any data.
    ///
    /// # Errors
    ///
    /// Names the first field that is out of range.
    pub fn check(&self) -> Result<(), Error> {
        for (option, size) in [
            ("test_size", self.test_size),
            ("valid_size", self.valid_size),
        ] {
            if !(size > 0.0 && size < 1.0) {
                return Err(Error::InvalidOption {
                    option,
                    value: size.to_string(),
                    allowed: "above 0 and below 1".to_owned(),
                });
            }
        }
        if self.test_size + self.valid_size >= 1.0 {
            return Err(Error::InvalidOption {
                option: "valid_size",
                value: self.valid_size.to_string(),
                allowed: format!("below 1 - `test_size` = {}", 1.0 - self.test_size),
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(test_size: f64, valid_size: f64) -> SplitConfig {
        SplitConfig {
            test_size,
            valid_size,
            seed: 0,
        }
    }

    #[test]
    fn check_names_the_field_and_the_allowed_range() {
        assert!(config(0.9, 0.05).check().is_ok());
        for (config, message) in [
            (
                config(0.0, 0.2),
                "`test_size` is 0, but must be above 0 and below 1",
            ),
            (
                config(1.0, 0.2),
                "`test_size` is 1, but must be above 0 and below 1",
            ),
            (
                config(0.2, f64::NAN),
                "`valid_size` is NaN, but must be above 0 and below 1",
            ),
            (
                config(0.5, 0.5),
                "`valid_size` is 0.5, but must be below 1 - `test_size` = 0.5",
            ),
        ] {
            assert_eq!(config.check().unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn configurations_refuse_unknown_fields_and_default_missing_ones() {
        let config: SplitConfig = serde_json::from_str(r#"{"test_size": 0.3}"#).unwrap();
        assert_eq!((config.test_size, config.valid_size), (0.3, 0.2));
        assert!(serde_json::from_str::<SplitConfig>(r#"{"tset_size": 0.3}"#).is_err());
    }
}
