use mlp_models::clustering::Grid;
use std::path::Path;

use plotters::style::text_anchor::HPos;

use super::figure::fill;
use super::grid::Cells;
use crate::pictures::canvas::{Area, DrawResult, size_of};
use crate::pictures::color::Scale;
use crate::pictures::pixel::to_i32;
use crate::pictures::save::save;
use crate::pictures::{PictureError, color_bar, text};

/// How many columns are drawn; with more, none could be seen well.
const MAX_PLANES: usize = 16;
/// How many planes stand side by side.
const PER_ROW: usize = 4;
/// The room of a plane across and down, without its title.
const ROOM: (i32, i32) = (360, 320);
/// How many pixels a plane's name and range take above it.
const HEAD: i32 = 80;
/// What is left free around a plane.
const GAP: i32 = 22;

/// What each unit of a map stands for, a small map for each input column.
///
/// Columns whose planes look alike go together; each has its own scale.
#[derive(Clone, Copy, Debug)]
pub struct ComponentPlanes<'a> {
    /// What stands above the picture.
    pub title: &'a str,
    /// How the units are arranged.
    pub grid: Grid,
    /// What the columns are called: `[columns]`. The first 16 are drawn.
    pub names: &'a [String],
    /// The weights of each unit: `[units][columns]`.
    pub weights: &'a [Vec<f64>],
}

impl ComponentPlanes<'_> {
    /// Writes `name.png` and `name.svg` into a folder.
    ///
    /// # Errors
    ///
    /// If the picture cannot be drawn or written.
    ///
    /// # Panics
    ///
    /// If there is not a weight for each unit and column.
    pub fn save(&self, folder: &Path, name: &str) -> Result<(), PictureError> {
        assert_eq!(
            self.weights.len(),
            self.grid.num_units(),
            "each unit has weights"
        );
        for weights in self.weights {
            assert_eq!(
                weights.len(),
                self.names.len(),
                "each column has a weight in each unit"
            );
        }
        let cells = Cells::fitting(self.grid, ROOM);
        let (width, height) = panel(&cells);
        let (across, down) = self.arrangement();
        let size = (
            (across * width + color_bar::WIDTH).max(800).unsigned_abs(),
            (down * height + text::TITLE_HEIGHT + self.note_height()).unsigned_abs(),
        );
        save(folder, name, size, |area| self.draw(area, &cells))
    }

    fn num_planes(&self) -> usize {
        self.names.len().min(MAX_PLANES)
    }

    /// How many planes stand side by side, and how many below each other; at least one.
    fn arrangement(&self) -> (i32, i32) {
        let count = self.num_planes().max(1);
        (to_i32(count.min(PER_ROW)), to_i32(count.div_ceil(PER_ROW)))
    }

    /// How many pixels are taken at the bottom to say what is not shown.
    fn note_height(&self) -> i32 {
        if self.names.len() > MAX_PLANES { 60 } else { 0 }
    }

    fn draw(&self, area: &Area, cells: &Cells) -> DrawResult {
        let area = text::write_title(area, self.title)?;
        let (_, height) = size_of(&area);
        let (planes, note) = area.split_vertically(height - self.note_height());
        let (panel_width, panel_height) = panel(cells);
        let (across, down) = self.arrangement();
        let mut positions = (0..down).flat_map(|row| (0..across).map(move |column| (column, row)));
        for (column, name) in self.names.iter().take(self.num_planes()).enumerate() {
            let (x, y) = positions.next().unwrap_or_default();
            let corner = (x * panel_width, y * panel_height);
            let panel = planes.clone().shrink(corner, (panel_width, panel_height));
            let values: Vec<f64> = self.weights.iter().map(|unit| unit[column]).collect();
            draw_plane(&panel, cells, name, &values)?;
        }
        let bar = planes.clone().shrink(
            (across * panel_width, HEAD),
            (color_bar::WIDTH, panel_height - HEAD),
        );
        color_bar::draw_from_lowest_to_highest(&bar, "of each column")?;
        if self.names.len() > MAX_PLANES {
            let (width, height) = size_of(&note);
            let more = match self.names.len() - MAX_PLANES {
                1 => "and one more column, not drawn".to_owned(),
                more => format!("and {more} more columns, not drawn"),
            };
            let style = text::style(text::LABEL, HPos::Center);
            note.draw_text(
                &more,
                &style,
                ((width - color_bar::WIDTH) / 2, height / 2 - 5),
            )?;
        }
        Ok(())
    }
}

/// How many pixels a plane takes across and down, with its name and the gaps.
fn panel(cells: &Cells) -> (i32, i32) {
    let (width, height) = cells.size();
    (width.max(220) + 2 * GAP, height.max(180) + HEAD + GAP)
}

fn draw_plane(area: &Area, cells: &Cells, name: &str, values: &[f64]) -> DrawResult {
    let (width, _) = size_of(area);
    let scale = Scale::of(values.iter().copied());
    let name = text::fit(area, name, text::LABEL, width - GAP)?;
    let style = text::style(text::LABEL, HPos::Center);
    area.draw_text(&name, &style, (width / 2, 20))?;
    let range = if scale.low == scale.high {
        text::number(scale.low)
    } else {
        format!(
            "{} to {}",
            text::number(scale.low),
            text::number(scale.high)
        )
    };
    let range = text::fit(area, &range, text::SMALL, width)?;
    area.draw_text(
        &range,
        &text::style(text::SMALL, HPos::Center),
        (width / 2, 54),
    )?;
    let size = cells.size();
    let map = area.clone().shrink(((width - size.0) / 2, HEAD), size);
    fill(&map, cells, values, scale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlp_models::clustering::Topology;

    fn svg_of(names: &[String], grid: Grid) -> String {
        let folder = tempfile::tempdir().unwrap();
        let planes = ComponentPlanes {
            title: "Weights",
            grid,
            names,
            weights: &vec![vec![1.5; names.len()]; grid.num_units()],
        };
        planes.save(folder.path(), "planes").unwrap();
        std::fs::read_to_string(folder.path().join("planes.svg")).unwrap()
    }

    #[test]
    fn columns_that_are_not_drawn_are_counted() {
        let grid = Grid {
            rows: 2,
            columns: 3,
            topology: Topology::Rectangular,
        };
        let names: Vec<String> = (0..20).map(|column| format!("<{column}>")).collect();

        let svg = svg_of(&names, grid);

        assert!(svg.contains("&lt;15&gt;") && !svg.contains("&lt;16&gt;"));
        assert!(svg.contains("and 4 more columns"));
        assert!(svg_of(&names[..17], grid).contains("and one more column,"));
        assert!(!svg_of(&names[..16], grid).contains("more"));
    }

    #[test]
    fn maps_of_one_unit_or_of_no_column_can_be_drawn() {
        let grid = Grid {
            rows: 1,
            columns: 1,
            topology: Topology::Hexagonal,
        };
        assert!(svg_of(&["only".to_owned()], grid).contains("only"));
        assert!(svg_of(&[], grid).contains("Weights"));
    }
}
