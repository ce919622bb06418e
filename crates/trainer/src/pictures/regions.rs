use std::path::Path;

use plotters::element::{Circle, Rectangle};
use plotters::style::{BLACK, Color, WHITE};

use super::canvas::{Area, DrawResult, size_of};
use super::save::save;
use super::{PictureError, axes, color, legend, text};

/// How many points across and up are asked for their cluster.
const RASTER: usize = 200;

/// Which cluster each point of a plane belongs to, with the rows of a table of two columns on top.
#[derive(Clone, Copy, Debug)]
pub struct Regions<'a> {
    /// What stands above the picture.
    pub title: &'a str,
    /// The rows: `[rows][2]`. Those that are not finite are left out.
    pub points: &'a [[f64; 2]],
    /// The cluster of each row, from 0 on: `[rows]`.
    pub clusters: &'a [usize],
    /// What the columns are called.
    pub axes: [&'a str; 2],
}

/// The clusters of a raster of points.
struct Raster {
    /// The points across, from left to right: `[RASTER]`.
    xs: Vec<f64>,
    /// The points up, from the bottom on: `[RASTER]`.
    ys: Vec<f64>,
    /// The cluster of each point, from the bottom on: `[RASTER * RASTER]`.
    clusters: Vec<usize>,
}

impl Regions<'_> {
    /// Asks for the clusters of 40,000 points in one call, and writes `name.png` and `name.svg`
    /// into a folder.
    ///
    /// # Errors
    ///
    /// If the picture cannot be drawn or written.
    ///
    /// # Panics
    ///
    /// If there are not as many clusters as points.
    pub fn save(
        &self,
        folder: &Path,
        name: &str,
        assign: impl Fn(&[[f64; 2]]) -> Vec<usize>,
    ) -> Result<(), PictureError> {
        assert_eq!(
            self.points.len(),
            self.clusters.len(),
            "each point has a cluster"
        );
        let [xs, ys] = axes::ranges(self.points.iter()).map(|range| {
            let step = (range.end - range.start) / RASTER as f64;
            let middle = |index| range.start + (index as f64 + 0.5) * step;
            (0..RASTER).map(middle).collect::<Vec<_>>()
        });
        let points = ys.iter().flat_map(|&y| xs.iter().map(move |&x| [x, y]));
        let clusters = assign(&points.collect::<Vec<_>>());
        assert_eq!(
            clusters.len(),
            RASTER * RASTER,
            "each point of the raster has a cluster"
        );
        let raster = Raster { xs, ys, clusters };
        save(folder, name, (1600, 1200), |area| self.draw(area, &raster))
    }

    fn draw(&self, area: &Area, raster: &Raster) -> DrawResult {
        let area = text::write_title(area, self.title)?;
        let (width, _) = size_of(&area);
        let (left, right) = area.split_horizontally(width - legend::WIDTH);
        let all = self.clusters.iter().chain(&raster.clusters);
        let num_clusters = all.max().map_or(0, |last| last + 1);
        let entries = legend::of_clusters(self.clusters, num_clusters);
        legend::draw(&right, "cluster (rows)", &entries)?;

        let ranges = axes::ranges(self.points.iter());
        let (x_end, y_end) = (ranges[0].end, ranges[1].end);
        let mut plane = axes::draw(&left, ranges, self.axes)?;
        let half_x = (raster.xs[1] - raster.xs[0]) / 2.0;
        let half_y = (raster.ys[1] - raster.ys[0]) / 2.0;
        for (row, &y) in raster.clusters.chunks(RASTER).zip(&raster.ys) {
            let mut start = 0;
            for run in row.chunk_by(|a, b| a == b) {
                // A run reaches to the far corner, over which the next ones are drawn: so no gap
                // can show.
                let near = (raster.xs[start] - half_x, y - half_y);
                let tint = color::mixed(color::of_cluster(run[0]), WHITE, 0.62);
                let run_end =
                    Rectangle::new([near, (x_end, y_end.min(y + 3.0 * half_y))], tint.filled());
                plane.draw_series([run_end])?;
                start += run.len();
            }
        }

        let radius = if self.points.len() > 2_000 { 4 } else { 6 };
        let points = self.points.iter().zip(self.clusters);
        let points = points.filter(|([x, y], _)| x.is_finite() && y.is_finite());
        for (&[x, y], &cluster) in points {
            let dark = color::mixed(color::of_cluster(cluster), BLACK, 0.25);
            let rim = Circle::new((x, y), radius + 1, WHITE.mix(0.7).filled());
            let dot = Circle::new((x, y), radius, dark.filled());
            plane.draw_series([rim, dot])?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn the_plane_is_asked_for_once_and_within_the_axes() {
        let folder = tempfile::tempdir().unwrap();
        let calls = Cell::new(0);
        let regions = Regions {
            title: "Left and right",
            points: &[[0.0, 0.0], [10.0, 20.0]],
            clusters: &[0, 1],
            axes: ["weight", "height"],
        };

        let assign = |points: &[[f64; 2]]| {
            calls.set(calls.get() + 1);
            // A twentieth of 10 and of 20 lies around the points.
            assert!(
                points
                    .iter()
                    .all(|[x, y]| (-0.5..10.5).contains(x) && (-1.0..21.0).contains(y))
            );
            points.iter().map(|[x, _]| usize::from(*x > 5.0)).collect()
        };
        regions.save(folder.path(), "regions", assign).unwrap();

        assert_eq!(calls.get(), 1);
        let svg = std::fs::read_to_string(folder.path().join("regions.svg")).unwrap();
        for text in ["Left and right", "weight", "height", "1 (1)"] {
            assert!(svg.contains(text), "{text} is missing");
        }
    }

    #[test]
    fn a_single_point_of_a_single_cluster_can_be_drawn() {
        let folder = tempfile::tempdir().unwrap();
        let regions = Regions {
            title: "one",
            points: &[[1.0, 1.0]],
            clusters: &[0],
            axes: ["x", "y"],
        };
        let assign = |points: &[[f64; 2]]| vec![0; points.len()];
        regions.save(folder.path(), "one", assign).unwrap();
    }
}
