// The tree of a cell that one invocation runs: assembly of the cable equation and its solution.
//
// Source: Hines, Int. J. Bio-Med. Comput. 15 (1984) 69; the operations on each value, and their
// order, are those of `runtime/src/engine/cpu/hines.rs`.

/// Where the threads of a cell wait for each other: there is but one.
fn meet() {
}

/// Adds capacitance and axial terms to `rhs` and `d`. Parents come before their children, so a
/// node's capacitance is added before anything axial.
fn assemble() {
    values[nodes.d + lane] += values[group.capacitance];
    for (var node = 1u; node < group.node_count; node++) {
        let at = node * group.lanes + lane;
        let parent = tables[group.parent + node] * group.lanes + lane;
        let a = values[group.a + node];
        let b = values[group.b + node];
        let difference = values[nodes.v + parent] - values[nodes.v + at];
        values[nodes.rhs + at] -= b * difference;
        values[nodes.rhs + parent] += a * difference;
        values[nodes.d + at] = values[nodes.d + at] + values[group.capacitance + node] - b;
        values[nodes.d + parent] -= a;
    }
}

/// Solves for the change of potential and adds it to `v`.
fn solve() {
    if !occupied {
        return;
    }
    for (var node = group.node_count - 1u; node > 0u; node--) {
        let at = node * group.lanes + lane;
        let parent = tables[group.parent + node] * group.lanes + lane;
        let p = values[group.a + node] / values[nodes.d + at];
        values[nodes.d + parent] -= p * values[group.b + node];
        values[nodes.rhs + parent] -= p * values[nodes.rhs + at];
    }
    let root = values[nodes.rhs + lane] / values[nodes.d + lane];
    values[nodes.rhs + lane] = root;
    values[nodes.v + lane] += root;
    for (var node = 1u; node < group.node_count; node++) {
        let at = node * group.lanes + lane;
        let parent = tables[group.parent + node] * group.lanes + lane;
        let change = (values[nodes.rhs + at] - values[group.b + node] * values[nodes.rhs + parent])
            / values[nodes.d + at];
        values[nodes.rhs + at] = change;
        values[nodes.v + at] += change;
    }
}
