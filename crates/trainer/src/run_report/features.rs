use std::fmt::Write;

use mlp_explanations::{
    Dependence, Error as Unexplained, Grid, Importances, PartialDependence, PermutationImportance,
    Quantity, sampled,
};
use mlp_inference::{NetworkLayer, SavedModel, TrainedNetwork};
use mlp_report::chart::{Bar, BarChart, LineChart, Series};
use mlp_report::figures::quantile;
use mlp_report::{Block, Figure, Section, Table, number, shortened};

use super::{Judged, JudgedRows, Subject};
use crate::report::heading;

/// How many bars are drawn.
const MOST_BARS: usize = 15;
/// How many of the strongest columns have their partial dependence drawn.
const MOST_DEPENDENCES: usize = 4;
/// How many classes or targets have a line each.
const MOST_OUTPUTS: usize = 4;
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
    let features = model.preprocessor().features.len();
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
    section = section.with(Block::Table(importance_table(&importances)));
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
            Ok(found) => figures.push(dependence_figure(&found)),
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
        TrainedNetwork::Ensemble { members } => members.iter().map(products).sum(),
        TrainedNetwork::Clustering { .. } => weights(model),
    }
}

fn importance_table(importances: &Importances) -> Table {
    let name = heading(importances.metric);
    let mut table = Table::new(
        format!(
            "Permutation importance: by how much the {name} gets worse, from {}",
            number(importances.score)
        ),
        &[
            "column",
            "#mean",
            "#standard deviation",
            "#lowest",
            "#highest",
        ],
    );
    let columns = importances.columns.iter().take(MOST_BARS);
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
    if importances.columns.len() > MOST_BARS {
        let _ = write!(
            table.caption,
            " (the strongest {MOST_BARS} of {} columns)",
            importances.columns.len()
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
    let caption = format!(
        "The bar is the mean of {REPEATS} shufflings, the line reaches from the lowest to the highest. A bar at 0 \
         means that the model does not need the column."
    );
    Figure::new("importance", chart.draw(), caption)
}

/// How the mean prediction changes with a column.
fn dependence_figure(found: &Dependence) -> Figure {
    let what = match found.quantity {
        Quantity::Probability => "probability",
        Quantity::Score => "score",
        Quantity::Number => "predicted number",
    };
    // Of two classes, the second says all.
    let outputs = match found.outputs.as_slice() {
        [_, second] if !matches!(found.quantity, Quantity::Number) => std::slice::from_ref(second),
        outputs => &outputs[..outputs.len().min(MOST_OUTPUTS)],
    };
    let column = shortened(&found.column, 40);
    let name = format!("dependence_{}", found.column);
    let of = match outputs {
        [output] => format!("mean {what} of {}", shortened(&output.output, 24)),
        _ => format!("mean {what}"),
    };
    if let (Grid::Categories(labels), [output, ..]) = (&found.grid, outputs) {
        let bars = labels.iter().zip(&output.mean).take(MOST_BARS);
        let chart = BarChart {
            title: format!("Partial dependence on {column}"),
            description: format!("The {of} for each value"),
            axis: format!("mean {what} of {}", shortened(&output.output, 24)),
            bars: bars
                .map(|(label, value)| Bar {
                    name: label.clone(),
                    value: *value,
                    spread: None,
                })
                .collect(),
        };
        let caption = format!(
            "If all of {} rows had this value, and their other values were as they are. The most frequent values \
             are at the top.",
            mlp_report::count(found.rows)
        );
        return Figure::new(name, chart.draw(), caption);
    }
    let x: Vec<f64> = match &found.grid {
        Grid::Numbers(numbers) => numbers.clone(),
        Grid::Dates(dates) => dates.iter().map(|date| year(*date)).collect(),
        Grid::Categories(names) => (0..names.len()).map(|index| index as f64).collect(),
    };
    let series = outputs.iter().map(|output| {
        let points = x.iter().zip(&output.mean).map(|(&x, &y)| [x, y]);
        let band = if outputs.len() == 1 {
            quartiles(&output.curves)
        } else {
            Vec::new()
        };
        Series {
            name: output.output.clone(),
            points: points.collect(),
            band,
            ..Series::default()
        }
    });
    let axis = match &found.grid {
        Grid::Dates(_) => format!("{column} (year)"),
        Grid::Numbers(_) | Grid::Categories(_) => column.clone(),
    };
    let chart = LineChart {
        title: format!("Partial dependence on {column}"),
        description: format!("The {of}, by {column}"),
        axes: [axis, of],
        series: series.collect(),
        ..LineChart::default()
    };
    let band = if outputs.len() == 1 {
        " The band holds the middle half of single rows."
    } else {
        ""
    };
    let caption = format!(
        "What is predicted on average if all of {} rows had this value, and their other values were as they \
         are.{band}",
        mlp_report::count(found.rows)
    );
    Figure::new(name, chart.draw(), caption)
}

/// A point in time as a year with its fraction.
fn year(microseconds: i64) -> f64 {
    /// A mean year of the Gregorian calendar, in microseconds.
    const YEAR: f64 = 365.2425 * 24.0 * 3600.0 * 1e6;
    1970.0 + microseconds as f64 / YEAR
}

/// The middle half of the curves at each place.
fn quartiles(curves: &[Vec<f64>]) -> Vec<[f64; 2]> {
    let num_places = curves.first().map_or(0, Vec::len);
    (0..num_places)
        .map(|place| {
            let values = curves.iter().map(|curve| curve[place]);
            let mut values: Vec<f64> = values.collect();
            values.sort_unstable_by(f64::total_cmp);
            [0.25, 0.75].map(|q| quantile(&values, q))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_holds_the_middle_half_of_the_curves() {
        let curves = [[0.0, 9.0], [4.0, 5.0], [2.0, 7.0], [1.0, 1.0], [3.0, 3.0]].map(Vec::from);
        assert_eq!(quartiles(&curves), [[1.0, 3.0], [3.0, 7.0]]);
        assert!(quartiles(&[]).is_empty());
    }

    #[test]
    fn a_date_is_in_its_year() {
        // 2024-07-01, half of a leap year after 2024-01-01.
        let found = year(1_719_792_000 * 1_000_000);
        assert!((found - 2024.5).abs() < 0.01, "{found}");
    }
}
