// The tree of a cell that one invocation runs: assembly of the cable equation and its solution.
//
// Source: Hines, Int. J. Bio-Med. Comput. 15 (1984) 69; the operations on each value, and their
// order, are those of `runtime/src/engine/cpu/hines.rs`. Where a node's parent is the node before it,
// as it is but for branches, the parent's values stay in registers.

/// A node's part of the equations.
struct Row { v: real, rhs: real, d: real }

/// The row of a node.
fn row_at(at: u32) -> Row {
    return Row(values[nodes.v + at], values[nodes.rhs + at], values[nodes.d + at]);
}

/// Adds capacitance and axial terms to `rhs` and `d`, solves for the change of potential and adds it to `v`.
fn solve() {
    if !occupied || group.node_count == 0u {
        return;
    }
    var row = row_at((group.node_count - 1u) * group.lanes + lane);
    for (var node = group.node_count - 1u; node > 0u; node--) {
        let at = node * group.lanes + lane;
        let parent = place(group.parent + node);
        let at_parent = parent * group.lanes + lane;
        let a = values[group.a + node];
        let b = values[group.b + node];
        var above = row_at(at_parent);
        let difference = axial_difference(above.v, row.v);
        let rhs = row.rhs - b * difference;
        let inverse = real(1.0) / (row.d + values[group.diagonal + node]);
        values[nodes.rhs + at] = rhs;
        values[nodes.d + at] = inverse;
        let p = a * inverse;
        above.rhs = above.rhs + a * difference - p * rhs;
        above.d -= p * b;
        if parent == node - 1u {
            row = above;
        } else {
            values[nodes.rhs + at_parent] = above.rhs;
            values[nodes.d + at_parent] = above.d;
            row = row_at((node - 1u) * group.lanes + lane);
        }
    }
    var change = row.rhs / (row.d + values[group.diagonal]);
    values[nodes.rhs + lane] = change;
    values[nodes.v + lane] += change;
    for (var node = 1u; node < group.node_count; node++) {
        let at = node * group.lanes + lane;
        let parent = place(group.parent + node);
        var change_of_parent = change;
        if parent != node - 1u {
            change_of_parent = values[nodes.rhs + parent * group.lanes + lane];
        }
        change = (values[nodes.rhs + at] - values[group.b + node] * change_of_parent) * values[nodes.d + at];
        values[nodes.rhs + at] = change;
        values[nodes.v + at] += change;
    }
}
