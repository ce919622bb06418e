use super::{Anchor, Axis, Dash, Drawing, Mark, Tone, text_width};
use crate::text::{number, shortened};

/// The size of numbers at an axis, and of its name.
const SMALL: f64 = 11.0;
/// The space above the plane, without a legend.
const TOP: f64 = 12.0;
/// The height of a line of the legend.
const LEGEND_LINE: f64 = 17.0;

/// A plane with two axes, on which a drawing grows.
#[derive(Clone, Debug)]
pub(crate) struct Plot {
    /// The axis from left to right.
    pub x: Axis,
    /// The axis from bottom to top.
    pub y: Axis,
    drawing: Drawing,
}

/// A name in a legend, with the line or the symbol that it explains.
pub(crate) struct LegendEntry<'a> {
    /// The name.
    pub name: &'a str,
    /// Which series.
    pub series: usize,
    /// Whether a line is drawn, or a square.
    pub is_line: bool,
}

/// What is written at the axes, and what range they have.
pub(crate) struct Axes<'a> {
    /// The name of the axis from left to right, and of the one from bottom to top.
    pub names: [&'a str; 2],
    /// Their ranges.
    pub ranges: [[f64; 2]; 2],
    /// Whether the one from bottom to top is logarithmic.
    pub is_logarithmic: bool,
}

impl Plot {
    /// Draws the axes, the grid, and the legend above, and leaves room for them.
    pub(crate) fn new(
        size: [f64; 2],
        [title, description]: [&str; 2],
        axes: &Axes<'_>,
        legend: &[LegendEntry<'_>],
    ) -> Self {
        let mut drawing = Drawing {
            size,
            title: title.to_owned(),
            description: description.to_owned(),
            marks: Vec::new(),
        };
        let [x_range, y_range] = axes.ranges;
        let mut y = Axis {
            range: y_range,
            pixels: [size[1], TOP],
            is_logarithmic: axes.is_logarithmic,
        };
        let y_ticks = y.ticks(5);
        let widest = y_ticks.iter().map(|tick| text_width(&number(*tick), SMALL));
        let left = 26.0 + widest.fold(0.0, f64::max);
        let legend = draw_legend(&mut drawing, legend, left);
        // The plane keeps its height.
        drawing.size[1] += legend;
        let [width, height] = drawing.size;
        let top = TOP + legend;
        y.pixels = [height - 42.0, top];
        let x = Axis {
            range: x_range,
            pixels: [left, width - 12.0],
            is_logarithmic: false,
        };
        let mut plot = Self { x, y, drawing };
        let bottom = y.pixels[0];
        for tick in y_ticks {
            let at = y.pixel(tick);
            plot.rule([[left, at], [x.pixels[1], at]]);
            plot.text(
                &number(tick),
                [left - 6.0, at + 3.8],
                Anchor::End,
                Tone::Muted,
            );
        }
        let mut free_from = f64::NEG_INFINITY;
        for tick in x.ticks(5) {
            let (at, text) = (x.pixel(tick), number(tick));
            let half = text_width(&text, SMALL) / 2.0;
            plot.rule([[at, bottom], [at, bottom + 4.0]]);
            if at - half > free_from {
                plot.text(&text, [at, bottom + 17.0], Anchor::Middle, Tone::Muted);
                free_from = at + half + 4.0;
            }
        }
        plot.line(
            vec![[left, bottom], [x.pixels[1], bottom]],
            Tone::Muted,
            1.0,
            Dash::Solid,
        );
        let [x_name, y_name] = axes.names;
        plot.text(
            &shortened(x_name, 48),
            [f64::midpoint(left, x.pixels[1]), height - 7.0],
            Anchor::Middle,
            Tone::Ink,
        );
        plot.drawing.marks.push(Mark::Text {
            at: [12.0, f64::midpoint(top, bottom)],
            text: shortened(y_name, 36),
            anchor: Anchor::Middle,
            size: SMALL,
            tone: Tone::Ink,
            upward: true,
        });
        plot
    }

    /// The pixels of a point.
    pub fn at(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [self.x.pixel(x), self.y.pixel(y)]
    }

    /// The plane's edges: left, top, right, bottom.
    pub fn edges(&self) -> [f64; 4] {
        let ([left, right], [bottom, top]) = (self.x.pixels, self.y.pixels);
        [left, top, right, bottom]
    }

    /// Draws a line through pixels.
    pub(crate) fn line(&mut self, points: Vec<[f64; 2]>, tone: Tone, width: f64, dash: Dash) {
        if points.len() > 1 {
            self.drawing.marks.push(Mark::Line {
                points,
                tone,
                width,
                dash,
            });
        }
    }

    /// Writes a small text at pixels.
    pub(crate) fn text(&mut self, text: &str, at: [f64; 2], anchor: Anchor, tone: Tone) {
        self.drawing.marks.push(Mark::Text {
            at,
            text: text.to_owned(),
            anchor,
            size: SMALL,
            tone,
            upward: false,
        });
    }

    /// Adds any shape.
    pub(crate) fn push(&mut self, mark: Mark) {
        self.drawing.marks.push(mark);
    }

    /// The drawing.
    pub fn into_drawing(self) -> Drawing {
        self.drawing
    }

    fn rule(&mut self, ends: [[f64; 2]; 2]) {
        self.line(ends.to_vec(), Tone::Rule, 1.0, Dash::Solid);
    }
}

/// Draws a legend from the left, in as many lines as it needs, and gives its height.
fn draw_legend(drawing: &mut Drawing, legend: &[LegendEntry<'_>], left: f64) -> f64 {
    if legend.is_empty() {
        return 0.0;
    }
    let right = drawing.size[0] - 8.0;
    let (mut x, mut y) = (left, 11.0);
    for entry in legend {
        let name = shortened(entry.name, 34);
        let width = 28.0 + text_width(&name, SMALL) + 14.0;
        if x > left && x + width > right {
            (x, y) = (left, y + LEGEND_LINE);
        }
        let tone = Tone::Series(entry.series);
        drawing.marks.push(if entry.is_line {
            Mark::Line {
                points: vec![[x, y], [x + 24.0, y]],
                tone,
                width: 2.0,
                dash: Dash::of_series(entry.series),
            }
        } else {
            Mark::Symbol {
                at: [x + 16.0, y],
                shape: super::Shape::of_series(entry.series),
                radius: 4.5,
                tone,
                opacity: 1.0,
            }
        });
        drawing.marks.push(Mark::Text {
            at: [x + 29.0, y + 3.8],
            text: name,
            anchor: Anchor::Start,
            size: SMALL,
            tone: Tone::Ink,
            upward: false,
        });
        x += width;
    }
    y + 4.0
}
