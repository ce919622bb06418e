//! Matrix products.

use super::Node;
use super::arithmetic::other_type;
use super::array::{Array, Data, broadcast, sources};
use crate::error::Error;

/// The output of a matrix product; `None` for another operator.
pub fn compute(operator: &str, node: &Node<'_>) -> Result<Option<Array>, Error> {
    match operator {
        "MatMul" => product(node.input(0)?, node.input(1)?).map(Some),
        "Gemm" => {
            let product = product(node.input(0)?, node.input(1)?)?;
            let sum = node.input(2)?;
            let (Data::Float(products), Data::Float(summands)) = (&product.data, &sum.data) else {
                return Err(other_type());
            };
            let from = sources(&sum.shape, &product.shape);
            let data = products.iter().zip(from).map(|(x, i)| x + summands[i]);
            let data = Data::Float(data.collect());
            let shape = product.shape;
            Ok(Some(Array { shape, data }))
        }
        _ => Ok(None),
    }
}

/// Products over the last two dimensions, with the other ones stretched. Sums are of double precision, so that they
/// are as exact as single precision can be.
fn product(a: &Array, b: &Array) -> Result<Array, Error> {
    let (Data::Float(left), Data::Float(right)) = (&a.data, &b.data) else {
        return Err(other_type());
    };
    let ([before_a @ .., rows, depth], [before_b @ .., other_depth, columns]) =
        (a.shape.as_slice(), b.shape.as_slice())
    else {
        return Err(Error::graph("a product needs matrices"));
    };
    if depth != other_depth {
        let reason = format!("{depth} columns do not fit {other_depth} rows");
        return Err(Error::graph(reason));
    }
    let mut shape = broadcast(before_a, before_b)?;
    let matrices = sources(before_a, &shape)
        .into_iter()
        .zip(sources(before_b, &shape));
    let mut products = Vec::with_capacity(shape.iter().product::<usize>() * rows * columns);
    for (i, j) in matrices {
        let left = &left[i * rows * depth..][..rows * depth];
        let right = &right[j * depth * columns..][..depth * columns];
        for row in 0..*rows {
            let row = &left[row * depth..][..*depth];
            let mut sums = vec![0.0; *columns];
            for (&x, weights) in row.iter().zip(right.chunks_exact((*columns).max(1))) {
                for (sum, &weight) in sums.iter_mut().zip(weights) {
                    *sum += f64::from(x) * f64::from(weight);
                }
            }
            #[expect(clippy::cast_possible_truncation)] // Single precision is what is asked for.
            products.extend(sums.into_iter().map(|sum| sum as f32));
        }
    }
    shape.extend([*rows, *columns]);
    let data = Data::Float(products);
    Ok(Array { shape, data })
}
