use std::io;
use std::path::PathBuf;

use plotters::drawing::DrawingAreaErrorKind;

/// Why a picture could not be saved.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PictureError {
    /// It could not be drawn.
    #[error("`{}` cannot be drawn", path.display())]
    Draw {
        /// The picture's file.
        path: PathBuf,
        /// What the drawing library says.
        source: DrawingAreaErrorKind<io::Error>,
    },
    /// It was drawn, but its file or folder could not be written.
    #[error("`{}` cannot be written", path.display())]
    Write {
        /// The file or the folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}
