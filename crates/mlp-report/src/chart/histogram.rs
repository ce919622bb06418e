use crate::chart::SIZE;
use crate::drawing::{Anchor, Axes, Dash, Drawing, Mark, Plot, Tone, range_of, text_width};
use crate::text::number;

/// The fewest bins that there are.
const LEAST_BINS: usize = 11;
/// The most bins that there are.
const MOST_BINS: usize = 41;

/// How many values there are in each of several equal ranges.
#[derive(Clone, Debug)]
pub struct Histogram {
    /// What it shows.
    pub title: String,
    /// What one would see.
    pub description: String,
    /// What the values are.
    pub axis: String,
    /// The values; those that are not finite are left out.
    pub values: Vec<f64>,
    /// Values that are pointed out, with their names.
    pub marked: Vec<(f64, String)>,
}

impl Histogram {
    /// The range of the bins, which is even around 0 if the values are on both sides of it, and how many values each
    /// bin has. Their number is odd, and grows with the root of that of the values.
    pub fn bins(&self) -> ([f64; 2], Vec<usize>) {
        let [low, high] = range_of(self.values.iter().copied(), 1e-9);
        let range = if low < 0.0 && high > 0.0 {
            let most = high.max(-low);
            [-most, most]
        } else {
            [low, high]
        };
        let num_bins = (2 * self.values.len().isqrt()).clamp(LEAST_BINS, MOST_BINS) | 1;
        let mut counts = vec![0; num_bins];
        for value in self.values.iter().filter(|value| value.is_finite()) {
            let share = (value / 2.0 - range[0] / 2.0) / (range[1] / 2.0 - range[0] / 2.0);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a share in [0, 1] of the bins"
            )]
            let bin = (share.clamp(0.0, 1.0) * num_bins as f64) as usize;
            counts[bin.min(num_bins - 1)] += 1;
        }
        (range, counts)
    }

    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let (range, counts) = self.bins();
        let most = counts.iter().copied().max().unwrap_or(0).max(1) as f64;
        let axes = Axes {
            names: [&self.axis, "rows"],
            ranges: [range, [0.0, 1.15 * most]],
            is_logarithmic: false,
        };
        let mut plot = Plot::new(SIZE, [&self.title, &self.description], &axes, &[]);
        let [_, top, _, bottom] = plot.edges();
        let width = (range[1] - range[0]) / counts.len() as f64;
        for (bin, count) in counts
            .into_iter()
            .enumerate()
            .filter(|(_, count)| *count > 0)
        {
            let from = range[0] + width * bin as f64;
            let [x, y] = plot.at([from, count as f64]);
            let [right, _] = plot.at([from + width, 0.0]);
            plot.push(Mark::Rectangle {
                corner: [x + 0.5, y],
                size: [right - x - 1.0, bottom - y],
                tone: Tone::Series(0),
                opacity: 0.8,
                note: format!("{count} from {} to {}", number(from), number(from + width)),
            });
        }
        for (index, (value, name)) in self.marked.iter().enumerate() {
            let [x, _] = plot.at([*value, 0.0]);
            plot.line(
                vec![[x, top], [x, bottom]],
                Tone::Ink,
                1.0,
                Dash::of_series(index + 1),
            );
            let [left, _, right, _] = plot.edges();
            let is_right = x > f64::midpoint(left, right);
            let room = if is_right { right - x } else { x - left };
            let has_room = room > text_width(name, 11.0) + 8.0;
            let (anchor, dx) = if is_right == has_room {
                (Anchor::Start, 4.0)
            } else {
                (Anchor::End, -4.0)
            };
            let y = top + 10.0 + 13.0 * index as f64;
            plot.text(name, [x + dx, y], anchor, Tone::Ink);
        }
        plot.into_drawing()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_are_even_around_zero_and_hold_all_finite_values() {
        let histogram = Histogram {
            title: String::new(),
            description: String::new(),
            axis: String::new(),
            values: vec![-3.0, 0.0, 0.0, 1.0, f64::NAN],
            marked: Vec::new(),
        };
        let ([low, high], counts) = histogram.bins();
        assert!((low + high).abs() < 1e-12 && high >= 3.0);
        assert_eq!(counts.iter().sum::<usize>(), 4);
        // Of eleven, 0 is in the middle, and 1 is at 2/3: 11·2/3 = 7.3.
        assert_eq!((counts[0], counts[5], counts[7]), (1, 2, 1));
    }
}
