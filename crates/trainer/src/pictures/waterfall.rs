use std::path::Path;

use plotters::element::{PathElement, Rectangle};
use plotters::style::Color;
use plotters::style::text_anchor::HPos;

use super::canvas::{Area, DrawResult};
use super::color::{INK, of_cluster};
use super::pixel::to_i32;
use super::ruler::{self, Ruler};
use super::save::save;
use super::{PictureError, text};

/// How many columns are drawn one by one; the others are drawn together.
const MAX_COLUMNS: usize = 15;
/// The height of a step.
const ROW: i32 = 54;
/// How many pixels the names take at the left.
const LEFT: i32 = 520;
/// How many pixels the steps take.
const WIDTH: i32 = 900;
/// How many pixels the numbers of the steps take at the right.
const RIGHT: i32 = 190;
/// How many pixels are left below.
const MARGIN: i32 = 50;

/// How the prediction of a row comes about: from the baseline, column after column.
#[derive(Clone, Copy, Debug)]
pub struct Waterfall<'a> {
    /// What stands above the picture.
    pub title: &'a str,
    /// What is predicted.
    pub axis: &'a str,
    /// The prediction where the explanation begins.
    pub baseline: f64,
    /// The prediction of the row.
    pub prediction: f64,
    /// Each column, what stands after its name, such as ` = 44`, and what it adds, the strongest first.
    pub steps: &'a [(String, String, f64)],
}

impl Waterfall<'_> {
    /// Writes `name.png` and `name.svg` into a folder.
    ///
    /// # Errors
    ///
    /// If the picture cannot be drawn or written.
    pub fn save(&self, folder: &Path, name: &str) -> Result<(), PictureError> {
        let rows = to_i32(self.steps().len() + 2);
        let height = text::TITLE_HEIGHT + rows * ROW + ruler::HEIGHT + MARGIN;
        let width = LEFT + WIDTH + RIGHT;
        let size = (width.unsigned_abs(), height.unsigned_abs());
        save(folder, name, size, |area| self.draw(area))
    }

    /// The steps that are drawn: those of many columns at the end as one.
    fn steps(&self) -> Vec<(String, String, f64)> {
        if self.steps.len() <= MAX_COLUMNS {
            return self.steps.to_vec();
        }
        let (drawn, others) = self.steps.split_at(MAX_COLUMNS - 1);
        let mut steps = drawn.to_vec();
        let sum = others.iter().map(|(_, _, adds)| adds).sum();
        steps.push((
            format!("{} other columns", others.len()),
            String::new(),
            sum,
        ));
        steps
    }

    fn draw(&self, area: &Area) -> DrawResult {
        let area = text::write_title(area, self.title)?;
        let steps = self.steps();
        let mut ends = vec![self.baseline];
        for (_, _, adds) in &steps {
            ends.push(ends[ends.len() - 1] + adds);
        }
        let ruler = Ruler::of(ends.iter().copied().chain([self.prediction]), LEFT, WIDTH);
        let bottom = to_i32(steps.len() + 2) * ROW;
        ruler.draw(&area, [0, bottom])?;
        draw_end(&area, ruler, 0, "baseline", self.baseline)?;
        for (index, (name, value, adds)) in steps.iter().enumerate() {
            let top = to_i32(index + 1) * ROW;
            let middle = top + ROW / 2;
            draw_name(&area, name, value, middle)?;
            let (from, to) = (ruler.at(ends[index]), ruler.at(ends[index + 1]));
            let color = of_cluster(usize::from(*adds < 0.0));
            let corners = [(from.min(to), top + 9), (from.max(to) + 1, top + ROW - 9)];
            area.draw(&Rectangle::new(corners, color.filled()))?;
            // To the next step.
            let line = [(to, top + ROW - 9), (to, top + ROW + 9)];
            area.draw(&PathElement::new(line, INK))?;
            let sign = if *adds < 0.0 { "−" } else { "+" };
            let number = format!("{sign}{}", text::number(adds.abs()));
            draw_number(&area, &number, middle)?;
        }
        let last = to_i32(steps.len() + 1) * ROW;
        draw_end(&area, ruler, last, "prediction", self.prediction)?;
        let axis = text::fit(&area, self.axis, text::LABEL, WIDTH)?;
        let style = text::style(text::LABEL, HPos::Center);
        let at = (LEFT + WIDTH / 2, bottom + ruler::HEIGHT + 10);
        area.draw_text(&axis, &style, at)
    }
}

/// Draws the beginning or the end of the way.
fn draw_end(area: &Area, ruler: Ruler, top: i32, name: &str, value: f64) -> DrawResult {
    let middle = top + ROW / 2;
    draw_name(area, name, "", middle)?;
    draw_number(area, &text::number(value), middle)?;
    let x = ruler.at(value);
    let line = [(x, top + 5), (x, top + ROW - 5)];
    area.draw(&PathElement::new(line, INK.stroke_width(4)))
}

/// Of a long name its end is cut, so that the value after it is still seen, if that takes less than two thirds.
fn draw_name(area: &Area, name: &str, value: &str, middle: i32) -> DrawResult {
    let room = LEFT - 40;
    let value = text::fit(area, value, text::LABEL, room * 2 / 3)?;
    let taken = text::width(area, &value, text::LABEL)?;
    let name = text::fit(area, name, text::LABEL, room - taken)? + &value;
    let style = text::style(text::LABEL, HPos::Right);
    area.draw_text(&name, &style, (LEFT - 15, middle))
}

fn draw_number(area: &Area, number: &str, middle: i32) -> DrawResult {
    let style = text::style(text::LABEL, HPos::Right);
    area.draw_text(number, &style, (LEFT + WIDTH + RIGHT - 30, middle))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg_of(steps: &[(String, String, f64)]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let sum: f64 = steps.iter().map(|(_, _, adds)| adds).sum();
        let picture = Waterfall {
            title: "Row 5",
            axis: "probability of yes",
            baseline: 0.25,
            prediction: 0.25 + sum,
            steps,
        };
        picture.save(folder.path(), "row").unwrap();
        std::fs::read_to_string(folder.path().join("row.svg")).unwrap()
    }

    #[test]
    fn each_step_is_written_with_its_sign() {
        let step = |name: &str, value: &str, adds| (name.to_owned(), value.to_owned(), adds);
        let long = "a column with a name that is much longer than the picture has room for";
        let steps = [
            step("age", " = 44", 0.5),
            step("sex", " = f", -0.125),
            step(long, " = 7.25", 0.0),
        ];
        let svg = svg_of(&steps);
        for text in [
            "baseline",
            "age = 44",
            "+0.5",
            "−0.125",
            "prediction",
            "0.625",
            // The value is there although the name is cut.
            "… = 7.25",
        ] {
            assert!(svg.contains(text), "{text} is missing");
        }
    }

    #[test]
    fn the_weakest_of_many_columns_are_one_step() {
        let steps: Vec<_> = (0..40)
            .map(|i| (format!("c{i}"), String::new(), 0.01))
            .collect();
        let svg = svg_of(&steps);
        assert!(svg.contains("26 other columns") && svg.contains("+0.26"));
        svg_of(&[]);
    }
}
