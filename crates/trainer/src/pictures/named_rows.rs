//! Rows with a name at the left of each, and a scale below.

use plotters::style::text_anchor::HPos;

use super::canvas::{Area, DrawResult};
use super::pixel::to_i32;
use super::{ruler, text};

/// How many pixels the names take at the left.
pub(super) const LEFT: i32 = 400;
/// How many pixels what is drawn beside them takes.
pub(super) const WIDTH: i32 = 1000;
/// How many pixels are left at the right and below.
const MARGIN: i32 = 60;

/// The size in pixels of a picture of so many rows, each of a height.
pub(super) fn size(rows: usize, row: i32) -> (u32, u32) {
    let rows = to_i32(rows).max(1);
    let height = text::TITLE_HEIGHT + rows * row + ruler::HEIGHT + 2 * MARGIN;
    let width = LEFT + WIDTH + MARGIN;
    (width.unsigned_abs(), height.unsigned_abs())
}

/// Writes the name of the row with a middle.
pub(super) fn draw_name(area: &Area, name: &str, middle: i32) -> DrawResult {
    let name = text::fit(area, name, text::LABEL, LEFT - 30)?;
    let style = text::style(text::LABEL, HPos::Right);
    area.draw_text(&name, &style, (LEFT - 15, middle))
}

/// Writes what the scale below the rows is of.
pub(super) fn draw_axis(area: &Area, axis: &str, bottom: i32) -> DrawResult {
    let axis = text::fit(area, axis, text::LABEL, WIDTH)?;
    let style = text::style(text::LABEL, HPos::Center);
    let at = (LEFT + WIDTH / 2, bottom + ruler::HEIGHT + 15);
    area.draw_text(&axis, &style, at)
}
