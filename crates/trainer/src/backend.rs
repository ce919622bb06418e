use std::fmt;

use burn::tensor::Device;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::Error;

/// What computes. A backend is compiled in by the cargo feature of its name.
#[derive(ValueEnum, Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum Backend {
    /// The CPU, in pure Rust.
    Flex,
    /// The CPU, through the ndarray crate; Burn has deprecated it in favour of flex.
    #[value(name = "ndarray")]
    #[serde(rename = "ndarray")]
    NdArray,
    /// Any GPU, through whichever graphics interface the machine has.
    Wgpu,
    /// Any GPU, through Vulkan.
    Vulkan,
    /// An Apple GPU.
    Metal,
    /// An NVIDIA GPU.
    Cuda,
    /// An AMD GPU.
    Rocm,
}

impl Backend {
    /// Every backend, compiled in or not, the preferred one first.
    pub const ALL: [Self; 7] = [
        Self::Flex,
        Self::NdArray,
        Self::Wgpu,
        Self::Vulkan,
        Self::Metal,
        Self::Cuda,
        Self::Rocm,
    ];

    /// The name, which is also that of the cargo feature.
    pub fn name(self) -> &'static str {
        match self {
            Self::Flex => "flex",
            Self::NdArray => "ndarray",
            Self::Wgpu => "wgpu",
            Self::Vulkan => "vulkan",
            Self::Metal => "metal",
            Self::Cuda => "cuda",
            Self::Rocm => "rocm",
        }
    }

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

    /// Whether tensors lie in the host's memory.
    pub fn is_host(self) -> bool {
        matches!(self, Self::Flex | Self::NdArray)
    }

    /// The backends that this program contains.
    pub fn compiled_in() -> Vec<Self> {
        let mut backends = Self::ALL.to_vec();
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
            backend => Err(Error::BackendNotCompiledIn { backend }),
        }
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_compiled_in_backend_has_a_device() {
        for backend in Backend::ALL {
            assert_eq!(
                backend.device().is_ok(),
                backend.is_compiled_in(),
                "{backend}"
            );
        }
    }
}
