use std::sync::Arc;

use mlp_datasets::Task;
use mlp_models::loss::LossConfig;
use serde::{Deserialize, Serialize};

use crate::predictions::Classes;

/// What the outputs of a network mean, which depends on the loss it was trained on.
#[derive(Serialize, Deserialize, strum::Display, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OutputKind {
    /// Logits of a softmax, one for each class (cross-entropy).
    Softmax,
    /// Logits of a sigmoid, one for each class, or a single one for two classes (binary
    /// cross-entropy).
    Sigmoid,
    /// Scores without probabilities, one for each class, or a single one for two classes. The class
    /// with the highest score is predicted; a single score of 0 or more predicts the second class.
    Scores,
    /// Numbers (regression).
    Numbers,
}

impl OutputKind {
    /// What the outputs mean of a network trained on the given loss.
    pub fn of(loss: &LossConfig, task: Task) -> Self {
        match task {
            Task::Regression | Task::Clustering => Self::Numbers,
            Task::Classification => match loss {
                LossConfig::CrossEntropy { .. } => Self::Softmax,
                LossConfig::BinaryCrossEntropy { .. } => Self::Sigmoid,
                LossConfig::MeanSquaredError
                | LossConfig::MeanAbsoluteError
                | LossConfig::Huber { .. }
                | LossConfig::Pinball { .. }
                | LossConfig::PerceptronCriterion => Self::Scores,
            },
        }
    }

    /// Whether the outputs give a probability for each class.
    pub fn has_probabilities(self) -> bool {
        match self {
            Self::Softmax | Self::Sigmoid => true,
            Self::Scores | Self::Numbers => false,
        }
    }

    /// The class of each row of outputs, which are given row by row, and its probabilities.
    ///
    /// Probabilities are computed in double precision, so that those of two backends differ by no
    /// more than their logits do. The sigmoids of one class against the rest need not add up to 1,
    /// so they are divided by their sum.
    ///
    /// A row has no class if one of its probabilities, or of its scores where there are none, is NaN:
    /// if an output is NaN, or infinite logits make a softmax `∞ − ∞`.
    ///
    /// # Panics
    ///
    /// If there are not as many names as classes: `d_output`, or 2 for a single output.
    pub fn classify(self, outputs: &[f32], d_output: usize, names: Arc<[String]>) -> Classes {
        assert_eq!(names.len(), d_output.max(2), "one name for each class");
        let rows = outputs.chunks_exact(d_output);
        let probabilities: Option<Vec<f64>> = match self {
            Self::Softmax => Some(rows.clone().flat_map(softmax).collect()),
            Self::Sigmoid => Some(rows.clone().flat_map(sigmoids).collect()),
            Self::Scores | Self::Numbers => None,
        };
        let num_classes = names.len();
        let has_class = |row: usize, outputs: &[f32]| match &probabilities {
            Some(rows) => rows[row * num_classes..][..num_classes]
                .iter()
                .all(|probability| probability.is_finite()),
            None => !outputs.iter().any(|score| score.is_nan()),
        };
        let label = |outputs: &[f32]| match outputs {
            [score] => usize::from(*score >= 0.0),
            scores => argmax(scores),
        };
        let labels = rows
            .enumerate()
            .map(|(row, outputs)| has_class(row, outputs).then(|| label(outputs)))
            .collect();
        Classes {
            names,
            labels,
            probabilities,
        }
    }
}

/// Below this logit `1 + e^z` is 1 in double precision, so that `σ(z) = e^z / (1 + e^z)` is `e^z`:
/// below `−53·ln 2`.
const LOWEST_SIGMOID: f32 = -37.0;

fn softmax(logits: &[f32]) -> Vec<f64> {
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers = logits.iter().map(|&logit| f64::from(logit - highest).exp());
    normalized(powers.collect())
}

fn sigmoids(logits: &[f32]) -> Vec<f64> {
    let sigmoid = |logit: f32| 1.0 / (1.0 + (-f64::from(logit)).exp());
    match logits {
        [logit] => vec![sigmoid(-logit), sigmoid(*logit)],
        // Divided by their sum, powers of e are a softmax, which does not underflow to 0 / 0.
        logits if logits.iter().all(|&logit| logit < LOWEST_SIGMOID) => softmax(logits),
        logits => normalized(logits.iter().map(|&logit| sigmoid(logit)).collect()),
    }
}

fn normalized(mut values: Vec<f64>) -> Vec<f64> {
    let sum: f64 = values.iter().sum();
    for value in &mut values {
        *value /= sum;
    }
    values
}

/// The index of the highest score; of the first one if several are equally high.
fn argmax(scores: &[f32]) -> usize {
    let mut best = 0;
    for (index, score) in scores.iter().enumerate() {
        if *score > scores[best] {
            best = index;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classify(
        kind: OutputKind,
        outputs: &[f32],
        d_output: usize,
    ) -> (Vec<Option<usize>>, Option<Vec<f64>>) {
        let names = (0..d_output.max(2)).map(|class| class.to_string());
        let classes = kind.classify(outputs, d_output, names.collect());
        (classes.labels, classes.probabilities)
    }

    fn assert_close(actual: &[f64], expected: &[f64], tolerance: f64) {
        assert_eq!(actual.len(), expected.len());
        for (actual, expected) in actual.iter().zip(expected) {
            assert!(
                (actual - expected).abs() < tolerance,
                "{actual} is not {expected}"
            );
        }
    }

    #[test]
    fn softmax_probabilities_follow_from_logits() {
        // Powers of e: 1, 2, 5 over their sum of 8.
        let logits = [0.0, 2.0f32.ln(), 5.0f32.ln()];

        let (labels, probabilities) = classify(OutputKind::Softmax, &logits, 3);

        assert_eq!(labels, [Some(2)]);
        assert_close(&probabilities.unwrap(), &[0.125, 0.25, 0.625], 1e-7);
    }

    #[test]
    fn huge_logits_do_not_overflow() {
        let (_, probabilities) = classify(OutputKind::Softmax, &[1e30, -1e30], 2);
        assert_eq!(probabilities.unwrap(), [1.0, 0.0]);

        let (_, probabilities) = classify(OutputKind::Sigmoid, &[-1e30], 1);
        assert_eq!(probabilities.unwrap(), [1.0, 0.0]);
    }

    #[test]
    fn a_single_sigmoid_decides_between_two_classes() {
        let (labels, probabilities) = classify(OutputKind::Sigmoid, &[0.0, -1.0], 1);

        // σ(0) = ½, which predicts the second class; σ(−1) = 1 / (1 + e).
        assert_eq!(labels, [Some(1), Some(0)]);
        let no = 1.0 / (1.0 + (-1.0f64).exp());
        assert_close(&probabilities.unwrap(), &[0.5, 0.5, no, 1.0 - no], 1e-12);
    }

    #[test]
    fn sigmoids_of_one_class_against_the_rest_add_up_to_one() {
        let (_, probabilities) = classify(OutputKind::Sigmoid, &[0.0; 4], 4);

        assert_eq!(probabilities.unwrap(), [0.25; 4]);
    }

    #[test]
    fn sigmoids_that_underflow_keep_their_ratios() {
        let (labels, probabilities) =
            classify(OutputKind::Sigmoid, &[-801.0, -800.0, -1e30, -1e30], 2);

        // e⁻⁸⁰¹ and e⁻⁸⁰⁰ are 0 in double precision, but their ratio is e.
        let second = 1.0 / (1.0 + (-1.0f64).exp());
        assert_eq!(labels, [Some(1), Some(0)]);
        assert_close(
            &probabilities.unwrap(),
            &[1.0 - second, second, 0.5, 0.5],
            1e-15,
        );
    }

    #[test]
    fn sigmoids_do_not_jump_where_the_softmax_takes_over() {
        let (low, high) = (LOWEST_SIGMOID.next_down(), LOWEST_SIGMOID);

        let (_, probabilities) = classify(OutputKind::Sigmoid, &[low, -40.0, high, -40.0], 2);

        let probabilities = probabilities.unwrap();
        assert_close(&probabilities[..2], &probabilities[2..], 1e-6);
    }

    #[test]
    fn a_row_with_an_output_that_is_not_a_number_has_no_class() {
        for kind in [OutputKind::Softmax, OutputKind::Sigmoid, OutputKind::Scores] {
            let outputs = [0.0, f32::NAN, 0.0, 1.0, f32::NAN, 0.0];

            let (labels, probabilities) = classify(kind, &outputs, 2);

            assert_eq!(labels, [None, Some(1), None], "{kind}");
            if let Some(rows) = probabilities {
                assert!(rows[..2].iter().all(|p| p.is_nan()), "{kind}");
            }
        }
        for kind in [OutputKind::Sigmoid, OutputKind::Scores] {
            let (labels, _) = classify(kind, &[f32::NAN, -1.0], 1);
            assert_eq!(labels, [None, Some(0)], "{kind}");
        }
    }

    #[test]
    fn infinite_outputs_decide_where_they_have_probabilities() {
        let infinite = [f32::INFINITY, 0.0];
        let (labels, _) = classify(OutputKind::Softmax, &infinite, 2);
        assert_eq!(labels, [None]);

        let (labels, probabilities) = classify(OutputKind::Sigmoid, &infinite, 2);
        assert_eq!(labels, [Some(0)]);
        assert_close(&probabilities.unwrap(), &[2.0 / 3.0, 1.0 / 3.0], 1e-15);

        let (labels, _) = classify(OutputKind::Scores, &infinite, 2);
        assert_eq!(labels, [Some(0)]);

        let (labels, _) = classify(OutputKind::Sigmoid, &[f32::NEG_INFINITY; 2], 2);
        assert_eq!(labels, [None]);
    }

    #[test]
    fn scores_decide_without_probabilities() {
        assert_eq!(
            classify(OutputKind::Scores, &[-0.1, 0.0], 1),
            (vec![Some(0), Some(1)], None)
        );
        assert_eq!(
            classify(OutputKind::Scores, &[1.0, 3.0, 3.0], 3),
            (vec![Some(1)], None)
        );
    }

    #[test]
    #[should_panic(expected = "one name for each class")]
    fn fewer_names_than_classes_panic() {
        OutputKind::Softmax.classify(&[0.0; 3], 3, Arc::from(["a".to_owned()]));
    }

    #[test]
    fn the_loss_decides_what_outputs_mean() {
        let binary = LossConfig::BinaryCrossEntropy {
            label_smoothing: 0.0,
        };
        let kind = |loss: &LossConfig| OutputKind::of(loss, Task::Classification);
        assert_eq!(kind(&binary), OutputKind::Sigmoid);
        assert_eq!(kind(&LossConfig::MeanSquaredError), OutputKind::Scores);
        assert_eq!(kind(&LossConfig::PerceptronCriterion), OutputKind::Scores);
        assert_eq!(
            OutputKind::of(&LossConfig::MeanSquaredError, Task::Regression),
            OutputKind::Numbers
        );
    }
}
