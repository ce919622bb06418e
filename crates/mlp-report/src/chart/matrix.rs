use crate::drawing::{Anchor, Drawing, Mark, Tone, text_width};
use crate::text::{count, percent, shortened};

/// How many rows or columns have their numbers written into the cells.
const MOST_WRITTEN: usize = 14;

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

impl MatrixChart {
    /// Draws it: a cell is as dark as its share of its row.
    pub fn draw(&self) -> Drawing {
        let size = 11.0;
        let widest = |names: &[String], most: f64| {
            let widths = names
                .iter()
                .map(|name| text_width(&shortened(name, 22), size));
            widths.fold(0.0, f64::max).min(most)
        };
        let cell: f64 = match self.columns.len() {
            ..=3 => 72.0,
            4..=6 => 52.0,
            7..=MOST_WRITTEN => 40.0,
            _ => 14.0,
        };
        let height = if self.columns.len() <= 6 {
            40.0
        } else {
            cell.min(30.0)
        };
        let left = 30.0 + widest(&self.rows, 140.0);
        let is_turned = self
            .columns
            .iter()
            .any(|name| text_width(&shortened(name, 22), size) > cell - 4.0);
        let top = 26.0
            + if is_turned {
                widest(&self.columns, 140.0)
            } else {
                14.0
            };
        let width = left + cell * self.columns.len() as f64 + 8.0;
        let mut marks = Vec::new();
        let text =
            |text: String, at: [f64; 2], anchor: Anchor, tone: Tone, upward: bool| Mark::Text {
                at,
                text,
                anchor,
                size,
                tone,
                upward,
            };
        for (row, counts) in self.counts.iter().enumerate() {
            let total: usize = counts.iter().sum();
            let y = top + height * row as f64;
            let name = shortened(&self.rows[row], 22);
            marks.push(text(
                name,
                [left - 6.0, y + height / 2.0 + 3.8],
                Anchor::End,
                Tone::Ink,
                false,
            ));
            for (column, &cases) in counts.iter().enumerate() {
                let share = cases as f64 / total.max(1) as f64;
                let x = left + cell * column as f64;
                let corner = [x + 1.0, y + 1.0];
                let inside = [cell - 2.0, height - 2.0];
                let note = format!(
                    "{} rows of {} predicted to be {}: {} of them",
                    count(cases),
                    self.rows[row],
                    self.columns[column],
                    percent(share)
                );
                let rectangle = |tone, opacity, note| Mark::Rectangle {
                    corner,
                    size: inside,
                    tone,
                    opacity,
                    note,
                };
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
                    let at = [x + cell / 2.0, y + height / 2.0 + 3.8];
                    marks.push(text(count(cases), at, Anchor::Middle, tone, false));
                }
            }
        }
        for (column, name) in self.columns.iter().enumerate() {
            let x = left + cell * (column as f64 + 0.5);
            let name = shortened(name, 22);
            marks.push(if is_turned {
                text(name, [x + 3.8, top - 6.0], Anchor::Start, Tone::Ink, true)
            } else {
                text(name, [x, top - 6.0], Anchor::Middle, Tone::Ink, false)
            });
        }
        let middle = left + cell * self.columns.len() as f64 / 2.0;
        let all = height * self.rows.len() as f64;
        marks.push(text(
            "predicted class".to_owned(),
            [middle, 11.0],
            Anchor::Middle,
            Tone::Muted,
            false,
        ));
        marks.push(text(
            "actual class".to_owned(),
            [11.0, top + all / 2.0],
            Anchor::Middle,
            Tone::Muted,
            true,
        ));
        Drawing {
            size: [width.max(190.0), (top + all + 6.0).max(130.0)],
            title: self.title.clone(),
            description: self.description.clone(),
            marks,
        }
    }
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
        let opacities: Vec<f64> = chart
            .draw()
            .marks
            .iter()
            .filter_map(|mark| match mark {
                Mark::Rectangle {
                    tone: Tone::Series(0),
                    opacity,
                    ..
                } => Some(*opacity),
                _ => None,
            })
            .collect();
        assert_eq!(opacities, [0.75, 0.25, 0.0, 0.0]);
    }
}
