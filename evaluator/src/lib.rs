//! Runs the kernels of a mechanism from their IR, in this process and without a compiler.
//!
//! `IR -> lower -> Code -> allocate -> Program -> run`. A kernel becomes a list of instructions once, when a model is
//! loaded (in less than a millisecond). An instruction is one loop over a *portion* of a block's instances, a hundred or
//! so: the choice of the loop is paid once for all of them, the loops are vectorised, and there is one of each for every
//! generation of processors. They hold the same elementary functions as the generated kernels. So a strict program gives
//! the bits of a strict generated kernel, and a fused one those of a fused one.
//!
//! A program is called like a generated kernel, with the same [`Block`] and [`Clock`].

mod allocate;
mod code;
mod lower;
mod operation;
mod program;
mod real;
mod rows;
mod run;
#[cfg(test)]
mod tests;

pub use real::Real;

use codegen::abi::{Block, Clock};
use codegen::ir::{Function, Mechanism};
use operation::Level;
use program::Program;
use run::Received;
use std::fmt;

/// A kernel that cannot be evaluated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("kernel `{kernel}` of mechanism `{mechanism}` cannot be evaluated: {reason}")]
pub struct Refused {
    /// The mechanism.
    pub mechanism: String,
    /// Its kernel.
    pub kernel: String,
    /// What is in the way.
    pub reason: String,
}

/// A kernel of a mechanism, ready to run.
pub struct Kernel<R> {
    program: Program<R>,
}

impl<R> fmt::Debug for Kernel<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kernel").field("instructions", &self.program.body.len()).finish_non_exhaustive()
    }
}

impl<R: Real> Kernel<R> {
    /// The kernel called `name` of a mechanism; `fused` rounds `a * b + c` once, where the IR allows it.
    ///
    /// # Errors
    /// When the evaluator cannot run it.
    pub fn new(mechanism: &Mechanism, name: &str, function: &Function, fused: bool) -> Result<Self, Refused> {
        Self::for_level(mechanism, name, function, fused, Level::detect())
    }

    fn for_level(
        mechanism: &Mechanism,
        name: &str,
        function: &Function,
        fused: bool,
        level: Level,
    ) -> Result<Self, Refused> {
        let mut code = lower::run(mechanism, name, function)?;
        allocate::run(&mut code);
        Ok(Self { program: R::program(&code, fused, level) })
    }

    /// Runs for all instances of a block; see [`codegen::abi::Kernel`].
    ///
    /// # Safety
    /// Block and clock are valid and of this kernel's mechanism, and nobody else uses them meanwhile.
    pub unsafe fn run(&self, block: *const Block<R>, clock: *const Clock<R>) {
        // SAFETY: promised by the caller.
        R::with_scratch(|scratch| unsafe { self.program.run(&*block, &*clock, None, scratch) });
    }

    /// Runs for one instance; see [`codegen::abi::NetKernel`].
    ///
    /// # Safety
    /// As [`Kernel::run`]; the block has the row and lane, and `net` is valid for the arguments of the mechanism's
    /// NetCons.
    pub unsafe fn run_net(
        &self,
        block: *const Block<R>,
        clock: *const Clock<R>,
        row: usize,
        lane: usize,
        net: *mut R,
        flag: R,
    ) {
        let received = Received { row, lane, net, flag };
        // SAFETY: promised by the caller.
        R::with_scratch(|scratch| unsafe { self.program.run(&*block, &*clock, Some(received), scratch) });
    }
}
