//! Comparisons with values from PyTorch, which `generate.py` computed in float64.
//!
//! The JSON files in this folder contain inputs and PyTorch's results. The tests compute the same in
//! float32 on [`device`], the only function that names a backend.

#![allow(clippy::doc_markdown)] // PyTorch is a name, not code.

mod activations;
mod embeddings;
mod losses;
mod mlp;
mod parameters;
mod perceptron;
mod real_mlp;
mod tabm;

use burn::tensor::{Device, Tensor, TensorData};
use serde::de::DeserializeOwned;

/// The device on which the tests run.
fn device() -> Device {
    Device::flex()
}

/// The content of a golden file.
fn parse<T: DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).expect("a golden file matches the types of its test")
}

/// A vector of golden numbers on a device.
fn vector(values: &[f64], device: &Device) -> Tensor<1> {
    Tensor::from_data(values, device)
}

/// All numbers of nested lists.
fn flat(lists: &serde_json::Value) -> Vec<f64> {
    match lists.as_array() {
        Some(lists) => lists.iter().flat_map(flat).collect(),
        None => vec![lists.as_f64().expect("golden lists hold numbers")],
    }
}

/// A matrix of golden numbers on a device that records gradients.
fn recorded(lists: &serde_json::Value, columns: usize) -> Tensor<2> {
    let numbers = flat(lists);
    let shape = [numbers.len() / columns, columns];
    Tensor::from_data(TensorData::new(numbers, shape), &device().autodiff())
}

/// A matrix of golden numbers on a device.
fn matrix(rows: &[Vec<f64>], device: &Device) -> Tensor<2> {
    let shape = [rows.len(), rows[0].len()];
    Tensor::from_data(TensorData::new(rows.concat(), shape), device)
}

/// Compares a tensor, row by row, with golden numbers.
#[track_caller]
fn assert_close<const D: usize>(what: &str, actual: Tensor<D>, expected: &[f64]) {
    let actual = actual
        .try_into_vec_as::<f64>()
        .expect("the tensor can be read");
    assert_numbers_close(what, &actual, expected);
}

/// Compares numbers computed in float32 with golden ones, to five significant or decimal digits.
#[track_caller]
fn assert_numbers_close(what: &str, actual: &[f64], expected: &[f64]) {
    assert_eq!(actual.len(), expected.len(), "{what}: the number of values");
    for (index, (&actual, &expected)) in actual.iter().zip(expected).enumerate() {
        assert!(
            (actual - expected).abs() <= 1e-5 + 1e-5 * expected.abs(),
            "{what}: value {index} is {actual}, PyTorch computes {expected}"
        );
    }
}
