//! The kernels of mechanisms: from a shared library of generated code, loaded into the process, or from the evaluator.

use crate::engine::Real;
use codegen::abi::{self, ABI_VERSION, Block, Clock, KernelTable, Library};
use codegen::ir::{Function, Mechanism};
use std::path::{Path, PathBuf};
use std::ptr::NonNull;

/// Why a kernel library cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// The dynamic loader refused it.
    #[error("cannot load the kernel library {path}: {source}; delete it and run again")]
    Load {
        /// The library.
        path: PathBuf,
        /// The loader's reason.
        source: libloading::Error,
    },
    /// Built by another version of the compiler, or for another real type.
    #[error("the kernel library {path} was built for {found}, needed is {expected}; delete it and run again")]
    Mismatch {
        /// The library.
        path: PathBuf,
        /// What it is.
        found: String,
        /// What is needed.
        expected: String,
    },
    /// A mechanism is not in it.
    #[error("the kernel library {path} has no mechanism `{mechanism}`; delete it and run again")]
    Missing {
        /// The library.
        path: PathBuf,
        /// The mechanism.
        mechanism: String,
    },
    /// The evaluator cannot run a kernel.
    #[error("{0}; install a Rust compiler from https://rustup.rs, and do not ask for evaluated kernels")]
    Refused(#[from] evaluator::Refused),
}

/// A kernel that runs over all instances of a block; valid as long as its [`KernelLibrary`] is.
#[derive(Clone, Copy)]
pub enum Kernel<R> {
    /// Compiled code.
    Compiled(abi::Kernel<R>),
    /// A program of the evaluator.
    Evaluated(NonNull<evaluator::Kernel<R>>),
}

/// A kernel that runs for one instance; likewise.
#[derive(Clone, Copy)]
pub enum NetKernel<R> {
    /// Compiled code.
    Compiled(abi::NetKernel<R>),
    /// A program of the evaluator.
    Evaluated(NonNull<evaluator::Kernel<R>>),
}

// SAFETY: programs are only read; they are as free to be shared as code is.
unsafe impl<R: Sync> Send for Kernel<R> {}
// SAFETY: as above.
unsafe impl<R: Sync> Sync for Kernel<R> {}
// SAFETY: as above.
unsafe impl<R: Sync> Send for NetKernel<R> {}
// SAFETY: as above.
unsafe impl<R: Sync> Sync for NetKernel<R> {}

impl<R: Real> Kernel<R> {
    /// Runs it.
    ///
    /// # Safety
    /// Its library lives, and block and clock are as [`abi::Kernel`] wants them.
    pub unsafe fn run(self, block: &Block<R>, clock: &Clock<R>) {
        // SAFETY: promised by the caller.
        unsafe {
            match self {
                Self::Compiled(kernel) => kernel(block, clock),
                Self::Evaluated(kernel) => kernel.as_ref().run(block, clock),
            }
        }
    }
}

impl<R: Real> NetKernel<R> {
    /// Runs it.
    ///
    /// # Safety
    /// Its library lives, and the arguments are as [`abi::NetKernel`] wants them.
    pub unsafe fn run(self, block: &Block<R>, clock: &Clock<R>, row: usize, lane: usize, net: *mut R, flag: R) {
        // SAFETY: promised by the caller.
        unsafe {
            match self {
                Self::Compiled(kernel) => kernel(block, clock, row, lane, net, flag),
                Self::Evaluated(kernel) => kernel.as_ref().run_net(block, clock, row, lane, net, flag),
            }
        }
    }
}

/// The kernels of one mechanism; see [`KernelTable`].
#[derive(Clone, Copy)]
pub struct Kernels<R> {
    /// INITIAL.
    pub init: Option<Kernel<R>>,
    /// Currents, analytic derivative.
    pub current: Option<Kernel<R>>,
    /// Currents, NEURON's difference quotient.
    pub current_difference: Option<Kernel<R>>,
    /// One step of the states.
    pub state: Option<Kernel<R>>,
    /// Volumes and coefficients of LONGITUDINAL_DIFFUSION.
    pub diffusion: Option<Kernel<R>>,
    /// NET_RECEIVE.
    pub net_receive: Option<NetKernel<R>>,
    /// INITIAL of NET_RECEIVE.
    pub net_init: Option<NetKernel<R>>,
    /// BEFORE INITIAL.
    pub before_initial: Option<Kernel<R>>,
    /// AFTER INITIAL.
    pub after_initial: Option<Kernel<R>>,
    /// BEFORE BREAKPOINT.
    pub before_breakpoint: Option<Kernel<R>>,
    /// AFTER SOLVE.
    pub after_solve: Option<Kernel<R>>,
    /// BEFORE STEP.
    pub before_step: Option<Kernel<R>>,
    /// The conditions of WATCH.
    pub watch: Option<Kernel<R>>,
}

impl<R> From<&KernelTable<R>> for Kernels<R> {
    fn from(table: &KernelTable<R>) -> Self {
        Self {
            init: table.init.map(Kernel::Compiled),
            current: table.current.map(Kernel::Compiled),
            current_difference: table.current_difference.map(Kernel::Compiled),
            state: table.state.map(Kernel::Compiled),
            diffusion: table.diffusion.map(Kernel::Compiled),
            before_initial: table.before_initial.map(Kernel::Compiled),
            after_initial: table.after_initial.map(Kernel::Compiled),
            before_breakpoint: table.before_breakpoint.map(Kernel::Compiled),
            after_solve: table.after_solve.map(Kernel::Compiled),
            before_step: table.before_step.map(Kernel::Compiled),
            watch: table.watch.map(Kernel::Compiled),
            net_receive: table.net_receive.map(NetKernel::Compiled),
            net_init: table.net_init.map(NetKernel::Compiled),
        }
    }
}

/// The kernels of some mechanisms; keeps what they are in.
pub struct KernelLibrary<R: 'static> {
    path: PathBuf,
    tables: Vec<(String, Kernels<R>)>,
    // Declared last: the tables point into it.
    code: Code<R>,
}

/// What kernels are in.
enum Code<R: 'static> {
    Compiled { _library: libloading::Library },
    Evaluated { _programs: Programs<R> },
}

/// Programs that kernels point to; each is freed with the list.
struct Programs<R: 'static>(Vec<NonNull<evaluator::Kernel<R>>>);

// SAFETY: the list owns its programs, which may be sent and shared.
unsafe impl<R: Send + Sync> Send for Programs<R> {}
// SAFETY: as above.
unsafe impl<R: Send + Sync> Sync for Programs<R> {}

impl<R> Drop for Programs<R> {
    fn drop(&mut self) {
        for program in self.0.drain(..) {
            // SAFETY: made by `Box::leak` in `add`, and dropped once.
            drop(unsafe { Box::from_raw(program.as_ptr()) });
        }
    }
}

impl<R: Real> Programs<R> {
    /// The program of a kernel that there may be.
    fn add(
        &mut self,
        mechanism: &Mechanism,
        name: &str,
        function: &Option<Function>,
        fused: bool,
    ) -> Result<Option<NonNull<evaluator::Kernel<R>>>, evaluator::Refused> {
        let Some(function) = function else { return Ok(None) };
        let program = evaluator::Kernel::new(mechanism, name, function, fused)?;
        let program = NonNull::from(Box::leak(Box::new(program)));
        self.0.push(program);
        Ok(Some(program))
    }
}

impl<R: Copy + 'static> KernelLibrary<R> {
    /// Loads a library that `modgen` built.
    ///
    /// # Errors
    /// When it cannot be loaded, or was built for another interface or real type.
    pub fn load(path: &Path) -> Result<Self, LibraryError> {
        let failed = |source| LibraryError::Load { path: path.to_owned(), source };
        // SAFETY: the library is generated by this program's own compiler and has no initialisers.
        let library = unsafe { libloading::Library::new(path) }.map_err(failed)?;
        type Export<R> = unsafe extern "C" fn() -> *const Library<R>;
        // SAFETY: the symbol has this type in every library of this ABI version; the head of the
        // structure up to `abi_version` and `real_size` is the same in all versions.
        let description = unsafe {
            let export = library.get::<Export<R>>(b"saltatory_library").map_err(failed)?;
            *export()
        };
        let real_size = size_of::<R>() as u32;
        if (description.abi_version, description.real_size) != (ABI_VERSION, real_size) {
            return Err(LibraryError::Mismatch {
                path: path.to_owned(),
                found: format!("interface {} with {}-byte reals", description.abi_version, description.real_size),
                expected: format!("interface {ABI_VERSION} with {real_size}-byte reals"),
            });
        }
        // SAFETY: the library promises `count` tables with valid UTF-8 names in static memory.
        let tables = unsafe {
            std::slice::from_raw_parts(description.tables, description.count as usize)
                .iter()
                .map(|table| {
                    let name = std::slice::from_raw_parts(table.name, table.name_len);
                    (String::from_utf8_lossy(name).into_owned(), Kernels::from(table))
                })
                .collect()
        };
        Ok(Self { path: path.to_owned(), tables, code: Code::Compiled { _library: library } })
    }

    /// The kernels of a mechanism.
    ///
    /// # Errors
    /// When the library lacks it.
    pub fn kernels(&self, mechanism: &str) -> Result<Kernels<R>, LibraryError> {
        self.tables
            .iter()
            .find(|(name, _)| name == mechanism)
            .map(|(_, table)| *table)
            .ok_or_else(|| LibraryError::Missing { path: self.path.clone(), mechanism: mechanism.to_owned() })
    }
}

impl<R: Real> KernelLibrary<R> {
    /// The kernels of mechanisms as programs of the evaluator: needs no compiler, and takes no time to speak of.
    ///
    /// # Errors
    /// When the evaluator cannot run a kernel.
    pub fn evaluated(mechanisms: &[Mechanism], fused: bool) -> Result<Self, LibraryError> {
        let mut programs = Programs(Vec::new());
        let mut tables = Vec::new();
        for mechanism in mechanisms {
            let kernels = &mechanism.kernels;
            let mut add = |name: &str, function: &Option<Function>| programs.add(mechanism, name, function, fused);
            let net_receive = add("net_receive", &kernels.net_receive)?.map(NetKernel::Evaluated);
            let net_init = add("net_init", &kernels.net_init)?.map(NetKernel::Evaluated);
            let mut block = |name: &str, function| add(name, function).map(|program| program.map(Kernel::Evaluated));
            let table = Kernels {
                init: block("init", &kernels.init)?,
                current: block("current", &kernels.current)?,
                current_difference: block("current_difference", &kernels.current_difference)?,
                state: block("state", &kernels.state)?,
                diffusion: block("diffusion", &kernels.diffusion)?,
                before_initial: block("before_initial", &kernels.before_initial)?,
                after_initial: block("after_initial", &kernels.after_initial)?,
                before_breakpoint: block("before_breakpoint", &kernels.before_breakpoint)?,
                after_solve: block("after_solve", &kernels.after_solve)?,
                before_step: block("before_step", &kernels.before_step)?,
                watch: block("watch", &kernels.watch)?,
                net_receive,
                net_init,
            };
            tables.push((mechanism.name.clone(), table));
        }
        Ok(Self { path: PathBuf::new(), tables, code: Code::Evaluated { _programs: programs } })
    }

    /// Whether its kernels are programs of the evaluator.
    pub fn is_evaluated(&self) -> bool {
        matches!(self.code, Code::Evaluated { .. })
    }
}
