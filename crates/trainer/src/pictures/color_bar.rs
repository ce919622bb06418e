use plotters::element::Rectangle;
use plotters::style::Color;
use plotters::style::text_anchor::HPos;

use super::canvas::{Area, DrawResult, size_of};
use super::color::{INK, Scale};
use super::pixel::pixel;
use super::text;

/// How many pixels across a colour bar takes, with its numbers and its name.
pub(super) const WIDTH: i32 = 215;

/// How many bands of colour it is drawn as.
const BANDS: i32 = 128;

/// Draws at an area's left which colours stand for which numbers, with the name of what they are
/// along it.
///
/// `ticks` are positions from 0 (low) to 1 (high), each with its label.
pub(super) fn draw(area: &Area, scale: Scale, name: &str, ticks: &[(f64, String)]) -> DrawResult {
    let (_, height) = size_of(area);
    let (left, right) = (30, 65);
    let (top, bottom) = (25, height - 25);
    let at = |share: f64| pixel(f64::from(bottom) - share * f64::from(bottom - top));
    for band in 0..BANDS {
        let share = |band: i32| f64::from(band) / f64::from(BANDS);
        let color = scale.color(scale.low + share(band) * (scale.high - scale.low));
        // Each band reaches to the top, over which the next is drawn: so no gap can show.
        let corners = [(left, top), (right, at(share(band)))];
        area.draw(&Rectangle::new(corners, color.filled()))?;
    }
    area.draw(&Rectangle::new([(left, top), (right, bottom)], INK))?;
    for (share, tick) in ticks {
        let y = at(*share);
        area.draw(&Rectangle::new(
            [(right, y), (right + 8, y + 1)],
            INK.filled(),
        ))?;
        area.draw_text(tick, &text::style(text::SMALL, HPos::Left), (right + 16, y))?;
    }
    let name = text::fit(area, name, text::SMALL, bottom - top)?;
    area.draw_text(
        &name,
        &text::upward(text::SMALL, HPos::Center),
        (WIDTH - 27, i32::midpoint(top, bottom)),
    )
}

/// The same for values that have a scale each.
pub(super) fn draw_from_lowest_to_highest(area: &Area, name: &str) -> DrawResult {
    let scale = Scale {
        low: 0.0,
        high: 1.0,
    };
    let ticks = [(0.0, "lowest".to_owned()), (1.0, "highest".to_owned())];
    draw(area, scale, name, &ticks)
}

/// The ends and the quarters of a scale; one tick if all numbers are equal.
pub(super) fn quarters(scale: Scale) -> Vec<(f64, String)> {
    if scale.low == scale.high {
        return vec![(0.5, text::number(scale.low))];
    }
    [0.0, 0.25, 0.5, 0.75, 1.0]
        .map(|share| {
            let value = scale.low * (1.0 - share) + scale.high * share;
            (share, text::number(value))
        })
        .to_vec()
}
