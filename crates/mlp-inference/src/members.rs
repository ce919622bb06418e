//! Networks of several members, whose outputs are combined for prediction.

use burn::tensor::Tensor;
use burn::tensor::activation::{log_sigmoid, log_softmax};

use crate::output::OutputKind;

impl OutputKind {
    /// Combines the outputs of the members of a network into those of one network.
    ///
    /// With `k` members whose outputs for a row are `z₁ … zₖ`, the combined outputs are
    ///
    /// ```text
    /// softmax:          ln(mean(softmax(zᵢ)))
    /// sigmoid:          logit(mean(σ(zᵢ))),  logit(p) = ln(p / (1 − p))
    /// scores, numbers:  mean(zᵢ)
    /// ```
    ///
    /// so that probabilities are averaged, and the result is logits again. The outputs of a single
    /// member are returned unchanged.
    ///
    /// # Shapes
    ///
    /// - outputs: `[num_members · batch_size, d_output]`, one member's rows after another's
    /// - returns: `[batch_size, d_output]`
    ///
    /// # Panics
    ///
    /// If the number of rows is not a multiple of the number of members.
    pub fn combine_members(self, outputs: Tensor<2>, num_members: usize) -> Tensor<2> {
        if num_members == 1 {
            return outputs;
        }
        let [num_rows, d_output] = outputs.dims();
        assert!(
            num_members > 0 && num_rows.is_multiple_of(num_members),
            "{num_rows} rows of outputs cannot come from {num_members} members"
        );
        let outputs = outputs.reshape([num_members, num_rows / num_members, d_output]);
        match self {
            Self::Softmax => log_mean_exp(log_softmax(outputs, 2)),
            Self::Sigmoid => {
                let yes = log_mean_exp(log_sigmoid(outputs.clone()));
                yes - log_mean_exp(log_sigmoid(-outputs))
            }
            Self::Scores | Self::Numbers => outputs.mean_dim(0).squeeze_dim(0),
        }
    }
}

/// `ln(mean(exp(x)))` over the first dimension. The largest exponent is subtracted first, so that
/// not all powers become 0.
fn log_mean_exp(exponents: Tensor<3>) -> Tensor<2> {
    let largest = exponents.clone().max_dim(0);
    let powers = (exponents - largest.clone()).exp();
    (powers.mean_dim(0).log() + largest).squeeze_dim(0)
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;

    /// Combines two members' outputs for one row.
    fn combine<const N: usize>(kind: OutputKind, members: [[f32; N]; 2]) -> Vec<f32> {
        let outputs = Tensor::from_floats(members, &Device::flex());
        let combined = kind.combine_members(outputs, 2);
        assert_eq!(combined.dims(), [1, N]);
        combined.try_into_vec_as().unwrap()
    }

    /// Compares the softmax of two logits with probabilities.
    fn assert_probabilities(logits: &[f32], expected: [f64; 2]) {
        let names = ["a".to_owned(), "b".to_owned()].into();
        let classes = OutputKind::Softmax.classify(logits, 2, names);
        let found = classes.probabilities.unwrap();
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
        }
    }

    #[test]
    fn the_softmax_probabilities_of_members_are_averaged() {
        // The members give (1, 3)/4 and (3, 1)/4 times an arbitrary factor, then (1, 3)/4 and (1, 1)/2.
        let equal = combine(
            OutputKind::Softmax,
            [[0.0, 3.0f32.ln()], [7.0 + 3.0f32.ln(), 7.0]],
        );
        assert_probabilities(&equal, [0.5, 0.5]);

        let mixed = combine(OutputKind::Softmax, [[0.0, 3.0f32.ln()], [2.0, 2.0]]);
        assert_probabilities(&mixed, [0.375, 0.625]);
    }

    #[test]
    fn the_sigmoid_probabilities_of_members_are_averaged() {
        // σ(0) = ½ and σ(ln 3) = ¾ have the mean ⅝, whose logit is ln(5/3).
        let combined = combine(OutputKind::Sigmoid, [[0.0], [3.0f32.ln()]]);

        assert!((combined[0] - (5.0f32 / 3.0).ln()).abs() < 1e-6);
    }

    #[test]
    fn members_that_are_certain_give_finite_logits() {
        let certain = combine(OutputKind::Softmax, [[300.0, -300.0], [300.0, -300.0]]);
        assert!(certain.iter().all(|logit| logit.is_finite()));

        // One is certain of either class, so the mean is ½.
        let combined = combine(OutputKind::Sigmoid, [[300.0], [-300.0]]);
        assert!(combined[0].abs() < 1e-6);
    }

    #[test]
    fn scores_and_numbers_of_members_are_averaged() {
        for kind in [OutputKind::Scores, OutputKind::Numbers] {
            assert_eq!(combine(kind, [[1.0, -4.0], [2.0, 6.0]]), [1.5, 1.0]);
        }
    }

    #[test]
    fn members_follow_each_other_and_not_rows() {
        // Rows of 1 and 2 from the first member, then of 5 and 8 from the second.
        let outputs = Tensor::from_floats([[1.0], [2.0], [5.0], [8.0]], &Device::flex());

        let combined = OutputKind::Numbers.combine_members(outputs, 2);

        let combined: Vec<f32> = combined.try_into_vec_as().unwrap();
        assert_eq!(combined, [3.0, 5.0]);
    }

    #[test]
    fn a_single_member_is_left_as_it_is() {
        for kind in [
            OutputKind::Softmax,
            OutputKind::Sigmoid,
            OutputKind::Scores,
            OutputKind::Numbers,
        ] {
            let outputs = Tensor::<2>::from_floats([[0.3, -1.7], [2.5, 1e-9]], &Device::flex());
            let combined = kind.combine_members(outputs.clone(), 1);
            assert_eq!(combined.into_data(), outputs.into_data());
        }
    }
}
