// Diffusion along sections: one backward Euler step of a diffusing state of a mechanism.
//
// The operations on each value, and their order, are those of `runtime/src/engine/cpu/diffusion.rs`. One thread of a
// cell does it all. An entry among the places, which `group.diffusions` leads to, describes the tree of a mechanism:
// count of rows, (p) parent of each row, its effects a and b, room for four reals of each row and lane; then for each
// diffusing state: the state, (p) index of each row from there, volume, coefficient. Entries marked (p) are to be
// looked up by `place`, the others are indices in the image.

const DIFFUSION_HEAD: u32 = 5u;
const DIFFUSION_WORDS: u32 = 4u;
/// Stands for no parent.
const NO_PARENT: u32 = 0xffffffffu;

/// Advances the `which`-th diffusing state of the tree at `entry`.
fn diffuse(entry: u32, which: u32, dt: real) {
    let rows = place(entry);
    let parents = place(entry + 1u);
    let effect_a = origin + place(entry + 2u);
    let effect_b = origin + place(entry + 3u);
    let size = rows * group.lanes;
    let a = origin + place(entry + 4u) + lane;
    let b = a + size;
    let d = b + size;
    let rhs = d + size;
    let own = entry + DIFFUSION_HEAD + DIFFUSION_WORDS * which;
    let state = origin + place(own) + lane;
    let state_rows = place(own + 1u);
    let volume = origin + place(own + 2u) + lane;
    let coefficient = origin + place(own + 3u) + lane;
    let rate = real(1.0) / dt;
    for (var row = 0u; row < rows; row++) {
        let at = row * group.lanes;
        let parent = place(parents + row);
        var diagonal = rate;
        if parent != NO_PARENT {
            let up = parent * group.lanes;
            let mean = (values[coefficient + at] + values[coefficient + up]) / real(2.0);
            let from_row = -(values[effect_a + row] * mean) / values[volume + up];
            let from_parent = -(values[effect_b + row] * mean) / values[volume + at];
            values[a + at] = from_row;
            values[b + at] = from_parent;
            values[d + up] -= from_row;
            diagonal -= from_parent;
        }
        values[d + at] = diagonal;
        values[rhs + at] = values[state + place(state_rows + row)] / dt;
    }
    for (var row = rows; row > 1u; row--) {
        let at = (row - 1u) * group.lanes;
        let parent = place(parents + row - 1u);
        if parent != NO_PARENT {
            let up = parent * group.lanes;
            let p = values[a + at] / values[d + at];
            values[d + up] -= p * values[b + at];
            values[rhs + up] -= p * values[rhs + at];
        }
    }
    for (var row = 0u; row < rows; row++) {
        let at = row * group.lanes;
        let parent = place(parents + row);
        var value = values[rhs + at];
        if parent != NO_PARENT {
            value -= values[b + at] * values[rhs + parent * group.lanes];
        }
        value /= values[d + at];
        values[rhs + at] = value;
        values[state + place(state_rows + row)] = value;
    }
}
