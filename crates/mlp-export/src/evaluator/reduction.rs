//! Operators over an axis.

use super::Node;
use super::arithmetic::other_type;
use super::array::{Array, Data};
use crate::error::Error;

/// The output of an operator over an axis; `None` for another one.
pub fn compute(operator: &str, node: &Node<'_>) -> Result<Option<Array>, Error> {
    let axis = match operator {
        "ReduceSum" => node.input(1)?.integers()?.first().copied(),
        "ReduceMean" | "ReduceMax" => node.attribute("axes")?.ints.first().copied(),
        "ArgMax" => Some(node.int("axis")?),
        _ => return Ok(None),
    };
    let x = node.input(0)?;
    let axis = x.axis(axis.unwrap_or_default())?;
    let (before, size, behind) = x.around(axis);
    let numbers: Vec<f64> = match &x.data {
        Data::Float(elements) => elements.iter().map(|&x| x.into()).collect(),
        Data::Double(elements) => elements.clone(),
        Data::Int64(_) | Data::Bool(_) | Data::Text(_) => return Err(other_type()),
    };
    let groups = (0..before).flat_map(|block| (0..behind).map(move |offset| (block, offset)));
    let reduced = groups.map(|(block, offset)| {
        let first = block * size * behind + offset;
        let group = (0..size).map(|i| numbers[first + i * behind]);
        match operator {
            "ReduceSum" => group.sum(),
            "ReduceMean" => group.sum::<f64>() / size as f64,
            "ReduceMax" => group.fold(f64::NEG_INFINITY, f64::max),
            _ => first_greatest(group),
        }
    });
    let reduced: Vec<f64> = reduced.collect();
    #[expect(clippy::cast_possible_truncation)] // Of the same precision as before, or an index.
    let data = if operator == "ArgMax" {
        Data::Int64(reduced.iter().map(|&index| index as i64).collect())
    } else if matches!(x.data, Data::Float(_)) {
        Data::Float(reduced.iter().map(|&x| x as f32).collect())
    } else {
        Data::Double(reduced)
    };
    let mut shape = x.shape.clone();
    shape[axis] = 1;
    Ok(Some(Array { shape, data }))
}

/// The index of the greatest number; of several the first one.
fn first_greatest(numbers: impl Iterator<Item = f64>) -> f64 {
    let (mut index, mut greatest) = (0.0, f64::NEG_INFINITY);
    for (i, number) in numbers.enumerate() {
        if number > greatest {
            (index, greatest) = (i as f64, number);
        }
    }
    index
}
