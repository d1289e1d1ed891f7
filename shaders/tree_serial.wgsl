// The tree of a cell that one invocation runs: assembly of the cable equation and its solution.
//
// Source: Hines, Int. J. Bio-Med. Comput. 15 (1984) 69; the operations on each value, and their
// order, are those of `runtime/src/engine/cpu/hines.rs`. Where a node's parent is the node before it,
// as it is but for branches, the parent's values stay in registers.

/// Where the threads of a cell wait for each other: there is but one.
fn meet() {
}

/// A node's part of the equations.
struct Row { rhs: real, d: real }

/// The row of a node.
fn row_at(at: u32) -> Row {
    return Row(values[nodes.rhs + at], values[nodes.d + at]);
}

/// Sets the row of a node.
fn set_row(at: u32, row: Row) {
    values[nodes.rhs + at] = row.rhs;
    values[nodes.d + at] = row.d;
}

/// Adds capacitance and axial terms to `rhs` and `d`. Parents come before their children, so a
/// node's capacitance is added before anything axial.
fn assemble() {
    if group.node_count == 0u {
        return;
    }
    var before = row_at(lane);
    before.d += values[group.capacitance];
    var v_before = values[nodes.v + lane];
    for (var node = 1u; node < group.node_count; node++) {
        let at = node * group.lanes + lane;
        let parent = tables[group.parent + node];
        let a = values[group.a + node];
        let b = values[group.b + node];
        let v = values[nodes.v + at];
        var row = row_at(at);
        row.d += values[group.capacitance + node];
        var v_parent = v_before;
        var parent_row = before;
        let at_parent = parent * group.lanes + lane;
        if parent != node - 1u {
            set_row(at - group.lanes, before);
            v_parent = values[nodes.v + at_parent];
            parent_row = row_at(at_parent);
        }
        let difference = v_parent - v;
        row.rhs -= b * difference;
        row.d -= b;
        parent_row.rhs += a * difference;
        parent_row.d -= a;
        set_row(at_parent, parent_row);
        before = row;
        v_before = v;
    }
    set_row((group.node_count - 1u) * group.lanes + lane, before);
}

/// Solves for the change of potential and adds it to `v`.
fn solve() {
    if !occupied || group.node_count == 0u {
        return;
    }
    var row = row_at((group.node_count - 1u) * group.lanes + lane);
    for (var node = group.node_count - 1u; node > 0u; node--) {
        let parent = tables[group.parent + node];
        let at_parent = parent * group.lanes + lane;
        let p = values[group.a + node] / row.d;
        var parent_row = row_at(at_parent);
        parent_row.d -= p * values[group.b + node];
        parent_row.rhs -= p * row.rhs;
        set_row(at_parent, parent_row);
        if parent == node - 1u {
            row = parent_row;
        } else {
            row = row_at((node - 1u) * group.lanes + lane);
        }
    }
    var change = row.rhs / row.d;
    values[nodes.rhs + lane] = change;
    values[nodes.v + lane] += change;
    for (var node = 1u; node < group.node_count; node++) {
        let at = node * group.lanes + lane;
        let parent = tables[group.parent + node];
        var change_of_parent = change;
        if parent != node - 1u {
            change_of_parent = values[nodes.rhs + parent * group.lanes + lane];
        }
        change = (values[nodes.rhs + at] - values[group.b + node] * change_of_parent) / values[nodes.d + at];
        values[nodes.rhs + at] = change;
        values[nodes.v + at] += change;
    }
}
