use crate::chart::SIZE;
use crate::drawing::{
    Anchor, Axes, Dash, Drawing, LegendEntry, Mark, NUM_SERIES, Plot, Shape, Tone, range_of,
    text_width,
};
use crate::text::shortened;

/// The most points of a line that are drawn: more do not show.
const MOST_POINTS: usize = 600;

/// Lines over a common axis, such as a learning curve.
#[derive(Clone, Debug, Default)]
pub struct LineChart {
    /// What it shows.
    pub title: String,
    /// What one would see.
    pub description: String,
    /// The names of the axes: from left to right, from bottom to top.
    pub axes: [String; 2],
    /// Their ranges; `None` for those of the points.
    pub ranges: [Option<[f64; 2]>; 2],
    /// Whether the axis from bottom to top is logarithmic, which needs values above 0.
    pub is_logarithmic: bool,
    /// The lines.
    pub series: Vec<Series>,
    /// Lines to compare with.
    pub guides: Vec<Guide>,
    /// Points that are pointed out.
    pub markers: Vec<Marker>,
}

/// A line with a name.
#[derive(Clone, Debug, Default)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// Its points; those that are not finite are left out.
    pub points: Vec<[f64; 2]>,
    /// For each point how far it may be from bottom to top; may be empty.
    pub band: Vec<[f64; 2]>,
    /// Whether each point has a symbol, because there are few and they are what was measured.
    pub has_symbols: bool,
    /// What is written at each symbol; may be empty.
    pub labels: Vec<String>,
}

/// A faint line to compare with, such as that of guessing.
#[derive(Clone, Debug)]
pub struct Guide {
    /// Both ends.
    pub ends: [[f64; 2]; 2],
    /// What it is.
    pub name: String,
}

/// A point that is pointed out.
#[derive(Clone, Debug)]
pub struct Marker {
    /// Where it is.
    pub at: [f64; 2],
    /// What it is.
    pub name: String,
    /// Whether a line runs through it from bottom to top.
    pub has_line: bool,
}

impl LineChart {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let points = || self.series.iter().flat_map(|series| &series.points);
        let bands = || self.series.iter().flat_map(|series| &series.band).flatten();
        let x_range = self.ranges[0].unwrap_or_else(|| range_of(points().map(|[x, _]| *x), 0.0));
        let y_values = points().map(|[_, y]| y).chain(bands()).copied();
        let y_range = self.ranges[1].unwrap_or_else(|| {
            if self.is_logarithmic {
                let logarithms = y_values.filter(|y| *y > 0.0).map(f64::ln);
                range_of(logarithms, 0.05).map(f64::exp)
            } else {
                range_of(y_values, 0.05)
            }
        });
        let legend: Vec<LegendEntry> = self
            .series
            .iter()
            .enumerate()
            .map(|(series, line)| LegendEntry {
                name: &line.name,
                series,
                is_line: true,
            })
            .collect();
        let [x_name, y_name] = &self.axes;
        let axes = Axes {
            names: [x_name, y_name],
            ranges: [x_range, y_range],
            is_logarithmic: self.is_logarithmic,
        };
        let legend = if legend.len() > 1 { &legend[..] } else { &[] };
        let mut plot = Plot::new(SIZE, [&self.title, &self.description], &axes, legend);
        for guide in &self.guides {
            draw_guide(&mut plot, guide);
        }
        for (index, series) in self.series.iter().enumerate() {
            draw_series(&mut plot, index, series);
        }
        for marker in &self.markers {
            draw_marker(&mut plot, marker);
        }
        plot.into_drawing()
    }
}

fn draw_guide(plot: &mut Plot, guide: &Guide) {
    let ends = guide.ends.map(|end| plot.at(end));
    plot.line(ends.to_vec(), Tone::Muted, 1.0, Dash::Dotted);
    let [_, end] = ends;
    let [_, _, right, _] = plot.edges();
    let is_flat = (ends[0][1] - end[1]).abs() < 1.0;
    let at = if is_flat {
        [right - 2.0, end[1] - 5.0]
    } else {
        // Where the line has left enough room.
        [right - 2.0, end[1] + 0.42 * (ends[0][1] - end[1])]
    };
    plot.text(&shortened(&guide.name, 30), at, Anchor::End, Tone::Muted);
}

fn draw_series(plot: &mut Plot, index: usize, series: &Series) {
    let tone = Tone::Series(index);
    let is_finite = |point: &[f64; 2]| point.iter().all(|x| x.is_finite());
    if series.band.len() == series.points.len() && series.points.len() > 1 {
        let edge = |side: usize| {
            let sides = series.points.iter().zip(&series.band);
            let sides = sides.map(move |([x, _], band)| [*x, band[side]]);
            sides.filter(is_finite).collect::<Vec<_>>()
        };
        let (low, high) = (edge(0), edge(1));
        let outline = low.into_iter().chain(high.into_iter().rev());
        plot.push(Mark::Area {
            points: outline.map(|point| plot.at(point)).collect(),
            tone,
            opacity: 0.18,
        });
    }
    let points: Vec<[f64; 2]> = series
        .points
        .iter()
        .filter(|p| is_finite(p))
        .copied()
        .collect();
    let drawn = thinned(&points, MOST_POINTS);
    let pixels: Vec<[f64; 2]> = drawn.into_iter().map(|point| plot.at(point)).collect();
    let has_symbols = series.has_symbols || pixels.len() == 1;
    plot.line(
        pixels.clone(),
        tone,
        1.8,
        Dash::of_series(index % NUM_SERIES),
    );
    if has_symbols {
        let [_, top, right, _] = plot.edges();
        for (point, at) in pixels.into_iter().enumerate() {
            plot.push(Mark::Symbol {
                at,
                shape: Shape::of_series(index),
                radius: 3.2,
                tone,
                opacity: 1.0,
            });
            if let Some(label) = series.labels.get(point) {
                let anchor = if at[0] + text_width(label, 11.0) + 8.0 > right {
                    Anchor::End
                } else {
                    Anchor::Start
                };
                let across = if anchor == Anchor::End { -7.0 } else { 7.0 };
                let down = if at[1] - 12.0 < top { 14.0 } else { -5.0 };
                plot.text(label, [at[0] + across, at[1] + down], anchor, Tone::Muted);
            }
        }
    }
}

fn draw_marker(plot: &mut Plot, marker: &Marker) {
    let at = plot.at(marker.at);
    let [left, top, right, bottom] = plot.edges();
    if marker.has_line {
        plot.line(
            vec![[at[0], top], [at[0], bottom]],
            Tone::Ink,
            1.0,
            Dash::Dashed,
        );
    }
    for (radius, tone) in [(6.0, Tone::Ink), (3.6, Tone::Surface)] {
        plot.push(Mark::Symbol {
            at,
            shape: Shape::Diamond,
            radius,
            tone,
            opacity: 1.0,
        });
    }
    let name = shortened(&marker.name, 40);
    let is_left = at[0] + 10.0 + text_width(&name, 11.0) < right;
    let (x, anchor) = if is_left {
        (at[0] + 10.0, Anchor::Start)
    } else if at[0] - 10.0 - text_width(&name, 11.0) > left {
        (at[0] - 10.0, Anchor::End)
    } else {
        (f64::midpoint(left, right), Anchor::Middle)
    };
    let y = if marker.has_line && at[1] < f64::midpoint(top, bottom) {
        bottom - 8.0
    } else if marker.has_line {
        top + 12.0
    } else {
        (at[1] + 16.0).min(bottom - 6.0)
    };
    plot.text(&name, [x, y], anchor, Tone::Ink);
}

/// At most so many points, evenly spaced along the list, the first and the last among them.
fn thinned(points: &[[f64; 2]], most: usize) -> Vec<[f64; 2]> {
    if points.len() <= most {
        return points.to_vec();
    }
    let last = points.len() - 1;
    (0..most)
        .map(|index| points[index * last / (most - 1)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_many_points_keeps_its_ends() {
        let points: Vec<[f64; 2]> = (0..5000).map(|i| [f64::from(i), 0.0]).collect();
        let thin = thinned(&points, 600);
        assert_eq!((thin.len(), thin[0][0], thin[599][0]), (600, 0.0, 4999.0));
    }

    #[test]
    fn lines_differ_in_their_dashes_and_what_is_not_finite_is_left_out() {
        let series = |name: &str| Series {
            name: name.to_owned(),
            points: vec![[0.0, 1.0], [1.0, f64::NAN], [2.0, 3.0]],
            ..Series::default()
        };
        let chart = LineChart {
            series: vec![series("one"), series("two")],
            ..LineChart::default()
        };
        let of_series = |mark: &Mark| {
            let Mark::Line {
                points,
                tone: Tone::Series(_),
                width,
                dash,
            } = mark
            else {
                return None;
            };
            // Those of the legend are wider.
            (*width < 2.0).then_some((points.len(), *dash))
        };
        let lines: Vec<_> = chart.draw().marks.iter().filter_map(of_series).collect();
        assert_eq!(lines, [(2, Dash::Solid), (2, Dash::Dashed)]);
    }
}
