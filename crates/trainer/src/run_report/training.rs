use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use mlp_inference::{Metric, whole_file};
use mlp_report::chart::{LineChart, Marker, Series};
use mlp_report::{Block, Figure, Section, number};

use super::Subject;
use crate::report::{counted, kept};
use crate::summary::Summary;

/// How many members of an ensemble have their curves drawn.
const MOST_MEMBERS: usize = 6;

/// How many metrics besides the loss have their curves drawn.
const MOST_METRICS: usize = 5;

/// A file of learning curves: what is in each epoch, by the heading of its column.
struct Curves {
    /// Whose they are; empty for those of the only model.
    name: String,
    columns: BTreeMap<String, Vec<[f64; 2]>>,
}

/// The learning curves; nothing if the run has none.
pub fn section(subject: &Subject<'_>) -> Option<Section> {
    let curves = all_curves(subject.folder);
    if curves.is_empty() {
        return None;
    }
    let is_of_all_rows = subject.config.is_of_all_rows();
    let best_epoch = match subject.summary {
        Summary::Prediction(summary) if curves.len() == 1 && !is_of_all_rows => {
            Some(summary.best_epoch)
        }
        Summary::Prediction(_) | Summary::Clustering(_) => None,
    };
    let mut section = Section::new("training", "Training");
    if let Summary::Prediction(summary) = subject.summary {
        let epochs = counted(summary.epochs, "epoch", "epochs");
        section = section.with_text(if is_of_all_rows {
            format!(
                "The training took {epochs}, the median of the folds' best. No rows were left for validation, so both \
                 curves are of all rows."
            )
        } else {
            let kept = kept(summary, &subject.config.recipe);
            format!("The training took {epochs}. {}", sentence(&kept))
        });
    }
    let figures = curves.iter().flat_map(|curves| figures(curves, best_epoch));
    Some(section.with(Block::Figures(figures.collect())))
}

/// The files of a run, of its phases or of its members.
fn all_curves(folder: &Path) -> Vec<Curves> {
    let phases = [
        ("metrics", ""),
        ("pretraining", "pretraining"),
        ("clustering", "clustering"),
        ("map", "map"),
    ];
    let mut all: Vec<Curves> = phases
        .iter()
        .filter_map(|(file, name)| Curves::read(&folder.join(format!("{file}.csv")), name))
        .collect();
    for member in 1..=MOST_MEMBERS {
        let path = folder.join(format!("member-{member}")).join("metrics.csv");
        all.extend(Curves::read(&path, &format!("member {member}")));
    }
    all
}

impl Curves {
    /// Those of a file, if it is one of learning curves.
    fn read(path: &Path, name: &str) -> Option<Self> {
        if !path.is_file() {
            return None;
        }
        let bytes = whole_file::read(path).ok()?;
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let headings = reader.headers().ok()?.clone();
        if headings.get(0) != Some("epoch") {
            return None;
        }
        let mut columns: BTreeMap<String, Vec<[f64; 2]>> = BTreeMap::new();
        for record in reader.records().map_while(Result::ok) {
            let Some(epoch) = record.get(0).and_then(|cell| cell.parse().ok()) else {
                break;
            };
            for (heading, cell) in headings.iter().zip(&record).skip(1) {
                if let Ok(value) = cell.parse() {
                    let column = columns.entry(heading.to_owned()).or_default();
                    column.push([epoch, value]);
                }
            }
        }
        let name = name.to_owned();
        Some(Self { name, columns })
    }

    fn column(&self, name: &str) -> &[[f64; 2]] {
        self.columns.get(name).map_or(&[], Vec::as_slice)
    }
}

fn is_better_if_high(metric: &str) -> bool {
    metric.parse().is_ok_and(Metric::higher_is_better)
}

/// A chart of the loss, and one of each other metric.
fn figures(curves: &Curves, best_epoch: Option<usize>) -> Vec<Figure> {
    let mut metrics = vec!["loss"];
    let others = curves
        .columns
        .keys()
        .filter_map(|name| name.strip_prefix("valid_"));
    metrics.extend(others.filter(|name| *name != "loss").take(MOST_METRICS));
    let of_metric = |metric: &str| {
        let chart = chart(curves, metric, best_epoch)?;
        let mut caption = "After each epoch.".to_owned();
        if chart.series.len() > 1 {
            let [turns, goes] = if is_better_if_high(metric) {
                ["falls", "rising"]
            } else {
                ["rises", "falling"]
            };
            let _ = write!(
                caption,
                " A validation curve that {turns} again while training goes on {goes} means that the network begins \
                 to learn the training rows by heart."
            );
        }
        if chart.is_logarithmic {
            caption += " The axis is logarithmic.";
        }
        let of = if curves.name.is_empty() {
            "curve"
        } else {
            &curves.name
        };
        let name = format!("{of}_{metric}");
        Some(Figure::new(name, chart.draw(), caption))
    };
    metrics.into_iter().filter_map(of_metric).collect()
}

fn chart(curves: &Curves, metric: &str, best_epoch: Option<usize>) -> Option<LineChart> {
    let series = |split: &str, name: &str| {
        let points = curves.column(&format!("{split}_{metric}")).to_vec();
        (!points.is_empty()).then(|| Series {
            name: name.to_owned(),
            points,
            ..Series::default()
        })
    };
    let series: Vec<Series> = [series("train", "training"), series("valid", "validation")]
        .into_iter()
        .flatten()
        .collect();
    let judged = series.last()?;
    let values = || {
        series
            .iter()
            .flat_map(|s| &s.points)
            .map(|[_, value]| *value)
    };
    let (low, high) = values().fold((f64::INFINITY, 0.0), |(low, high): (f64, f64), value| {
        (low.min(value), high.max(value))
    });
    let marker = best_epoch.and_then(|epoch| {
        let point = judged.points.iter().find(|[x, _]| *x == epoch as f64)?;
        Some(Marker {
            at: *point,
            name: format!("epoch {epoch} kept"),
            has_line: true,
        })
    });
    let (first, last) = (judged.points.first()?, judged.points.last()?);
    let title = match curves.name.as_str() {
        "" => capitalised(metric),
        name => format!("{}, {name}", capitalised(metric)),
    };
    Some(LineChart {
        title,
        description: format!(
            "The {metric} of the {} goes from {} in epoch {} to {} in epoch {}",
            judged.name,
            number(first[1]),
            number(first[0]),
            number(last[1]),
            number(last[0])
        ),
        axes: ["epoch".to_owned(), metric.replace('_', " ")],
        is_logarithmic: metric == "loss" && low > 0.0 && high / low > 12.0,
        markers: marker.into_iter().collect(),
        series,
        ..LineChart::default()
    })
}

fn capitalised(text: &str) -> String {
    let text = text.replace('_', " ");
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => text,
    }
}

/// A clause as a sentence.
fn sentence(clause: &str) -> String {
    format!("It {clause}.")
        .replace("It no epoch", "No epoch")
        .replace("It the mean", "The model is the mean")
}
