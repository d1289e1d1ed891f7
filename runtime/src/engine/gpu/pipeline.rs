//! Compilation of the composed kernels for a device.

use super::batch::Pipelines;
use super::device::Device;
use super::{GpuError, arena, spirv};
use codegen::back::Real;

/// Compiles the composed text; `strict` forbids the driver to rearrange arithmetic.
pub(super) fn build(device: &Device, wgsl: &str, real: Real, strict: bool) -> Result<Pipelines, GpuError> {
    let (module, info) = spirv::validate(wgsl, real)?;
    let shader = if device.description.strict {
        passthrough(device, &spirv::compile(&module, &info, strict)?)
    } else {
        device.device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("window"),
            source: wgpu::ShaderSource::Wgsl(wgsl.into()),
        })
    };
    let entry = |binding, read_only| wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::COMPUTE,
        ty: wgpu::BindingType::Buffer {
            ty: wgpu::BufferBindingType::Storage { read_only },
            has_dynamic_offset: false,
            min_binding_size: None,
        },
        count: None,
    };
    let layout = device.device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
        label: Some("batch"),
        // values, tables, groups, window, samples, report
        entries: &[entry(0, false), entry(1, true), entry(2, true), entry(3, true), entry(4, false), entry(5, false)],
    });
    let pipeline_layout = device.device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label: Some("window"),
        bind_group_layouts: &[Some(&layout)],
        immediate_size: 0,
    });
    let pipeline = |entry_point| {
        device.device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some(entry_point),
            layout: Some(&pipeline_layout),
            module: &shader,
            entry_point: Some(entry_point),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            cache: None,
        })
    };
    let pipelines = Pipelines { initialise: pipeline("initialise"), advance: pipeline("advance"), layout };
    device.check().map_err(GpuError::Device)?;
    Ok(pipelines)
}

fn passthrough(device: &Device, spirv: &[u32]) -> wgpu::ShaderModule {
    let entry_point = |name: &'static str| wgpu::PassthroughShaderEntryPoint {
        name: name.into(),
        workgroup_size: (arena::WORKGROUP, 1, 1),
    };
    let descriptor = wgpu::ShaderModuleDescriptorPassthrough {
        label: Some("window"),
        entry_points: vec![entry_point("initialise"), entry_point("advance")].into(),
        spirv: Some(spirv.into()),
        ..Default::default()
    };
    // SAFETY: naga wrote this SPIR-V from a module that it validated, and `spirv::compile` only added
    // decorations and narrowed the scope of barriers; the kernels' indices were checked on the host (`check`, `window`), and their
    // bindings are those of the layout below.
    unsafe { device.device.create_shader_module_passthrough(descriptor) }
}
