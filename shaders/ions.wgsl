// Ions of one cell: their own INITIAL, reversal potentials and total currents, as
// `runtime/src/engine/cpu/ion.rs` computes them.

/// An ion in a group. Members marked (t) are indices in `tables`, the others in `values`.
struct Ion {
    /// Field 0 of row 0, lane 0.
    values: u32,
    /// Count of rows.
    rows: u32,
    /// (t) Style of each row: RESETS, INITIALISES, ADVANCES.
    style: u32,
    /// kT/ze in mV, then the inside and the outside concentration at initialisation, mM.
    constants: u32,
}
const ION_WORDS: u32 = 4u;

/// Fields of an ion.
const EREV: u32 = 0u;
const CONCI: u32 = 1u;
const CONCO: u32 = 2u;
const CURRENT: u32 = 3u;
const DIDV: u32 = 4u;

/// Initialisation resets the concentrations.
const RESETS: u32 = 1u;
/// Initialisation computes the reversal potential.
const INITIALISES: u32 = 2u;
/// Every step computes the reversal potential.
const ADVANCES: u32 = 4u;

/// An ion of this group.
fn ion_of(index: u32) -> Ion {
    let at = group.ions + index * ION_WORDS;
    return Ion(tables[at], tables[at + 1u], tables[at + 2u], tables[at + 3u]);
}

/// An ion of a block: its index in the group, and (t) the index of lane 0 of each of the block's
/// rows within a field.
const ION_REFERENCE_WORDS: u32 = 2u;

/// Index in the group of the block's `which`-th ion.
fn ion_index(block: Block, which: u32) -> u32 {
    return tables[block.ions + which * ION_REFERENCE_WORDS];
}

/// The block's `which`-th ion at the instance in a row; `lane` is 0 for point processes.
fn ion_at(block: Block, which: u32, row: u32, lane: u32) -> IonAt {
    let reference = block.ions + which * ION_REFERENCE_WORDS;
    let ion = ion_of(tables[reference]);
    return IonAt(ion.values + tables[tables[reference + 1u] + row] + lane, ion.rows * group.lanes);
}

/// Reversal potential, mV. NEURON: `nernst` in `nrn/src/nrnoc/eion.cpp`.
fn nernst(conci: real, conco: real, factor: real) -> real {
    if conci <= real(0.0) {
        return real(1e6);
    }
    if conco <= real(0.0) {
        return real(-1e6);
    }
    return factor * math_log(conco / conci);
}

/// Computes the reversal potential on the rows whose style says so.
fn update_reversal(index: u32, when: u32, lane: u32) {
    let ion = ion_of(index);
    let stride = ion.rows * group.lanes;
    let factor = values[ion.constants];
    for (var row = 0u; row < ion.rows; row++) {
        if (tables[ion.style + row] & when) != 0u {
            let at = ion.values + row * group.lanes + lane;
            values[at + EREV * stride] = nernst(values[at + CONCI * stride], values[at + CONCO * stride], factor);
        }
    }
}

/// INITIAL of all ions.
fn initialise_ions(lane: u32) {
    for (var index = 0u; index < group.ion_count; index++) {
        let ion = ion_of(index);
        let stride = ion.rows * group.lanes;
        for (var row = 0u; row < ion.rows; row++) {
            if (tables[ion.style + row] & RESETS) != 0u {
                let at = ion.values + row * group.lanes + lane;
                values[at + CONCI * stride] = values[ion.constants + 1u];
                values[at + CONCO * stride] = values[ion.constants + 2u];
            }
        }
        update_reversal(index, INITIALISES, lane);
    }
}

/// Sets all total currents and their derivatives to 0.
fn clear_ion_currents(lane: u32) {
    for (var index = 0u; index < group.ion_count; index++) {
        let ion = ion_of(index);
        let stride = ion.rows * group.lanes;
        for (var row = 0u; row < ion.rows; row++) {
            let at = ion.values + row * group.lanes + lane;
            values[at + CURRENT * stride] = real(0.0);
            values[at + DIDV * stride] = real(0.0);
        }
    }
}
