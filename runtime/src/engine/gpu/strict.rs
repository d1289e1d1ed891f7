//! Shaders whose arithmetic the driver may not rearrange.
//!
//! Vulkan drivers contract `a * b + c` and cancel terms such as `(a + b) - a` unless a result is
//! decorated `NoContraction`, which WGSL cannot express. So WGSL becomes SPIR-V here, and every
//! floating-point result in it is decorated.

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

/// SPIR-V of a validated module, with every floating-point result decorated `NoContraction`.
pub(super) fn compile(module: &naga::Module, info: &ModuleInfo) -> Result<Vec<u32>, GpuError> {
    let options = spv::Options {
        flags: spv::WriterFlags::empty(),
        // The kernels' loops end by construction, and their indices are checked on the host.
        force_loop_bounding: false,
        emit_int_div_checks: false,
        ..spv::Options::default()
    };
    let mut words =
        spv::write_vec(module, info, &options, None).map_err(|error| GpuError::Shader(error.to_string()))?;
    forbid_contraction(&mut words);
    Ok(words)
}

/// Words before the first instruction.
const HEADER: usize = 5;
const OP_DECORATE: u32 = 71;
const NO_CONTRACTION: u32 = 42;
/// FNegate, FAdd, FSub, FMul, FDiv, FRem, FMod, VectorTimesScalar to Dot.
const ARITHMETIC: [u32; 14] = [127, 129, 131, 133, 136, 140, 141, 142, 143, 144, 145, 146, 147, 148];

/// Decorates the result of every floating-point instruction with `NoContraction`.
fn forbid_contraction(words: &mut Vec<u32>) {
    let mut decorations = Vec::new();
    let mut first_decoration = None;
    let mut at = HEADER;
    while at < words.len() {
        let (length, opcode) = ((words[at] >> 16) as usize, words[at] & 0xffff);
        if opcode == OP_DECORATE && first_decoration.is_none() {
            first_decoration = Some(at);
        }
        if ARITHMETIC.contains(&opcode) {
            // Operands: result type, result, ...
            decorations.extend([3 << 16 | OP_DECORATE, words[at + 2], NO_CONTRACTION]);
        }
        at += length.max(1);
    }
    // Every module with a buffer has decorations; without one there is nothing to compute.
    if let Some(at) = first_decoration {
        words.splice(at..at, decorations);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instructions(words: &[u32]) -> Vec<&[u32]> {
        let mut rest = &words[HEADER..];
        let mut found = Vec::new();
        while let Some(&head) = rest.first() {
            let (instruction, after) = rest.split_at((head >> 16) as usize);
            found.push(instruction);
            rest = after;
        }
        found
    }

    #[test]
    fn every_arithmetic_result_is_decorated_once() {
        let source = "@group(0) @binding(0) var<storage, read_write> x: array<f32>;
            @compute @workgroup_size(1) fn main() { x[0] = -(x[1] * x[2] + x[3]) / x[4] - x[5]; let n = 1u + u32(x[6]); x[n] = 0.0; }";
        let (module, info) = validate(source, Real::F32).unwrap();
        let words = compile(&module, &info).unwrap();
        let all = instructions(&words);
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
    fn an_invalid_shader_is_an_error() {
        let error = validate("fn f() -> f32 { return y; }", Real::F32).unwrap_err();
        assert!(error.to_string().contains('y'));
    }
}
