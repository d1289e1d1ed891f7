//! Compilation of kernels for a device.

use super::device::Device;
use super::{GpuError, spirv};
use codegen::back::Real;

/// Kernels of one shader, which share their bindings.
pub(super) struct Pipelines {
    /// One for each name.
    pub(super) kernels: Vec<wgpu::ComputePipeline>,
    pub(super) layout: wgpu::BindGroupLayout,
}

/// Compiles the named entry points of a WGSL text; `strict` forbids the driver to rearrange arithmetic.
/// There is a binding for each element of `read_only`; a workgroup has `workgroup` invocations.
pub(super) fn build(
    device: &Device,
    wgsl: &str,
    real: Real,
    strict: bool,
    read_only: &[bool],
    workgroup: u32,
    names: &[&'static str],
) -> Result<Pipelines, GpuError> {
    let (module, info) = spirv::validate(wgsl, real)?;
    let shader = if device.description.strict {
        passthrough(device, &spirv::compile(&module, &info, strict)?, workgroup, names)
    } else {
        device.device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some(names[0]),
            source: wgpu::ShaderSource::Wgsl(wgsl.into()),
        })
    };
    let entry = |(binding, &read_only): (u32, &bool)| wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::COMPUTE,
        ty: wgpu::BindingType::Buffer {
            ty: wgpu::BufferBindingType::Storage { read_only },
            has_dynamic_offset: false,
            min_binding_size: None,
        },
        count: None,
    };
    let entries: Vec<_> = (0..).zip(read_only).map(entry).collect();
    let layout = device
        .device
        .create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: Some(names[0]), entries: &entries });
    let pipeline_layout = device.device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label: Some(names[0]),
        bind_group_layouts: &[Some(&layout)],
        immediate_size: 0,
    });
    let kernel = |&entry_point: &&'static str| {
        device.device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some(entry_point),
            layout: Some(&pipeline_layout),
            module: &shader,
            entry_point: Some(entry_point),
            // Kernels write a workgroup's memory before they read it.
            compilation_options: wgpu::PipelineCompilationOptions {
                zero_initialize_workgroup_memory: false,
                ..Default::default()
            },
            cache: None,
        })
    };
    let kernels = names.iter().map(kernel).collect();
    device.check().map_err(GpuError::Device)?;
    Ok(Pipelines { kernels, layout })
}

fn passthrough(device: &Device, spirv: &[u32], workgroup: u32, names: &[&'static str]) -> wgpu::ShaderModule {
    let entry_point = |&name: &&'static str| wgpu::PassthroughShaderEntryPoint {
        name: name.into(),
        workgroup_size: (workgroup, 1, 1),
    };
    let descriptor = wgpu::ShaderModuleDescriptorPassthrough {
        label: Some(names[0]),
        entry_points: names.iter().map(entry_point).collect(),
        spirv: Some(spirv.into()),
        ..Default::default()
    };
    // SAFETY: naga wrote this SPIR-V from a module that it validated, and `spirv::compile` only added
    // decorations and narrowed the scope of barriers; the kernels' indices were checked on the host
    // (`check`, `window`), and their bindings are those of the layout that `build` makes.
    unsafe { device.device.create_shader_module_passthrough(descriptor) }
}
