//! The elementary functions on the device against their Rust text: equal bits for every function and precision.

use super::super::device::Device;
use super::super::{GpuError, spirv};
use codegen::back::{Real, wgsl};
use codegen::elementary;
use wgpu::util::DeviceExt;

/// Name, arity, and the Rust functions.
type Function = (&'static str, usize, fn(f64, f64) -> f64, fn(f32, f32) -> f32);

macro_rules! functions {
    ($($name:ident($($argument:ident),*);)*) => {
        [$((
            stringify!($name),
            [$(stringify!($argument)),*].len(),
            |x, y| { let _ = (x, y); elementary::f64::$name($(pick!($argument, x, y)),*) },
            |x, y| { let _ = (x, y); elementary::f32::$name($(pick!($argument, x, y)),*) },
        )),*]
    };
}

macro_rules! pick {
    (x, $x:ident, $y:ident) => {
        $x
    };
    (y, $x:ident, $y:ident) => {
        $y
    };
}

const FUNCTIONS: [Function; 20] = functions! {
    exp(x); expm1(x); exprelr(x); log(x); log10(x); pow(x, y); sqrt(x); abs(x); floor(x); ceil(x);
    sin(x); cos(x); tan(x); sinh(x); cosh(x); tanh(x); atan(x); min(x, y); max(x, y); fmod(x, y);
};

const COUNT: usize = 4096;

/// Arguments of all sizes and both signs, and the special ones.
fn arguments() -> Vec<(f64, f64)> {
    let special = [0.0, -0.0, 1.0, -1.0, 0.5, 709.0, -708.5, 88.0, -87.5, 1e30, -1e30];
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    (0..COUNT)
        .map(|k| match k {
            k if k < special.len() => (special[k], 3.0),
            k if k % 4 == 0 => (10f64.powf(20.0 * next() - 10.0), 8.0 * next() - 4.0),
            k if k % 4 == 1 => (2.0 * next() - 1.0, 6.0 * next() - 3.0),
            _ => (200.0 * next() - 100.0, (10.0 * next()).floor() - 3.0),
        })
        .collect()
}

/// Runs a kernel over an input of bytes.
fn dispatch(device: &Device, text: &str, real: Real, input: &[u8], output: u64) -> Result<Vec<u8>, GpuError> {
    let (module, info) = spirv::validate(text, real)?;
    let spirv = spirv::compile(&module, &info, true)?;
    let entry = wgpu::PassthroughShaderEntryPoint { name: "main".into(), workgroup_size: (64, 1, 1) };
    let descriptor = wgpu::ShaderModuleDescriptorPassthrough {
        label: Some("elementary"),
        entry_points: vec![entry].into(),
        spirv: Some(spirv.as_slice().into()),
        ..Default::default()
    };
    let gpu = &device.device;
    // SAFETY: valid SPIR-V whose indices stay below COUNT * FUNCTIONS.
    let shader = unsafe { gpu.create_shader_module_passthrough(descriptor) };
    let binding = |binding, read_only| wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::COMPUTE,
        ty: wgpu::BindingType::Buffer {
            ty: wgpu::BufferBindingType::Storage { read_only },
            has_dynamic_offset: false,
            min_binding_size: None,
        },
        count: None,
    };
    let layout = gpu.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
        label: None,
        entries: &[binding(0, true), binding(1, false)],
    });
    let pipeline_layout = gpu.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label: None,
        bind_group_layouts: &[Some(&layout)],
        immediate_size: 0,
    });
    let pipeline = gpu.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
        label: None,
        layout: Some(&pipeline_layout),
        module: &shader,
        entry_point: Some("main"),
        compilation_options: wgpu::PipelineCompilationOptions::default(),
        cache: None,
    });
    let given = gpu.create_buffer_init(&wgpu::util::BufferInitDescriptor {
        label: None,
        contents: input,
        usage: wgpu::BufferUsages::STORAGE,
    });
    let buffer = |usage| {
        gpu.create_buffer(&wgpu::BufferDescriptor { label: None, size: output, usage, mapped_at_creation: false })
    };
    let computed = buffer(wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC);
    let read = buffer(wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST);
    let group = gpu.create_bind_group(&wgpu::BindGroupDescriptor {
        label: None,
        layout: &layout,
        entries: &[
            wgpu::BindGroupEntry { binding: 0, resource: given.as_entire_binding() },
            wgpu::BindGroupEntry { binding: 1, resource: computed.as_entire_binding() },
        ],
    });
    let mut encoder = gpu.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
    {
        let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
        pass.set_pipeline(&pipeline);
        pass.set_bind_group(0, &group, &[]);
        pass.dispatch_workgroups((COUNT / 64) as u32, 1, 1);
    }
    encoder.copy_buffer_to_buffer(&computed, 0, &read, 0, output);
    device.queue.submit([encoder.finish()]);
    read.map_async(wgpu::MapMode::Read, .., |_| ());
    device.wait().map_err(GpuError::Device)?;
    let bytes = read.get_mapped_range(..).expect("mapped").to_vec();
    Ok(bytes)
}

/// A kernel that writes every function of every argument.
fn kernel(real: Real) -> String {
    let mut text = format!(
        "alias real = {};\n{}\n\
         @group(0) @binding(0) var<storage, read> given: array<real>;\n\
         @group(0) @binding(1) var<storage, read_write> computed: array<real>;\n\
         @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3<u32>) {{\n\
         let x = given[2u * id.x];\nlet y = given[2u * id.x + 1u];\n",
        real.name(),
        wgsl::math(real)
    );
    for (position, (name, arity, ..)) in FUNCTIONS.iter().enumerate() {
        let arguments = if *arity == 2 { "x, y" } else { "x" };
        text += &format!("computed[{}u + id.x] = math_{name}({arguments});\n", position * COUNT);
    }
    text + "}\n"
}

/// Runs the kernel for arguments of one type; `bits` are those of a result or of one canonical NaN.
fn compare<R: bytemuck::Pod>(real: Real, of: fn(f64) -> R, run: fn(&Function, R, R) -> R, bits: fn(R) -> u64) {
    let device = match Device::open(None, real, true) {
        Ok(device) => device,
        Err(error @ (GpuError::NoAdapter | GpuError::NoDouble { .. } | GpuError::NoPassthrough { .. })) => {
            eprintln!("skipped: {error}");
            return;
        }
        Err(error) => panic!("{error}"),
    };
    let arguments: Vec<[R; 2]> = arguments().into_iter().map(|(x, y)| [of(x), of(y)]).collect();
    let size = (FUNCTIONS.len() * COUNT * size_of::<R>()) as u64;
    let input = bytemuck::cast_slice(&arguments);
    let bytes = dispatch(&device, &kernel(real), real, input, size).unwrap_or_else(|error| panic!("{error}"));
    let found: Vec<R> = bytemuck::pod_collect_to_vec(&bytes);
    for (function, found) in FUNCTIONS.iter().zip(found.chunks(COUNT)) {
        let differing: Vec<usize> =
            (0..COUNT).filter(|&k| bits(found[k]) != bits(run(function, arguments[k][0], arguments[k][1]))).collect();
        assert!(
            differing.is_empty(),
            "{}: {} of {COUNT} differ, first {:?}",
            function.0,
            differing.len(),
            differing[0]
        );
    }
}

#[test]
fn f64_functions_have_the_bits_of_the_cpu() {
    let bits = |x: f64| if x.is_nan() { f64::NAN.to_bits() } else { x.to_bits() };
    compare::<f64>(Real::F64, |x| x, |function, x, y| function.2(x, y), bits);
}

#[test]
fn f32_functions_have_the_bits_of_the_cpu() {
    let bits = |x: f32| u64::from(if x.is_nan() { f32::NAN.to_bits() } else { x.to_bits() });
    compare::<f32>(Real::F32, |x| x as f32, |function, x, y| function.3(x, y), bits);
}
