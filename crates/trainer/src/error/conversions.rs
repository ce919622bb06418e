//! Errors of the libraries as those of the program.

use super::Error;

impl From<mlp_datasets::Error> for Error {
    /// Settings are options here.
    fn from(error: mlp_datasets::Error) -> Self {
        use mlp_datasets::Error as Cause;

        #[allow(clippy::wildcard_enum_match_arm)] // Everything else stays as it is.
        match error {
            Cause::InvalidOption {
                option,
                value,
                allowed,
            } => Self::InvalidOption {
                option: option.to_owned(),
                value,
                allowed,
            },
            Cause::UnusedOption { option, dataset } => Self::OptionOfOtherData { option, dataset },
            error => Self::Data(error),
        }
    }
}

impl From<mlp_export::Error> for Error {
    /// Errors of other crates come as such.
    fn from(error: mlp_export::Error) -> Self {
        use mlp_export::Error as Cause;

        #[allow(clippy::wildcard_enum_match_arm)] // Everything else stays as it is.
        match error {
            Cause::Inference(error) => Self::Inference(error),
            Cause::Io { path, source } => Self::Io {
                action: "write",
                path,
                source,
            },
            error => Self::Export(error),
        }
    }
}

impl From<mlp_training::Error> for Error {
    /// Settings are options here, and errors of other crates come as such.
    fn from(error: mlp_training::Error) -> Self {
        use mlp_training::Error as Cause;

        #[allow(clippy::wildcard_enum_match_arm)] // Everything else stays as it is.
        match error {
            Cause::InvalidSetting {
                setting,
                value,
                allowed,
            } => Self::InvalidOption {
                option: setting.to_owned(),
                value,
                allowed,
            },
            Cause::UnusedSetting { setting, model } => Self::UnusedOption {
                option: setting,
                model,
            },
            Cause::Diverged(divergence) => Self::Diverged {
                divergence: Box::new(divergence),
                kept: None,
            },
            Cause::Data(error) => error.into(),
            Cause::Inference(error) => Self::Inference(error),
            error => Self::Training(error),
        }
    }
}

impl From<mlp_explanations::Error> for Error {
    /// Settings are options here, and errors of other crates come as such.
    fn from(error: mlp_explanations::Error) -> Self {
        use mlp_explanations::Error as Cause;

        #[allow(clippy::wildcard_enum_match_arm)] // Everything else stays as it is.
        match error {
            Cause::InvalidSetting {
                setting,
                value,
                allowed,
            } => Self::InvalidOption {
                option: setting.to_owned(),
                value: value.to_string(),
                allowed: allowed.to_owned(),
            },
            Cause::Inference(error) => Self::Inference(error),
            error => Self::Explanation(error),
        }
    }
}
