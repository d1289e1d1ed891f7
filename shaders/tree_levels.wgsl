// The tree of a cell that several threads run: assembly of the cable equation and its solution, all
// nodes of the same distance from the root at once.
//
// Each node gathers from its children in the order in which `tree_serial.wgsl` would have scattered to
// it, so the operations on each value are the same: no atomics, equal bits.

/// Distance from the root of the farthest node of the workgroup's cells, known to be uniform.
var<workgroup> tree_depth: u32;

/// Adds capacitance and axial terms to `rhs` and `d`, solves for the change of potential and adds it to `v`.
fn solve() {
    if occupied && lane % CELLS == 0u && thread == 0u {
        tree_depth = group.depth;
    }
    let depth = workgroupUniformLoad(&tree_depth);
    for (var level = depth + 1u; level > 0u; level--) {
        if occupied {
            eliminate(level - 1u);
        }
        meet();
    }
    for (var level = 0u; level <= depth; level++) {
        if occupied {
            substitute(level);
        }
        meet();
    }
}

/// Eliminates the children of all nodes at a distance from the root, and completes the nodes' own equations: `d` becomes
/// its inverse, but at the root.
fn eliminate(level: u32) {
    let end = place(group.level_start + level + 1u);
    for (var entry = place(group.level_start + level) + thread; entry < end; entry += THREADS) {
        let node = place(group.level_list + entry);
        let at = node * group.lanes + lane;
        let v = values[nodes.v + at];
        var rhs = values[nodes.rhs + at];
        var d = values[nodes.d + at];
        let first = place(group.child_start + node);
        for (var index = place(group.child_start + node + 1u); index > first; index--) {
            let child = place(group.children + index - 1u);
            let below = child * group.lanes + lane;
            let a = values[group.a + child];
            let p = a * values[nodes.d + below];
            rhs = rhs + a * axial_difference(v, values[nodes.v + below]) - p * values[nodes.rhs + below];
            d -= p * values[group.b + child];
        }
        d += values[group.diagonal + node];
        if level > 0u {
            let parent = place(group.parent + node) * group.lanes + lane;
            rhs -= values[group.b + node] * axial_difference(values[nodes.v + parent], v);
            d = real(1.0) / d;
        }
        values[nodes.rhs + at] = rhs;
        values[nodes.d + at] = d;
    }
}

/// Finds the change of potential of all nodes at a distance from the root.
fn substitute(level: u32) {
    let end = place(group.level_start + level + 1u);
    for (var entry = place(group.level_start + level) + thread; entry < end; entry += THREADS) {
        let node = place(group.level_list + entry);
        let at = node * group.lanes + lane;
        let rhs = values[nodes.rhs + at];
        var change = rhs / values[nodes.d + at];
        if level > 0u {
            let parent = place(group.parent + node) * group.lanes + lane;
            change = (rhs - values[group.b + node] * values[nodes.rhs + parent]) * values[nodes.d + at];
        }
        values[nodes.rhs + at] = change;
        values[nodes.v + at] += change;
    }
}
