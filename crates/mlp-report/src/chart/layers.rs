use crate::drawing::{Anchor, Dash, Drawing, Mark, Tone, text_width};
use crate::text::{count, shortened};

const WIDTH: f64 = 380.0;
const ROW: f64 = 54.0;
const LINE: f64 = 11.0;
/// The height of a box.
const BOX: f64 = 34.0;

/// The layers of a network, from the inputs at the top to the outputs.
#[derive(Clone, Debug)]
pub struct LayerChart {
    /// What it shows.
    pub title: String,
    /// What one would see.
    pub description: String,
    /// The layers.
    pub layers: Vec<Layer>,
}

/// A layer of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// What it is, such as `hidden layer 1`.
    pub name: String,
    /// How it works, such as `tanh, dropout 0.1`; may be empty.
    pub detail: String,
    /// How many numbers it gives to the next one.
    pub width: usize,
    /// How many weights it has learned.
    pub parameters: usize,
}

impl LayerChart {
    /// Draws it: a box for each layer, the wider the more numbers it gives.
    pub fn draw(&self) -> Drawing {
        let widest = self.layers.iter().map(|layer| layer.width).max();
        let widest = (widest.unwrap_or(1).max(2) as f64).ln();
        let box_width = |layer: &Layer| {
            let share = (layer.width.max(1) as f64).ln() / widest;
            let name = text_width(&shortened(&layer.name, 30), LINE + 1.0);
            let least = 24.0 + name.max(text_width(&layer.detail, LINE - 1.0));
            least.max(110.0 + 110.0 * share).min(230.0)
        };
        let middle = 122.0;
        let mut marks = Vec::new();
        let text = |text: String, at: [f64; 2], anchor: Anchor, size: f64, tone: Tone| Mark::Text {
            at,
            text,
            anchor,
            size,
            tone,
            upward: false,
        };
        for (index, layer) in self.layers.iter().enumerate() {
            let y = 6.0 + ROW * index as f64;
            let width = box_width(layer);
            if index > 0 {
                marks.extend(arrow([middle, y - ROW + BOX], y));
            }
            let corner = [middle - width / 2.0, y];
            marks.push(Mark::Rectangle {
                corner,
                size: [width, BOX],
                tone: Tone::Series(0),
                opacity: 0.14,
                note: String::new(),
            });
            marks.push(Mark::outline(corner, [width, BOX], Tone::Series(0)));
            let name = shortened(&layer.name, 30);
            let name_at = if layer.detail.is_empty() { 21.0 } else { 15.0 };
            marks.push(text(
                name,
                [middle, y + name_at],
                Anchor::Middle,
                LINE + 1.0,
                Tone::Ink,
            ));
            if !layer.detail.is_empty() {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a box has a few hundred pixels"
                )]
                let most = ((width - 8.0) / (0.54 * (LINE - 1.0))) as usize;
                let detail = shortened(&layer.detail, most);
                marks.push(text(
                    detail,
                    [middle, y + 28.0],
                    Anchor::Middle,
                    LINE - 1.0,
                    Tone::Muted,
                ));
            }
            let right = 248.0;
            let numbers = if layer.width == 1 {
                "number"
            } else {
                "numbers"
            };
            let gives = format!("{} {numbers}", count(layer.width));
            marks.push(text(
                gives,
                [right, y + 15.0],
                Anchor::Start,
                LINE,
                Tone::Ink,
            ));
            if layer.parameters > 0 {
                let learned = format!("{} weights", count(layer.parameters));
                marks.push(text(
                    learned,
                    [right, y + 28.0],
                    Anchor::Start,
                    LINE - 1.0,
                    Tone::Muted,
                ));
            }
        }
        Drawing {
            size: [WIDTH, ROW * self.layers.len() as f64 - ROW + BOX + 12.0],
            title: self.title.clone(),
            description: self.description.clone(),
            marks,
        }
    }
}

fn arrow([x, from]: [f64; 2], to: f64) -> [Mark; 2] {
    [
        Mark::Line {
            points: vec![[x, from], [x, to - 5.0]],
            tone: Tone::Muted,
            width: 1.4,
            dash: Dash::Solid,
        },
        Mark::Area {
            points: vec![[x - 4.0, to - 7.0], [x + 4.0, to - 7.0], [x, to - 0.5]],
            tone: Tone::Muted,
            opacity: 1.0,
        },
    ]
}
