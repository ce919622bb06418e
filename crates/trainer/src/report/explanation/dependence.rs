use std::io::{self, Write};

use mlp_explanations::{Dependence, OutputDependence, Quantity};

use super::{BAR, ExplainedRows, bar, name_width, padded, quantity_of};
use crate::report::{counted, significant};

/// Prints how the prediction of an output depends on a column.
///
/// # Errors
///
/// If the writer fails.
pub fn write_dependence(
    out: &mut impl Write,
    found: &Dependence,
    output: &OutputDependence,
    rows: ExplainedRows<'_>,
) -> io::Result<()> {
    let explained = quantity_of(found.quantity, &output.output);
    let base = Base::of(found.quantity, &output.mean);
    let from = base.described();
    writeln!(
        out,
        "\nDependence of the {explained} on {}: mean over {} {}, and the range of {}; bars {from}\n",
        found.column,
        found.rows,
        rows.rows,
        counted(output.curves.len(), "row", "rows"),
    )?;
    let labels = found.grid.labels();
    let width = name_width(labels.iter().map(String::as_str));
    writeln!(
        out,
        "{:width$}{:>12}{:>12}{:>12}",
        "", "mean", "lowest", "highest"
    )?;
    for (index, (label, mean)) in labels.iter().zip(&output.mean).enumerate() {
        let of_rows = output.curves.iter().map(|curve| curve[index]);
        let lowest = of_rows.clone().fold(*mean, f64::min);
        let highest = of_rows.fold(*mean, f64::max);
        let line = format!(
            "{}{:>12}{:>12}{:>12}  {}",
            padded(label, width),
            significant(*mean),
            significant(lowest),
            significant(highest),
            base.bar(*mean)
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Where the bars begin.
enum Base {
    /// Probabilities begin at 0, up to the highest one.
    Zero { highest: f64 },
    /// Numbers and scores may be far from 0, so their bars begin at their mean, to both sides.
    Mean { mean: f64, furthest: f64 },
}

impl Base {
    fn of(quantity: Quantity, means: &[f64]) -> Self {
        match quantity {
            Quantity::Probability => Self::Zero {
                highest: means.iter().copied().fold(0.0, f64::max),
            },
            Quantity::Score | Quantity::Number => {
                let mean = means.iter().sum::<f64>() / means.len() as f64;
                let distances = means.iter().map(|value| (value - mean).abs());
                Self::Mean {
                    mean,
                    furthest: distances.fold(0.0, f64::max),
                }
            }
        }
    }

    fn described(&self) -> String {
        match self {
            Self::Zero { .. } => "from 0".to_owned(),
            Self::Mean { mean, .. } => {
                format!("from the mean of the values, {}", significant(*mean))
            }
        }
    }

    fn bar(&self, value: f64) -> String {
        match *self {
            Self::Zero { highest } => bar(value, highest),
            Self::Mean { mean, furthest } => {
                // Twice as far, so that a side has half of the characters.
                let drawn = bar((value - mean).abs(), 2.0 * furthest);
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 12.
                let side = (BAR / 2.0) as usize;
                if value < mean {
                    format!("{drawn:>side$}│")
                } else {
                    format!("{:side$}│{drawn}", "")
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_of_probabilities_begin_at_0_and_those_of_numbers_at_their_mean() {
        let base = Base::of(Quantity::Probability, &[0.4, 0.8]);
        assert_eq!(base.bar(0.4), "█".repeat(12));
        let base = Base::of(Quantity::Number, &[20.0, 22.0, 24.0]);
        assert_eq!(base.bar(20.0), format!("{}│", "█".repeat(12)));
        assert_eq!(base.bar(22.0), format!("{}│", " ".repeat(12)));
        assert_eq!(
            base.bar(24.0),
            format!("{}│{}", " ".repeat(12), "█".repeat(12))
        );
        assert!(base.described().contains("22"));
    }
}
