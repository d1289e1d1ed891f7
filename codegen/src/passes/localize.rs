//! Variables that nobody can observe between kernels become locals.
//!
//! An ASSIGNED variable that is not RANGE, and that every kernel writes before it reads, needs no
//! memory: `minf` of a rates procedure, a current that BREAKPOINT computes.

use super::flow::{self, Access};
use crate::ir::{Array, ColumnId, Mechanism, Place, Role};
use std::collections::BTreeSet;

/// Turns columns into locals of each kernel.
pub fn run(mechanism: &mut Mechanism) {
    // Arrays with a run-time index stay together, as columns.
    let arrays: BTreeSet<Array> = mechanism.kernels.iter().flat_map(|(_, kernel)| flow::arrays(&kernel.body)).collect();
    for at in 0..mechanism.columns.len() {
        let column = &mechanism.columns[at];
        let place = Place::Column(ColumnId(at as u32));
        let hidden = column.role == Role::Assigned && !column.range;
        let kernels = &mechanism.kernels;
        let indexed = arrays.iter().any(|array| array.contains(place));
        // The simulator takes what the `diffusion` kernel leaves.
        let taken = mechanism.diffusions.iter().any(|diffusion| diffusion.columns().any(|id| id.0 as usize == at));
        if !hidden
            || taken
            || indexed
            || kernels.iter().any(|(_, kernel)| flow::access(&kernel.body, place) == Access::ReadFirst)
        {
            continue;
        }
        let name = column.name.clone();
        for kernel in mechanism.kernels.iter_mut() {
            if flow::access(&kernel.body, place) == Access::Untouched {
                continue;
            }
            let local = Place::Local(kernel.add_local(&name));
            flow::rename(&mut kernel.body, &mut |other| if other == place { local } else { other });
        }
    }
}
