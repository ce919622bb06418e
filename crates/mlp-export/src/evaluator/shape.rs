//! Operators that move elements.

use super::Node;
use super::arithmetic::at;
use super::array::{Array, Data, indices};
use crate::error::Error;

/// The output of an operator that moves elements; `None` for another one.
pub fn compute(operator: &str, node: &Node<'_>) -> Result<Option<Array>, Error> {
    let array = match operator {
        "Identity" => node.input(0)?.clone(),
        "Concat" => concat(node)?,
        "Gather" => gather(node)?,
        "Transpose" => transpose(node)?,
        "Reshape" | "Flatten" | "Unsqueeze" | "Squeeze" => {
            let x = node.input(0)?;
            let shape = match operator {
                "Reshape" => reshaped(x, node.input(1)?.integers()?)?,
                "Flatten" => vec![
                    x.shape.first().copied().unwrap_or(1),
                    x.shape.iter().skip(1).product(),
                ],
                "Unsqueeze" => {
                    let axis = node.input(1)?.integers()?.first().copied();
                    let axis = usize::try_from(axis.unwrap_or(0)).unwrap_or(usize::MAX);
                    let mut shape = x.shape.clone();
                    shape.insert(axis.min(shape.len()), 1);
                    shape
                }
                _ => {
                    let axis = node.input(1)?.integers()?.first().copied();
                    let axis = x.axis(axis.unwrap_or(0))?;
                    let mut shape = x.shape.clone();
                    shape.remove(axis);
                    shape
                }
            };
            if shape.iter().product::<usize>() != x.data.len() {
                return Err(Error::graph("another shape has other elements"));
            }
            let data = x.data.clone();
            Array { shape, data }
        }
        _ => return Ok(None),
    };
    Ok(Some(array))
}

/// A shape in which 0 keeps a dimension, and −1 takes the elements that are left.
fn reshaped(x: &Array, shape: &[i64]) -> Result<Vec<usize>, Error> {
    let sizes = shape.iter().enumerate().map(|(axis, &size)| match size {
        0 => x
            .shape
            .get(axis)
            .copied()
            .ok_or_else(|| Error::graph("there is no such axis")),
        -1 => Ok(0),
        size => usize::try_from(size).map_err(Error::graph),
    });
    let mut sizes: Vec<usize> = sizes.collect::<Result<_, _>>()?;
    if let Some(rest) = shape.iter().position(|&size| size == -1) {
        let others: usize = sizes
            .iter()
            .enumerate()
            .filter(|(i, _)| *i != rest)
            .map(|(_, n)| n)
            .product();
        sizes[rest] = x.data.len() / others.max(1);
    }
    Ok(sizes)
}

fn concat(node: &Node<'_>) -> Result<Array, Error> {
    let first = node.input(0)?;
    let axis = first.axis(node.int("axis")?)?;
    let mut shape = first.shape.clone();
    shape[axis] = 0;
    for array in &node.inputs {
        shape[axis] += array.shape.get(axis).copied().unwrap_or(0);
    }
    let (before, _, _) = first.around(axis);
    let mut data: Option<Data> = None;
    for block in 0..before {
        for array in &node.inputs {
            let (_, size, behind) = array.around(axis);
            let elements = size * behind;
            let range: Vec<usize> = (block * elements..(block + 1) * elements).collect();
            let part = at(&array.data, &range);
            match &mut data {
                None => data = Some(part),
                Some(data) => append(data, part)?,
            }
        }
    }
    let data = data.unwrap_or_else(|| first.data.clone());
    Ok(Array { shape, data })
}

fn append(data: &mut Data, part: Data) -> Result<(), Error> {
    #[allow(clippy::wildcard_enum_match_arm)] // Elements of two types cannot be put together.
    match (data, part) {
        (Data::Float(data), Data::Float(part)) => data.extend(part),
        (Data::Double(data), Data::Double(part)) => data.extend(part),
        (Data::Int64(data), Data::Int64(part)) => data.extend(part),
        _ => return Err(super::arithmetic::other_type()),
    }
    Ok(())
}

fn gather(node: &Node<'_>) -> Result<Array, Error> {
    let (x, wanted) = (node.input(0)?, node.input(1)?);
    let axis = x.axis(node.int("axis")?)?;
    let (before, size, behind) = x.around(axis);
    let wanted_indices = wanted.integers()?.iter().map(|&index| {
        let index = usize::try_from(index).ok().filter(|&index| index < size);
        index.ok_or_else(|| Error::graph("there is no such index"))
    });
    let wanted_indices: Vec<usize> = wanted_indices.collect::<Result<_, _>>()?;
    let mut from = Vec::with_capacity(before * wanted_indices.len() * behind);
    for block in 0..before {
        for index in &wanted_indices {
            let first = (block * size + index) * behind;
            from.extend(first..first + behind);
        }
    }
    let mut shape = x.shape[..axis].to_vec();
    shape.extend(&wanted.shape);
    shape.extend(&x.shape[axis + 1..]);
    let data = at(&x.data, &from);
    Ok(Array { shape, data })
}

fn transpose(node: &Node<'_>) -> Result<Array, Error> {
    let x = node.input(0)?;
    let order = node
        .attribute("perm")?
        .ints
        .iter()
        .map(|&axis| x.axis(axis));
    let order: Vec<usize> = order.collect::<Result<_, _>>()?;
    let step = |&axis: &usize| x.shape[axis + 1..].iter().product();
    let steps: Vec<usize> = order.iter().map(step).collect();
    let shape: Vec<usize> = order.iter().map(|&axis| x.shape[axis]).collect();
    let data = at(&x.data, &indices(&shape, &steps));
    Ok(Array { shape, data })
}
