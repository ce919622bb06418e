use std::path::PathBuf;

use bytes::Bytes;

/// Where the bytes are.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    File(PathBuf),
    Bytes {
        name: PathBuf,
        bytes: Bytes,
    },
    Stdin,
    /// A pipe or another file that can be read once, such as `/dev/fd/63`.
    Pipe(PathBuf),
}

impl Place {
    /// The place of a path.
    pub fn of(path: PathBuf) -> Self {
        // Whether it can be read at all is found out when it is read.
        let is_pipe = path
            .metadata()
            .is_ok_and(|of| !of.is_file() && !of.is_dir());
        if is_pipe {
            Self::Pipe(path)
        } else {
            Self::File(path)
        }
    }
}
