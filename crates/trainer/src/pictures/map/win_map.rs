use mlp_models::clustering::Grid;
use std::f64::consts::PI;
use std::path::Path;

use plotters::element::{Circle, Polygon};
use plotters::style::text_anchor::HPos;
use plotters::style::{Color, WHITE};

use super::figure::{centered, figure};
use super::grid::Cells;
use crate::pictures::canvas::{Area, DrawResult, size_of};
use crate::pictures::color::{self, FAINT, INK};
use crate::pictures::pixel::pixel;
use crate::pictures::save::save;
use crate::pictures::{PictureError, legend, text};

/// How many pixels wide the ring around a pie is.
const RIM: i32 = 4;
/// How many pixels the line below the map takes.
const NOTE_HEIGHT: u32 = 50;

/// How many rows each unit of a map wins, and of which classes.
///
/// The area that is filled in a unit's cell is in proportion to the rows it wins.
#[derive(Clone, Copy, Debug)]
pub struct WinMap<'a> {
    /// What stands above the picture.
    pub title: &'a str,
    /// How the units are arranged.
    pub grid: Grid,
    /// How many rows each unit wins: `[units]`.
    pub wins: &'a [usize],
    /// Which classes those rows have, if they are known.
    pub labels: Option<UnitLabels<'a>>,
}

/// Which classes the rows have that a map's units win.
#[derive(Clone, Copy, Debug)]
pub struct UnitLabels<'a> {
    /// What the classes are called: `[classes]`.
    pub names: &'a [String],
    /// How many rows of each class each unit wins: `[units][classes]`.
    pub counts: &'a [Vec<usize>],
}

impl WinMap<'_> {
    /// Writes `name.png` and `name.svg` into a folder.
    ///
    /// # Errors
    ///
    /// If the picture cannot be drawn or written.
    ///
    /// # Panics
    ///
    /// If there is not a count for each unit and class.
    pub fn save(&self, folder: &Path, name: &str) -> Result<(), PictureError> {
        let num_units = self.grid.num_units();
        assert_eq!(self.wins.len(), num_units, "each unit has a count");
        if let Some(labels) = self.labels {
            assert_eq!(labels.counts.len(), num_units, "each unit has classes");
            for counts in labels.counts {
                assert_eq!(counts.len(), labels.names.len(), "each class has a count");
            }
        }
        let cells = Cells::fitting(self.grid, (1200, 1000));
        let (width, height) = figure(&cells, self.legend_width());
        let size = (width, height + NOTE_HEIGHT);
        save(folder, name, size, |area| self.draw(area, &cells))
    }

    fn legend_width(&self) -> i32 {
        if self.labels.is_some() {
            legend::WIDTH
        } else {
            0
        }
    }

    fn draw(&self, area: &Area, cells: &Cells) -> DrawResult {
        let area = text::write_title(area, self.title)?;
        let (width, _) = size_of(&area);
        let (left, right) = area.split_horizontally(width - self.legend_width());
        let (width, height) = size_of(&left);
        let (map, note) = left.split_vertically(height - NOTE_HEIGHT.cast_signed());
        let map = centered(&map, cells);
        let most = self.wins.iter().copied().max().unwrap_or(0);
        for (unit, &wins) in self.wins.iter().enumerate() {
            let outline = cells.corners(unit, 0.96);
            map.draw(&Polygon::new(
                outline,
                color::mixed(FAINT, WHITE, 0.5).filled(),
            ))?;
            if wins == 0 {
                continue;
            }
            let share = (wins as f64 / most as f64).sqrt();
            match self.labels {
                Some(labels) => draw_pie(&map, cells, unit, share, &labels.counts[unit])?,
                None => draw_count(&map, cells, unit, share, wins)?,
            }
        }
        if let Some(labels) = self.labels {
            let names = labels.names.iter().enumerate();
            let entries = names.map(|(class, name)| (color::of_cluster(class), name.clone()));
            legend::draw(&right, "class", &entries.collect::<Vec<_>>())?;
        }
        let said = text::fit(&note, &self.note(most), text::SMALL, width - 20)?;
        let style = text::style(text::SMALL, HPos::Center);
        note.draw_text(&said, &style, (width / 2, 12))
    }

    /// What the sizes mean.
    fn note(&self, most: usize) -> String {
        let idle = self.wins.iter().filter(|&&wins| wins == 0).count();
        format!(
            "area: rows won, at most {most}; {idle} of {} units win none",
            self.wins.len()
        )
    }
}

/// Draws a smaller cell into a unit's cell, and the count if there is room for it.
fn draw_count(area: &Area, cells: &Cells, unit: usize, share: f64, wins: usize) -> DrawResult {
    let fill = color::of_cluster(0);
    let corners = cells.corners(unit, 0.92 * share);
    area.draw(&Polygon::new(corners, fill.filled()))?;
    let count = wins.to_string();
    let needed = f64::from(text::width(area, &count, text::SMALL)?);
    if cells.width < needed.max(45.0) + 8.0 {
        return Ok(());
    }
    // On the fill if the number fits into it, else below the fill.
    let (x, y) = cells.center(unit);
    let (ink, y) = if 0.92 * share * cells.width > needed + 10.0 {
        (color::readable_on(fill), y)
    } else {
        (INK, y + 0.5 * share * cells.width + 14.0)
    };
    let style = text::style(text::SMALL, HPos::Center).color(&ink);
    area.draw_text(&count, &style, (pixel(x), pixel(y)))
}

/// Draws a pie into a unit's cell: a slice for each class, clockwise from the top; grey if no row
/// has a class.
fn draw_pie(area: &Area, cells: &Cells, unit: usize, share: f64, counts: &[usize]) -> DrawResult {
    let (x, y) = cells.center(unit);
    let radius = (0.45 * cells.width * share).max(1.0);
    let center = (pixel(x), pixel(y));
    let total: usize = counts.iter().sum();
    let grey = color::mixed(FAINT, INK, 0.3);
    let first = counts.iter().position(|&count| count > 0);
    // The corners of a slice lie on whole pixels, so its rim is uneven: a ring covers it.
    let ring = if radius < 8.0 { 0 } else { RIM };
    let rim_radius = radius + f64::from(ring / 2);
    let disc = first.map_or(grey, color::of_cluster);
    area.draw(&Circle::new(center, pixel(rim_radius), disc.filled()))?;
    let corner = |angle: f64| {
        (
            pixel(x + rim_radius * angle.sin()),
            pixel(y - rim_radius * angle.cos()),
        )
    };
    let mut before = 0;
    for (class, &count) in counts.iter().enumerate() {
        let start = 2.0 * PI * before as f64 / total.max(1) as f64;
        before += count;
        if count == 0 || first == Some(class) {
            continue;
        }
        // A slice reaches round to the top, over which the next ones are drawn; and all rims have
        // the same corners. So no gap can show.
        let rim = (0..=72).map(|step| f64::from(step) * PI / 36.0);
        let rim = rim.filter(|&angle| angle > start).map(corner);
        let slice = [center, corner(start)].into_iter().chain(rim);
        let fill = color::of_cluster(class).filled();
        area.draw(&Polygon::new(slice.collect::<Vec<_>>(), fill))?;
    }
    if ring > 0 {
        let white = WHITE.stroke_width(ring.unsigned_abs());
        area.draw(&Circle::new(center, pixel(radius) + ring / 2, white))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlp_models::clustering::Topology;

    fn svg_of(map: WinMap) -> String {
        let folder = tempfile::tempdir().unwrap();
        map.save(folder.path(), "wins").unwrap();
        std::fs::read_to_string(folder.path().join("wins.svg")).unwrap()
    }

    const PAIR: Grid = Grid {
        rows: 1,
        columns: 2,
        topology: Topology::Hexagonal,
    };

    #[test]
    fn counts_are_written_into_cells_with_room() {
        let svg = svg_of(WinMap {
            title: "Wins",
            grid: PAIR,
            wins: &[0, 73],
            labels: None,
        });
        for text in ["Wins", "\n73\n", "at most 73; 1 of 2 units win none"] {
            assert!(svg.contains(text), "{text} is missing");
        }
    }

    #[test]
    fn classes_are_named_in_the_legend() {
        let names = ["cat".to_owned(), "dog".to_owned()];
        let svg = svg_of(WinMap {
            title: "Wins",
            grid: PAIR,
            wins: &[2, 3],
            labels: Some(UnitLabels {
                names: &names,
                counts: &[vec![1, 1], vec![3, 0]],
            }),
        });
        assert!(svg.contains("\ncat\n") && svg.contains("\ndog\n"));
    }

    #[test]
    fn a_map_of_one_unit_that_wins_nothing_can_be_drawn() {
        let grid = Grid {
            columns: 1,
            topology: Topology::Rectangular,
            ..PAIR
        };
        svg_of(WinMap {
            title: "none",
            grid,
            wins: &[0],
            labels: None,
        });
        svg_of(WinMap {
            title: "none",
            grid,
            wins: &[4],
            labels: Some(UnitLabels {
                names: &[],
                counts: &[vec![]],
            }),
        });
    }
}
