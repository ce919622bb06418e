use std::path::PathBuf;

use super::Failure;

/// Why the curves of a training cannot be sent to a log.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no log of such a name.
    #[error("there is no log `{name}`")]
    Unknown {
        /// The name.
        name: String,
        /// The log of the most similar name, if one is similar.
        nearest: Option<&'static str>,
    },
    /// A log was asked for twice.
    #[error("`--log {kind}` is given twice")]
    Twice {
        /// The log.
        kind: &'static str,
    },
    /// A log lacks what follows its name.
    #[error("`--log {kind}` lacks {what}")]
    Lacks {
        /// The log.
        kind: &'static str,
        /// What is missing.
        what: &'static str,
    },
    /// What follows `mlflow=` is no address of a server. It is not shown: it may hold a password.
    #[error("the address of `--log mlflow` {reason}")]
    Address {
        /// What is wrong with it.
        reason: String,
    },
    /// The address has a password in it.
    #[error("the address of `--log mlflow` has a user name or a password in it")]
    Credentials,
    /// The program was built without TLS.
    #[error("`{address}` needs TLS, which is not compiled into this program")]
    NoTls {
        /// The address.
        address: String,
    },
    /// A server cannot be reached, or does not do what it is asked.
    #[error("the MLflow server `{address}` {failure}")]
    Server {
        /// The address.
        address: String,
        /// What it answered, or why not.
        failure: Failure,
    },
    /// A folder has the curves of another training.
    #[error("`{}` holds the curves of another training", path.display())]
    TakenFolder {
        /// The folder.
        path: PathBuf,
    },
    /// A folder of curves cannot be written to.
    #[error("`--log tensorboard` cannot write to `{}`", path.display())]
    UnwritableFolder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The system has no thread for a log.
    #[error("cannot start a thread for the log")]
    Thread(#[source] std::io::Error),
}

impl Error {
    /// Whether the command itself is wrong.
    pub fn is_usage(&self) -> bool {
        match self {
            Self::Unknown { .. }
            | Self::Twice { .. }
            | Self::Lacks { .. }
            | Self::Address { .. }
            | Self::Credentials
            | Self::NoTls { .. }
            | Self::TakenFolder { .. }
            | Self::UnwritableFolder { .. } => true,
            Self::Server { .. } | Self::Thread(_) => false,
        }
    }
}
