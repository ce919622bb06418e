use std::path::Path;

use plotters::element::{Circle, PathElement};
use plotters::style::Color;

use super::canvas::{Area, DrawResult};
use super::color::{FAINT, INK, of_cluster};
use super::named_rows::{self, LEFT, WIDTH, draw_axis, draw_name};
use super::pixel::to_i32;
use super::ruler::Ruler;
use super::save::save;
use super::{PictureError, axes, text};

/// How many categories are drawn.
const MAX_CATEGORIES: usize = 30;
/// The height of a category.
const ROW: i32 = 50;

/// How predictions depend on a column of numbers or dates: the mean, and the curves of single rows.
pub struct DependenceCurves<'a> {
    /// What stands above the picture.
    pub title: &'a str,
    /// The column, and what is predicted.
    pub axes: [&'a str; 2],
    /// The values that were tried, ascending.
    pub values: &'a [f64],
    /// A value of the column as a text.
    pub written: &'a dyn Fn(f64) -> String,
    /// The mean prediction for each value.
    pub mean: &'a [f64],
    /// The predictions of single rows: `[curves][values]`.
    pub curves: &'a [Vec<f64>],
}

impl DependenceCurves<'_> {
    /// Writes `name.png` and `name.svg` into a folder.
    ///
    /// # Errors
    ///
    /// If the picture cannot be drawn or written.
    pub fn save(&self, folder: &Path, name: &str) -> Result<(), PictureError> {
        save(folder, name, (1500, 1050), |area| self.draw(area))
    }

    fn draw(&self, area: &Area) -> DrawResult {
        let area = text::write_title(area, self.title)?;
        let of_curve = |curve: &[f64]| -> Vec<[f64; 2]> {
            let points = self.values.iter().zip(curve);
            points.map(|(&x, &y)| [x, y]).collect()
        };
        let curves: Vec<_> = self.curves.iter().map(|curve| of_curve(curve)).collect();
        let mean = of_curve(self.mean);
        let ranges = axes::ranges(curves.iter().flatten().chain(&mean));
        let mut plane = axes::draw_labelled(&area, ranges, self.axes, self.written)?;
        let thin = INK.mix(0.25).stroke_width(1);
        let path = |curve: &[[f64; 2]], style| {
            let points: Vec<_> = curve.iter().map(|&[x, y]| (x, y)).collect();
            PathElement::new(points, style)
        };
        plane.draw_series(curves.iter().map(|curve| path(curve, thin)))?;
        plane.draw_series([path(&mean, of_cluster(0).stroke_width(6))])?;
        let points = mean.iter().map(|&[x, y]| (x, y));
        let dots = points.map(|point| Circle::new(point, 8, of_cluster(0).filled()));
        plane.draw_series(dots)?;
        Ok(())
    }
}

/// How predictions depend on a column of categories: the mean for each, and those of single rows.
pub struct DependenceDots<'a> {
    /// What stands above the picture.
    pub title: &'a str,
    /// What is predicted.
    pub axis: &'a str,
    /// The categories that were tried: the first 30 are drawn.
    pub names: &'a [String],
    /// The mean prediction for each category.
    pub mean: &'a [f64],
    /// The predictions of single rows: `[curves][categories]`.
    pub curves: &'a [Vec<f64>],
}

impl DependenceDots<'_> {
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
        self.names.len().min(self.mean.len()).min(MAX_CATEGORIES)
    }

    fn draw(&self, area: &Area) -> DrawResult {
        let area = text::write_title(area, self.title)?;
        let rows = self.num_rows();
        let all = self.curves.iter().flatten().chain(self.mean).copied();
        let ruler = Ruler::of(all, LEFT, WIDTH);
        let bottom = to_i32(rows) * ROW;
        ruler.draw(&area, [0, bottom])?;
        for (row, (name, mean)) in self.names.iter().zip(self.mean).take(rows).enumerate() {
            let middle = to_i32(row) * ROW + ROW / 2;
            draw_name(&area, name, middle)?;
            let line = [(LEFT, middle), (LEFT + WIDTH, middle)];
            area.draw(&PathElement::new(line, FAINT))?;
            for prediction in self.curves.iter().filter_map(|curve| curve.get(row)) {
                let x = ruler.at(*prediction);
                let tick = [(x, middle - 10), (x, middle + 10)];
                area.draw(&PathElement::new(tick, INK.mix(0.3).stroke_width(2)))?;
            }
            let at = (ruler.at(*mean), middle);
            area.draw(&Circle::new(at, 12, of_cluster(0).filled()))?;
        }
        draw_axis(&area, self.axis, bottom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_of_dates_are_labelled_with_dates() {
        let folder = tempfile::tempdir().unwrap();
        let picture = DependenceCurves {
            title: "Price by day",
            axes: ["day", "price"],
            values: &[0.0, 10.0, 20.0],
            written: &|day| format!("day {day}"),
            mean: &[1.0, 2.0, 3.0],
            curves: &[vec![0.0, 1.0, 2.0], vec![2.0, 3.0, 4.0]],
        };
        picture.save(folder.path(), "dependence").unwrap();
        let svg = std::fs::read_to_string(folder.path().join("dependence.svg")).unwrap();
        assert!(svg.contains("day 10") && svg.contains("Price by day"));
    }

    #[test]
    fn categories_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let picture = DependenceDots {
            title: "Price by colour",
            axis: "price",
            names: &["red & blue".to_owned(), "green".to_owned()],
            mean: &[1.0, 2.0],
            curves: &[vec![0.5, 2.5]],
        };
        picture.save(folder.path(), "dependence").unwrap();
        let svg = std::fs::read_to_string(folder.path().join("dependence.svg")).unwrap();
        assert!(svg.contains("red &amp; blue") && svg.contains("green"));
    }
}
