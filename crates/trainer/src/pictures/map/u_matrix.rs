use mlp_models::clustering::Grid;
use std::path::Path;

use super::figure::{MARGIN, centered, figure, fill};
use super::grid::Cells;
use crate::pictures::canvas::{Area, DrawResult, size_of};
use crate::pictures::color::Scale;
use crate::pictures::save::save;
use crate::pictures::{PictureError, color_bar, text};

/// How far each unit of a map is from its neighbours in the space of the inputs: light ridges
/// separate dark valleys, which are clusters.
#[derive(Clone, Copy, Debug)]
pub struct UMatrix<'a> {
    /// What stands above the picture.
    pub title: &'a str,
    /// How the units are arranged.
    pub grid: Grid,
    /// The mean distance of each unit to its neighbours: `[units]`.
    pub distances: &'a [f64],
}

impl UMatrix<'_> {
    /// Writes `name.png` and `name.svg` into a folder.
    ///
    /// # Errors
    ///
    /// If the picture cannot be drawn or written.
    ///
    /// # Panics
    ///
    /// If there are not as many distances as units.
    pub fn save(&self, folder: &Path, name: &str) -> Result<(), PictureError> {
        assert_eq!(
            self.distances.len(),
            self.grid.num_units(),
            "each unit has a distance"
        );
        let cells = Cells::fitting(self.grid, (1200, 1000));
        let size = figure(&cells, color_bar::WIDTH);
        save(folder, name, size, |area| self.draw(area, &cells))
    }

    fn draw(&self, area: &Area, cells: &Cells) -> DrawResult {
        let area = text::write_title(area, self.title)?;
        let (width, height) = size_of(&area);
        let (map, bar) = area.split_horizontally(width - color_bar::WIDTH);
        let map = centered(&map, cells);
        let scale = Scale::of(self.distances.iter().copied());
        fill(&map, cells, self.distances, scale)?;
        let bar = bar
            .margin(0, MARGIN, 0, 0)
            .shrink((0, 0), (color_bar::WIDTH, height));
        let ticks = color_bar::quarters(scale);
        color_bar::draw(&bar, scale, "mean distance to the neighbours", &ticks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlp_models::clustering::Topology;

    #[test]
    fn the_picture_says_what_it_shows() {
        let folder = tempfile::tempdir().unwrap();
        let matrix = UMatrix {
            title: "A small map",
            grid: Grid {
                rows: 2,
                columns: 2,
                topology: Topology::Hexagonal,
            },
            distances: &[1.0, 2.0, 3.0, 5.0],
        };

        matrix.save(folder.path(), "u-matrix").unwrap();

        let svg = std::fs::read_to_string(folder.path().join("u-matrix.svg")).unwrap();
        for text in ["A small map", "mean distance", "<polygon", "\n5\n"] {
            assert!(svg.contains(text), "{text} is missing");
        }
    }

    #[test]
    fn maps_of_one_unit_of_equal_units_and_of_many_can_be_drawn() {
        let folder = tempfile::tempdir().unwrap();
        for (rows, columns) in [(1, 1), (1, 40), (3, 3), (150, 100)] {
            for topology in [Topology::Rectangular, Topology::Hexagonal] {
                let grid = Grid {
                    rows,
                    columns,
                    topology,
                };
                let matrix = UMatrix {
                    title: "equal",
                    grid,
                    distances: &vec![0.5; grid.num_units()],
                };
                matrix.save(folder.path(), "equal").unwrap();
            }
        }
    }
}
