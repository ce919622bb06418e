use crate::drawing::{Anchor, Axis, Dash, Drawing, Mark, Tone, text_width};
use crate::text::{number, shortened};

const ROW: f64 = 22.0;
const SMALL: f64 = 11.0;

/// A bar for each of several things, from the left.
#[derive(Clone, Debug)]
pub struct BarChart {
    /// What it shows.
    pub title: String,
    /// What one would see.
    pub description: String,
    /// What the length of a bar is.
    pub axis: String,
    /// The bars, from the top.
    pub bars: Vec<Bar>,
}

/// A bar, with a line over the values that it might have had.
#[derive(Clone, Debug)]
pub struct Bar {
    /// Its name.
    pub name: String,
    /// Its value, which may be negative.
    pub value: f64,
    /// The lowest and the highest value that it might have had, if that is known.
    pub spread: Option<[f64; 2]>,
}

impl BarChart {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let width = 380.0;
        let widths = self
            .bars
            .iter()
            .map(|bar| text_width(&shortened(&bar.name, 24), SMALL));
        let left = 10.0 + widths.fold(40.0, f64::max);
        let values = self.bars.iter().flat_map(|bar| {
            let [low, high] = bar.spread.unwrap_or([bar.value; 2]);
            [low, high, bar.value]
        });
        let values = values.filter(|value| value.is_finite());
        let [low, high] = values.fold([0.0_f64, 0.0_f64], |[low, high], value| {
            [low.min(value), high.max(value)]
        });
        let high = if low == high { 1.0 } else { high };
        let bottom = 8.0 + ROW * self.bars.len() as f64;
        let x = Axis {
            range: [low, high],
            pixels: [left, width - 16.0],
            is_logarithmic: false,
        };
        let mut marks = Vec::new();
        let text = |text: String, at: [f64; 2], anchor: Anchor, tone: Tone| Mark::Text {
            at,
            text,
            anchor,
            size: SMALL,
            tone,
            upward: false,
        };
        let line = |ends: [[f64; 2]; 2], tone: Tone, width: f64| Mark::Line {
            points: ends.to_vec(),
            tone,
            width,
            dash: Dash::Solid,
        };
        for tick in x.ticks(4) {
            let at = x.pixel(tick);
            marks.push(line([[at, 6.0], [at, bottom]], Tone::Rule, 1.0));
            marks.push(text(
                number(tick),
                [at, bottom + 15.0],
                Anchor::Middle,
                Tone::Muted,
            ));
        }
        for (index, bar) in self.bars.iter().enumerate() {
            let y = 8.0 + ROW * index as f64;
            let middle = y + ROW / 2.0 - 1.0;
            let (zero, end) = (x.pixel(0.0), x.pixel(bar.value));
            marks.push(text(
                shortened(&bar.name, 24),
                [left - 7.0, middle + 3.8],
                Anchor::End,
                Tone::Ink,
            ));
            marks.push(Mark::Rectangle {
                corner: [zero.min(end), y + 3.0],
                size: [(end - zero).abs().max(0.5), ROW - 9.0],
                tone: Tone::Series(0),
                opacity: 0.8,
                note: format!("{}: {}", bar.name, number(bar.value)),
            });
            if let Some([low, high]) = bar.spread {
                let (low, high) = (x.pixel(low), x.pixel(high));
                marks.push(line([[low, middle], [high, middle]], Tone::Ink, 1.4));
                for at in [low, high] {
                    marks.push(line(
                        [[at, middle - 3.5], [at, middle + 3.5]],
                        Tone::Ink,
                        1.4,
                    ));
                }
            }
        }
        let zero = x.pixel(0.0);
        marks.push(line([[zero, 6.0], [zero, bottom]], Tone::Muted, 1.0));
        marks.push(text(
            shortened(&self.axis, 50),
            [f64::midpoint(left, width - 16.0), bottom + 32.0],
            Anchor::Middle,
            Tone::Ink,
        ));
        Drawing {
            size: [width, bottom + 40.0],
            title: self.title.clone(),
            description: self.description.clone(),
            marks,
        }
    }
}
