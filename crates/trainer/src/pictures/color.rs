use plotters::style::RGBColor;
use plotters::style::colors::colormaps::{ColorMap, ViridisRGB};

/// What text and outlines are drawn in.
pub(super) const INK: RGBColor = RGBColor(40, 40, 40);
/// What is drawn of empty cells, and in the background.
pub(super) const FAINT: RGBColor = RGBColor(222, 222, 222);

/// Matplotlib's `tab10`, then ten shades that differ from it and from each other.
const CLUSTERS: [RGBColor; 20] = [
    RGBColor(31, 119, 180),
    RGBColor(255, 127, 14),
    RGBColor(44, 160, 44),
    RGBColor(214, 39, 40),
    RGBColor(148, 103, 189),
    RGBColor(140, 86, 75),
    RGBColor(227, 119, 194),
    RGBColor(127, 127, 127),
    RGBColor(188, 189, 34),
    RGBColor(23, 190, 207),
    RGBColor(38, 38, 110),
    RGBColor(255, 187, 120),
    RGBColor(0, 80, 50),
    RGBColor(255, 140, 140),
    RGBColor(110, 0, 60),
    RGBColor(140, 220, 130),
    RGBColor(197, 176, 213),
    RGBColor(150, 110, 20),
    RGBColor(150, 200, 240),
    RGBColor(60, 40, 25),
];

/// The colour of a cluster or a class; after twenty they come again.
pub(super) fn of_cluster(cluster: usize) -> RGBColor {
    CLUSTERS[cluster % CLUSTERS.len()]
}

/// A colour mixed with another, of which it takes a share in `[0, 1]`.
pub(super) fn mixed(color: RGBColor, other: RGBColor, share: f64) -> RGBColor {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between two bytes lies a byte"
    )]
    let mix = |from: u8, to: u8| {
        let (from, to) = (f64::from(from), f64::from(to));
        (from + share * (to - from)).round() as u8
    };
    RGBColor(
        mix(color.0, other.0),
        mix(color.1, other.1),
        mix(color.2, other.2),
    )
}

/// Black or white, whichever can be read on a colour.
pub(super) fn readable_on(RGBColor(red, green, blue): RGBColor) -> RGBColor {
    // The weights of ITU-R BT.601 for how bright each primary looks.
    let luma = 0.299 * f64::from(red) + 0.587 * f64::from(green) + 0.114 * f64::from(blue);
    if luma > 140.0 {
        RGBColor(0, 0, 0)
    } else {
        RGBColor(255, 255, 255)
    }
}

/// A range of numbers, and the colours from dark violet (low) to yellow (high) that stand for them.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    /// The lowest number.
    pub(super) low: f64,
    /// The highest number.
    pub(super) high: f64,
}

impl Scale {
    /// From the lowest to the highest of the finite ones of these numbers; 0 to 0 if there is none.
    pub(super) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let finite = values.into_iter().filter(|value| value.is_finite());
        finite
            .map(|value| Self {
                low: value,
                high: value,
            })
            .reduce(|a, b| Self {
                low: a.low.min(b.low),
                high: a.high.max(b.high),
            })
            .unwrap_or(Self {
                low: 0.0,
                high: 0.0,
            })
    }

    /// Where a number lies, from 0 to 1; in the middle if all are equal.
    pub(super) fn share(&self, value: f64) -> f64 {
        // Halves, since the difference of two finite numbers may not be finite.
        let range = self.high / 2.0 - self.low / 2.0;
        if range > 0.0 {
            ((value / 2.0 - self.low / 2.0) / range).clamp(0.0, 1.0)
        } else {
            0.5
        }
    }

    /// A number's colour; grey if it is not finite.
    pub(super) fn color(&self, value: f64) -> RGBColor {
        if value.is_finite() {
            ViridisRGB.get_color(self.share(value))
        } else {
            FAINT
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_reaches_from_the_lowest_to_the_highest_finite_number() {
        let scale = Scale::of([3.0, f64::NAN, -1.0, f64::INFINITY]);

        assert_eq!((scale.low, scale.high), (-1.0, 3.0));
        // (1 − (−1)) / (3 − (−1)) = 0.5
        assert_eq!(scale.share(1.0), 0.5);
        assert_eq!(scale.color(f64::NAN), FAINT);
        assert_ne!(scale.color(-1.0), scale.color(3.0));
    }

    #[test]
    fn the_clusters_of_one_picture_have_different_colors() {
        for a in 0..20 {
            for b in 0..a {
                let (x, y) = (of_cluster(a), of_cluster(b));
                let apart =
                    x.0.abs_diff(y.0)
                        .max(x.1.abs_diff(y.1))
                        .max(x.2.abs_diff(y.2));
                assert!(apart >= 30, "{a} and {b} are {apart} apart");
            }
        }
    }
}
