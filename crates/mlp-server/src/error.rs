use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why models cannot be served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is nothing to serve.
    #[error("there is no model to serve")]
    NoModels,
    /// Two models would have the same address.
    #[error("two runs are called `{name}`")]
    SameName {
        /// The name.
        name: String,
    },
    /// A model has a name that cannot be part of an address.
    #[error(
        "`{name}` cannot be the name of a model: it must have letters, digits, `-`, `_` or `.` only"
    )]
    BadName {
        /// The name.
        name: String,
    },
    /// An address is taken, or may not be used.
    #[error("cannot listen on {address}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// A file of a token cannot be read.
    #[error("cannot read the token in `{}`", path.display())]
    TokenFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file of a token holds none.
    #[error(
        "`{}` must hold a token of {} to {} visible ASCII characters, and nothing else",
        path.display(), crate::Token::SHORTEST, crate::Token::LONGEST
    )]
    BadToken {
        /// The file.
        path: PathBuf,
    },
    /// The server failed.
    #[error("the models can no longer be served")]
    Serve(#[source] io::Error),
}
