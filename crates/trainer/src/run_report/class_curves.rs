use mlp_inference::Classes;
use mlp_report::chart::{Guide, LineChart, Marker, Series};
use mlp_report::figures::{ClassRow, RankingCurves, calibration_bins};
use mlp_report::{Figure, count, percent, shortened};

use super::Judged;

/// How many classes have their curves drawn: as many as can be told apart.
const MOST_CURVES: usize = 6;
/// How many bins a calibration curve has: with few rows, bins are wider.
const NUM_BINS: usize = 10;
/// With fewer rows there are half as many bins.
const FEW_ROWS: usize = 200;

/// The curves of a class.
struct ClassCurves<'a> {
    name: &'a str,
    /// How large the share of its rows is.
    share: f64,
    curves: RankingCurves,
}

/// The ROC curves and the precision-recall curves of probabilities, and whether they come true.
pub fn figures(classes: &Classes, judged: &Judged, weights: &[f64]) -> Vec<Figure> {
    let curves = class_curves(classes, judged, weights);
    let mut figures = Vec::new();
    if !curves.is_empty() {
        figures.push(roc(&curves, classes.names.len()));
        figures.push(precision_recall(&curves, classes.names.len()));
    }
    figures.extend(calibration(classes, judged, weights));
    figures
}

/// The curves of the second of two classes, or of those that are ranked worst.
fn class_curves<'a>(
    classes: &'a Classes,
    judged: &Judged,
    weights: &[f64],
) -> Vec<ClassCurves<'a>> {
    let (names, Some(probabilities)) = (&classes.names, &classes.probabilities) else {
        return Vec::new();
    };
    let shown = if names.len() == 2 {
        1..2
    } else {
        0..names.len()
    };
    let of_class = |class: usize| {
        let row = |(row, label): (usize, &Option<usize>)| ClassRow {
            probability: probabilities[row * names.len() + class],
            is_member: *label == Some(class),
            weight: weights[row],
        };
        let rows = judged.labels.iter().enumerate().map(row);
        let rows: Vec<ClassRow> = rows.filter(|row| row.weight > 0.0).collect();
        let members = rows.iter().filter(|row| row.is_member);
        let members: f64 = members.map(|row| row.weight).sum();
        Some(ClassCurves {
            name: &names[class],
            share: members / weights.iter().sum::<f64>(),
            curves: RankingCurves::of(&rows)?,
        })
    };
    let mut curves: Vec<ClassCurves> = shown.filter_map(of_class).collect();
    if curves.len() > MOST_CURVES {
        curves.sort_by(|a, b| a.curves.roc_auc().total_cmp(&b.curves.roc_auc()));
        curves.truncate(MOST_CURVES);
    }
    curves
}

fn roc(curves: &[ClassCurves<'_>], num_classes: usize) -> Figure {
    let series = |class: &ClassCurves<'_>| Series {
        name: format!(
            "{} (AUC {:.3})",
            shortened(class.name, 18),
            class.curves.roc_auc()
        ),
        points: class.curves.roc(),
        ..Series::default()
    };
    let markers = threshold(curves, num_classes, |point| {
        [point.false_positive_rate, point.recall]
    });
    let chart = LineChart {
        title: "ROC curve".to_owned(),
        description: areas(curves),
        axes: [
            "share of the other rows that are taken".to_owned(),
            "share of its rows that are found".to_owned(),
        ],
        ranges: [Some([0.0, 1.0]), Some([0.0, 1.0])],
        series: curves.iter().map(series).collect(),
        guides: vec![Guide {
            ends: [[0.0, 0.0], [1.0, 1.0]],
            name: "guessing".to_owned(),
        }],
        markers,
        ..LineChart::default()
    };
    let caption = format!(
        "{}The nearer to the upper left corner, the better; the area under the curve (AUC) is 1 at best, and \
         0.5 for guessing.{}",
        whose(curves, num_classes),
        threshold_caption(num_classes)
    );
    Figure::new("roc", chart.draw(), caption)
}

fn precision_recall(curves: &[ClassCurves<'_>], num_classes: usize) -> Figure {
    let series = |class: &ClassCurves<'_>| Series {
        name: shortened(class.name, 24),
        points: class.curves.precision_recall(),
        ..Series::default()
    };
    let guides = match curves {
        [class] => vec![Guide {
            ends: [[0.0, class.share], [1.0, class.share]],
            name: "guessing".to_owned(),
        }],
        _ => Vec::new(),
    };
    let markers = threshold(curves, num_classes, |point| [point.recall, point.precision]);
    let chart = LineChart {
        title: "Precision-recall curve".to_owned(),
        description: "The precision for each recall".to_owned(),
        axes: [
            "recall: share of its rows that are found".to_owned(),
            "precision".to_owned(),
        ],
        ranges: [Some([0.0, 1.0]), Some([0.0, 1.02])],
        series: curves.iter().map(series).collect(),
        guides,
        markers,
        ..LineChart::default()
    };
    let caption = format!(
        "{}How many of the rows that are taken are right, as more and more are taken. It says more than the \
         ROC curve if the class is rare.{}",
        whose(curves, num_classes),
        threshold_caption(num_classes)
    );
    Figure::new("precision_recall", chart.draw(), caption)
}

/// With two classes, the point at which one is predicted rather than the other.
fn threshold(
    curves: &[ClassCurves<'_>],
    num_classes: usize,
    point: impl Fn(mlp_report::figures::RankingPoint) -> [f64; 2],
) -> Vec<Marker> {
    let (2, [class]) = (num_classes, curves) else {
        return Vec::new();
    };
    vec![Marker {
        at: point(class.curves.at(0.5)),
        name: "threshold 0.5".to_owned(),
        has_line: false,
    }]
}

fn threshold_caption(num_classes: usize) -> &'static str {
    if num_classes == 2 {
        " The diamond is where a probability of 0.5 or more is taken, as the model does."
    } else {
        " With more than two classes the most probable one is predicted, without a threshold."
    }
}

fn whose(curves: &[ClassCurves<'_>], num_classes: usize) -> String {
    match curves {
        [class] => format!("Of “{}”. ", shortened(class.name, 40)),
        curves if curves.len() < num_classes => format!(
            "Of the {} classes that are ranked worst, each against all others. ",
            curves.len()
        ),
        _ => "Of each class against all others. ".to_owned(),
    }
}

fn areas(curves: &[ClassCurves<'_>]) -> String {
    let areas = curves
        .iter()
        .map(|class| format!("{}: {:.3}", class.name, class.curves.roc_auc()));
    format!(
        "Areas under the curve: {}",
        areas.collect::<Vec<_>>().join(", ")
    )
}

/// Whether probabilities come true: of the second of two classes, or else of the predicted class.
fn calibration(classes: &Classes, judged: &Judged, weights: &[f64]) -> Option<Figure> {
    let (names, probabilities) = (&classes.names, classes.probabilities.as_ref()?);
    let is_binary = names.len() == 2;
    let row = |(row, label): (usize, &Option<usize>)| {
        let class = if is_binary { 1 } else { classes.labels[row]? };
        let probability = probabilities[row * names.len() + class];
        (weights[row] > 0.0).then_some((probability, *label == Some(class), weights[row]))
    };
    let rows: Vec<(f64, bool, f64)> = judged.labels.iter().enumerate().filter_map(row).collect();
    let num_bins = if rows.len() < FEW_ROWS {
        NUM_BINS / 2
    } else {
        NUM_BINS
    };
    let bins = calibration_bins(&rows, num_bins);
    if bins.is_empty() {
        return None;
    }
    let farthest = bins
        .iter()
        .map(|bin| (bin.share - bin.mean_probability).abs())
        .fold(0.0, f64::max);
    let [x, what] = if is_binary {
        let name = shortened(&names[1], 24);
        [
            format!("predicted probability of {name}"),
            format!("of “{name}” "),
        ]
    } else {
        [
            "probability of the predicted class".to_owned(),
            String::new(),
        ]
    };
    let chart = LineChart {
        title: "Calibration curve".to_owned(),
        description: format!(
            "Probabilities differ by up to {} from the shares that came true",
            percent(farthest)
        ),
        axes: [x, "share that came true".to_owned()],
        ranges: [Some([0.0, 1.0]), Some([0.0, 1.02])],
        series: vec![Series {
            name: "model".to_owned(),
            points: bins
                .iter()
                .map(|bin| [bin.mean_probability, bin.share])
                .collect(),
            has_symbols: true,
            labels: bins.iter().map(|bin| count(bin.rows)).collect(),
            ..Series::default()
        }],
        guides: vec![Guide {
            ends: [[0.0, 0.0], [1.0, 1.0]],
            name: "as it should be".to_owned(),
        }],
        ..LineChart::default()
    };
    let beside = if classes.names.len() == 2 {
        "Below the dotted line the class is rarer than predicted, above it more frequent."
    } else {
        "Below the dotted line the model is too certain, above it too uncertain."
    };
    let caption = format!(
        "Of the rows with a probability {what}of about 0.8, about 80 % should come true. {beside} Each point is of one of {num_bins} equal parts of the scale, \
         with the number of its rows; few rows say little."
    );
    Some(Figure::new("calibration", chart.draw(), caption))
}
