//! Adapters: listing, choosing and opening them. Errors of the device are collected, never raised as
//! panics.

use super::GpuError;
use codegen::back::Real;
use std::sync::{Arc, Mutex};

/// A GPU, or a software device that behaves like one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdapterDescription {
    /// Name.
    pub name: String,
    /// Driver interface, e.g. `vulkan`.
    pub backend: String,
    /// Driver and its version.
    pub driver: String,
    /// Kind: `discrete`, `integrated`, `virtual`, `software` or `other`.
    pub kind: String,
    /// Whether it computes in double precision.
    pub f64: bool,
    /// Whether it takes SPIR-V, which strict mode needs.
    pub strict: bool,
    /// Largest array that a shader can use, bytes.
    pub max_binding: u64,
    /// Most storage buffers of a shader.
    pub max_buffers: u32,
}

impl std::fmt::Display for AdapterDescription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let yes = |is: bool| if is { "yes" } else { "no" };
        write!(
            f,
            "{} ({}, {}, {}): f64 {}, strict {}, arrays up to {} MiB",
            self.name,
            self.kind,
            self.backend,
            self.driver,
            yes(self.f64),
            yes(self.strict),
            self.max_binding >> 20
        )
    }
}

/// All adapters of this machine, best first.
pub fn list_adapters() -> Vec<AdapterDescription> {
    adapters().iter().map(describe).collect()
}

fn adapters() -> Vec<wgpu::Adapter> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
    let mut adapters = pollster::block_on(instance.enumerate_adapters(wgpu::Backends::all()));
    adapters.sort_by_key(|adapter| match adapter.get_info().device_type {
        wgpu::DeviceType::DiscreteGpu => 0,
        wgpu::DeviceType::IntegratedGpu => 1,
        wgpu::DeviceType::VirtualGpu => 2,
        wgpu::DeviceType::Other => 3,
        wgpu::DeviceType::Cpu => 4,
    });
    adapters
}

/// Features that kernels in double precision need.
const DOUBLE: wgpu::Features = wgpu::Features::SHADER_F64.union(wgpu::Features::SHADER_INT64);

fn describe(adapter: &wgpu::Adapter) -> AdapterDescription {
    let (info, features, limits) = (adapter.get_info(), adapter.features(), adapter.limits());
    let kind = match info.device_type {
        wgpu::DeviceType::DiscreteGpu => "discrete",
        wgpu::DeviceType::IntegratedGpu => "integrated",
        wgpu::DeviceType::VirtualGpu => "virtual",
        wgpu::DeviceType::Cpu => "software",
        wgpu::DeviceType::Other => "other",
    };
    AdapterDescription {
        name: info.name,
        backend: info.backend.to_str().to_owned(),
        driver: format!("{} {}", info.driver, info.driver_info).trim().to_owned(),
        kind: kind.to_owned(),
        f64: features.contains(DOUBLE),
        strict: features.contains(wgpu::Features::PASSTHROUGH_SHADERS) && info.backend == wgpu::Backend::Vulkan,
        max_binding: limits.max_storage_buffer_binding_size.min(limits.max_buffer_size),
        max_buffers: limits.max_storage_buffers_per_shader_stage,
    }
}

/// An open device.
pub(super) struct Device {
    pub(super) device: wgpu::Device,
    pub(super) queue: wgpu::Queue,
    pub(super) description: AdapterDescription,
    /// Most workgroups in a dimension of a dispatch.
    pub(super) max_workgroups: u32,
    /// Bytes of a workgroup's memory.
    pub(super) workgroup_memory: u64,
    /// The first error since the device was opened.
    failure: Arc<Mutex<Option<String>>>,
}

impl Device {
    /// Opens the best adapter, or the best of those whose name contains `wanted` (in any case of letters).
    pub(super) fn open(wanted: Option<&str>, real: Real, strict: bool) -> Result<Self, GpuError> {
        let mut candidates: Vec<_> = adapters().into_iter().map(|adapter| (describe(&adapter), adapter)).collect();
        if candidates.is_empty() {
            return Err(GpuError::NoAdapter);
        }
        if let Some(wanted) = wanted {
            let names: Vec<_> = candidates.iter().map(|(description, _)| description.name.clone()).collect();
            let lower = wanted.to_lowercase();
            candidates.retain(|(description, _)| description.name.to_lowercase().contains(&lower));
            if candidates.is_empty() {
                return Err(GpuError::NoSuchAdapter { wanted: wanted.to_owned(), available: names.join(", ") });
            }
        }
        let suitable = |description: &AdapterDescription| {
            (real == Real::F32 || description.f64) && (!strict || description.strict)
        };
        let best = candidates.iter().position(|(description, _)| suitable(description)).unwrap_or(0);
        let (description, adapter) = candidates.swap_remove(best);
        let mut features = wgpu::Features::empty();
        if real == Real::F64 {
            if !description.f64 {
                return Err(GpuError::NoDouble { adapter: description.name });
            }
            features |= DOUBLE;
        }
        if strict && !description.strict {
            return Err(GpuError::NoPassthrough { adapter: description.name, backend: description.backend });
        }
        if description.strict {
            features |= wgpu::Features::PASSTHROUGH_SHADERS;
        }
        Self::request(&adapter, description, features)
    }

    fn request(
        adapter: &wgpu::Adapter,
        description: AdapterDescription,
        features: wgpu::Features,
    ) -> Result<Self, GpuError> {
        let limits = adapter.limits();
        let max_workgroups = limits.max_compute_workgroups_per_dimension;
        let workgroup_memory = u64::from(limits.max_compute_workgroup_storage_size);
        let (device, queue) = pollster::block_on(adapter.request_device(&wgpu::DeviceDescriptor {
            label: Some("saltatory"),
            required_features: features,
            required_limits: limits,
            experimental_features: wgpu::ExperimentalFeatures::disabled(),
            memory_hints: wgpu::MemoryHints::Performance,
            trace: wgpu::Trace::Off,
        }))
        .map_err(|error| GpuError::Device(format!("cannot open `{}`: {error}", description.name)))?;
        let failure = Arc::new(Mutex::new(None));
        let record = |failure: &Arc<Mutex<Option<String>>>| {
            let failure = Arc::clone(failure);
            move |message: String| {
                let mut slot = failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                slot.get_or_insert(message);
            }
        };
        let on_error = record(&failure);
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| on_error(error.to_string())));
        let on_loss = record(&failure);
        device.set_device_lost_callback(move |reason, message| {
            if reason != wgpu::DeviceLostReason::Destroyed {
                on_loss(format!("device lost: {message}"));
            }
        });
        Ok(Self { device, queue, description, max_workgroups, workgroup_memory, failure })
    }

    /// The first failure since the device was opened.
    pub(super) fn check(&self) -> Result<(), String> {
        match &*self.failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner) {
            Some(message) => Err(message.clone()),
            None => Ok(()),
        }
    }

    /// Waits for the last submission and its mappings.
    pub(super) fn wait(&self) -> Result<(), String> {
        self.device.poll(wgpu::PollType::wait_indefinitely()).map_err(|error| error.to_string())?;
        self.check()
    }

    /// Fails if an array of `size` bytes cannot be bound.
    pub(super) fn require(&self, what: &str, size: u64) -> Result<(), GpuError> {
        let limit = self.description.max_binding;
        if size <= limit {
            return Ok(());
        }
        Err(GpuError::TooLarge { what: what.to_owned(), size, adapter: self.description.name.clone(), limit })
    }
}
