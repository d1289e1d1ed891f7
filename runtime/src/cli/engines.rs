//! Choosing and opening an engine.

use crate::engine::cpu::{CpuEngine, CpuOptions};
use crate::engine::{Engine, Real, TimeAxis};
use crate::layout::Layout;
use crate::mechanisms::{KernelLibrary, Mechanisms, cache_folder};
use crate::problem::Problem;
use codegen::build::{BuildError, BuildOptions, build_library};

/// What the command line asks for.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// A GPU.
    pub gpu: bool,
    /// Which one.
    pub adapter: Option<String>,
    /// Single precision; `None` leaves the choice.
    pub single: Option<bool>,
    /// No fused multiply-add.
    pub strict: bool,
    /// NEURON's difference quotient.
    pub difference: bool,
    /// Threads of the CPU; 0 means one a core.
    pub threads: usize,
}

/// Opens the engine of choice with a network.
///
/// # Errors
/// When the kernels cannot be built or loaded, or there is no such device.
pub fn open(
    choice: &Choice,
    layout: &Layout,
    mechanisms: &Mechanisms,
    axis: &TimeAxis,
) -> Result<Box<dyn Engine>, Problem> {
    if choice.gpu {
        return Err(Problem::run("this build has no GPU engine").help("run without --gpu"));
    }
    if choice.single == Some(true) {
        cpu::<f32>(choice, layout, mechanisms, axis)
    } else {
        cpu::<f64>(choice, layout, mechanisms, axis)
    }
}

/// The devices that there are.
pub fn devices() -> String {
    "no GPU is supported by this build".to_owned()
}

fn cpu<R: Real>(
    choice: &Choice,
    layout: &Layout,
    mechanisms: &Mechanisms,
    axis: &TimeAxis,
) -> Result<Box<dyn Engine>, Problem> {
    let real = if size_of::<R>() == 4 { codegen::back::Real::F32 } else { codegen::back::Real::F64 };
    let options = BuildOptions { real, fused: !choice.strict, native: true, cache_dir: cache_folder() };
    let path = build_library(&mechanisms.compiled, &options).map_err(build_problem)?;
    tracing::debug!("kernels: {}", path.display());
    let kernels = KernelLibrary::<R>::load(&path).map_err(|error| Problem::run(error.to_string()))?;
    let options = CpuOptions { difference: choice.difference, threads: choice.threads };
    let engine = CpuEngine::new(layout, kernels, axis.clone(), options).map_err(|error| Problem::run(error.to_string()))?;
    Ok(Box::new(engine))
}

fn build_problem(error: BuildError) -> Problem {
    Problem::run(error.to_string())
}
