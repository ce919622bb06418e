use std::path::Path;

use mlp_datasets::Target;
use mlp_inference::{ClusterMetrics, ClusteringModel, whole_file};
use mlp_report::chart::{LineChart, Marker, Series};
use mlp_report::{
    Block, Cells, Figure, KeyFigure, Picture, Section, Table, count, percent, shortened,
};

use super::Subject;
use crate::Error;
use crate::drawings::draw;
use crate::report::counted;
use crate::summary::{ClusteringSummary, Summary};

/// The largest picture that is part of a page, in bytes.
const LARGEST_PICTURE: usize = 400_000;
/// How many classes are counted in each cluster.
const MOST_CLASSES: usize = 12;

/// The pictures of a clustering, and what they show.
const PICTURES: [(&str, &str, &str); 6] = [
    (
        "u_matrix",
        "U-matrix",
        "How far the weights of each unit of the map are from those of its neighbours: light ridges are \
         borders between groups.",
    ),
    (
        "win_map",
        "Win map",
        "For how many rows each unit is the nearest one, and of which classes these are.",
    ),
    (
        "component_planes",
        "Component planes",
        "The weight of each input in each unit: planes that look alike belong to inputs that go together.",
    ),
    (
        "embedding",
        "Codes by cluster",
        "The codes of the rows, in the plane in which they differ most, with the centroids.",
    ),
    (
        "centroids",
        "Centroids",
        "What the middle of each cluster looks like, decoded to inputs.",
    ),
    (
        "regions",
        "Regions",
        "To which cluster each point of the plane belongs.",
    ),
];

/// What was grouped, and how well.
pub fn lead(subject: &Subject<'_>, summary: &ClusteringSummary) -> Vec<String> {
    let features = subject.model.preprocessor().features.len();
    let what = format!(
        "This model ({}) groups the {} rows of {} into {} clusters by {}. They are found from these inputs alone.",
        subject.config.model(),
        count(summary.rows),
        subject.dataset.name,
        summary.clusters,
        counted(features, "column", "columns"),
    );
    let (found, other) = (summary.metrics.silhouette, summary.k_means.silhouette);
    let how_good = match (found, other) {
        (Some(found), Some(other)) => format!(
            "Its silhouette is {found:.3}, that of k-means on the same inputs {other:.3}: from −1 to 1, near 1 if \
             clusters are dense and far apart."
        ),
        (Some(_) | None, _) => "The silhouette of the clusters is not defined.".to_owned(),
    };
    vec![what, how_good]
}

/// How many clusters there are, and how good they are.
pub fn key_figures(summary: &ClusteringSummary) -> Vec<KeyFigure> {
    let figure = |name: &str, value: Option<f64>, other: Option<f64>| {
        Some(KeyFigure {
            name: name.to_owned(),
            value: format!("{:.3}", value?),
            comparison: other.map_or(String::new(), |other| format!("k-means {other:.3}")),
        })
    };
    let (found, other) = (&summary.metrics, &summary.k_means);
    let whole = |name: &str, value: usize| KeyFigure {
        name: name.to_owned(),
        value: count(value),
        comparison: String::new(),
    };
    let figures = [
        figure("silhouette", found.silhouette, other.silhouette),
        figure(
            "adjusted Rand index",
            found.adjusted_rand_index,
            other.adjusted_rand_index,
        ),
    ];
    [
        whole("clusters", summary.clusters),
        whole("rows", summary.rows),
    ]
    .into_iter()
    .chain(figures.into_iter().flatten())
    .collect()
}

/// The clusters: how good they are, how large, and what they look like.
///
/// # Errors
///
/// If a picture cannot be drawn, or the device fails.
pub fn section(subject: &Subject<'_>) -> anyhow::Result<Section> {
    let mut section = Section::new("clusters", "Clusters");
    let (Summary::Clustering(summary), Some(model)) = (subject.summary, subject.model.clustering())
    else {
        return Ok(section);
    };
    section = section.with(Block::Table(table(summary)));
    if let Some(figure) = silhouettes(summary) {
        section = section.with(Block::Figures(vec![figure]));
    }
    section = section.with(Block::Table(sizes(subject, summary, &model)?));
    // Drawn again, as a file in the folder of a run may be anything.
    let folder = tempfile::tempdir()?;
    let found = model.predict(&subject.dataset.table).map_err(Error::from)?;
    draw(subject.model, subject.dataset, &found, folder.path())?;
    let pictures: Vec<Picture> = PICTURES
        .iter()
        .filter_map(|&(file, title, caption)| picture(folder.path(), file, [title, caption]))
        .collect();
    Ok(section.with(Block::Pictures(pictures)))
}

fn picture(folder: &Path, file: &str, [title, caption]: [&str; 2]) -> Option<Picture> {
    let png = whole_file::read(&folder.join(format!("{file}.png"))).ok()?;
    (png.len() <= LARGEST_PICTURE).then(|| Picture {
        title: title.to_owned(),
        caption: caption.to_owned(),
        png,
    })
}

/// A metric of clusters.
type Of = fn(&ClusterMetrics) -> Option<f64>;

/// The metrics beside those of k-means.
pub fn table(summary: &ClusteringSummary) -> Table {
    let mut table = Table::new(
        "How well the clusters fit the rows, beside k-means on the same inputs",
        &["metric", "#found", "#k-means", "meaning"],
    );
    let metrics: [(&str, Of, &str); 8] = [
        (
            "silhouette",
            |m| m.silhouette,
            "−1 to 1; near 1, clusters are dense and far apart",
        ),
        ("Davies-Bouldin", |m| m.davies_bouldin, "lower is better"),
        (
            "Calinski-Harabasz",
            |m| m.calinski_harabasz,
            "higher is better",
        ),
        (
            "accuracy",
            |m| m.accuracy,
            "share of rows whose class is that of their cluster",
        ),
        (
            "mutual information",
            |m| m.normalized_mutual_information,
            "0 to 1; 1 if clusters and classes are the same",
        ),
        (
            "adjusted Rand index",
            |m| m.adjusted_rand_index,
            "0 for guessing, 1 at best",
        ),
        (
            "quantisation error",
            |m| m.quantization_error,
            "mean distance of a row to its unit",
        ),
        (
            "topographic error",
            |m| m.topographic_error,
            "share of rows whose two nearest units are not neighbours",
        ),
    ];
    for (name, of, meaning) in metrics {
        let (found, other) = (of(&summary.metrics), of(&summary.k_means));
        if found.is_some() || other.is_some() {
            let written =
                |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.4}"));
            let cells = [
                name.to_owned(),
                written(found),
                written(other),
                meaning.to_owned(),
            ];
            table.rows.push(cells.to_vec());
        }
    }
    table
}

/// The silhouette of each number of clusters that was tried.
fn silhouettes(summary: &ClusteringSummary) -> Option<Figure> {
    let tried = &summary.silhouettes;
    if tried.len() < 2 {
        return None;
    }
    let points: Vec<[f64; 2]> = tried.iter().map(|&(k, value)| [k as f64, value]).collect();
    let chosen = tried
        .iter()
        .find(|(clusters, _)| *clusters == summary.clusters);
    let chart = LineChart {
        title: "Silhouette by number of clusters".to_owned(),
        description: format!("{} clusters were chosen", summary.clusters),
        axes: ["clusters".to_owned(), "silhouette".to_owned()],
        markers: chosen
            .map(|&(k, value)| Marker {
                at: [k as f64, value],
                name: format!("{k} chosen"),
                has_line: true,
            })
            .into_iter()
            .collect(),
        series: vec![Series {
            name: "silhouette".to_owned(),
            points,
            has_symbols: true,
            ..Series::default()
        }],
        ..LineChart::default()
    };
    let caption = "The number of clusters was chosen by it.";
    Some(Figure::new("silhouettes", chart.draw(), caption))
}

/// How many rows each cluster has, and of which classes they are if there are classes.
fn sizes(
    subject: &Subject<'_>,
    summary: &ClusteringSummary,
    model: &ClusteringModel<'_>,
) -> anyhow::Result<Table> {
    let all: usize = summary.sizes.iter().sum();
    let classes = match subject.dataset.table.target() {
        Some(Target::Classes {
            labels, classes, ..
        }) if classes.len() <= MOST_CLASSES => Some((labels, classes)),
        Some(_) | None => None,
    };
    let mut headings = vec![
        "cluster".to_owned(),
        "#rows".to_owned(),
        "#share".to_owned(),
    ];
    let mut counts = Vec::new();
    if let Some((labels, classes)) = classes {
        headings.extend(
            classes
                .iter()
                .map(|class| format!("#{}", shortened(class, 24))),
        );
        counts = vec![vec![0usize; classes.len()]; summary.sizes.len().max(model.num_clusters())];
        let found = model.predict(&subject.dataset.table).map_err(Error::from)?;
        for (&cluster, &label) in found.clusters.iter().zip(labels) {
            counts[cluster][label] += 1;
        }
    }
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let mut table = Table::new("Rows of each cluster", &headings);
    for (cluster, &size) in summary.sizes.iter().enumerate() {
        let share = percent(size as f64 / all.max(1) as f64);
        let mut cells: Cells = vec![cluster.to_string(), count(size), share];
        cells.extend(
            counts
                .get(cluster)
                .into_iter()
                .flatten()
                .map(|rows| count(*rows)),
        );
        table.rows.push(cells);
    }
    Ok(table)
}
