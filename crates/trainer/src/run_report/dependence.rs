use std::slice;

use mlp_datasets::{Table as Data, Values};
use mlp_explanations::{Dependence, Grid, OutputDependence, Quantity};
use mlp_report::chart::{Bar, BarChart, LineChart, Series};
use mlp_report::figures::quantile;
use mlp_report::{Figure, shortened};

use super::{FEWEST_ROWS_SHOWN, Subject};

/// How many bars are drawn.
const MOST_BARS: usize = 15;
/// How many classes or targets are drawn.
const MOST_OUTPUTS: usize = 4;

/// How the mean prediction changes with a column: the classes in one picture, and each target in one of its own, as
/// their units differ.
pub fn figures(subject: &Subject<'_>, found: &Dependence) -> Vec<Figure> {
    let (outputs, left_out) = drawn(found);
    match &found.grid {
        Grid::Categories(labels) => {
            let table = &subject.dataset.table;
            let shown =
                |label: &String| subject.shows_rows || occurs_often(table, &found.column, label);
            let places: Vec<usize> = (0..labels.len())
                .filter(|&place| shown(&labels[place]))
                .collect();
            let note = match labels.len() - places.len() {
                0 => left_out,
                hidden => format!(
                    "{left_out} {hidden} values that occur in fewer than {FEWEST_ROWS_SHOWN} rows are not shown."
                ),
            };
            let figure = |output: &&OutputDependence| bars(found, output, labels, (&places, &note));
            outputs.iter().map(figure).collect()
        }
        Grid::Numbers(numbers) => lines(found, &outputs, numbers, &left_out),
        Grid::Dates(dates) => {
            let years: Vec<f64> = dates.iter().map(|date| year(*date)).collect();
            lines(found, &outputs, &years, &left_out)
        }
    }
}

/// The classes or targets that are drawn, and which are not. Of two classes, the second says all; of many classes,
/// those whose probability changes the most are drawn.
fn drawn(found: &Dependence) -> (Vec<&OutputDependence>, String) {
    let is_number = matches!(found.quantity, Quantity::Number);
    let outputs: Vec<&OutputDependence> = match found.outputs.as_slice() {
        [_, second] if !is_number => vec![second],
        outputs => outputs.iter().collect(),
    };
    let all = outputs.len();
    if all <= MOST_OUTPUTS {
        return (outputs, String::new());
    }
    if is_number {
        let note = format!(" The first {MOST_OUTPUTS} of {all} targets are drawn.");
        return (outputs.into_iter().take(MOST_OUTPUTS).collect(), note);
    }
    let change = |output: &OutputDependence| {
        let high = output
            .mean
            .iter()
            .copied()
            .fold(f64::NEG_INFINITY, f64::max);
        let low = output.mean.iter().copied().fold(f64::INFINITY, f64::min);
        high - low
    };
    let mut order: Vec<usize> = (0..all).collect();
    order.sort_by(|&a, &b| change(outputs[b]).total_cmp(&change(outputs[a])));
    order.truncate(MOST_OUTPUTS);
    order.sort_unstable();
    let drawn = order.into_iter().map(|index| outputs[index]).collect();
    let note = format!(
        " Of {all} classes, the {MOST_OUTPUTS} that change the most are drawn; `trainer explain --method dependence \
         --class CLASS` shows any other."
    );
    (drawn, note)
}

/// Whether so many rows have a value that it says nothing about one of them.
fn occurs_often(table: &Data, column: &str, label: &str) -> bool {
    let Some(Values::Categories { codes, names }) =
        table.column(column).map(|column| &column.values)
    else {
        return false;
    };
    let rows = codes.iter().filter(|&&code| {
        let name = names.get(code as usize);
        name.is_some_and(|name| name == label)
    });
    rows.take(FEWEST_ROWS_SHOWN).count() == FEWEST_ROWS_SHOWN
}

fn what(found: &Dependence) -> &'static str {
    match found.quantity {
        Quantity::Probability => "probability",
        Quantity::Score => "score",
        Quantity::Number => "predicted number",
    }
}

/// A name of a picture, with the output if each has one.
fn name(found: &Dependence, output: Option<&OutputDependence>) -> String {
    match output {
        Some(output) => format!("dependence_{}_{}", found.column, output.output),
        None => format!("dependence_{}", found.column),
    }
}

/// A bar for each category, from 0.
fn bars(
    found: &Dependence,
    output: &OutputDependence,
    labels: &[String],
    (places, note): (&[usize], &str),
) -> Figure {
    let column = shortened(&found.column, 40);
    let of = format!("mean {} of {}", what(found), shortened(&output.output, 24));
    let chart = BarChart {
        title: format!("Partial dependence on {column}"),
        description: format!("The {of} for each value"),
        axis: of,
        bars: places
            .iter()
            .take(MOST_BARS)
            .map(|&place| Bar {
                name: labels[place].clone(),
                value: output.mean[place],
                spread: None,
            })
            .collect(),
    };
    let caption = format!(
        "If all of {} rows had this value, and their other values were as they are. The most frequent values \
         are at the top.{note}",
        mlp_report::count(found.rows)
    );
    let is_single = found.outputs.len() <= 2 && !matches!(found.quantity, Quantity::Number)
        || found.outputs.len() == 1;
    let name = name(found, Some(output).filter(|_| !is_single));
    Figure::new(name, chart.draw(), caption)
}

/// A line for each class, or a picture with a line for each target.
fn lines(found: &Dependence, outputs: &[&OutputDependence], x: &[f64], note: &str) -> Vec<Figure> {
    let is_number = matches!(found.quantity, Quantity::Number);
    if is_number && outputs.len() > 1 {
        let of_target = |output: &&OutputDependence| {
            let name = name(found, Some(output));
            line_figure(found, (name, slice::from_ref(output)), x, note)
        };
        return outputs.iter().map(of_target).collect();
    }
    vec![line_figure(found, (name(found, None), outputs), x, note)]
}

fn line_figure(
    found: &Dependence,
    (name, outputs): (String, &[&OutputDependence]),
    x: &[f64],
    note: &str,
) -> Figure {
    let column = shortened(&found.column, 40);
    let of = match outputs {
        [output] => format!("mean {} of {}", what(found), shortened(&output.output, 24)),
        _ => format!("mean {}", what(found)),
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
         are.{band}{note}",
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

    fn dependence(quantity: Quantity, means: &[[f64; 2]]) -> Dependence {
        let output = |(index, mean): (usize, &[f64; 2])| OutputDependence {
            output: format!("o{index}"),
            mean: mean.to_vec(),
            curves: Vec::new(),
        };
        Dependence {
            column: "x".to_owned(),
            grid: Grid::Numbers(vec![0.0, 1.0]),
            quantity,
            rows: 9,
            outputs: means.iter().enumerate().map(output).collect(),
        }
    }

    #[test]
    fn of_many_classes_those_that_change_the_most_are_drawn_and_it_says_so() {
        let means = [[0.1, 0.2], [0.3, 0.3], [0.2, 0.0], [0.1, 0.3], [0.3, 0.15]];
        let found = dependence(Quantity::Probability, &means);
        let (outputs, note) = drawn(&found);
        let names: Vec<_> = outputs.iter().map(|of| of.output.as_str()).collect();
        assert_eq!(names, ["o0", "o2", "o3", "o4"]);
        assert!(note.contains("Of 5 classes"), "{note}");
        assert_eq!(lines(&found, &outputs, &[0.0, 1.0], &note).len(), 1);
    }

    #[test]
    fn each_target_has_a_picture() {
        let found = dependence(Quantity::Number, &[[0.0, 1e6], [0.1, 0.2]]);
        let (outputs, note) = drawn(&found);
        let names = lines(&found, &outputs, &[0.0, 1.0], &note);
        let names: Vec<_> = names.into_iter().map(|figure| figure.name).collect();
        assert_eq!(names, ["dependence_x_o0", "dependence_x_o1"]);
    }

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
