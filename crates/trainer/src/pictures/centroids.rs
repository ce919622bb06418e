use std::path::Path;

use plotters::element::Rectangle;
use plotters::style::Color;
use plotters::style::text_anchor::HPos;

use super::canvas::{Area, DrawResult, size_of};
use super::color::{self, Scale};
use super::pixel::to_i32;
use super::save::save;
use super::{PictureError, color_bar, text};

/// How many clusters are drawn.
const MAX_CLUSTERS: usize = 40;
/// How many columns are drawn; with more, none could be seen well.
const MAX_COLUMNS: usize = 30;
/// The height of a cell.
const ROW: i32 = 46;
/// How many pixels the names of the columns take above the cells, at most.
const MAX_HEAD: i32 = 250;
/// How many pixels a letter takes, on the wide side.
const LETTER: i32 = 12;
/// How many pixels the numbers of the clusters take at the left.
const LEFT: i32 = 110;
/// How many pixels are left below, to say what is not drawn.
const NOTE: i32 = 60;

/// What the centre of each cluster is, column by column, as a heat map.
#[derive(Clone, Copy, Debug)]
pub struct Centroids<'a> {
    /// What stands above the picture.
    pub title: &'a str,
    /// The centres, in the units of the data: `[clusters][columns]`. The first 40 are drawn.
    pub vectors: &'a [Vec<f64>],
    /// What the columns are called: `[columns]`. The first 30 are drawn.
    pub names: &'a [String],
}

impl Centroids<'_> {
    /// Writes `name.png` and `name.svg` into a folder: a row for each cluster, coloured column by
    /// column from the lowest to the highest of its numbers.
    ///
    /// # Errors
    ///
    /// If the picture cannot be drawn or written.
    ///
    /// # Panics
    ///
    /// If a vector has not as many numbers as there are columns.
    pub fn save(&self, folder: &Path, name: &str) -> Result<(), PictureError> {
        for vector in self.vectors {
            assert_eq!(vector.len(), self.names.len(), "each column has a number");
        }
        let (columns, rows) = self.shape();
        let (columns, rows) = (to_i32(columns), to_i32(rows));
        let width = LEFT + columns * self.cell_width() + color_bar::WIDTH;
        let height = text::TITLE_HEIGHT + self.head() + rows.max(6) * ROW + NOTE;
        let size = (width.max(800).unsigned_abs(), height.unsigned_abs());
        save(folder, name, size, |area| self.draw(area))
    }

    /// How many columns and clusters are drawn.
    fn shape(&self) -> (usize, usize) {
        (
            self.names.len().min(MAX_COLUMNS),
            self.vectors.len().min(MAX_CLUSTERS),
        )
    }

    /// High enough for the longest name.
    fn head(&self) -> i32 {
        let names = self.names.iter().take(self.shape().0);
        let longest = names.map(|name| name.chars().count()).max().unwrap_or(0);
        (to_i32(longest) * LETTER + 30).clamp(60, MAX_HEAD)
    }

    /// Wide enough for a number, or for a picture that is not too narrow.
    fn cell_width(&self) -> i32 {
        let columns = to_i32(self.shape().0).max(1);
        (900 / columns).clamp(96, 160)
    }

    fn draw(&self, area: &Area) -> DrawResult {
        let area = text::write_title(area, self.title)?;
        let (columns, rows) = self.shape();
        let (head, width) = (self.head(), self.cell_width());
        let bottom = head + to_i32(rows) * ROW;
        area.draw_text(
            "cluster",
            &text::style(text::SMALL, HPos::Right),
            (LEFT - 15, head - 20),
        )?;
        for cluster in 0..rows {
            let middle = head + to_i32(cluster) * ROW + ROW / 2;
            let style = text::style(text::LABEL, HPos::Right);
            area.draw_text(&cluster.to_string(), &style, (LEFT - 15, middle))?;
        }
        for (column, name) in self.names.iter().take(columns).enumerate() {
            let left = LEFT + to_i32(column) * width;
            let name = text::fit(&area, name, text::LABEL, head - 15)?;
            let style = text::upward(text::LABEL, HPos::Left);
            area.draw_text(&name, &style, (left + width / 2, head - 12))?;
            let values = self.vectors.iter().take(rows).map(|vector| vector[column]);
            let scale = Scale::of(values.clone());
            for (cluster, value) in values.enumerate() {
                let top = head + to_i32(cluster) * ROW;
                draw_cell(&area, (left, top), width, value, scale)?;
            }
        }
        self.draw_note(&area, bottom + 30)?;
        let bar = area.clone().shrink(
            (LEFT + to_i32(columns) * width, head - 25),
            (color_bar::WIDTH, to_i32(rows.clamp(6, 14)) * ROW + 50),
        );
        color_bar::draw_from_lowest_to_highest(&bar, "of each column")
    }

    fn draw_note(&self, area: &Area, y: i32) -> DrawResult {
        let (columns, rows) = self.shape();
        let left_out = [
            (self.vectors.len() - rows, "clusters"),
            (self.names.len() - columns, "columns"),
        ];
        let left_out = left_out.iter().filter(|(count, _)| *count > 0);
        let left_out: Vec<_> = left_out
            .map(|(count, what)| format!("{count} more {what}"))
            .collect();
        if left_out.is_empty() {
            return Ok(());
        }
        let note = format!("not drawn: {}", left_out.join(", "));
        let (width, _) = size_of(area);
        let note = text::fit(area, &note, text::SMALL, width - LEFT - 20)?;
        area.draw_text(&note, &text::style(text::SMALL, HPos::Left), (LEFT, y))
    }
}

fn draw_cell(
    area: &Area,
    (left, top): (i32, i32),
    width: i32,
    value: f64,
    scale: Scale,
) -> DrawResult {
    let fill = scale.color(value);
    let corners = [(left, top), (left + width - 2, top + ROW - 2)];
    area.draw(&Rectangle::new(corners, fill.filled()))?;
    let number = text::fit(area, &text::number(value), text::SMALL, width - 4)?;
    let ink = color::readable_on(fill);
    let style = text::style(text::SMALL, HPos::Center).color(&ink);
    area.draw_text(&number, &style, (left + width / 2 - 1, top + ROW / 2 - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg_of(vectors: &[Vec<f64>], num_columns: usize) -> String {
        let folder = tempfile::tempdir().unwrap();
        let names: Vec<String> = (0..num_columns)
            .map(|column| format!("c{column}"))
            .collect();
        let centroids = Centroids {
            title: "Centres",
            vectors,
            names: &names,
        };
        centroids.save(folder.path(), "centroids").unwrap();
        std::fs::read_to_string(folder.path().join("centroids.svg")).unwrap()
    }

    #[test]
    fn numbers_and_names_are_written() {
        let svg = svg_of(&[vec![1.25, 300.0], vec![-7.0, f64::NAN]], 2);
        for text in [
            "Centres", "\nc1\n", "\n1.25\n", "\n300\n", "\n-7\n", "\nNaN\n",
        ] {
            assert!(svg.contains(text), "{text} is missing");
        }
        assert!(!svg.contains("not drawn"));
    }

    #[test]
    fn what_is_not_drawn_is_counted() {
        let svg = svg_of(&vec![vec![0.0; 37]; 45], 37);
        assert!(svg.contains("not drawn: 5 more clusters, 7 more columns"));
    }

    #[test]
    fn one_cluster_and_none_can_be_drawn() {
        svg_of(&[vec![2.0]], 1);
        svg_of(&[], 0);
    }
}
