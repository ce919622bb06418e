use plotters::element::PathElement;
use plotters::style::text_anchor::HPos;

use super::canvas::{Area, DrawResult};
use super::color::{FAINT, INK};
use super::pixel::pixel;
use super::text;

/// How many pixels the numbers below take.
pub(super) const HEIGHT: i32 = 60;
/// How many steps there are between its ends, about.
const STEPS: f64 = 5.0;

/// A horizontal scale of numbers, from one pixel to another one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ruler {
    low: f64,
    high: f64,
    left: i32,
    width: i32,
}

impl Ruler {
    /// From the lowest to the highest of the finite ones of some numbers, with a margin of a twentieth.
    pub(super) fn of(values: impl IntoIterator<Item = f64>, left: i32, width: i32) -> Self {
        let scale = super::color::Scale::of(values);
        let margin = match (scale.high - scale.low) / 20.0 {
            margin if margin > 0.0 && margin.is_finite() => margin,
            _ => (scale.high.abs() / 20.0).max(0.5),
        };
        Self {
            low: scale.low - margin,
            high: scale.high + margin,
            left,
            width,
        }
    }

    /// The pixel of a number; of one beyond an end, that of the end.
    pub(super) fn at(&self, value: f64) -> i32 {
        let share = (value - self.low) / (self.high - self.low);
        self.left + pixel(share.clamp(0.0, 1.0) * f64::from(self.width))
    }

    /// Draws lines through the picture, from one height to another, and the numbers below.
    pub(super) fn draw(&self, area: &Area, [top, bottom]: [i32; 2]) -> DrawResult {
        for tick in self.ticks() {
            let x = self.at(tick);
            let color = if tick == 0.0 { INK } else { FAINT };
            area.draw(&PathElement::new([(x, top), (x, bottom)], color))?;
            let style = text::style(text::SMALL, HPos::Center);
            area.draw_text(&text::number(tick), &style, (x, bottom + 25))?;
        }
        Ok(())
    }

    /// Round numbers between the ends.
    fn ticks(&self) -> Vec<f64> {
        let rough = (self.high - self.low) / STEPS;
        let power = 10f64.powf(rough.log10().floor());
        let factors = [1.0, 2.0, 5.0, 10.0];
        let step = factors.map(|factor| factor * power);
        let step = step.into_iter().find(|step| *step >= rough);
        let step = step.unwrap_or(rough);
        let first = (self.low / step).ceil();
        let ticks = (0..20).map(|i| (first + f64::from(i)) * step);
        ticks.take_while(|tick| *tick <= self.high).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_between_the_ends() {
        let ruler = Ruler::of([0.0, 10.0, f64::NAN], 100, 550);
        // From −0.5 to 10.5 in steps of at least 2.2.
        assert_eq!(ruler.ticks(), [0.0, 5.0, 10.0]);
        assert_eq!((ruler.at(-0.5), ruler.at(10.5)), (100, 650));
        assert_eq!(ruler.at(99.0), 650);
    }

    #[test]
    fn equal_numbers_and_none_have_a_scale() {
        for values in [vec![3.0; 2], vec![], vec![f64::INFINITY]] {
            let ruler = Ruler::of(values, 0, 100);
            assert!((0..=100).contains(&ruler.at(3.0)));
            assert!(!ruler.ticks().is_empty());
        }
    }
}
