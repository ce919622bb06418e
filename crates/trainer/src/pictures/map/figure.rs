use plotters::element::Polygon;
use plotters::style::Color;

use super::grid::Cells;
use crate::pictures::canvas::{Area, DrawResult, size_of};
use crate::pictures::color::Scale;
use crate::pictures::text;

/// What is left free to the sides of a map and below it.
pub(super) const MARGIN: i32 = 30;

/// The size of a picture of a map with room for a legend at its right.
pub(super) fn figure(cells: &Cells, legend: i32) -> (u32, u32) {
    let (width, height) = cells.size();
    let width = width.max(600) + 2 * MARGIN + legend;
    let height = height.max(400) + text::TITLE_HEIGHT + MARGIN;
    (width.unsigned_abs(), height.unsigned_abs())
}

/// The part of an area that a map takes in its middle.
pub(super) fn centered<'a>(area: &Area<'a>, cells: &Cells) -> Area<'a> {
    let (width, height) = size_of(area);
    let (map_width, map_height) = cells.size();
    let corner = (
        (width - map_width) / 2,
        ((height - MARGIN - map_height) / 2).max(0),
    );
    area.clone().shrink(corner, (map_width, map_height))
}

/// Fills each unit's cell with the colour of its value.
pub(super) fn fill(area: &Area, cells: &Cells, values: &[f64], scale: Scale) -> DrawResult {
    // Half a pixel over each side, so that no gap can show.
    let share = 1.0 + 1.0 / cells.width;
    for (unit, &value) in values.iter().enumerate() {
        let corners = cells.corners(unit, share);
        area.draw(&Polygon::new(corners, scale.color(value).filled()))?;
    }
    Ok(())
}
