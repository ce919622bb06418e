use std::ops::Range;

use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::style::text_anchor::HPos;

use super::canvas::{Area, Canvas, DrawResult};
use super::color::{FAINT, INK};
use super::text;

/// A plane with two axes, in the units of the data.
pub(super) type Plane<'a> =
    ChartContext<'a, Canvas<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Draws two axes with their names and numbers.
pub(super) fn draw<'a>(
    area: &Area<'a>,
    ranges: [Range<f64>; 2],
    names: [&str; 2],
) -> DrawResult<Plane<'a>> {
    draw_labelled(area, ranges, names, &text::number)
}

/// The same with other texts than numbers below the lower axis.
pub(super) fn draw_labelled<'a>(
    area: &Area<'a>,
    [across, up]: [Range<f64>; 2],
    [x_name, y_name]: [&str; 2],
    x_label: &dyn Fn(f64) -> String,
) -> DrawResult<Plane<'a>> {
    let (width, height) = super::canvas::size_of(area);
    let x_name = text::fit(area, x_name, text::LABEL, width - 200)?;
    let y_name = text::fit(area, y_name, text::LABEL, height - 150)?;
    let mut plane = ChartBuilder::on(area)
        .margin_left(20)
        .margin_right(30)
        .margin_bottom(20)
        .x_label_area_size(85)
        .y_label_area_size(130)
        .build_cartesian_2d(across, up)?;
    plane
        .configure_mesh()
        .disable_x_mesh()
        .disable_y_mesh()
        .axis_style(INK)
        .light_line_style(FAINT)
        .x_desc(x_name)
        .y_desc(y_name)
        .x_labels(8)
        .y_labels(8)
        .axis_desc_style(text::style(text::LABEL, HPos::Center))
        .label_style(text::style(text::SMALL, HPos::Center))
        .x_label_formatter(&|value| x_label(*value))
        .y_label_formatter(&|value| text::number(*value))
        .draw()?;
    Ok(plane)
}

/// The ranges of finite points across and up, with a margin of a twentieth.
pub(super) fn ranges<'a>(points: impl Iterator<Item = &'a [f64; 2]> + Clone) -> [Range<f64>; 2] {
    [0, 1].map(|axis| {
        let scale = super::color::Scale::of(points.clone().map(|point| point[axis]));
        let margin = match (scale.high - scale.low) / 20.0 {
            0.0 => (scale.high.abs() / 20.0).max(0.5),
            margin => margin,
        };
        scale.low - margin..scale.high + margin
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_have_a_margin_even_around_one_point() {
        let points = [[0.0, 3.0], [20.0, 3.0], [f64::NAN, 3.0]];
        assert_eq!(ranges(points.iter()), [-1.0..21.0, 2.5..3.5]);
        assert_eq!(ranges([].iter()), [-0.5..0.5, -0.5..0.5]);
    }
}
