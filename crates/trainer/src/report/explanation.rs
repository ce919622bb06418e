//! What explains a model and its predictions, as text.

mod dependence;
mod importance;
mod row;

use mlp_explanations::Quantity;

pub use dependence::write_dependence;
pub use importance::{importance_of, write_importances};
pub use row::{ExplainedRow, ExplainedValue, write_row};

use super::{Aligned, cut, widest};

/// How many characters the longest bar has.
const BAR: f64 = 24.0;
/// How many characters a name has, at most.
const NAME: usize = 28;

/// The rows that something is explained with.
#[derive(Clone, Copy)]
pub struct ExplainedRows<'a> {
    /// What they are called, such as `test rows`.
    pub rows: &'a str,
    /// The name of the data set.
    pub dataset: &'a str,
    /// What is predicted: the target.
    pub target: &'a str,
}

/// What is explained, such as `probability of yes`.
pub fn quantity_of(quantity: Quantity, output: &str) -> String {
    match quantity {
        Quantity::Probability => format!("probability of {output}"),
        Quantity::Score => format!("score of {output}"),
        Quantity::Number => output.to_owned(),
    }
}

/// A bar of a length, of which the longest has 24 characters.
fn bar(length: f64, longest: f64) -> String {
    let share = (length / longest).clamp(0.0, 1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 24; NaN is 0.
    let count = (share * BAR).round() as usize;
    "█".repeat(count)
}

fn name_width<'a>(names: impl Iterator<Item = &'a str>) -> usize {
    widest(names).clamp(12, NAME) + 2
}

/// A name, cut short if it is too long.
fn padded(name: &str, width: usize) -> String {
    format!("{:width$}", Aligned(&cut(name, width - 2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut() {
        assert_eq!(padded("a_name_of_many_letters", 12), "a_name_of…  ");
        assert_eq!(bar(f64::NAN, 1.0), "");
    }
}
