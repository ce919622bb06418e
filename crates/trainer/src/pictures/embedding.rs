use std::path::Path;

use plotters::element::{Circle, EmptyElement, Text};
use plotters::style::text_anchor::HPos;
use plotters::style::{Color, WHITE};

use super::canvas::{Area, DrawResult, size_of};
use super::save::save;
use super::{PictureError, axes, color, legend, text};

/// Rows of a table as points of a plane, each in the colour of its cluster.
#[derive(Clone, Copy, Debug)]
pub struct Embedding<'a> {
    /// What stands above the picture.
    pub title: &'a str,
    /// The rows: `[rows][2]`. Those that are not finite are left out.
    pub points: &'a [[f64; 2]],
    /// The cluster of each row, from 0 on: `[rows]`.
    pub clusters: &'a [usize],
    /// Where each cluster's centre lies: `[clusters][2]`. May be empty.
    pub centers: &'a [[f64; 2]],
    /// What the plane's axes are called.
    pub axes: [&'a str; 2],
}

impl Embedding<'_> {
    /// Writes `name.png` and `name.svg` into a folder.
    ///
    /// # Errors
    ///
    /// If the picture cannot be drawn or written.
    ///
    /// # Panics
    ///
    /// If there are not as many clusters as points.
    pub fn save(&self, folder: &Path, name: &str) -> Result<(), PictureError> {
        assert_eq!(
            self.points.len(),
            self.clusters.len(),
            "each point has a cluster"
        );
        save(folder, name, (1600, 1200), |area| self.draw(area))
    }

    fn draw(&self, area: &Area) -> DrawResult {
        let area = text::write_title(area, self.title)?;
        let (width, _) = size_of(&area);
        let (left, right) = area.split_horizontally(width - legend::WIDTH);
        let num_clusters = self.clusters.iter().map(|cluster| cluster + 1).max();
        let num_clusters = num_clusters.unwrap_or(0).max(self.centers.len());
        let entries = legend::of_clusters(self.clusters, num_clusters);
        legend::draw(&right, "cluster (rows)", &entries)?;

        let ranges = axes::ranges(self.points.iter().chain(self.centers));
        let mut plane = axes::draw(&left, ranges, self.axes)?;
        let (radius, opacity) = dot(self.points.len());
        let points = self.points.iter().zip(self.clusters);
        let points = points.filter(|(point, _)| is_finite(point));
        plane.draw_series(points.map(|(&[x, y], &cluster)| {
            let color = color::of_cluster(cluster).mix(opacity);
            Circle::new((x, y), radius, color.filled())
        }))?;

        let centers = self.centers.iter().enumerate();
        let centers = centers.filter(|(_, center)| is_finite(center));
        plane.draw_series(centers.map(|(cluster, &[x, y])| {
            EmptyElement::at((x, y))
                + Circle::new((0, 0), 23, WHITE.filled())
                + Circle::new((0, 0), 21, color::of_cluster(cluster).filled())
                + Circle::new((0, 0), 17, WHITE.filled())
                + Text::new(
                    cluster.to_string(),
                    (0, 0),
                    text::style(text::SMALL, HPos::Center),
                )
        }))?;
        Ok(())
    }
}

fn is_finite(point: &[f64; 2]) -> bool {
    point.iter().all(|value| value.is_finite())
}

/// The radius and the opacity of a dot: the more there are, the smaller and the fainter.
fn dot(num_points: usize) -> (i32, f64) {
    let radius = match num_points {
        0..=300 => 8,
        301..=3_000 => 6,
        3_001..=30_000 => 4,
        _ => 3,
    };
    let opacity = 0.8 * (300.0 / num_points.max(300) as f64).powf(0.2);
    (radius, opacity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_says_what_it_shows() {
        let folder = tempfile::tempdir().unwrap();
        let embedding = Embedding {
            title: "Rows & clusters",
            points: &[[0.0, 1.0], [2.0, 3.0], [f64::NAN, 0.0]],
            clusters: &[0, 1, 1],
            centers: &[[0.0, 1.0], [2.0, 3.0]],
            axes: ["first component", "second component"],
        };

        embedding.save(folder.path(), "embedding").unwrap();

        let svg = std::fs::read_to_string(folder.path().join("embedding.svg")).unwrap();
        for text in [
            "Rows &amp; clusters",
            "first component",
            "second component",
            "cluster (rows)",
            "1 (2)",
        ] {
            assert!(svg.contains(text), "{text} is missing");
        }
    }

    #[test]
    fn one_cluster_of_equal_points_can_be_drawn_and_so_can_none() {
        let folder = tempfile::tempdir().unwrap();
        for rows in [0, 5] {
            let embedding = Embedding {
                title: "equal",
                points: &vec![[1e9, 0.0]; rows],
                clusters: &vec![0; rows],
                centers: &[],
                axes: ["x", "y"],
            };
            embedding.save(folder.path(), "equal").unwrap();
        }
    }
}
