use mlp_report::chart::{Histogram, Ideal, ScatterChart};
use mlp_report::figures::quantile;
use mlp_report::{Block, Figure, Section, Table, count, number, shortened};

use super::{Judged, Subject};

/// How many targets have their drawings.
const MOST_TARGETS: usize = 6;

/// The predicted and the actual numbers of a target, row by row.
struct Target<'a> {
    name: &'a str,
    predicted: Vec<f64>,
    actual: Vec<f64>,
}

/// How predicted numbers differ from the actual ones.
pub fn section(subject: &Subject<'_>, judged: &Judged) -> Option<Section> {
    let numbers = judged.numbers()?;
    let names = subject.model.target_names();
    let targets: Vec<Target> = names
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let of = |values: &[f64]| {
                let values = values.iter().skip(index).step_by(numbers.num_outputs);
                values.copied().collect()
            };
            Target {
                name,
                predicted: of(&numbers.values),
                actual: of(&judged.targets),
            }
        })
        .collect();
    let mut section = Section::new("errors", "Predicted and actual numbers")
        .with_text(format!(
            "The figures are of {}. A residual is the predicted number less the actual one.",
            judged.described()
        ))
        .with(Block::Table(residuals(&targets)));
    for target in targets.iter().take(MOST_TARGETS) {
        if targets.len() > 1 {
            section = section.with(Block::Heading(target.name.to_owned()));
        }
        section = section.with(Block::Figures(target.figures(targets.len() > 1)));
    }
    if targets.len() > MOST_TARGETS {
        section = section.with_text(format!(
            "The drawings are of the first {MOST_TARGETS} of {} targets.",
            targets.len()
        ));
    }
    Some(section)
}

/// The quantiles of the residuals of each target.
fn residuals(targets: &[Target<'_>]) -> Table {
    let mut table = Table::new(
        "Residuals: nine in ten lie between the 5 % and the 95 % quantile",
        &[
            "target", "#lowest", "#5 %", "#25 %", "#median", "#75 %", "#95 %", "#highest", "#mean",
        ],
    );
    for target in targets {
        let sorted = target.sorted_residuals();
        let mean = sorted.iter().sum::<f64>() / sorted.len().max(1) as f64;
        let quantiles = [0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0].map(|q| quantile(&sorted, q));
        let numbers = quantiles.into_iter().chain([mean]).map(number);
        let cells = [shortened(target.name, 60)].into_iter().chain(numbers);
        table.rows.push(cells.collect());
    }
    table
}

impl Target<'_> {
    fn residuals(&self) -> impl Iterator<Item = f64> {
        let pairs = self.predicted.iter().zip(&self.actual);
        pairs.map(|(predicted, actual)| predicted - actual)
    }

    fn sorted_residuals(&self) -> Vec<f64> {
        let finite = self.residuals().filter(|residual| residual.is_finite());
        let mut sorted: Vec<f64> = finite.collect();
        sorted.sort_unstable_by(f64::total_cmp);
        sorted
    }

    fn figures(&self, is_one_of_several: bool) -> Vec<Figure> {
        let sorted = self.sorted_residuals();
        let [low, high] = [0.05, 0.95].map(|q| quantile(&sorted, q));
        let of_target = if is_one_of_several {
            format!(" of {}", shortened(self.name, 30))
        } else {
            String::new()
        };
        let file = |name: &str| {
            if is_one_of_several {
                format!("{name}_{}", self.name)
            } else {
                name.to_owned()
            }
        };
        let points = self.actual.iter().zip(&self.predicted);
        let rows = count(self.actual.len());
        let scatter = ScatterChart {
            title: format!("Predicted and actual numbers{of_target}"),
            description: format!(
                "{rows} rows; nine in ten are off by {} to {}",
                number(low),
                number(high)
            ),
            axes: ["actual".to_owned(), "predicted".to_owned()],
            points: points
                .map(|(actual, predicted)| [*actual, *predicted])
                .collect(),
            ideal: Ideal::Diagonal,
        };
        let by_prediction = ScatterChart {
            title: format!("Residuals by prediction{of_target}"),
            description: format!("The residuals of {rows} rows, around zero"),
            axes: ["predicted".to_owned(), "residual".to_owned()],
            points: self
                .predicted
                .iter()
                .zip(self.residuals())
                .map(|(predicted, residual)| [*predicted, residual])
                .collect(),
            ideal: Ideal::Zero,
        };
        let histogram = Histogram {
            title: format!("Residuals{of_target}"),
            description: format!(
                "Nine in ten residuals lie between {} and {}",
                number(low),
                number(high)
            ),
            axis: "predicted less actual".to_owned(),
            values: self.residuals().collect(),
            marked: vec![
                (low, format!("5 %: {}", number(low))),
                (high, format!("95 %: {}", number(high))),
            ],
        };
        vec![
            Figure::new(
                file("predicted_and_actual"),
                scatter.draw(),
                "On the dashed line, the prediction is exact. Where there are many rows, a cell is the darker the \
                 more it has.",
            ),
            Figure::new(
                file("residuals_by_prediction"),
                by_prediction.draw(),
                "Without any pattern, errors do not depend on how much is predicted. A funnel means that large \
                 numbers are less certain; a bend, that something is missed.",
            ),
            Figure::new(
                file("residuals"),
                histogram.draw(),
                "How often the prediction is too low (left of 0) or too high (right of it), and by how much.",
            ),
        ]
    }
}
