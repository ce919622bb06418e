use std::path::Path;

use plotters::element::{PathElement, Rectangle};
use plotters::style::Color;
use plotters::style::text_anchor::HPos;

use super::canvas::{Area, DrawResult};
use super::color::{INK, of_cluster};
use super::named_rows::{self, LEFT, WIDTH, draw_axis, draw_name};
use super::pixel::to_i32;
use super::ruler::{self, Ruler};
use super::save::save;
use super::{PictureError, text};

/// How many columns are drawn.
const MAX_COLUMNS: usize = 30;
/// The height of a bar with the gap below it.
const ROW: i32 = 46;

/// How important each column is, as bars with their spread.
#[derive(Clone, Copy, Debug)]
pub struct ImportanceBars<'a> {
    /// What stands above the picture.
    pub title: &'a str,
    /// What the bars are, with their unit.
    pub axis: &'a str,
    /// The columns, the most important first: the first 30 are drawn.
    pub names: &'a [String],
    /// The length of each bar, and the standard deviation that is drawn on both sides of its end, if there is one.
    pub bars: &'a [(f64, Option<f64>)],
}

impl ImportanceBars<'_> {
    /// Writes `name.png` and `name.svg` into a folder.
    ///
    /// # Errors
    ///
    /// If the picture cannot be drawn or written.
    pub fn save(&self, folder: &Path, name: &str) -> Result<(), PictureError> {
        let size = named_rows::size(self.num_rows(), ROW);
        save(folder, name, size, |area| self.draw(area))
    }

    fn num_rows(&self) -> usize {
        self.names.len().min(self.bars.len()).min(MAX_COLUMNS)
    }

    fn draw(&self, area: &Area) -> DrawResult {
        let area = text::write_title(area, self.title)?;
        let rows = self.num_rows();
        let bars = &self.bars[..rows];
        let ends = bars
            .iter()
            .map(|(mean, std)| (mean, std.unwrap_or_default()))
            .flat_map(|(mean, std)| [mean - std, mean + std, 0.0]);
        let ruler = Ruler::of(ends, LEFT, WIDTH);
        let bottom = to_i32(rows) * ROW;
        ruler.draw(&area, [0, bottom])?;
        for (row, (name, (mean, std))) in self.names.iter().zip(bars).enumerate() {
            let top = to_i32(row) * ROW;
            let middle = top + ROW / 2;
            draw_name(&area, name, middle)?;
            let (zero, end) = (ruler.at(0.0), ruler.at(*mean));
            let corners = [(zero.min(end), top + 7), (zero.max(end), top + ROW - 7)];
            area.draw(&Rectangle::new(corners, of_cluster(0).filled()))?;
            let Some(std) = std else {
                continue;
            };
            let (low, high) = (ruler.at(mean - std), ruler.at(mean + std));
            let ink = INK.stroke_width(2);
            area.draw(&PathElement::new([(low, middle), (high, middle)], ink))?;
            for x in [low, high] {
                area.draw(&PathElement::new([(x, middle - 7), (x, middle + 7)], ink))?;
            }
        }
        draw_axis(&area, self.axis, bottom)?;
        let left_out = self.names.len() - rows;
        if left_out > 0 {
            let note = format!("not drawn: {left_out} less important columns");
            let style = text::style(text::SMALL, HPos::Left);
            area.draw_text(&note, &style, (30, bottom + ruler::HEIGHT + 60))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg_of(names: &[String], bars: &[(f64, Option<f64>)]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let picture = ImportanceBars {
            title: "Importance",
            axis: "increase of the log-loss",
            names,
            bars,
        };
        picture.save(folder.path(), "importance").unwrap();
        std::fs::read_to_string(folder.path().join("importance.svg")).unwrap()
    }

    #[test]
    fn columns_are_named_and_those_left_out_are_counted() {
        let names: Vec<String> = (0..40).map(|column| format!("<c{column}>")).collect();
        let svg = svg_of(&names, &vec![(0.5, Some(0.1)); 40]);
        assert!(svg.contains("&lt;c29&gt;") && !svg.contains("&lt;c30&gt;"));
        assert!(svg.contains("not drawn: 10 less important columns"));
        assert!(svg.contains("increase of the log-loss"));
    }

    #[test]
    fn equal_importances_and_none_can_be_drawn() {
        svg_of(
            &["a".to_owned(), "b".to_owned()],
            &[(0.0, Some(0.0)), (-1.0, None)],
        );
        svg_of(&[], &[]);
    }
}
