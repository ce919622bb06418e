use burn::tensor::Device;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

use crate::Error;

/// What computes. A backend is compiled in by the cargo feature of its name.
#[derive(
    Serialize,
    Deserialize,
    Display,
    EnumMessage,
    EnumString,
    IntoStaticStr,
    VariantArray,
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Backend {
    /// The CPU, in pure Rust
    Flex,
    /// The CPU, through the ndarray crate; Burn has deprecated it in favour of flex
    NdArray,
    /// Any GPU, through whichever graphics interface the machine has
    Wgpu,
    /// Any GPU, through Vulkan
    Vulkan,
    /// An Apple GPU
    Metal,
    /// An NVIDIA GPU
    Cuda,
    /// An AMD GPU
    Rocm,
}

impl Backend {
    /// Whether this program contains the backend.
    pub fn is_compiled_in(self) -> bool {
        match self {
            Self::Flex => cfg!(feature = "flex"),
            Self::NdArray => cfg!(feature = "ndarray"),
            Self::Wgpu => cfg!(feature = "wgpu"),
            Self::Vulkan => cfg!(feature = "vulkan"),
            Self::Metal => cfg!(feature = "metal"),
            Self::Cuda => cfg!(feature = "cuda"),
            Self::Rocm => cfg!(feature = "rocm"),
        }
    }

    /// Whether it computes on the CPU, in the host's memory.
    pub fn is_host(self) -> bool {
        matches!(self, Self::Flex | Self::NdArray)
    }

    /// The backends that this program contains.
    pub fn compiled_in() -> Vec<Self> {
        let mut backends = Self::VARIANTS.to_vec();
        backends.retain(|backend| backend.is_compiled_in());
        backends
    }

    /// The backend used when none is named: the first one that is compiled in.
    ///
    /// # Errors
    ///
    /// If none is.
    pub fn preferred() -> Result<Self, Error> {
        Self::compiled_in().first().copied().ok_or(Error::NoBackend)
    }

    /// The error if the backend is needed, and is not compiled in.
    pub(crate) fn not_compiled_in(self) -> Error {
        Error::BackendNotCompiledIn {
            backend: self.into(),
            compiled_in: Self::compiled_in().into_iter().map(Into::into).collect(),
        }
    }

    /// The backend's default device.
    ///
    /// # Errors
    ///
    /// If the backend is not compiled in.
    pub fn device(self) -> Result<Device, Error> {
        // Each backend brings its constructor only with its feature.
        match self {
            #[cfg(feature = "flex")]
            Self::Flex => Ok(Device::flex()),
            #[cfg(feature = "ndarray")]
            #[allow(deprecated)] // Still published, and asked for.
            Self::NdArray => Ok(Device::ndarray()),
            #[cfg(feature = "wgpu")]
            Self::Wgpu => Ok(Device::wgpu(burn::tensor::DeviceKind::default())),
            #[cfg(feature = "vulkan")]
            Self::Vulkan => Ok(Device::vulkan(burn::tensor::DeviceKind::default())),
            #[cfg(feature = "metal")]
            Self::Metal => Ok(Device::metal(burn::tensor::DeviceKind::default())),
            #[cfg(feature = "cuda")]
            Self::Cuda => Ok(Device::cuda(0)),
            #[cfg(feature = "rocm")]
            Self::Rocm => Ok(Device::rocm(0)),
            #[allow(unreachable_patterns)] // Reachable unless every backend is compiled in.
            backend => Err(backend.not_compiled_in()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Tensor;

    #[test]
    fn every_compiled_in_backend_computes() {
        for backend in Backend::compiled_in() {
            let device = backend.device().unwrap();
            let sum = Tensor::<1>::from_floats([1.0, 2.0], &device).sum();
            assert_eq!(sum.into_scalar::<f32>(), 3.0, "{backend}");
        }
    }

    #[test]
    fn a_backend_that_is_missing_is_named_with_those_that_are_there() {
        let missing = Backend::VARIANTS
            .iter()
            .find(|backend| !backend.is_compiled_in());
        if let Some(missing) = missing {
            let message = missing.device().unwrap_err().to_string();
            assert!(message.contains(&format!("`{missing}`")), "{message}");
            for backend in Backend::compiled_in() {
                assert!(message.contains(&backend.to_string()), "{message}");
            }
        }
    }
}
