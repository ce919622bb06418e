use super::built_in::BuiltIn;
use crate::dataset::Dataset;
use crate::error::Error;
use crate::preprocessor::Scaling;
use crate::split::Partition;
use crate::table::{Table, Target};

/// The truth table of a logic gate. The inputs are 0 and 1, and are not scaled.
pub(super) fn load(gate: BuiltIn, output: fn(bool, bool) -> bool) -> Result<Dataset, Error> {
    let inputs = [[false, false], [false, true], [true, false], [true, true]];
    let target = Target::Classes {
        name: gate.name().to_owned(),
        labels: inputs
            .into_iter()
            .map(|[a, b]| usize::from(output(a, b)))
            .collect(),
        classes: vec!["false".to_owned(), "true".to_owned()],
    };
    let table = Table::from_rows(
        vec!["a".to_owned(), "b".to_owned()],
        &inputs
            .as_flattened()
            .iter()
            .map(|&input| f64::from(input))
            .collect::<Vec<_>>(),
        Some(target),
    )?;
    Ok(Dataset::new(
        gate.name(),
        table,
        Partition::Whole,
        Scaling::None,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LoadOptions;

    #[test]
    fn gates_are_their_truth_tables() {
        for (gate, outputs) in [
            (BuiltIn::And, [0, 0, 0, 1]),
            (BuiltIn::Or, [0, 1, 1, 1]),
            (BuiltIn::Xor, [0, 1, 1, 0]),
        ] {
            let Dataset {
                table,
                partition,
                scaling,
                ..
            } = gate.load(&LoadOptions::default()).unwrap();
            assert_eq!(table.features(), [0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0]);
            assert_eq!(
                *table.target().unwrap(),
                Target::Classes {
                    name: gate.name().into(),
                    labels: outputs.to_vec(),
                    classes: vec!["false".into(), "true".into()],
                }
            );
            assert_eq!((partition, scaling), (Partition::Whole, Scaling::None));
        }
    }
}
