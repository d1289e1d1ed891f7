//! Choosing and opening an engine.

use crate::engine::cpu::{CpuEngine, CpuOptions};
use crate::engine::gpu::{AdapterDescription, GpuEngine, GpuError, GpuOptions, list_adapters};
use crate::engine::{self, Engine, TimeAxis};
use crate::layout::Layout;
use crate::mechanisms::{KernelLibrary, Mechanisms, cache_folder};
use crate::problem::Problem;
use codegen::back::Real;
use codegen::back::wgsl::emit_functions;
use codegen::build::{BuildError, BuildOptions, build_library};
use codegen::ir::Mechanism;

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
    /// Keep all values, also those that neither kernels nor probes read.
    pub complete: bool,
    /// What runs the kernels on the CPU.
    pub kernels: KernelsOfCpu,
}

/// What runs the kernels on the CPU.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KernelsOfCpu {
    /// Compiled code, where there is a Rust compiler.
    #[default]
    Any,
    /// Compiled code.
    Compiled,
    /// The evaluator, which needs no compiler.
    Evaluated,
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
    engine(kernels(choice, layout, mechanisms)?, choice, layout, mechanisms, axis)
}

/// Kernels of the mechanisms that a layout uses, ready to be called.
pub enum Kernels {
    /// Compiled when the engine is made.
    Gpu,
    /// In double precision.
    Double(KernelLibrary<f64>),
    /// In single precision.
    Single(KernelLibrary<f32>),
}

/// Makes the kernels for a network.
///
/// # Errors
/// When they cannot be built or loaded.
pub fn kernels(choice: &Choice, layout: &Layout, mechanisms: &Mechanisms) -> Result<Kernels, Problem> {
    match (choice.gpu, choice.single) {
        (true, _) => Ok(Kernels::Gpu),
        (false, Some(true)) => library(choice, layout, mechanisms).map(Kernels::Single),
        (false, _) => library(choice, layout, mechanisms).map(Kernels::Double),
    }
}

/// Opens the engine of choice with a network and its kernels.
///
/// # Errors
/// When there is no such device, or kernels do not fit the network.
pub fn engine(
    kernels: Kernels,
    choice: &Choice,
    layout: &Layout,
    mechanisms: &Mechanisms,
    axis: &TimeAxis,
) -> Result<Box<dyn Engine>, Problem> {
    match kernels {
        Kernels::Gpu => gpu(choice, layout, mechanisms, axis),
        Kernels::Double(kernels) => cpu(kernels, choice, layout, axis),
        Kernels::Single(kernels) => cpu(kernels, choice, layout, axis),
    }
}

/// The devices that there are, one a line.
pub fn devices() -> String {
    let adapters = list_adapters();
    if adapters.is_empty() {
        return GpuError::NoAdapter.to_string();
    }
    adapters.iter().map(AdapterDescription::to_string).collect::<Vec<_>>().join("\n")
}

fn gpu(choice: &Choice, layout: &Layout, mechanisms: &Mechanisms, axis: &TimeAxis) -> Result<Box<dyn Engine>, Problem> {
    let real = match choice.single {
        Some(true) => Real::F32,
        Some(false) => Real::F64,
        None => precision_of(choice.adapter.as_deref()),
    };
    let wgsl: Vec<String> = used(layout, mechanisms).map(|mechanism| emit_functions(mechanism, real)).collect();
    let options = GpuOptions {
        difference: choice.difference,
        strict: choice.strict,
        adapter: choice.adapter.clone(),
        lean: !choice.complete,
        ..GpuOptions::default()
    };
    match GpuEngine::new(layout, &wgsl, real, axis.clone(), &options) {
        Ok(engine) => Ok(Box::new(engine)),
        Err(error) => {
            let problem = Problem::run(error.to_string());
            Err(match error {
                GpuError::NoDouble { .. } => problem.help("add --precision f32, or leave --precision out"),
                GpuError::NoSuchAdapter { .. } => problem.help("runtime --list-devices shows the adapters"),
                _ => problem,
            })
        }
    }
}

/// The mechanisms of a layout, in its order.
fn used<'a>(layout: &'a Layout, mechanisms: &'a Mechanisms) -> impl Iterator<Item = &'a Mechanism> {
    layout.mechanisms.iter().filter_map(|used| mechanisms.compiled.iter().find(|known| known.name == used.name))
}

/// Double precision where the device has it.
fn precision_of(adapter: Option<&str>) -> Real {
    let wanted = adapter.unwrap_or_default().to_lowercase();
    let chosen = list_adapters().into_iter().find(|adapter| adapter.name.to_lowercase().contains(&wanted));
    match chosen {
        Some(adapter) if !adapter.f64 => {
            tracing::info!("{} has no double precision: single precision is used", adapter.name);
            Real::F32
        }
        _ => Real::F64,
    }
}

fn library<R: engine::Real>(
    choice: &Choice,
    layout: &Layout,
    mechanisms: &Mechanisms,
) -> Result<KernelLibrary<R>, Problem> {
    let real = if size_of::<R>() == 4 { Real::F32 } else { Real::F64 };
    let used: Vec<Mechanism> = used(layout, mechanisms).cloned().collect();
    let evaluate = || KernelLibrary::evaluated(&used, !choice.strict).map_err(|error| Problem::run(error.to_string()));
    Ok(if choice.kernels == KernelsOfCpu::Evaluated {
        evaluate()?
    } else {
        let options = BuildOptions { real, fused: !choice.strict, native: true, cache_dir: cache_folder() };
        match build_library(&used, &options) {
            Ok(path) => {
                tracing::debug!("kernels: {}", path.display());
                KernelLibrary::<R>::load(&path).map_err(|error| Problem::run(error.to_string()))?
            }
            Err(BuildError::NoCompiler { program, .. }) if choice.kernels == KernelsOfCpu::Any => {
                tracing::info!(
                    "there is no Rust compiler (`{program}`): kernels are evaluated, which is slower than compiled code"
                );
                evaluate()?
            }
            Err(error) => return Err(build_problem(error)),
        }
    })
}

fn cpu<R: engine::Real>(
    kernels: KernelLibrary<R>,
    choice: &Choice,
    layout: &Layout,
    axis: &TimeAxis,
) -> Result<Box<dyn Engine>, Problem> {
    let options = CpuOptions { difference: choice.difference, threads: choice.threads, complete: choice.complete };
    let engine =
        CpuEngine::new(layout, kernels, axis.clone(), options).map_err(|error| Problem::run(error.to_string()))?;
    Ok(Box::new(engine))
}

fn build_problem(error: BuildError) -> Problem {
    let problem = Problem::run(error.to_string());
    match error {
        BuildError::NoCompiler { .. } => problem.help("or run with --kernels evaluated, which needs none"),
        BuildError::Refused { .. } | BuildError::Write { .. } => problem,
    }
}
