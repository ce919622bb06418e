//! Errors, as a page shows them.

use mlp_datasets::{nearest, with_causes};

use crate::protocol::{Failure, Selection};

impl Failure {
    /// That something is wrong.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: None,
            choose_target: None,
        }
    }

    /// The same with what to do about it.
    #[must_use]
    pub fn with_hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    /// That a column of a file must be chosen.
    pub fn without_target(name: &str, columns: Vec<String>) -> Self {
        Self {
            choose_target: Some(Selection { columns }),
            ..Self::new(format!("which column of `{name}` should be predicted?"))
        }
    }
}

impl From<mlp_datasets::Error> for Failure {
    fn from(error: mlp_datasets::Error) -> Self {
        let failure = Self::new(with_causes(&error));
        #[allow(clippy::wildcard_enum_match_arm)] // Only a name can be meant for another one.
        let nearest = match &error {
            mlp_datasets::Error::MissingColumn { column, found, .. } => {
                nearest(column, found.iter().map(String::as_str))
            }
            mlp_datasets::Error::MissingFeature { feature, found } => {
                nearest(feature, found.iter().map(String::as_str))
            }
            _ => None,
        };
        match nearest {
            Some(nearest) => failure.with_hint(format!("did you mean `{nearest}`?")),
            None => failure,
        }
    }
}

impl From<mlp_training::Error> for Failure {
    fn from(error: mlp_training::Error) -> Self {
        if let mlp_training::Error::Data(error) = error {
            return error.into();
        }
        Self::new(with_causes(&error))
    }
}
