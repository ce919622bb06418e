//! Metrics of random cases compared with scikit-learn's. `golden/metrics.py` computes them, and
//! describes the format of its lines.

use std::str::FromStr;

use mlp_datasets::Task;
use mlp_inference::{Classes, Evaluation, Metric, Numbers};
use strum::VariantArray;

const TOLERANCE: f64 = 1e-6;

const CASES: &str = include_str!("golden/metrics.txt");

/// A line: the words that are given, and those that are expected.
struct Case {
    line: &'static str,
    given: Vec<&'static str>,
    expected: Vec<&'static str>,
}

impl Case {
    fn of_line(line: &'static str) -> Self {
        let (given, expected) = line.split_once(" | ").unwrap();
        Self {
            line,
            given: given.split(' ').collect(),
            expected: expected.split(' ').collect(),
        }
    }

    /// What each row is compared with, what is predicted for it, and its weight, as text.
    fn rows(&self) -> (Vec<(&'static str, &'static str)>, Option<Vec<f32>>) {
        let mut rows = Vec::new();
        let mut weights = Vec::new();
        for word in &self.given[2..] {
            let (row, weight) = word.split_once('*').unzip();
            rows.push(row.unwrap_or(word).split_once(':').unwrap());
            weights.extend(weight.map(parsed::<f32>));
        }
        (rows, (!weights.is_empty()).then_some(weights))
    }

    fn assert_equal(&self, what: impl ToString, actual: Option<f64>, expected: &str) {
        let is_equal = match (actual, expected) {
            (actual, "-") => actual.is_none(),
            (Some(actual), expected) => {
                let expected: f64 = parsed(expected);
                // A metric of −0 would be printed with its sign.
                let is_negative_zero = actual == 0.0 && actual.is_sign_negative();
                let difference = (actual - expected).abs();
                difference <= TOLERANCE * expected.abs().max(1.0) && !is_negative_zero
            }
            (None, _) => false,
        };
        assert!(
            is_equal,
            "{} is {actual:?}, but scikit-learn has {expected}: {}",
            what.to_string(),
            self.line
        );
    }

    /// Compares the metrics of a task, and none of another task.
    fn assert_metrics(&self, task: Task, evaluation: &Evaluation, expected: &[&str]) {
        let mut expected = expected.iter();
        for &metric in Metric::VARIANTS {
            let expected = if metric.task() == task {
                expected.next().unwrap()
            } else {
                "-"
            };
            self.assert_equal(metric, metric.of(&evaluation.metrics), expected);
        }
    }
}

fn parsed<T: FromStr>(text: &str) -> T {
    text.parse().ok().unwrap()
}

/// The class predicted, and the probability of each class.
fn predicted_class(digits: &str) -> (Option<usize>, Vec<f64>) {
    let digit = |digit: char| digit.to_digit(10).map_or(f64::NAN, f64::from);
    let digits: Vec<f64> = digits.chars().map(digit).collect();
    let sum: f64 = digits.iter().filter(|digit| digit.is_finite()).sum();
    let highest = digits.iter().copied().fold(f64::NAN, f64::max);
    let label = digits.iter().position(|&digit| digit == highest);
    (label, digits.iter().map(|digit| digit / sum).collect())
}

fn check_classes(case: &Case) {
    let num_classes: usize = parsed(case.given[1]);
    let (rows, weights) = case.rows();
    let predicted = rows.iter().map(|(_, digits)| predicted_class(digits));
    let (predicted, probabilities): (Vec<_>, Vec<_>) = predicted.unzip();
    let labels: Vec<Option<usize>> = rows.iter().map(|(label, _)| label.parse().ok()).collect();
    let predictions = Classes {
        names: (0..num_classes).map(|class| class.to_string()).collect(),
        labels: predicted,
        probabilities: (case.given[0] == "classes").then(|| probabilities.concat()),
    };

    let evaluation = Evaluation::of_classes(&predictions, &labels, weights.as_deref());

    let (counts, expected) = case.expected.split_at(2);
    let (metrics, per_class) = expected.split_at(7);
    case.assert_metrics(Task::Classification, &evaluation, metrics);
    let found = [evaluation.num_unknown, evaluation.num_not_finite];
    assert_eq!(
        found.map(|count| count.to_string()),
        counts,
        "{}",
        case.line
    );
    assert_eq!(evaluation.per_class.len(), per_class.len(), "{}", case.line);
    for (class, expected) in evaluation.per_class.iter().zip(per_class) {
        let found = [class.precision, class.recall, class.f1];
        for (found, expected) in found.into_iter().zip(expected.split(',')) {
            case.assert_equal("a metric of a class", found, expected);
        }
    }
    assert_rows_add_up(
        case,
        &evaluation,
        weights.as_deref().unwrap_or(&vec![1.0; rows.len()]),
    );
}

/// Every row of a weight above 0 is in the confusion matrix, and those of a class in its metrics.
fn assert_rows_add_up(case: &Case, evaluation: &Evaluation, weights: &[f32]) {
    let Some(matrix) = &evaluation.confusion_matrix else {
        assert!(evaluation.num_not_finite > 0, "{}", case.line);
        return;
    };
    let counted = weights.iter().filter(|&&weight| weight > 0.0).count();
    assert_eq!(
        matrix.iter().flatten().sum::<usize>(),
        counted,
        "{}",
        case.line
    );
    let of_rows: Vec<usize> = matrix.iter().map(|row| row.iter().sum()).collect();
    let mut of_classes: Vec<usize> = evaluation
        .per_class
        .iter()
        .map(|class| class.rows)
        .collect();
    if evaluation.num_unknown > 0 {
        of_classes.push(evaluation.num_unknown);
    }
    assert_eq!(of_rows, of_classes, "{}", case.line);
}

fn check_numbers(case: &Case) {
    let (rows, weights) = case.rows();
    let numbers = |text: &str| -> Vec<f64> { text.split(',').map(parsed).collect() };
    let targets: Vec<Vec<f64>> = rows.iter().map(|(targets, _)| numbers(targets)).collect();
    let predicted: Vec<Vec<f64>> = rows.iter().map(|(_, values)| numbers(values)).collect();
    let predictions = Numbers {
        values: predicted.concat(),
        num_outputs: targets[0].len(),
    };
    let quantile = parsed(case.given[1]);

    let evaluation = Evaluation::of_numbers(
        &predictions,
        &targets.concat(),
        quantile,
        weights.as_deref(),
    );

    case.assert_metrics(Task::Regression, &evaluation, &case.expected[1..]);
    let num_not_finite = evaluation.num_not_finite.to_string();
    assert_eq!(num_not_finite, case.expected[0], "{}", case.line);
    assert_eq!(evaluation.confusion_matrix, None);
    assert!(evaluation.per_class.is_empty());
}

#[test]
fn metrics_of_random_cases_equal_those_of_scikit_learn() {
    let cases: Vec<Case> = CASES.lines().skip(1).map(Case::of_line).collect();
    assert!(cases.len() >= 1500);
    for case in &cases {
        match case.given[0] {
            "classes" | "scores" => check_classes(case),
            _ => check_numbers(case),
        }
    }
}
