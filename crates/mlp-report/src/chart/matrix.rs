use crate::drawing::{Anchor, Drawing, Mark, Tone, text_width};
use crate::text::{count, percent, shortened};

/// How many rows or columns have their numbers written into the cells.
const MOST_WRITTEN: usize = 14;
/// How many characters of a name are written.
const MOST_CHARACTERS: usize = 22;
/// The size of all texts.
const SIZE: f64 = 11.0;

/// How often each class was predicted for the rows of each class.
#[derive(Clone, Debug)]
pub struct MatrixChart {
    /// What it shows.
    pub title: String,
    /// What one would see.
    pub description: String,
    /// The names of the rows: the actual classes.
    pub rows: Vec<String>,
    /// The names of the columns: the predicted classes.
    pub columns: Vec<String>,
    /// The counts, row by row.
    pub counts: Vec<Vec<usize>>,
}

/// Where the cells are, in pixels.
struct Layout {
    /// The upper left corner of all cells.
    corner: [f64; 2],
    /// The width and the height of a cell.
    cell: [f64; 2],
    /// Whether the names of the columns are read from bottom to top.
    is_turned: bool,
}

impl MatrixChart {
    /// Draws it: a cell is as dark as its share of its row.
    pub fn draw(&self) -> Drawing {
        let layout = self.layout();
        let ([left, top], [width, height]) = (layout.corner, layout.cell);
        let mut marks = Vec::new();
        for (row, counts) in self.counts.iter().enumerate() {
            let middle = top + height * (row as f64 + 0.5) + 3.8;
            let name = shortened(&self.rows[row], MOST_CHARACTERS);
            marks.push(text(name, [left - 6.0, middle], Anchor::End, Tone::Ink));
            for column in 0..counts.len() {
                self.draw_cell(&layout, [row, column], &mut marks);
            }
        }
        for (column, name) in self.columns.iter().enumerate() {
            let middle = left + width * (column as f64 + 0.5);
            let name = shortened(name, MOST_CHARACTERS);
            marks.push(if layout.is_turned {
                upward(text(
                    name,
                    [middle + 3.8, top - 6.0],
                    Anchor::Start,
                    Tone::Ink,
                ))
            } else {
                text(name, [middle, top - 6.0], Anchor::Middle, Tone::Ink)
            });
        }
        let across = width * self.columns.len() as f64;
        let down = height * self.rows.len() as f64;
        let at = [left + across / 2.0, 11.0];
        marks.push(text(
            "predicted class".to_owned(),
            at,
            Anchor::Middle,
            Tone::Muted,
        ));
        let at = [11.0, top + down / 2.0];
        let actual = text("actual class".to_owned(), at, Anchor::Middle, Tone::Muted);
        marks.push(upward(actual));
        Drawing {
            size: [
                (left + across + 8.0).max(190.0),
                (top + down + 6.0).max(130.0),
            ],
            title: self.title.clone(),
            description: self.description.clone(),
            marks,
        }
    }

    fn layout(&self) -> Layout {
        let width = match self.columns.len() {
            ..=3 => 72.0,
            4..=6 => 52.0,
            7..=MOST_WRITTEN => 40.0,
            _ => 14.0,
        };
        let height = match self.columns.len() {
            ..=6 => 40.0,
            7..=MOST_WRITTEN => 30.0,
            _ => 14.0,
        };
        let widest = |names: &[String]| {
            let widths = names
                .iter()
                .map(|name| text_width(&shortened(name, MOST_CHARACTERS), SIZE));
            widths.fold(0.0, f64::max)
        };
        let names = widest(&self.columns);
        let is_turned = names > width - 4.0;
        let above = if is_turned { names } else { 14.0 };
        Layout {
            corner: [30.0 + widest(&self.rows), 26.0 + above],
            cell: [width, height],
            is_turned,
        }
    }

    fn draw_cell(&self, layout: &Layout, [row, column]: [usize; 2], marks: &mut Vec<Mark>) {
        let ([left, top], [width, height]) = (layout.corner, layout.cell);
        let (counts, cases) = (&self.counts[row], self.counts[row][column]);
        let total: usize = counts.iter().sum();
        let share = cases as f64 / total.max(1) as f64;
        let (x, y) = (left + width * column as f64, top + height * row as f64);
        let (corner, inside) = ([x + 1.0, y + 1.0], [width - 2.0, height - 2.0]);
        let rectangle = |tone, opacity, note| Mark::Rectangle {
            corner,
            size: inside,
            tone,
            opacity,
            note,
        };
        let note = format!(
            "{} rows of {} predicted to be {}: {} of them",
            count(cases),
            self.rows[row],
            self.columns[column],
            percent(share)
        );
        marks.push(rectangle(Tone::Rule, 0.45, String::new()));
        marks.push(rectangle(Tone::Series(0), share, note));
        if row == column {
            marks.push(Mark::outline(corner, inside, Tone::Ink));
        }
        if self.columns.len() <= MOST_WRITTEN && cases > 0 {
            let tone = if share > 0.5 {
                Tone::Surface
            } else {
                Tone::Ink
            };
            let at = [x + width / 2.0, y + height / 2.0 + 3.8];
            marks.push(text(count(cases), at, Anchor::Middle, tone));
        }
    }
}

fn text(text: String, at: [f64; 2], anchor: Anchor, tone: Tone) -> Mark {
    Mark::Text {
        at,
        text,
        anchor,
        size: SIZE,
        tone,
        upward: false,
    }
}

/// The same text, read from bottom to top.
fn upward(mut mark: Mark) -> Mark {
    if let Mark::Text { upward, .. } = &mut mark {
        *upward = true;
    }
    mark
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_as_dark_as_its_share_of_the_actual_class() {
        let names = || vec!["a".to_owned(), "b".to_owned()];
        let chart = MatrixChart {
            title: String::new(),
            description: String::new(),
            rows: names(),
            columns: names(),
            counts: vec![vec![3, 1], vec![0, 0]],
        };
        let shade = |mark: &Mark| {
            let Mark::Rectangle {
                tone: Tone::Series(0),
                opacity,
                ..
            } = mark
            else {
                return None;
            };
            Some(*opacity)
        };
        let opacities: Vec<f64> = chart.draw().marks.iter().filter_map(shade).collect();
        assert_eq!(opacities, [0.75, 0.25, 0.0, 0.0]);
    }
}
