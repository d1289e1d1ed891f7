//! Whether a device rounds like the CPU: measured, since Vulkan promises less than devices do.
//!
//! Vulkan wants sums and products correctly rounded, but lets division be off by 2.5 units in the last
//! place, and square roots by more.

use super::batch::copy_back;
use super::device::Device;
use super::{GpuError, pipeline, words};
use codegen::back::Real;
use wgpu::util::DeviceExt;

/// Triples of operands that are tried.
const COUNT: usize = 4096;
/// What is computed of each.
const RESULTS: [&str; 4] = ["division", "the square root", "a product and a sum", "a sum and a difference"];

/// The operations that the device does not round like the CPU.
pub(super) fn deviations(device: &Device, real: Real) -> Result<Vec<&'static str>, GpuError> {
    let operands = operands();
    Ok(differing(&operands, &results(device, real, &operands)?, real))
}

/// The operations of which a result differs from this machine's.
fn differing(operands: &[f64], found: &[f64], real: Real) -> Vec<&'static str> {
    let mut deviating = [false; RESULTS.len()];
    for (&triple, found) in operands.as_chunks().0.iter().zip(found.as_chunks::<{ RESULTS.len() }>().0) {
        for (place, expected) in expected(triple, real).into_iter().enumerate() {
            deviating[place] |= found[place].to_bits() != expected.to_bits();
        }
    }
    RESULTS.into_iter().zip(deviating).filter(|(_, deviates)| *deviates).map(|(name, _)| name).collect()
}

/// Positive numbers of moderate size, the same in every run.
fn operands() -> Vec<f64> {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let fraction = (state >> 12) as f64 / (1_u64 << 52) as f64;
        (1.0 + fraction) * 2.0_f64.powi((state >> 8 & 15) as i32 - 8)
    };
    (0..3 * COUNT).map(|_| next()).collect()
}

fn expected([x, y, z]: [f64; 3], real: Real) -> [f64; 4] {
    match real {
        Real::F64 => [x / y, x.sqrt(), x * y + z, (x + y) - x],
        Real::F32 => {
            let (x, y, z) = (x as f32, y as f32, z as f32);
            [x / y, x.sqrt(), x * y + z, (x + y) - x].map(f64::from)
        }
    }
}

/// What the device makes of the operands.
fn results(device: &Device, real: Real, operands: &[f64]) -> Result<Vec<f64>, GpuError> {
    let name = match real {
        Real::F32 => "f32",
        Real::F64 => "f64",
    };
    let text = format!(
        "alias real = {name};\nconst COUNT: u32 = {COUNT}u;\n{}",
        include_str!("../../../../shaders/rounding.wgsl")
    );
    let kernel = pipeline::build(device, &text, real, true, &[false], 32, &["round_results"])?;
    let mut contents = words::encode(operands, real);
    let begin = contents.len() as u64;
    contents.resize(contents.len() + RESULTS.len() * COUNT * words::size(real), 0);
    let buffer = device.device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
        label: Some("rounding"),
        contents: &contents,
        usage: wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC,
    });
    let bind_group = device.device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("rounding"),
        layout: &kernel.layout,
        entries: &[wgpu::BindGroupEntry { binding: 0, resource: buffer.as_entire_binding() }],
    });
    let mut encoder = device.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
    {
        let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
        pass.set_pipeline(&kernel.kernels[0]);
        pass.set_bind_group(0, &bind_group, &[]);
        pass.dispatch_workgroups((COUNT as u32).div_ceil(32), 1, 1);
    }
    device.queue.submit([encoder.finish()]);
    let range = begin..contents.len() as u64;
    let bytes = copy_back(device, &buffer, std::slice::from_ref(&range)).map_err(GpuError::Device)?;
    let mut results = Vec::with_capacity(RESULTS.len() * COUNT);
    words::decode(&bytes, real, &mut results);
    Ok(results)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deviations_are_named() {
        for real in [Real::F32, Real::F64] {
            let operands: Vec<f64> = operands().into_iter().map(|x| f64::from(x as f32)).collect();
            let triples = operands.as_chunks().0.iter();
            let mut found: Vec<f64> = triples.flat_map(|&triple| expected(triple, real)).collect();
            assert_eq!(differing(&operands, &found, real), [""; 0]);
            found[4] = found[4].next_up();
            found[7] = found[7].next_down();
            assert_eq!(differing(&operands, &found, real), ["division", "a sum and a difference"]);
        }
    }

    #[test]
    fn strict_mode_is_exact_where_the_device_is() {
        for real in [Real::F32, Real::F64] {
            match Device::open(Some("llvmpipe"), real, true) {
                Ok(device) => assert_eq!(deviations(&device, real).unwrap(), [""; 0], "{real:?}"),
                Err(error) => eprintln!("skipped: {error}"),
            }
        }
    }
}
