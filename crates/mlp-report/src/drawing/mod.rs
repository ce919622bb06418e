//! Drawings of a few shapes, in roles rather than colours, so that a page can be light or dark.

mod axis;
mod plot;
mod svg;

pub(crate) use axis::{Axis, range_of};
pub(crate) use plot::{Axes, LegendEntry, Plot};

/// A drawing: shapes one above the other, in the order of the list. Coordinates are pixels from the upper left
/// corner.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// Width and height, in pixels.
    pub size: [f64; 2],
    /// What it shows, in a few words.
    pub title: String,
    /// What one would see, in a sentence or two, for who cannot see it.
    pub description: String,
    /// The shapes.
    pub marks: Vec<Mark>,
}

/// A shape.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// A line through points.
    Line {
        /// The points, two or more.
        points: Vec<[f64; 2]>,
        /// Its role.
        tone: Tone,
        /// Its width in pixels, above 0.
        width: f64,
        /// How it is broken.
        dash: Dash,
    },
    /// A filled polygon.
    Area {
        /// The corners.
        points: Vec<[f64; 2]>,
        /// Its role.
        tone: Tone,
        /// From 0, which is not seen, to 1.
        opacity: f64,
    },
    /// A filled rectangle.
    Rectangle {
        /// The upper left corner.
        corner: [f64; 2],
        /// Width and height.
        size: [f64; 2],
        /// Its role.
        tone: Tone,
        /// From 0, which is not seen, to 1.
        opacity: f64,
        /// What is told about it when it is pointed at; may be empty.
        note: String,
    },
    /// A small symbol.
    Symbol {
        /// Its middle.
        at: [f64; 2],
        /// Its form.
        shape: Shape,
        /// Half its width, in pixels.
        radius: f64,
        /// Its role.
        tone: Tone,
        /// From 0, which is not seen, to 1.
        opacity: f64,
    },
    /// A text on a line.
    Text {
        /// The point on the base line that the anchor is at.
        at: [f64; 2],
        /// What is written.
        text: String,
        /// Which part of the text is at the point.
        anchor: Anchor,
        /// The size of the letters, in pixels.
        size: f64,
        /// Its role.
        tone: Tone,
        /// Whether it is read from bottom to top.
        upward: bool,
    },
}

impl Mark {
    /// The edge of a rectangle.
    pub(crate) fn outline([x, y]: [f64; 2], [width, height]: [f64; 2], tone: Tone) -> Self {
        let corners = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]];
        Self::Line {
            points: corners
                .map(|[across, down]| [x + across * width, y + down * height])
                .to_vec(),
            tone,
            width: 1.2,
            dash: Dash::Solid,
        }
    }
}

/// The role of a shape, which has a colour of its own in a light and in a dark page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Text and outlines.
    Ink,
    /// Text that is read later.
    Muted,
    /// Lines of a grid.
    Rule,
    /// The colour of the page itself, on top of something darker.
    Surface,
    /// One of several things that are compared, from 0; six differ.
    Series(usize),
}

/// How a line is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dash {
    /// Not at all.
    Solid,
    /// Into dashes.
    Dashed,
    /// Into dots.
    Dotted,
    /// Into dashes and dots in turn.
    DashDotted,
    /// Into long dashes.
    LongDashed,
    /// Into a dash and two dots in turn.
    DashDotDotted,
}

/// The form of a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A disc.
    Circle,
    /// A square.
    Square,
    /// A triangle that stands on its base.
    Triangle,
    /// A square that stands on a corner.
    Diamond,
    /// A cross of two lines.
    Cross,
}

/// Which part of a text is at its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Where it begins.
    Start,
    /// Its middle.
    Middle,
    /// Where it ends.
    End,
}

/// How many [series](Tone::Series) have a colour, a dash and a symbol of their own; then they come again.
pub const NUM_SERIES: usize = 6;

impl Dash {
    /// That of a series, so that lines can be told apart without colours.
    pub fn of_series(series: usize) -> Self {
        [
            Self::Solid,
            Self::Dashed,
            Self::Dotted,
            Self::DashDotted,
            Self::LongDashed,
            Self::DashDotDotted,
        ][series % NUM_SERIES]
    }

    /// The lengths in pixels of what is drawn and what is not, in turn; empty for a line that is not broken.
    pub fn lengths(self) -> &'static [f64] {
        match self {
            Self::Solid => &[],
            Self::Dashed => &[6.0, 4.0],
            Self::Dotted => &[1.5, 3.0],
            Self::DashDotted => &[7.0, 3.0, 1.5, 3.0],
            Self::LongDashed => &[12.0, 4.0],
            Self::DashDotDotted => &[7.0, 3.0, 1.5, 3.0, 1.5, 3.0],
        }
    }
}

impl Shape {
    /// That of a series.
    pub fn of_series(series: usize) -> Self {
        [
            Self::Circle,
            Self::Square,
            Self::Triangle,
            Self::Diamond,
            Self::Cross,
        ][series % 5]
    }
}

/// About how wide a text is, in pixels, in a sans-serif font of a size. It is rather too wide, so that no font cuts
/// it off.
pub fn text_width(text: &str, size: f64) -> f64 {
    let widths = text.chars().map(|character| match character {
        // Kana, Hangul, Chinese characters and full-width forms are as wide as they are high, and so are emoji.
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 1.0,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '—' => 0.92,
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '|' | '\'' | ' ' => 0.35,
        upper if upper.is_uppercase() => 0.72,
        _ => 0.6,
    });
    size * widths.sum::<f64>()
}
