//! The compiler from text to IR, tested through its public interface.

mod arrays;
mod currents;
mod diagnostics;
mod diffusion;
mod events;
mod hooks;
mod ions;
mod kinetic;
mod library;
mod names;
mod passes;
mod random;
mod rates;
mod semantics;
mod settled;
mod simultaneous;
mod solvers;
mod stock;
mod support;
mod tables;
mod verbatim;
