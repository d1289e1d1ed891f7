//! Stock mechanisms, and one synapse that needs what they don't, compiled for both engines.

use crate::layout::Layout;
use crate::mechanisms::KernelLibrary;
use codegen::back::{Real, wgsl};
use codegen::build::{BuildOptions, build_library};
use codegen::ir::Mechanism;
use codegen::manifest::MechanismManifest;
use nmodl_parser::SourceFile;
use std::path::Path;
use std::sync::OnceLock;

/// A synapse with an ion, several arguments that persist, an INITIAL of its own, random numbers, the time,
/// all BEFORE and AFTER blocks, and a table.
const PLASTIC: &str = "
    NEURON { POINT_PROCESS plastic USEION ca READ eca WRITE ica RANGE tau, gain, g, last, trace RANDOM r }
    PARAMETER { tau = 3 (ms) gain = 0.1 }
    ASSIGNED { v (mV) eca (mV) ica (nA) last (ms) trace }
    STATE { g (uS) }
    INITIAL { g = 0 last = 0 }
    BREAKPOINT { SOLVE decay METHOD cnexp ica = g * (v - eca) }
    DERIVATIVE decay { g' = -g / tau }
    FUNCTION squeeze(u) { TABLE FROM -90 TO -40 WITH 35  squeeze = exp(u / 40) }
    BEFORE INITIAL { trace = trace + 1 }
    AFTER INITIAL { trace = trace * 3 + g }
    BEFORE BREAKPOINT { trace = 0.5 * trace + t }
    AFTER SOLVE { trace = trace + g * squeeze(v) }
    BEFORE STEP { trace = trace + t / 7 }
    NET_RECEIVE(w, factor, count) {
        INITIAL { factor = 1 + gain count = 0 }
        if (t - last > 2) { factor = 1 } else { factor = factor + gain * exp(-(t - last) / 5) }
        last = t
        count = count + 1
        g = g + w * factor * (0.5 + random_uniform(r) + 0.1 * random_normal(r) + 0.1 * exprand(1))
    }";

/// States that diffuse: elements of an array, with a coefficient that one solved before changes, and a concentration.
const SPREADING: &str = "
    NEURON { SUFFIX spreading USEION k READ ik WRITE ki RANGE speed }
    PARAMETER { speed = 0.7 }
    ASSIGNED { ik diam }
    STATE { ki x[2] }
    INITIAL { x[0] = diam x[1] = 1 / diam }
    BREAKPOINT { SOLVE mix METHOD sparse }
    KINETIC mix {
        COMPARTMENT diam * diam { ki }
        COMPARTMENT i, diam + i { x }
        LONGITUDINAL_DIFFUSION n, speed * diam * diam * (1 + n * x[0]) { x }
        LONGITUDINAL_DIFFUSION 0.3 * diam { ki }
        ~ x[0] <-> x[1] (0.1, 0.2)
        ~ ki << (-ik * diam)
    }";

/// Stock mechanisms that together use everything. More would only take the driver longer to compile.
const STOCK: [&str; 7] = ["capool", "kca", "na", "pas", "exp2syn", "iclamp", "inhsyn"];

/// In order of execution.
pub(super) fn mechanisms() -> &'static [Mechanism] {
    static MECHANISMS: OnceLock<Vec<Mechanism>> = OnceLock::new();
    MECHANISMS.get_or_init(|| {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../mod");
        let file = |name: &str| directory.join(name).with_extension("mod");
        let mut sources: Vec<_> = STOCK.iter().map(|name| SourceFile::read(&file(name)).unwrap()).collect();
        sources.insert(0, SourceFile::new("spreading.mod", SPREADING));
        sources.push(SourceFile::new("plastic.mod", PLASTIC));
        let compiled = codegen::compile_all(&sources, &codegen::Options::default());
        compiled.into_iter().map(|(mechanism, messages)| mechanism.unwrap_or_else(|| panic!("{messages:?}"))).collect()
    })
}

/// What a layout says of them.
pub(super) fn manifests() -> Vec<MechanismManifest> {
    mechanisms().iter().map(MechanismManifest::of).collect()
}

/// The functions of a layout's mechanisms for the GPU.
pub(super) fn functions(layout: &Layout, real: Real) -> Vec<String> {
    let named = |name: &str| mechanisms().iter().find(|mechanism| mechanism.name == name);
    let emit = |manifest: &MechanismManifest| wgsl::emit_functions(named(&manifest.name).unwrap(), real);
    layout.mechanisms.iter().map(emit).collect()
}

/// Their kernels for the CPU, without contraction.
pub(super) fn library<R: Copy + 'static>(real: Real) -> KernelLibrary<R> {
    let cache_dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tmp/kernels");
    let options = BuildOptions { real, fused: false, native: false, cache_dir };
    let path = build_library(mechanisms(), &options).unwrap_or_else(|error| panic!("{error}"));
    KernelLibrary::load(&path).unwrap_or_else(|error| panic!("{error}"))
}
