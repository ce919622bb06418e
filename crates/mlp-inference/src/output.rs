use serde::{Deserialize, Serialize};

use crate::Predictions;

/// What the outputs of a network mean, which follows from the loss it was trained on.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum OutputKind {
    /// Logits of a softmax, one for each class (cross-entropy).
    Softmax,
    /// Logits of a sigmoid, one for each class, or a single one for two classes (binary
    /// cross-entropy).
    Sigmoid,
    /// Scores without a probability, one for each class, or a single one for two classes: the
    /// highest wins, a single one wins from 0 on.
    Scores,
    /// Numbers (regression).
    Numbers,
}

impl OutputKind {
    /// The classes that rows of outputs stand for.
    ///
    /// Probabilities are worked out in double precision, so that those of two backends differ by
    /// no more than their logits do. One class against the rest gives sigmoids that need not add
    /// up to 1; they are divided by their sum.
    pub fn classify(self, outputs: &[f32], d_output: usize) -> Predictions {
        let rows = outputs.chunks_exact(d_output);
        let probabilities = match self {
            Self::Softmax => Some(rows.clone().flat_map(softmax).collect::<Vec<_>>()),
            Self::Sigmoid => Some(rows.clone().flat_map(sigmoids).collect()),
            Self::Scores | Self::Numbers => None,
        };
        let labels = rows
            .map(|row| match row {
                [score] => usize::from(*score >= 0.0),
                scores => argmax(scores),
            })
            .collect();
        Predictions::Classes {
            labels,
            probabilities,
            num_classes: d_output.max(2),
        }
    }
}

fn softmax(logits: &[f32]) -> Vec<f64> {
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers = logits.iter().map(|&logit| f64::from(logit - highest).exp());
    normalized(powers.collect())
}

fn sigmoids(logits: &[f32]) -> Vec<f64> {
    let sigmoid = |logit: f32| 1.0 / (1.0 + (-f64::from(logit)).exp());
    match logits {
        [logit] => vec![sigmoid(-logit), sigmoid(*logit)],
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

/// The position of the highest score, the first one if several are equally high.
fn argmax(scores: &[f32]) -> usize {
    let mut best = 0;
    for (position, score) in scores.iter().enumerate() {
        if *score > scores[best] {
            best = position;
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
    ) -> (Vec<usize>, Option<Vec<f64>>) {
        match kind.classify(outputs, d_output) {
            Predictions::Classes {
                labels,
                probabilities,
                ..
            } => (labels, probabilities),
            Predictions::Numbers { .. } => unreachable!("classes were asked for"),
        }
    }

    fn assert_close(actual: &[f64], expected: &[f64]) {
        assert_eq!(actual.len(), expected.len());
        for (actual, expected) in actual.iter().zip(expected) {
            assert!(
                (actual - expected).abs() < 1e-12,
                "{actual} is not {expected}"
            );
        }
    }

    #[test]
    fn softmax_probabilities_follow_from_logits() {
        // Powers of e: 1, 2, 5 over their sum of 8.
        let logits = [0.0, 2.0f32.ln(), 5.0f32.ln()];

        let (labels, probabilities) = classify(OutputKind::Softmax, &logits, 3);

        assert_eq!(labels, [2]);
        let probabilities = probabilities.unwrap();
        for (actual, expected) in probabilities.iter().zip([0.125, 0.25, 0.625]) {
            assert!((actual - expected).abs() < 1e-7);
        }
    }

    #[test]
    fn huge_logits_do_not_overflow() {
        let (_, probabilities) = classify(OutputKind::Softmax, &[1e30, -1e30], 2);
        assert_close(&probabilities.unwrap(), &[1.0, 0.0]);

        let (_, probabilities) = classify(OutputKind::Sigmoid, &[-1e30], 1);
        assert_close(&probabilities.unwrap(), &[1.0, 0.0]);
    }

    #[test]
    fn one_sigmoid_tells_two_classes_apart() {
        let (labels, probabilities) = classify(OutputKind::Sigmoid, &[0.0, -1.0], 1);

        // σ(0) = ½, which counts as a yes; σ(−1) = 1 / (1 + e).
        assert_eq!(labels, [1, 0]);
        let no = 1.0 / (1.0 + (-1.0f64).exp());
        assert_close(&probabilities.unwrap(), &[0.5, 0.5, no, 1.0 - no]);
    }

    #[test]
    fn sigmoids_of_one_class_against_the_rest_add_up_to_one() {
        let (_, probabilities) = classify(OutputKind::Sigmoid, &[0.0, 0.0, 0.0, 0.0], 4);

        assert_close(&probabilities.unwrap(), &[0.25; 4]);
    }

    #[test]
    fn scores_decide_without_probabilities() {
        assert_eq!(
            classify(OutputKind::Scores, &[-0.1, 0.0], 1),
            (vec![0, 1], None)
        );
        assert_eq!(
            classify(OutputKind::Scores, &[1.0, 3.0, 3.0], 3),
            (vec![1], None)
        );
    }
}
