//! Variables that nobody can observe between kernels become locals.
//!
//! An ASSIGNED variable that is not RANGE, and that every kernel writes before it reads, needs no
//! memory: `minf` of a rates procedure, a current that BREAKPOINT computes.

use super::flow::{self, Access};
use crate::ir::{Array, ColumnId, Mechanism, Place, Role};
use std::collections::{BTreeMap, BTreeSet};

/// Turns columns into locals of each kernel.
pub fn run(mechanism: &mut Mechanism) {
    // Arrays with a run-time index stay together, as columns.
    let arrays: BTreeSet<Array> = mechanism.kernels.iter().flat_map(|(_, kernel)| flow::arrays(&kernel.body)).collect();
    // Whether one variable becomes a local says nothing of another.
    let mut renamed: Vec<BTreeMap<Place, Place>> = vec![BTreeMap::new(); mechanism.kernels.iter().count()];
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
        for (kernel, renamed) in mechanism.kernels.iter_mut().zip(&mut renamed) {
            if flow::access(&kernel.body, place) != Access::Untouched {
                renamed.insert(place, Place::Local(kernel.add_local(&name)));
            }
        }
    }
    for (kernel, renamed) in mechanism.kernels.iter_mut().zip(renamed) {
        flow::rename_by(&mut kernel.body, &renamed);
    }
}
