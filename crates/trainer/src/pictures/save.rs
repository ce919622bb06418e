use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use plotters::backend::{BitMapBackend, SVGBackend};
use plotters::drawing::IntoDrawingArea;
use plotters::style::WHITE;

use super::canvas::{Area, Canvas, DrawResult};
use super::{PictureError, text};

/// Draws a picture of a size in pixels twice, and writes it as `name.png` and `name.svg` into a
/// folder, which is made if need be.
///
/// # Errors
///
/// If it cannot be drawn, or the folder or a file cannot be written.
pub(super) fn save(
    folder: &Path,
    name: &str,
    size: (u32, u32),
    draw: impl Fn(&Area) -> DrawResult,
) -> Result<(), PictureError> {
    text::register_font();
    let written = |path: &Path, outcome: io::Result<()>| {
        outcome.map_err(|source| PictureError::Write {
            path: path.to_owned(),
            source,
        })
    };
    let drawn = |path: &PathBuf, canvas: Canvas| {
        let area = canvas.into_drawing_area();
        area.fill(&WHITE)
            .and_then(|()| draw(&area))
            .and_then(|()| area.present())
            .map_err(|source| PictureError::Draw {
                path: path.clone(),
                source,
            })
    };
    written(folder, fs::create_dir_all(folder))?;

    let path = folder.join(format!("{name}.png"));
    let mut pixels = vec![0; 3 * size.0 as usize * size.1 as usize];
    drawn(
        &path,
        Canvas::Pixels(BitMapBackend::with_buffer(&mut pixels, size)),
    )?;
    written(&path, write_png(&path, size, &pixels))?;

    let path = folder.join(format!("{name}.svg"));
    let mut svg = String::new();
    drawn(&path, Canvas::Svg(SVGBackend::with_string(&mut svg, size)))?;
    written(&path, fs::write(&path, svg))
}

fn write_png(path: &Path, (width, height): (u32, u32), pixels: &[u8]) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header()?.write_image_data(pixels)?;
    file.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_written_in_both_formats() {
        let folder = tempfile::tempdir().unwrap();

        save(&folder.path().join("new"), "blank", (30, 20), |_| Ok(())).unwrap();

        let read = |name: &str| fs::read(folder.path().join("new").join(name)).unwrap();
        assert!(read("blank.png").starts_with(b"\x89PNG"));
        assert!(read("blank.svg").starts_with(b"<svg"));
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();

        let error = save(&file, "blank", (30, 20), |_| Ok(())).unwrap_err();

        let start = format!("`{}` cannot be written: ", file.display());
        assert!(error.to_string().starts_with(&start), "{error}");
    }
}
