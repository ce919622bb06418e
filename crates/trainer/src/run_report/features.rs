use std::fmt::Write;

use mlp_explanations::{
    ColumnImportance, Error as Unexplained, Importances, PartialDependence, PermutationImportance,
    TargetImportances, sampled,
};
use mlp_inference::{NetworkLayer, SavedModel, TrainedNetwork};
use mlp_report::chart::{Bar, BarChart};
use mlp_report::{Block, Figure, Section, Table, number, shortened};

use super::{Judged, JudgedRows, Subject, dependence};
use crate::report::heading;

/// How many bars are drawn.
const MOST_BARS: usize = 15;
/// How many of the strongest columns have their partial dependence drawn.
const MOST_DEPENDENCES: usize = 4;
/// How many of several targets have their importances listed.
const MOST_TARGETS: usize = 4;
/// How many rows times columns times repeats are predicted for the importances, at most.
const MOST_PREDICTIONS: usize = 150_000;
/// How many weights are multiplied for them, at most: a second or so.
const MOST_PRODUCTS: usize = 20_000_000_000;
/// The fewest rows from which importances are computed, if there are so many.
const LEAST_ROWS: usize = 100;
/// How often each column is permuted.
const REPEATS: usize = 5;
/// From how many rows partial dependences are computed.
const DEPENDENCE_ROWS: usize = 200;
/// How many columns are tried at most.
const MOST_COLUMNS: usize = 200;

/// Which columns matter, and how predictions depend on the strongest ones; nothing for a clustering.
///
/// # Errors
///
/// If the device fails.
pub fn section(subject: &Subject<'_>, judged: &Judged) -> anyhow::Result<Option<Section>> {
    let (model, table) = (subject.model, &subject.dataset.table);
    let features = model.preprocessor().column_names().len();
    if features > MOST_COLUMNS {
        let text = format!(
            "With {features} columns, permuting each takes too long for a report; `trainer explain` does it."
        );
        return Ok(Some(
            Section::new("features", "What matters").with_text(text),
        ));
    }
    let predictions = (MOST_PRODUCTS / products(model).max(1)).min(MOST_PREDICTIONS);
    let most = (predictions / (features * REPEATS)).max(LEAST_ROWS);
    let rows = sampled(&judged.rows, most, subject.config.seed);
    let importances = PermutationImportance {
        repeats: REPEATS,
        seed: subject.config.seed,
        max_rows: most,
        metric: None,
    }
    .compute(model, table, &rows);
    let importances = match importances {
        Ok(importances) => importances,
        // A shuffled column can also be what makes a prediction infinite.
        Err(error @ (Unexplained::NoMetric { .. } | Unexplained::NotFinite { .. })) => {
            let text = format!("Which columns matter cannot be said: {error}.");
            return Ok(Some(
                Section::new("features", "What matters").with_text(text),
            ));
        }
        Err(error) => return Err(error.into()),
    };
    let whose = match judged.which {
        // The model of all rows is explained, which has seen them.
        JudgedRows::OutOfFold => "rows".to_owned(),
        which @ (JudgedRows::Test | JudgedRows::Valid | JudgedRows::Train | JudgedRows::Other) => {
            which.name().to_owned()
        }
    };
    let mut section = Section::new("features", "What matters").with_text(format!(
        "How much worse the {} of {} {whose} gets if the values of a column are shuffled among the rows, so that it \
         no longer says anything about them ({REPEATS} times each, seed {}). Columns that say the same \
         share their importance, or hide each other.",
        heading(importances.metric),
        mlp_report::count(importances.rows),
        importances.seed
    ));
    if importances.targets.is_empty() {
        section = section.with(Block::Table(importance_table(
            &importances,
            "",
            importances.score,
            &importances.columns,
        )));
    } else {
        let shown = importances.targets.len().min(MOST_TARGETS);
        let left_out = match importances.targets.len() - shown {
            0 => String::new(),
            more => {
                format!(" Those of {more} more targets are left out; `trainer explain` lists them.")
            }
        };
        section = section.with_text(format!(
            "Targets may have other units, so each is listed by itself; the picture is of their mean.{left_out}"
        ));
        for TargetImportances {
            target,
            score,
            columns,
        } in &importances.targets[..shown]
        {
            let of = format!(" of {}", shortened(target, 40));
            let table = importance_table(&importances, &of, *score, columns);
            section = section.with(Block::Table(table));
        }
    }
    let mut figures = vec![importance_figure(&importances)];
    let dependence = PartialDependence {
        max_rows: DEPENDENCE_ROWS,
        seed: subject.config.seed,
        ..PartialDependence::default()
    };
    let strongest = importances
        .columns
        .iter()
        .filter(|column| column.mean > 0.0);
    for column in strongest.take(MOST_DEPENDENCES) {
        match dependence.compute(model, table, &judged.rows, &column.column) {
            Ok(found) => figures.extend(dependence::figures(subject, &found)),
            Err(Unexplained::NotFinite { .. } | Unexplained::NothingPresent { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Some(section.with(Block::Figures(figures))))
}

/// About how many weights are multiplied for a row.
fn products(model: &SavedModel) -> usize {
    let weights = |model: &SavedModel| -> usize {
        let layers = model.trained_network().layers();
        layers.iter().map(NetworkLayer::num_parameters).sum()
    };
    match model.trained_network() {
        // Its members share most of their weights, and each multiplies them.
        TrainedNetwork::Prediction { config, .. } => weights(model) * config.num_members(),
        TrainedNetwork::Ensemble { members, .. } => members.iter().map(products).sum(),
        TrainedNetwork::Clustering { .. } => weights(model),
    }
}

/// The columns with their importances, for a target.
fn importance_table(
    importances: &Importances,
    of: &str,
    score: f64,
    columns: &[ColumnImportance],
) -> Table {
    let name = heading(importances.metric);
    let mut table = Table::new(
        format!(
            "Permutation importance: by how much the {name}{of} gets worse, from {}",
            number(score)
        ),
        &[
            "column",
            "#mean",
            "#standard deviation",
            "#lowest",
            "#highest",
        ],
    );
    let num_columns = columns.len();
    let columns = columns.iter().take(MOST_BARS);
    table.rows = columns
        .map(|column| {
            let [low, high] = range(&column.repeats);
            [column.mean, column.std.unwrap_or_default(), low, high]
                .into_iter()
                .map(number)
                .fold(vec![shortened(&column.column, 60)], |mut cells, cell| {
                    cells.push(cell);
                    cells
                })
        })
        .collect();
    if num_columns > MOST_BARS {
        let _ = write!(
            table.caption,
            " (the strongest {MOST_BARS} of {num_columns} columns)"
        );
    }
    table
}

fn range(values: &[f64]) -> [f64; 2] {
    values
        .iter()
        .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], &value| {
            [low.min(value), high.max(value)]
        })
}

fn importance_figure(importances: &Importances) -> Figure {
    let columns = importances.columns.iter().take(MOST_BARS);
    let bars: Vec<Bar> = columns
        .map(|column| Bar {
            name: column.column.clone(),
            value: column.mean,
            spread: Some(range(&column.repeats)),
        })
        .collect();
    let strongest = bars.iter().take(3).map(|bar| bar.name.clone());
    let chart = BarChart {
        title: "Permutation importance".to_owned(),
        description: format!(
            "The strongest columns are {}",
            strongest.collect::<Vec<_>>().join(", ")
        ),
        axis: format!("how much worse the {} gets", heading(importances.metric)),
        bars,
    };
    let of = match importances.targets.len() {
        0 => String::new(),
        targets => format!(" It is that of the mean of {targets} targets."),
    };
    let caption = format!(
        "The bar is the mean of {REPEATS} shufflings, the line reaches from the lowest to the highest. A bar at 0 \
         means that the model does not need the column.{of}"
    );
    Figure::new("importance", chart.draw(), caption)
}
