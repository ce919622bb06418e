//! Computes numeric graphs in tract, and compares the outputs with those of onnxruntime.
//!
//! `mlp-export-tract GRAPH.onnx...` reads the rows and the outputs of each graph from `GRAPH.onnx.rows.json`, which
//! `../onnxruntime/check.py --rows` writes.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use tract_onnx::prelude::*;

const TOLERANCE: f64 = 1e-5;

fn main() -> Result<ExitCode> {
    let mut failures = 0;
    for graph in std::env::args().skip(1) {
        match largest_difference(&graph) {
            Ok(difference) if difference <= TOLERANCE => {
                println!("ok     {difference:.1e}  {graph}")
            }
            Ok(difference) => {
                println!("WRONG  {difference:.1e}  {graph}");
                failures += 1;
            }
            Err(error) => {
                println!("FAILED {graph}: {error:#}");
                failures += 1;
            }
        }
    }
    Ok(if failures == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The largest difference of an output, relative to numbers above 1.
fn largest_difference(graph: &str) -> Result<f64> {
    let rows = fs::read_to_string(format!("{graph}.rows.json"))?;
    let rows: Value = serde_json::from_str(&rows)?;
    let model = tract_onnx::onnx().model_for_path(graph)?.into_optimized()?;
    let names: Vec<String> = model
        .input_outlets()?
        .iter()
        .map(|outlet| model.node(outlet.node).name.clone())
        .collect();
    let types: Vec<DatumType> = (0..names.len())
        .map(|i| Ok(model.input_fact(i)?.datum_type))
        .collect::<Result<_>>()?;
    let outputs: Vec<String> = rows["outputs"]
        .as_object()
        .context("outputs")?
        .keys()
        .cloned()
        .collect();
    let order = rows["order"].as_array().context("order")?;
    ensure!(order.len() == outputs.len(), "outputs differ");
    let plan = model.into_runnable()?;

    let mut inputs = tvec!();
    for (name, kind) in names.iter().zip(types) {
        let values = rows["inputs"][name]
            .as_array()
            .context("values of an input")?;
        let shape = [values.len(), 1];
        let tensor = if kind == i64::datum_type() {
            let values: Vec<i64> = values.iter().filter_map(Value::as_i64).collect();
            Tensor::from_shape(&shape, &values)?
        } else {
            let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
            let values: Vec<f64> = values.iter().map(number).collect();
            Tensor::from_shape(&shape, &values)?
        };
        inputs.push(tensor.into_tvalue());
    }
    let found = plan.run(inputs)?;
    let mut largest = 0.0f64;
    for (name, tensor) in order.iter().zip(found) {
        let name = name.as_str().context("a name")?;
        let expected = rows["outputs"][name].as_array().context("an output")?;
        let tensor = tensor.cast_to::<f64>()?;
        let plain = tensor.try_as_plain_ram()?;
        let found = plain.as_slice::<f64>()?;
        if found.len() != expected.len() {
            bail!(
                "`{name}` has {} values instead of {}",
                found.len(),
                expected.len()
            );
        }
        for (&found, expected) in found.iter().zip(expected) {
            let expected = expected.as_f64().unwrap_or(f64::NAN);
            let difference = (found - expected).abs() / expected.abs().max(1.0);
            if difference.is_nan() || difference > largest {
                largest = difference;
            }
        }
    }
    Ok(largest)
}
