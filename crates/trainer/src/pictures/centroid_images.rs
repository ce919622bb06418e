use std::path::Path;

use plotters::element::Rectangle;
use plotters::style::text_anchor::HPos;
use plotters::style::{Color, RGBColor};

use super::canvas::{Area, DrawResult, size_of};
use super::color::{INK, Scale};
use super::pixel::{pixel, to_i32};
use super::save::save;
use super::{PictureError, text};

/// How many clusters are drawn.
const MAX_CLUSTERS: usize = 100;
/// How many images stand side by side.
const PER_ROW: usize = 10;
/// How many pixels an image has across or down at most, if its own are fewer.
const LARGEST: usize = 240;
/// What is left free between images.
const GAP: i32 = 24;
/// How many pixels the number of a cluster takes above its image.
const HEAD: i32 = 40;

/// What the centre of each cluster looks like, if the columns are the pixels of an image.
#[derive(Clone, Copy, Debug)]
pub struct CentroidImages<'a> {
    /// What stands above the picture.
    pub title: &'a str,
    /// The centres, each row by row from the upper left on: `[clusters][height * width]`. The
    /// lowest number of all is black, the highest white. The first 100 are drawn.
    pub vectors: &'a [Vec<f64>],
    /// How many pixels an image has across; at least one.
    pub width: usize,
    /// How many pixels an image has down; at least one.
    pub height: usize,
}

impl CentroidImages<'_> {
    /// Writes `name.png` and `name.svg` into a folder.
    ///
    /// # Errors
    ///
    /// If the picture cannot be drawn or written.
    ///
    /// # Panics
    ///
    /// If a vector has not as many numbers as an image has pixels, or an image has none.
    pub fn save(&self, folder: &Path, name: &str) -> Result<(), PictureError> {
        let pixels = self.width * self.height;
        assert!(pixels > 0, "an image has pixels");
        for vector in self.vectors {
            assert_eq!(vector.len(), pixels, "each pixel has a number");
        }
        let count = self.vectors.len().clamp(1, MAX_CLUSTERS);
        let (width, height) = self.panel();
        let across = to_i32(count.min(PER_ROW)) * width + GAP;
        let down = to_i32(count.div_ceil(PER_ROW)) * height + text::TITLE_HEIGHT;
        let note = if self.vectors.len() > MAX_CLUSTERS {
            60
        } else {
            GAP
        };
        let size = (across.max(800).unsigned_abs(), (down + note).unsigned_abs());
        save(folder, name, size, |area| self.draw(area))
    }

    /// How many pixels of the picture a pixel of an image takes; whole ones, so that all are alike.
    fn magnification(&self) -> i32 {
        to_i32((LARGEST / self.width.max(self.height)).max(1))
    }

    /// How many pixels an image takes across and down, with its number and the gaps.
    fn panel(&self) -> (i32, i32) {
        let scale = self.magnification();
        (
            to_i32(self.width) * scale + GAP,
            to_i32(self.height) * scale + HEAD + GAP / 2,
        )
    }

    fn draw(&self, area: &Area) -> DrawResult {
        let area = text::write_title(area, self.title)?;
        let (area_width, area_height) = size_of(&area);
        let (width, height) = self.panel();
        let count = self.vectors.len().min(MAX_CLUSTERS);
        let taken = to_i32(count.min(PER_ROW)) * width - GAP;
        let indent = (area_width - taken) / 2;
        let shown = &self.vectors[..count];
        let scale = Scale::of(shown.iter().flatten().copied());
        for (cluster, vector) in shown.iter().enumerate() {
            let left = indent + to_i32(cluster % PER_ROW) * width;
            let top = to_i32(cluster / PER_ROW) * height + HEAD;
            let style = text::style(text::LABEL, HPos::Center);
            let middle = left + (width - GAP) / 2;
            area.draw_text(&cluster.to_string(), &style, (middle, top - HEAD / 2))?;
            self.draw_image(&area, (left, top), vector, scale)?;
        }
        if count < self.vectors.len() {
            let note = format!(
                "and {} more clusters, not drawn",
                self.vectors.len() - count
            );
            let style = text::style(text::LABEL, HPos::Center);
            area.draw_text(&note, &style, (area_width / 2, area_height - 35))?;
        }
        Ok(())
    }

    fn draw_image(
        &self,
        area: &Area,
        (left, top): (i32, i32),
        vector: &[f64],
        scale: Scale,
    ) -> DrawResult {
        let side = self.magnification();
        for (y, row) in vector.chunks(self.width).enumerate() {
            let y = top + to_i32(y) * side;
            let mut x = left;
            let grays: Vec<RGBColor> = row.iter().map(|&value| gray(scale, value)).collect();
            for run in grays.chunk_by(|a, b| a == b) {
                let end = x + to_i32(run.len()) * side;
                let corners = [(x, y), (end, y + side)];
                area.draw(&Rectangle::new(corners, run[0].filled()))?;
                x = end;
            }
        }
        let (width, height) = (to_i32(self.width) * side, to_i32(self.height) * side);
        let frame = [(left - 1, top - 1), (left + width, top + height)];
        area.draw(&Rectangle::new(frame, INK))
    }
}

/// A shade from black (low) to white (high).
fn gray(scale: Scale, value: f64) -> RGBColor {
    let share = if value.is_finite() {
        scale.share(value)
    } else {
        0.0
    };
    let shade = u8::try_from(pixel(255.0 * share)).unwrap_or(u8::MAX);
    RGBColor(shade, shade, shade)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg_of(vectors: &[Vec<f64>], width: usize, height: usize) -> String {
        let folder = tempfile::tempdir().unwrap();
        let images = CentroidImages {
            title: "Mean digits",
            vectors,
            width,
            height,
        };
        images.save(folder.path(), "images").unwrap();
        std::fs::read_to_string(folder.path().join("images.svg")).unwrap()
    }

    #[test]
    fn the_lowest_number_is_black_and_the_highest_white() {
        let svg = svg_of(&[vec![0.0, 1.0], vec![0.5, 0.0]], 2, 1);
        // 255 · 0.5, rounded up, is 0x80.
        for text in ["Mean digits", "\n1\n", "#000000", "#FFFFFF", "#808080"] {
            assert!(svg.contains(text), "{text} is missing");
        }
    }

    #[test]
    fn images_that_are_not_drawn_are_counted() {
        let svg = svg_of(&vec![vec![0.0; 6]; 103], 3, 2);
        assert!(svg.contains("and 3 more clusters"));
    }

    #[test]
    fn one_black_image_and_none_can_be_drawn() {
        svg_of(&[vec![f64::NAN]], 1, 1);
        svg_of(&[], 4, 4);
    }
}
