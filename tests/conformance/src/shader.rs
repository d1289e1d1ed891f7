//! Emitted WGSL through naga's parser and validator.

use codegen::back::{Real, wgsl};
use codegen::ir::Mechanism;
use naga::valid::{Capabilities, ValidationFlags, Validator};

/// Checks the functions of a mechanism, as the simulator composes them, for one real type.
///
/// # Errors
/// What naga says, with the place.
pub fn check(mechanism: &Mechanism, real: Real) -> Result<(), String> {
    let capabilities = match real {
        Real::F32 => Capabilities::empty(),
        Real::F64 => Capabilities::FLOAT64 | Capabilities::SHADER_INT64,
    };
    let text = format!("{}\n{}", wgsl::prelude(real), wgsl::emit_mechanism(mechanism, real));
    let module = naga::front::wgsl::parse_str(&text).map_err(|error| error.emit_to_string(&text))?;
    let mut validator = Validator::new(ValidationFlags::all(), capabilities);
    validator.validate(&module).map(|_| ()).map_err(|error| error.emit_to_string(&text))
}
