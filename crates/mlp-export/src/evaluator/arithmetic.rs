//! Operators of each element.

use super::Node;
use super::array::{Array, Data, broadcast, sources};
use crate::error::Error;
use crate::onnx::ElementType;

/// The output of an operator of each element; `None` for another one.
pub fn compute(operator: &str, node: &Node<'_>) -> Result<Option<Array>, Error> {
    let array = match operator {
        "Add" => binary(node, |a, b| a + b, |a, b| a + b)?,
        "Sub" => binary(node, |a, b| a - b, |a, b| a - b)?,
        "Mul" => binary(node, |a, b| a * b, |a, b| a * b)?,
        "Div" => binary(node, |a, b| a / b, |a, b| a / b)?,
        "Max" => binary(node, f32::max, f64::max)?,
        "Min" => binary(node, f32::min, f64::min)?,
        "Less" => comparison(node, |a, b| a < b)?,
        "LessOrEqual" => comparison(node, |a, b| a <= b)?,
        "GreaterOrEqual" => comparison(node, |a, b| a >= b)?,
        "Equal" => comparison(node, |a, b| a == b)?,
        "Where" => select(node)?,
        "Cast" => cast(node)?,
        "IsNaN" => {
            let x = node.input(0)?;
            let data = match &x.data {
                Data::Float(elements) => elements.iter().map(|x| x.is_nan()).collect(),
                Data::Double(elements) => elements.iter().map(|x| x.is_nan()).collect(),
                Data::Int64(_) | Data::Bool(_) | Data::Text(_) => return Err(other_type()),
            };
            with_data(x, Data::Bool(data))
        }
        _ => return function(operator, node),
    };
    Ok(Some(array))
}

/// A function of each element, in the precision of the elements but computed in double precision.
fn function(operator: &str, node: &Node<'_>) -> Result<Option<Array>, Error> {
    let alpha = || node.float("alpha").map(f64::from);
    let function: Box<dyn Fn(f64) -> f64> = match operator {
        "Neg" => Box::new(|x| -x),
        "Abs" => Box::new(f64::abs),
        "Exp" => Box::new(f64::exp),
        "Log" => Box::new(f64::ln),
        "Sqrt" => Box::new(f64::sqrt),
        "Floor" => Box::new(f64::floor),
        "Sin" => Box::new(f64::sin),
        "Cos" => Box::new(f64::cos),
        "Tanh" => Box::new(f64::tanh),
        "Sigmoid" => Box::new(|x| 1.0 / (1.0 + (-x).exp())),
        "Relu" => Box::new(|x| x.max(0.0)),
        "Softplus" => Box::new(|x| x.max(0.0) + (-x.abs()).exp().ln_1p()),
        "Erf" => Box::new(erf),
        "LeakyRelu" => {
            let alpha = alpha()?;
            Box::new(move |x| if x < 0.0 { alpha * x } else { x })
        }
        "Elu" => {
            let alpha = alpha()?;
            Box::new(move |x| if x < 0.0 { alpha * x.exp_m1() } else { x })
        }
        "Selu" => {
            let (alpha, gamma) = (alpha()?, f64::from(node.float("gamma")?));
            Box::new(move |x| gamma * if x < 0.0 { alpha * x.exp_m1() } else { x })
        }
        _ => return Ok(None),
    };
    let x = node.input(0)?;
    #[expect(clippy::cast_possible_truncation)] // The result has the precision of the element.
    let data = match &x.data {
        Data::Float(elements) => {
            let elements = elements.iter();
            Data::Float(elements.map(|&x| function(x.into()) as f32).collect())
        }
        Data::Double(elements) => Data::Double(elements.iter().map(|&x| function(x)).collect()),
        Data::Int64(_) | Data::Bool(_) | Data::Text(_) => return Err(other_type()),
    };
    Ok(Some(with_data(x, data)))
}

/// The error function, by the series `2/√π·Σ (−1)ⁿ·x²ⁿ⁺¹/(n!·(2n + 1))`, beyond which it is ±1 in single precision.
fn erf(x: f64) -> f64 {
    const LIMIT: f64 = 4.0;
    if x.abs() > LIMIT {
        return x.signum();
    }
    let (mut power, mut sum) = (x, x);
    for n in 1..100 {
        let n = f64::from(n);
        power *= -x * x / n;
        sum += power / (2.0 * n + 1.0);
    }
    std::f64::consts::FRAC_2_SQRT_PI * sum
}

fn binary(
    node: &Node<'_>,
    of_floats: impl Fn(f32, f32) -> f32,
    of_doubles: impl Fn(f64, f64) -> f64,
) -> Result<Array, Error> {
    let (a, b) = (node.input(0)?, node.input(1)?);
    let shape = broadcast(&a.shape, &b.shape)?;
    let pairs = pairs(a, b, &shape);
    #[allow(clippy::wildcard_enum_match_arm)] // Two other types cannot be combined.
    let data = match (&a.data, &b.data) {
        (Data::Float(a), Data::Float(b)) => {
            Data::Float(pairs.map(|(i, j)| of_floats(a[i], b[j])).collect())
        }
        (Data::Double(a), Data::Double(b)) => {
            Data::Double(pairs.map(|(i, j)| of_doubles(a[i], b[j])).collect())
        }
        _ => return Err(other_type()),
    };
    Ok(Array { shape, data })
}

fn comparison(node: &Node<'_>, holds: impl Fn(f64, f64) -> bool) -> Result<Array, Error> {
    let (a, b) = (node.input(0)?, node.input(1)?);
    let shape = broadcast(&a.shape, &b.shape)?;
    let pairs = pairs(a, b, &shape);
    #[allow(clippy::wildcard_enum_match_arm)] // Two other types cannot be compared.
    let data = match (&a.data, &b.data) {
        (Data::Float(a), Data::Float(b)) => pairs
            .map(|(i, j)| holds(a[i].into(), b[j].into()))
            .collect(),
        (Data::Double(a), Data::Double(b)) => pairs.map(|(i, j)| holds(a[i], b[j])).collect(),
        _ => return Err(other_type()),
    };
    let data = Data::Bool(data);
    Ok(Array { shape, data })
}

/// The pairs of indices of elements that meet.
fn pairs(a: &Array, b: &Array, shape: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    let (a, b) = (sources(&a.shape, shape), sources(&b.shape, shape));
    a.into_iter().zip(b)
}

fn select(node: &Node<'_>) -> Result<Array, Error> {
    let (condition, a, b) = (node.input(0)?, node.input(1)?, node.input(2)?);
    let Data::Bool(holds) = &condition.data else {
        return Err(other_type());
    };
    let shape = broadcast(&condition.shape, &broadcast(&a.shape, &b.shape)?)?;
    let choices: Vec<(bool, usize, usize)> = sources(&condition.shape, &shape)
        .into_iter()
        .zip(pairs(a, b, &shape))
        .map(|(k, (i, j))| (holds[k], i, j))
        .collect();
    #[allow(clippy::wildcard_enum_match_arm)] // No others are written.
    let data = match (&a.data, &b.data) {
        (Data::Float(a), Data::Float(b)) => Data::Float(chosen(&choices, a, b)),
        (Data::Double(a), Data::Double(b)) => Data::Double(chosen(&choices, a, b)),
        (Data::Int64(a), Data::Int64(b)) => Data::Int64(chosen(&choices, a, b)),
        _ => return Err(other_type()),
    };
    Ok(Array { shape, data })
}

fn chosen<T: Copy>(choices: &[(bool, usize, usize)], a: &[T], b: &[T]) -> Vec<T> {
    let choices = choices.iter();
    choices
        .map(|&(first, i, j)| if first { a[i] } else { b[j] })
        .collect()
}

#[expect(clippy::cast_possible_truncation)] // A cast is asked for.
fn cast(node: &Node<'_>) -> Result<Array, Error> {
    let x = node.input(0)?;
    let to = node.int("to")?;
    let elements: Vec<f64> = match &x.data {
        Data::Float(elements) => elements.iter().map(|&x| x.into()).collect(),
        Data::Double(elements) => elements.clone(),
        Data::Int64(elements) => elements.iter().map(|&x| x as f64).collect(),
        Data::Bool(elements) => elements.iter().map(|&x| x.into()).collect(),
        Data::Text(_) => return Err(other_type()),
    };
    let is = |element: ElementType| to == element as i64;
    let data = if is(ElementType::Float) {
        Data::Float(elements.iter().map(|&x| x as f32).collect())
    } else if is(ElementType::Double) {
        Data::Double(elements)
    } else if is(ElementType::Int64) {
        Data::Int64(elements.iter().map(|&x| x as i64).collect())
    } else if is(ElementType::Bool) {
        Data::Bool(elements.iter().map(|&x| x != 0.0).collect())
    } else {
        return Err(other_type());
    };
    Ok(with_data(x, data))
}

fn with_data(x: &Array, data: Data) -> Array {
    let shape = x.shape.clone();
    Array { shape, data }
}

pub(super) fn other_type() -> Error {
    Error::graph("the elements have another type")
}

/// The elements at some indices.
pub(super) fn at(data: &Data, indices: &[usize]) -> Data {
    match data {
        Data::Float(elements) => Data::Float(picked(elements, indices)),
        Data::Double(elements) => Data::Double(picked(elements, indices)),
        Data::Int64(elements) => Data::Int64(picked(elements, indices)),
        Data::Bool(elements) => Data::Bool(picked(elements, indices)),
        Data::Text(elements) => Data::Text(picked(elements, indices)),
    }
}

fn picked<T: Clone>(elements: &[T], indices: &[usize]) -> Vec<T> {
    let indices = indices.iter();
    indices.map(|&index| elements[index].clone()).collect()
}
