//! The ordered list of passes on the IR.
//!
//! 1. [`solve`]: SOLVEd blocks become statements that advance the states by dt ([`cnexp`],
//!    [`derivimplicit`], [`euler`], [`runge`], [`sparse`], [`simultaneous`]); `init` and the `state` kernel are complete.
//! 2. [`currents`]: BREAKPOINT becomes `current`, with dI/dv by differentiation, and
//!    `current_difference`, with NEURON's difference quotient.
//! 3. [`settled`]: what is the same for an instance in every step is computed by INITIAL.
//! 4. [`localize`]: variables that nothing carries from kernel to kernel become locals.
//! 5. [`registers`]: a kernel writes each column once, at its end.
//! 6. [`copies`], [`fold`], [`share`], [`dead`], repeated until nothing changes.
//! 7. [`versions`], [`signs`], [`powers`], [`exponentials`], [`reciprocal`], [`fractions`]: fewer powers, exponentials and
//!    divisions in the kernels of a step.
//! 8. [`contract`]: `a*b + c` becomes one operation.
//! 9. [`uniform`]: what all instances share is computed once.
//! 10. [`unused`]: what is not needed is dropped.
//!
//! 11. [`depth`]: expressions that nest very deep are computed in parts.
//!
//! Passes 3 to 10 but pass 7 keep values to an ulp; with [`Options::optimise`](crate::Options) off they are left
//! out, and the kernels give the same numbers to round-off. Pass 7 keeps them to some ulps, and is left out with
//! [`Options::rearrange`](crate::Options) off.

pub mod cnexp;
pub mod contract;
pub mod copies;
pub mod currents;
pub mod dead;
pub mod depth;
pub mod derivimplicit;
pub mod euler;
pub mod exponentials;
pub mod flow;
pub mod fold;
pub mod fractions;
pub mod invariant;
pub mod localize;
pub mod powers;
pub mod reciprocal;
pub mod registers;
pub mod runge;
pub mod settled;
pub mod share;
pub mod signs;
pub mod simultaneous;
pub mod solve;
pub mod sparse;
pub mod uniform;
pub mod unused;
pub mod versions;

use crate::Options;
use crate::ir::{Function, Kernels, Mechanism};
use crate::sema::draft::Draft;
use crate::sema::report::Report;

/// Most rounds of pass 5; far more than ever needed.
const ROUNDS: usize = 8;

/// Runs all passes.
pub fn run(draft: Draft, options: &Options, report: &mut Report) -> Mechanism {
    let Draft { mut mechanism, in_place, state, current } = draft;
    mechanism.kernels.state = state.map(|state| solve::run(&mechanism, state, options, report));
    let mut in_place = solve::InPlace::new(in_place, *options);
    in_place.kernels(&mut mechanism, report);
    if let Some(mut current) = current {
        in_place.function(&mechanism, &mut current.function, report);
        currents::run(&mut mechanism, current);
    }
    if options.optimise {
        settled::run(&mut mechanism);
        localize::run(&mut mechanism);
        registers::run(&mut mechanism);
        for kernel in mechanism.kernels.iter_mut() {
            improve(kernel);
        }
        if options.rearrange {
            let carried = flow::carried(&mechanism);
            for kernel in [&mut mechanism.kernels.current, &mut mechanism.kernels.state].into_iter().flatten() {
                versions::run(kernel);
                signs::run(kernel);
                improve(kernel);
                powers::run(kernel);
                exponentials::run(kernel);
                reciprocal::run(kernel);
                improve(kernel);
            }
            if let Some(state) = &mut mechanism.kernels.state {
                fractions::run(state, &carried);
            }
        }
        mechanism.kernels.iter_mut().for_each(contract::run);
        registers::settle(&mut mechanism);
        // A branch that only kept a column's value assigns it to itself now.
        mechanism.kernels.iter_mut().for_each(dead::run);
        let Kernels { current, current_difference, state, .. } = &mut mechanism.kernels;
        [current, current_difference, state].into_iter().flatten().for_each(uniform::run);
        unused::run(&mut mechanism);
    }
    mechanism.kernels.iter_mut().for_each(depth::run);
    mechanism.tables.iter_mut().for_each(|table| depth::run(&mut table.function));
    mechanism
}

fn improve(kernel: &mut Function) {
    for _ in 0..ROUNDS {
        let before = kernel.clone();
        copies::run(kernel);
        fold::run(kernel);
        share::run(kernel);
        dead::run(kernel);
        if *kernel == before {
            return;
        }
    }
}
