//! Texts and their codes.

use std::collections::HashMap;

use super::Node;
use super::arithmetic::other_type;
use super::array::{Array, Data};
use crate::error::Error;

/// The output of a `LabelEncoder`; `None` for another operator.
pub fn compute(operator: &str, node: &Node<'_>) -> Result<Option<Array>, Error> {
    if operator != "LabelEncoder" {
        return Ok(None);
    }
    let x = node.input(0)?;
    let shape = x.shape.clone();
    let data = match &x.data {
        Data::Text(texts) => {
            let keys = &node.attribute("keys_strings")?.strings;
            let values = &node.attribute("values_int64s")?.ints;
            let codes: HashMap<&[u8], i64> = keys
                .iter()
                .map(Vec::as_slice)
                .zip(values.iter().copied())
                .collect();
            let other = node.int("default_int64")?;
            let code = |text: &String| codes.get(text.as_bytes()).copied().unwrap_or(other);
            Data::Int64(texts.iter().map(code).collect())
        }
        Data::Int64(codes) => {
            let keys = &node.attribute("keys_int64s")?.ints;
            let values = &node.attribute("values_strings")?.strings;
            let texts: HashMap<i64, &[u8]> = keys
                .iter()
                .copied()
                .zip(values.iter().map(Vec::as_slice))
                .collect();
            let other = node
                .attribute("default_string")?
                .s
                .as_deref()
                .unwrap_or_default();
            let text = |code: &i64| {
                String::from_utf8_lossy(texts.get(code).copied().unwrap_or(other)).into_owned()
            };
            Data::Text(codes.iter().map(text).collect())
        }
        Data::Float(_) | Data::Double(_) | Data::Bool(_) => return Err(other_type()),
    };
    Ok(Some(Array { shape, data }))
}
