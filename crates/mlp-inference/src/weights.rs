//! `model.safetensors`: the weights of a network.
//!
//! Tensors are named by their path in the module, such as `hidden.0.linear.weight`. The names of
//! enum variants are not part of the path, so that wrapping a layer in an enum, or adding a variant,
//! does not change the file. Files of format versions 1 and 2 contain them
//! (`hidden.0.normalization.Batch.gamma`); they are removed on reading.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

use burn::module::Module;
use burn::store::{ApplyResult, ModuleSnapshot, SafetensorsStore};
use burn::tensor::{Bytes, DType, TensorData};
use mlp_datasets::sha256;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use crate::error::Error;
use crate::whole_file;

const WEIGHTS_FILE: &str = "model.safetensors";

/// Names of enum variants in a path: the only segments that begin with a capital.
const VARIANTS: &str = r"(^|\.)(?:[A-Z][A-Za-z0-9]*\.)+";

/// No network has more tensors. A damaged file could claim millions.
const MOST_TENSORS: usize = 100_000;
/// How many faults an error names.
const MOST_FAULTS: usize = 3;

/// Writes the weights of a module into a folder, and returns the SHA-256 of the file.
///
/// # Errors
///
/// If the file cannot be written.
pub fn save<M: Module>(module: &M, folder: &Path) -> Result<String, Error> {
    let path = folder.join(WEIGHTS_FILE);
    // The order of the store's own metadata changes from run to run, but the same weights should
    // give the same file.
    let mut store = SafetensorsStore::from_bytes(None)
        .clear_metadata()
        .metadata("format", "burn")
        .skip_enum_variants(true);
    let bytes = match module.save_into(&mut store) {
        Ok(()) => store.get_bytes(),
        Err(error) => Err(error),
    };
    let written = bytes.map_err(io::Error::other).and_then(|bytes| {
        whole_file::write(&path, &bytes)?;
        Ok(sha256(&bytes))
    });
    written.map_err(|source| Error::Io {
        action: "write",
        path,
        source,
    })
}

/// The weights of a folder, read and checked.
pub struct Weights {
    path: PathBuf,
    /// Of single precision.
    bytes: Vec<u8>,
}

impl Weights {
    /// Reads the weights of a network with so many units, which have a parameter each at least, from a folder.
    /// Their SHA-256 must be the given one, if there is one. Numbers of half and of double precision become
    /// those of single precision.
    ///
    /// # Errors
    ///
    /// If the file is missing, damaged or another one, has a number that is not finite, or is too short for the
    /// units. A description may claim any number of them, and to initialize a network is to allocate it.
    pub fn read(folder: &Path, expected: Option<&str>, num_units: usize) -> Result<Self, Error> {
        let path = folder.join(WEIGHTS_FILE);
        if !path.exists() {
            return Err(Error::MissingFile {
                folder: folder.to_owned(),
                file: WEIGHTS_FILE,
            });
        }
        let bytes = whole_file::read(&path).map_err(|source| Error::Io {
            action: "read",
            path: path.clone(),
            source,
        })?;
        match of_units(bytes, expected, num_units) {
            Ok(bytes) => Ok(Self { path, bytes }),
            Err(reason) => Err(Error::Weights { path, reason }),
        }
    }

    /// Gives a module these weights.
    ///
    /// # Errors
    ///
    /// If they lack a tensor, or have one that the module does not have.
    pub fn load_into<M: Module>(self, module: &mut M) -> Result<(), Error> {
        let Self { path, bytes } = self;
        apply(module, bytes).map_err(|reason| Error::Weights { path, reason })
    }
}

/// A file in single precision, or why it is not that of a network with so many units.
fn of_units(bytes: Vec<u8>, expected: Option<&str>, num_units: usize) -> Result<Vec<u8>, String> {
    if expected.is_some_and(|expected| sha256(&bytes) != *expected) {
        return Err(
            "its SHA-256 is not the one in `model.json`, so it is damaged or of another training"
                .to_owned(),
        );
    }
    let bytes = checked(&bytes)?.unwrap_or(bytes);
    let most = bytes.len() / size_of::<f32>();
    if num_units > most {
        return Err(format!(
            "the network has {num_units} units, but the file has at most {most} numbers"
        ));
    }
    Ok(bytes)
}

/// Gives a module the weights of a file, or says why not.
fn apply<M: Module>(module: &mut M, bytes: Vec<u8>) -> Result<(), String> {
    // Mismatches are collected below: the store's own messages advise the programmer.
    let mut store = SafetensorsStore::from_bytes(Some(bytes))
        .with_key_remapping(VARIANTS, "$1")
        .skip_enum_variants(true)
        .validate(false)
        .allow_partial(true);
    match module.load_from(&mut store) {
        Ok(result) => match mismatch(&result) {
            Some(reason) => Err(reason),
            None => Ok(()),
        },
        Err(error) => Err(error.to_string()),
    }
}

/// Checks that all tensors are finite numbers. The file with these in single precision, if some are not.
fn checked(bytes: &[u8]) -> Result<Option<Vec<u8>>, String> {
    let tensors = SafeTensors::deserialize(bytes).map_err(|error| error.to_string())?;
    if tensors.len() > MOST_TENSORS {
        return Err(format!(
            "it has {} tensors, but {MOST_TENSORS} are the most",
            tensors.len()
        ));
    }
    let mut singles = Vec::new();
    let mut is_single = true;
    for (name, view) in tensors.iter() {
        let data = single(&view).ok_or_else(|| {
            let dtype = view.dtype();
            format!(
                "`{name}` has numbers of the type {dtype:?}, but must have floating-point numbers"
            )
        })?;
        let mut numbers = data
            .as_chunks::<4>()
            .0
            .iter()
            .map(|&bytes| f32::from_le_bytes(bytes));
        if let Some(index) = numbers.position(|number| !number.is_finite()) {
            return Err(format!(
                "`{name}` has a number that is not finite, at index {index}"
            ));
        }
        is_single &= view.dtype() == Dtype::F32;
        singles.push((name, view.shape().to_vec(), data));
    }
    if is_single {
        return Ok(None);
    }
    let views = singles.iter().map(|(name, shape, data)| {
        let view = TensorView::new(Dtype::F32, shape.clone(), data);
        view.map(|view| (name, view))
            .map_err(|error| error.to_string())
    });
    let views: Vec<_> = views.collect::<Result<_, _>>()?;
    let file = safetensors::serialize(views, None);
    file.map(Some).map_err(|error| error.to_string())
}

/// The numbers of a tensor in single precision; `None` if it has no floating-point numbers.
fn single<'a>(view: &TensorView<'a>) -> Option<Cow<'a, [u8]>> {
    #[allow(clippy::wildcard_enum_match_arm)] // The others are not for weights.
    let dtype = match view.dtype() {
        Dtype::F32 => return Some(Cow::Borrowed(view.data())),
        Dtype::F16 => DType::F16,
        Dtype::BF16 => DType::BF16,
        Dtype::F64 => DType::F64,
        _ => return None,
    };
    let bytes = Bytes::from_bytes_vec(view.data().to_vec());
    let data = TensorData::from_bytes(bytes, view.shape().to_vec(), dtype);
    let numbers = data.iter::<f32>().flat_map(f32::to_le_bytes);
    Some(Cow::Owned(numbers.collect()))
}

/// The tensors that do not fit, if there are any.
fn mismatch(result: &ApplyResult) -> Option<String> {
    let mut faults: Vec<String> = result.errors.iter().map(ToString::to_string).collect();
    let missing = result.missing.iter().map(|(path, _)| path);
    faults.extend(missing.map(|path| format!("`{path}` is missing")));
    let unused = result.unused.iter();
    faults.extend(unused.map(|path| format!("`{path}` is not part of the network")));
    let more = faults.len().saturating_sub(MOST_FAULTS);
    faults.truncate(MOST_FAULTS);
    if more > 0 {
        faults.push(format!("and {more} more"));
    }
    (!faults.is_empty()).then(|| faults.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of one-dimensional tensors.
    fn file(tensors: &[(&str, Dtype, &[u8])]) -> Vec<u8> {
        let views = tensors.iter().map(|&(name, dtype, bytes)| {
            let len = bytes.len() * 8 / dtype.bitsize();
            (name, TensorView::new(dtype, vec![len], bytes).unwrap())
        });
        safetensors::serialize(views, None).unwrap()
    }

    fn singles(file: &[u8], name: &str) -> Vec<f32> {
        let tensors = SafeTensors::deserialize(file).unwrap();
        let view = tensors.tensor(name).unwrap();
        assert_eq!(view.dtype(), Dtype::F32);
        let chunks = view.data().as_chunks::<4>().0.iter();
        chunks.map(|&bytes| f32::from_le_bytes(bytes)).collect()
    }

    /// A header without tensors, but with names of so many.
    fn empty_tensors(count: usize) -> Vec<u8> {
        let entry =
            |index| format!(r#""{index}":{{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#);
        let entries: Vec<String> = (0..count).map(entry).collect();
        let header = format!("{{{}}}", entries.join(","));
        let len = (header.len() as u64).to_le_bytes();
        [&len, header.as_bytes()].concat()
    }

    /// The bits of the numbers are those of IEEE 754: a sign, then 5, 8 and 11 bits of exponent.
    #[test]
    fn numbers_of_other_precisions_become_those_of_single_precision() {
        let half: [u16; 5] = [0x3C00, 0xC000, 0x3555, 0x7BFF, 0x0001];
        let brain: [u16; 2] = [0x3F80, 0xC049];
        let half: Vec<u8> = half.into_iter().flat_map(u16::to_le_bytes).collect();
        let brain: Vec<u8> = brain.into_iter().flat_map(u16::to_le_bytes).collect();
        let single = 0.1f32.to_le_bytes();
        let double: Vec<u8> = [0.1f64, -3.0]
            .into_iter()
            .flat_map(f64::to_le_bytes)
            .collect();
        let file = file(&[
            ("brain", Dtype::BF16, &brain),
            ("double", Dtype::F64, &double),
            ("half", Dtype::F16, &half),
            ("single", Dtype::F32, &single),
        ]);

        let converted = checked(&file).unwrap().unwrap();

        assert_eq!(
            singles(&converted, "half"),
            [1.0, -2.0, 0.333_251_95, 65504.0, 5.960_464_5e-8]
        );
        assert_eq!(singles(&converted, "brain"), [1.0, -3.140_625]);
        assert_eq!(singles(&converted, "double"), [0.1, -3.0]);
        assert_eq!(singles(&converted, "single"), [0.1]);
    }

    #[test]
    fn a_file_of_single_precision_is_taken_as_it_is() {
        let bytes = 0.1f32.to_le_bytes();
        let file = file(&[("a", Dtype::F32, &bytes), ("b", Dtype::F32, &bytes)]);
        assert_eq!(checked(&file), Ok(None));
    }

    #[test]
    fn a_double_that_no_single_can_be_is_not_finite() {
        let file = file(&[("a", Dtype::F64, &1e39f64.to_le_bytes())]);
        assert_eq!(
            checked(&file).unwrap_err(),
            "`a` has a number that is not finite, at index 0"
        );
    }

    #[test]
    fn a_network_has_no_more_units_than_fit_into_the_file() {
        let file = file(&[("a", Dtype::F32, &[0; 400])]);
        let most = file.len() / 4;
        assert!(most > 100);
        assert_eq!(of_units(file.clone(), None, most), Ok(file.clone()));
        assert_eq!(
            of_units(file, None, most + 1).unwrap_err(),
            format!(
                "the network has {} units, but the file has at most {most} numbers",
                most + 1
            )
        );
    }

    #[test]
    fn a_file_has_at_most_a_hundred_thousand_tensors() {
        assert_eq!(checked(&empty_tensors(100_000)), Ok(None));
        assert_eq!(
            checked(&empty_tensors(100_001)).unwrap_err(),
            "it has 100001 tensors, but 100000 are the most"
        );
    }
}
