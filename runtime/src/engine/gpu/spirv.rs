//! SPIR-V of the composed kernels.
//!
//! Vulkan drivers contract `a * b + c` and cancel terms such as `(a + b) - a` unless a result is
//! decorated `NoContraction`, which WGSL cannot express. So WGSL becomes SPIR-V here, and in strict
//! mode every floating-point result in it is decorated. Barriers, which WGSL gives the scope of the
//! whole device, are narrowed to the workgroup: no cell touches what another one does.

use super::GpuError;
use codegen::back::Real;
use naga::back::spv;
use naga::valid::{Capabilities, ModuleInfo, ValidationFlags, Validator};

/// Parses and validates WGSL.
pub(super) fn validate(wgsl: &str, real: Real) -> Result<(naga::Module, ModuleInfo), GpuError> {
    let module = naga::front::wgsl::parse_str(wgsl).map_err(|error| GpuError::Shader(error.emit_to_string(wgsl)))?;
    let capabilities = match real {
        Real::F32 => Capabilities::default(),
        Real::F64 => Capabilities::default() | Capabilities::FLOAT64 | Capabilities::SHADER_INT64,
    };
    let info = Validator::new(ValidationFlags::all(), capabilities)
        .validate(&module)
        .map_err(|error| GpuError::Shader(error.emit_to_string(wgsl)))?;
    Ok((module, info))
}

/// SPIR-V of a validated module; if `strict`, the driver may not rearrange its arithmetic.
pub(super) fn compile(module: &naga::Module, info: &ModuleInfo, strict: bool) -> Result<Vec<u32>, GpuError> {
    let options = spv::Options {
        flags: spv::WriterFlags::empty(),
        // The kernels' loops end by construction, and their indices are checked on the host.
        force_loop_bounding: false,
        emit_int_div_checks: false,
        // They write a workgroup's memory before they read it.
        zero_initialize_workgroup_memory: spv::ZeroInitializeWorkgroupMemoryMode::None,
        ..spv::Options::default()
    };
    let mut words =
        spv::write_vec(module, info, &options, None).map_err(|error| GpuError::Shader(error.to_string()))?;
    narrow_barriers(&mut words);
    if strict {
        forbid_contraction(&mut words);
    }
    Ok(words)
}

/// Words before the first instruction.
const HEADER: usize = 5;
const OP_DECORATE: u32 = 71;
const NO_CONTRACTION: u32 = 42;
/// FNegate, FAdd, FSub, FMul, FDiv, FRem, FMod, VectorTimesScalar to Dot.
const ARITHMETIC: [u32; 14] = [127, 129, 131, 133, 136, 140, 141, 142, 143, 144, 145, 146, 147, 148];

/// ControlBarrier: execution scope, memory scope, semantics.
const OP_CONTROL_BARRIER: u32 = 224;

/// Where instructions begin.
fn instructions(words: &[u32]) -> impl Iterator<Item = usize> {
    let next = |&at: &usize| Some(at + ((words[at] >> 16) as usize).max(1)).filter(|&next| next < words.len());
    std::iter::successors(Some(HEADER).filter(|&at| at < words.len()), next)
}

/// Makes the memory scope of barriers their execution scope.
fn narrow_barriers(words: &mut [u32]) {
    let barriers: Vec<usize> = instructions(words).filter(|&at| words[at] & 0xffff == OP_CONTROL_BARRIER).collect();
    for at in barriers {
        words[at + 2] = words[at + 1];
    }
}

/// Decorates the result of every floating-point instruction with `NoContraction`.
fn forbid_contraction(words: &mut Vec<u32>) {
    let mut decorations = Vec::new();
    let mut first_decoration = None;
    for at in instructions(words) {
        let opcode = words[at] & 0xffff;
        if opcode == OP_DECORATE && first_decoration.is_none() {
            first_decoration = Some(at);
        }
        if ARITHMETIC.contains(&opcode) {
            // Operands: result type, result, ...
            decorations.extend([3 << 16 | OP_DECORATE, words[at + 2], NO_CONTRACTION]);
        }
    }
    // Every module with a buffer has decorations; without one there is nothing to compute.
    if let Some(at) = first_decoration {
        words.splice(at..at, decorations);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(words: &[u32]) -> Vec<&[u32]> {
        instructions(words).map(|at| &words[at..at + (words[at] >> 16) as usize]).collect()
    }

    #[test]
    fn every_arithmetic_result_is_decorated_once() {
        let source = "@group(0) @binding(0) var<storage, read_write> x: array<f32>;
            @compute @workgroup_size(1) fn main() { x[0] = -(x[1] * x[2] + x[3]) / x[4] - x[5]; let n = 1u + u32(x[6]); x[n] = 0.0; }";
        let (module, info) = validate(source, Real::F32).unwrap();
        let words = compile(&module, &info, true).unwrap();
        let all = parts(&words);
        let results: Vec<u32> = all.iter().filter(|i| ARITHMETIC.contains(&(i[0] & 0xffff))).map(|i| i[2]).collect();
        assert_eq!(results.len(), 5, "multiply, add, negate, divide, subtract; not the integer addition");
        let decorated: Vec<u32> =
            all.iter().filter(|i| i[0] & 0xffff == OP_DECORATE && i[2] == NO_CONTRACTION).map(|i| i[1]).collect();
        assert_eq!(results, decorated);
        // Decorations stand before all types, as SPIR-V demands.
        let last_decoration = all.iter().rposition(|i| i[0] & 0xffff == OP_DECORATE).unwrap();
        let first_type = all.iter().position(|i| (19..=33).contains(&(i[0] & 0xffff))).unwrap();
        assert!(last_decoration < first_type);
    }

    #[test]
    fn barriers_stay_in_the_workgroup() {
        let source = "@group(0) @binding(0) var<storage, read_write> x: array<f32>;
            @compute @workgroup_size(2) fn main() { x[0] = 1.0; storageBarrier(); x[1] = x[0]; }";
        let (module, info) = validate(source, Real::F32).unwrap();
        let words = compile(&module, &info, false).unwrap();
        let all = parts(&words);
        let barrier = all.iter().find(|i| i[0] & 0xffff == OP_CONTROL_BARRIER).unwrap();
        assert_eq!(barrier[1], barrier[2]);
        let constant = all.iter().find(|i| i[0] & 0xffff == 43 && i[2] == barrier[1]).unwrap();
        assert_eq!(constant[3], 2, "the workgroup");
        assert!(!all.iter().any(|i| i[0] & 0xffff == OP_DECORATE && i[2] == NO_CONTRACTION));
    }

    #[test]
    fn an_invalid_shader_is_an_error() {
        let error = validate("fn f() -> f32 { return y; }", Real::F32).unwrap_err();
        assert!(error.to_string().contains('y'));
    }
}
