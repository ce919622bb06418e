use std::io;
use std::path::Path;

use mlp_inference::whole_file;
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
    save_png(folder, name, size, &draw)?;
    let path = folder.join(format!("{name}.svg"));
    let mut svg = String::new();
    drawn(
        &path,
        Canvas::Svg(SVGBackend::with_string(&mut svg, size)),
        draw,
    )?;
    save_text(folder, &format!("{name}.svg"), &svg)
}

/// The same as `name.png` alone.
pub(super) fn save_png(
    folder: &Path,
    name: &str,
    size: (u32, u32),
    draw: impl Fn(&Area) -> DrawResult,
) -> Result<(), PictureError> {
    written(folder, whole_file::create_folder(folder))?;
    let path = folder.join(format!("{name}.png"));
    let mut pixels = vec![0; 3 * size.0 as usize * size.1 as usize];
    drawn(
        &path,
        Canvas::Pixels(BitMapBackend::with_buffer(&mut pixels, size)),
        draw,
    )?;
    let png = encoded(size, &pixels).and_then(|png| whole_file::write(&path, &png));
    written(&path, png)
}

/// Writes a picture that is a text into a folder that exists.
pub(super) fn save_text(folder: &Path, file: &str, text: &str) -> Result<(), PictureError> {
    let path = folder.join(file);
    written(&path, whole_file::write(&path, text.as_bytes()))
}

/// Draws on a canvas, which is white at first.
fn drawn(
    path: &Path,
    canvas: Canvas,
    draw: impl Fn(&Area) -> DrawResult,
) -> Result<(), PictureError> {
    text::register_font();
    let area = canvas.into_drawing_area();
    area.fill(&WHITE)
        .and_then(|()| draw(&area))
        .and_then(|()| area.present())
        .map_err(|source| PictureError::Draw {
            path: path.to_owned(),
            source,
        })
}

fn written(path: &Path, outcome: io::Result<()>) -> Result<(), PictureError> {
    outcome.map_err(|source| PictureError::Write {
        path: path.to_owned(),
        source,
    })
}

fn encoded((width, height): (u32, u32), pixels: &[u8]) -> io::Result<Vec<u8>> {
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header()?.write_image_data(pixels)?;
    Ok(png)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use mlp_datasets::with_causes;

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

        let expected = format!(
            "`{0}` cannot be written: `{0}` is not a folder",
            file.display()
        );
        assert_eq!(with_causes(&error), expected);
    }
}
