use crate::chart::SIZE;
use crate::drawing::{Axes, Dash, Drawing, Mark, Plot, Shape, Tone, range_of};

/// The most points that are drawn one by one; more are counted in cells.
const MOST_POINTS: usize = 1_500;
/// The size of a cell, in pixels.
const CELL: f64 = 6.0;

/// Points in a plane.
#[derive(Clone, Debug)]
pub struct ScatterChart {
    /// What it shows.
    pub title: String,
    /// What one would see.
    pub description: String,
    /// The names of the axes: from left to right, from bottom to top.
    pub axes: [String; 2],
    /// The points; those that are not finite are left out.
    pub points: Vec<[f64; 2]>,
    /// The line on which the points would ideally be.
    pub ideal: Ideal,
}

/// Where points would ideally be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ideal {
    /// Where both coordinates are equal; both axes then have the same range.
    Diagonal,
    /// At 0.
    Zero,
}

impl ScatterChart {
    /// Draws it: each point, or how many there are in each cell if there are many.
    pub fn draw(&self) -> Drawing {
        let is_finite = |point: &&[f64; 2]| point.iter().all(|x| x.is_finite());
        let points: Vec<[f64; 2]> = self.points.iter().filter(is_finite).copied().collect();
        let of_axis = |axis: usize| points.iter().map(move |point| point[axis]);
        let ranges = match self.ideal {
            Ideal::Diagonal => [range_of(of_axis(0).chain(of_axis(1)), 0.03); 2],
            Ideal::Zero => [
                range_of(of_axis(0), 0.03),
                range_of(of_axis(1).chain([0.0]), 0.05),
            ],
        };
        let [x_name, y_name] = &self.axes;
        let axes = Axes {
            names: [x_name, y_name],
            ranges,
            is_logarithmic: false,
        };
        let mut plot = Plot::new(SIZE, [&self.title, &self.description], &axes, &[]);
        if points.len() > MOST_POINTS {
            draw_cells(&mut plot, &points);
        } else {
            for point in &points {
                plot.push(Mark::Symbol {
                    at: plot.at(*point),
                    shape: Shape::Circle,
                    radius: if points.len() > 400 { 2.0 } else { 2.8 },
                    tone: Tone::Series(0),
                    opacity: 0.55,
                });
            }
        }
        let [[left, right], _] = ranges;
        let ends = match self.ideal {
            Ideal::Diagonal => [[left, left], [right, right]],
            Ideal::Zero => [[left, 0.0], [right, 0.0]],
        };
        let ends = ends.map(|end| plot.at(end));
        plot.line(ends.to_vec(), Tone::Ink, 1.2, Dash::Dashed);
        plot.into_drawing()
    }
}

/// Draws a cell for each place with points, the darker the more there are, on a logarithmic scale.
fn draw_cells(plot: &mut Plot, points: &[[f64; 2]]) {
    let mut counts = std::collections::BTreeMap::new();
    let [left, top, right, bottom] = plot.edges();
    for point in points {
        let [x, y] = plot.at(*point);
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a chart has a few hundred pixels"
        )]
        let cell = [
            ((x.clamp(left, right - 0.1) - left) / CELL).floor() as i64,
            ((y.clamp(top, bottom - 0.1) - top) / CELL).floor() as i64,
        ];
        *counts.entry(cell).or_insert(0usize) += 1;
    }
    let most = counts.values().copied().max().unwrap_or(1);
    for ([column, row], count) in counts {
        let share = (count as f64).ln_1p() / (most as f64).ln_1p();
        let corner = [left + CELL * column as f64, top + CELL * row as f64];
        plot.push(Mark::Rectangle {
            corner,
            size: [CELL.min(right - corner[0]), CELL.min(bottom - corner[1])],
            tone: Tone::Series(0),
            opacity: 0.12 + 0.88 * share,
            note: String::new(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(num_points: u32) -> Drawing {
        let points = (0..num_points).map(|i| [f64::from(i % 100), f64::from(i / 100)]);
        ScatterChart {
            title: String::new(),
            description: String::new(),
            axes: [String::new(), String::new()],
            points: points.chain([[f64::NAN, 0.0]]).collect(),
            ideal: Ideal::Diagonal,
        }
        .draw()
    }

    #[test]
    fn few_points_are_drawn_one_by_one() {
        let symbols = chart(100).marks.into_iter();
        let symbols = symbols.filter(|mark| matches!(mark, Mark::Symbol { .. }));
        assert_eq!(symbols.count(), 100);
    }

    #[test]
    fn many_points_are_counted_in_no_more_cells_than_there_is_room_for() {
        let cells = chart(100_000).marks.len();
        assert!(cells < 4000, "{cells}");
    }
}
