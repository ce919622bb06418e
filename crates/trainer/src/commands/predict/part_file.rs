use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use crate::Error;

/// A file that appears complete or not at all, unless it is a device or a pipe, which is written to.
pub struct PartFile {
    path: PathBuf,
    /// The file that is written for now, unless it is a device or a pipe.
    part: Option<PathBuf>,
}

impl PartFile {
    /// Opens a file beside the one that is to appear.
    ///
    /// # Errors
    ///
    /// If it cannot be written to.
    pub fn create(path: &Path) -> Result<(Self, BufWriter<File>), Error> {
        let io = |source| Error::Io {
            action: "write",
            path: path.to_owned(),
            source,
        };
        let is_device = path
            .metadata()
            .is_ok_and(|known| !known.is_file() && !known.is_dir());
        // A link is followed, so that it goes on being one.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let part = (!is_device).then(|| path.with_added_extension("part"));
        let file = match &part {
            Some(part) => File::create(part),
            None => File::options().write(true).open(&path),
        };
        let file = BufWriter::with_capacity(1 << 17, file.map_err(io)?);
        Ok((Self { path, part }, file))
    }

    /// The file that is written for now, unless it is a device or a pipe.
    pub fn part(&self) -> Option<&Path> {
        self.part.as_deref()
    }

    /// Gives the file its name.
    ///
    /// # Errors
    ///
    /// If it cannot be moved.
    pub fn keep(mut self) -> Result<(), Error> {
        if let Some(part) = &self.part {
            std::fs::rename(part, &self.path).map_err(|source| Error::Io {
                action: "write",
                path: self.path.clone(),
                source,
            })?;
        }
        self.part = None;
        Ok(())
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if let Some(part) = &self.part {
            // Nothing more can be done about a file that cannot be removed.
            let _ = std::fs::remove_file(part);
        }
    }
}
