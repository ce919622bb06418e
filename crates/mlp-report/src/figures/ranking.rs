/// A row as the ranking of a class sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassRow {
    /// The probability of the class.
    pub probability: f64,
    /// Whether the row is of the class.
    pub is_member: bool,
    /// How much it counts, above 0.
    pub weight: f64,
}

/// What happens if all rows with at least a certain probability are taken to be of a class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankingPoint {
    /// That probability; infinite if no row is taken.
    pub threshold: f64,
    /// The share of the other rows that are taken, in `[0, 1]`.
    pub false_positive_rate: f64,
    /// The share of the rows of the class that are taken, in `[0, 1]`: the recall.
    pub recall: f64,
    /// The share of the taken rows that are of the class; 1 if none is taken.
    pub precision: f64,
}

/// The ROC curve and the precision-recall curve of a class.
///
/// A point for each different probability, from none of the rows to all of them. Tied rows are taken together.
///
/// ```
/// use mlp_report::figures::{ClassRow, RankingCurves};
///
/// let row = |probability, is_member| ClassRow { probability, is_member, weight: 1.0 };
/// let rows = [row(0.9, true), row(0.6, false), row(0.3, true), row(0.1, false)];
/// let curves = RankingCurves::of(&rows).unwrap();
///
/// let half = curves.at(0.5);
/// assert_eq!((half.recall, half.false_positive_rate, half.precision), (0.5, 0.5, 0.5));
/// assert_eq!(curves.roc_auc(), 0.75);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RankingCurves {
    /// The points, with falling thresholds.
    pub points: Vec<RankingPoint>,
}

impl RankingCurves {
    /// Of rows in any order; `None` if all or none of them are of the class, or a probability is not finite.
    pub fn of(rows: &[ClassRow]) -> Option<Self> {
        let weight = |rows: &[ClassRow], is_member: bool| -> f64 {
            let rows = rows.iter().filter(|row| row.is_member == is_member);
            rows.map(|row| row.weight).sum()
        };
        let (members, others) = (weight(rows, true), weight(rows, false));
        let is_finite = rows.iter().all(|row| row.probability.is_finite());
        if !(members > 0.0 && others > 0.0 && is_finite) {
            return None;
        }
        let mut rows = rows.to_vec();
        rows.sort_unstable_by(|a, b| b.probability.total_cmp(&a.probability));
        let (mut taken_members, mut taken_others) = (0.0, 0.0);
        let mut points = vec![RankingPoint {
            threshold: f64::INFINITY,
            false_positive_rate: 0.0,
            recall: 0.0,
            precision: 1.0,
        }];
        for tied in rows.chunk_by(|a, b| a.probability == b.probability) {
            taken_members += weight(tied, true);
            taken_others += weight(tied, false);
            points.push(RankingPoint {
                threshold: tied[0].probability,
                false_positive_rate: (taken_others / others).min(1.0),
                recall: (taken_members / members).min(1.0),
                precision: taken_members / (taken_members + taken_others),
            });
        }
        Some(Self { points })
    }

    /// The point of a threshold: of the rows with at least that probability.
    pub fn at(&self, threshold: f64) -> RankingPoint {
        let taken = self.points.iter().rev();
        let mut taken = taken.skip_while(|point| point.threshold < threshold);
        // The first point takes no rows.
        *taken.next().unwrap_or(&self.points[0])
    }

    /// The area under the ROC curve, by trapezia.
    pub fn roc_auc(&self) -> f64 {
        let pairs = self.points.windows(2);
        pairs
            .map(|pair| {
                let width = pair[1].false_positive_rate - pair[0].false_positive_rate;
                width * f64::midpoint(pair[0].recall, pair[1].recall)
            })
            .sum()
    }

    /// The points of the ROC curve, `[false positive rate, recall]`, without those on a straight line
    /// between their neighbours.
    pub fn roc(&self) -> Vec<[f64; 2]> {
        let points = self.points.iter();
        without_inner(points.map(|point| [point.false_positive_rate, point.recall]))
    }

    /// The corners of the precision-recall curve, `[recall, precision]`: from one recall to the next, the
    /// precision is that of the higher one, so that the area is the average precision.
    pub fn precision_recall(&self) -> Vec<[f64; 2]> {
        let steps = self.points.windows(2).flat_map(|pair| {
            [
                [pair[0].recall, pair[1].precision],
                [pair[1].recall, pair[1].precision],
            ]
        });
        without_inner(steps)
    }
}

/// Leaves out the points on a level or upright line between their neighbours.
fn without_inner(points: impl Iterator<Item = [f64; 2]>) -> Vec<[f64; 2]> {
    let mut kept: Vec<[f64; 2]> = Vec::new();
    for point in points {
        if let [.., before, last] = kept.as_slice() {
            let on_line = |axis: usize| before[axis] == last[axis] && last[axis] == point[axis];
            if on_line(0) || on_line(1) {
                kept.pop();
            }
        }
        kept.push(point);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[(f64, bool, f64)]) -> Vec<ClassRow> {
        let row = |&(probability, is_member, weight): &(f64, bool, f64)| ClassRow {
            probability,
            is_member,
            weight,
        };
        rows.iter().map(row).collect()
    }

    /// The example of scikit-learn's `roc_curve`: labels 1, 1, 2, 2 with scores 0.1, 0.4, 0.35, 0.8 give
    /// FPR 0, 0, 0.5, 0.5, 1 and TPR 0, 0.5, 0.5, 1, 1 at thresholds ∞, 0.8, 0.4, 0.35, 0.1, and an area of
    /// 0.75. `precision_recall_curve` gives precisions 1, 1/2, 2/3, 1/2 from the highest threshold down.
    #[test]
    fn the_points_are_those_of_scikit_learn() {
        let rows = rows(&[
            (0.1, false, 1.0),
            (0.4, false, 1.0),
            (0.35, true, 1.0),
            (0.8, true, 1.0),
        ]);
        let curves = RankingCurves::of(&rows).unwrap();
        let of = |value: fn(&RankingPoint) -> f64| -> Vec<f64> {
            curves.points.iter().map(value).collect()
        };
        assert_eq!(of(|p| p.threshold), [f64::INFINITY, 0.8, 0.4, 0.35, 0.1]);
        assert_eq!(of(|p| p.false_positive_rate), [0.0, 0.0, 0.5, 0.5, 1.0]);
        assert_eq!(of(|p| p.recall), [0.0, 0.5, 0.5, 1.0, 1.0]);
        assert_eq!(of(|p| p.precision), [1.0, 1.0, 0.5, 2.0 / 3.0, 0.5]);
        assert_eq!(curves.roc_auc(), 0.75);
        assert_eq!(
            curves.precision_recall(),
            [
                [0.0, 1.0],
                [0.5, 1.0],
                [0.5, 2.0 / 3.0],
                [1.0, 2.0 / 3.0],
                [1.0, 0.5]
            ]
        );
    }

    #[test]
    fn a_threshold_takes_the_rows_that_reach_it() {
        let curves = RankingCurves::of(&rows(&[
            (0.9, true, 1.0),
            (0.5, true, 1.0),
            (0.5, false, 1.0),
            (0.2, false, 1.0),
        ]))
        .unwrap();
        // Both rows at 0.5 are taken together, so two of three are of the class.
        let half = curves.at(0.5);
        assert_eq!((half.recall, half.false_positive_rate), (1.0, 0.5));
        assert_eq!(half.precision, 2.0 / 3.0);
        assert_eq!(curves.at(0.95).recall, 0.0);
        assert_eq!(curves.at(0.0).false_positive_rate, 1.0);
    }

    #[test]
    fn a_row_of_weight_2_counts_as_two_rows() {
        let weighted = rows(&[(0.8, true, 2.0), (0.6, false, 1.0), (0.3, true, 1.0)]);
        let twice = rows(&[
            (0.8, true, 1.0),
            (0.8, true, 1.0),
            (0.6, false, 1.0),
            (0.3, true, 1.0),
        ]);
        assert_eq!(RankingCurves::of(&weighted), RankingCurves::of(&twice));
    }

    #[test]
    fn there_are_no_curves_without_rows_on_both_sides() {
        assert_eq!(RankingCurves::of(&[]), None);
        assert_eq!(RankingCurves::of(&rows(&[(0.5, true, 1.0)])), None);
        let not_finite = rows(&[(f64::NAN, true, 1.0), (0.5, false, 1.0)]);
        assert_eq!(RankingCurves::of(&not_finite), None);
    }

    #[test]
    fn the_area_of_ties_is_that_of_guessing() {
        let tied = rows(&[(0.5, true, 1.0), (0.5, false, 1.0), (0.5, false, 1.0)]);
        let curves = RankingCurves::of(&tied).unwrap();
        assert_eq!(curves.roc(), [[0.0, 0.0], [1.0, 1.0]]);
        assert_eq!(curves.roc_auc(), 0.5);
    }
}
