// Ions of one cell: their own INITIAL, reversal potentials and total currents, as
// `runtime/src/engine/cpu/ion.rs` computes them.

/// An ion in a group. Members are marked as those of Group.
struct Ion {
    /// Field 0 of row 0, lane 0.
    values: u32,
    /// Distance between fields.
    stride: u32,
    /// (p) First item of each thread, and one entry more.
    start: u32,
    /// (p) Items of rows: index of lane 0 in a field, and style: RESETS, INITIALISES, ADVANCES, SUMMED.
    items: u32,
    /// kT/ze in mV, then the inside and the outside concentration at initialisation, mM.
    constants: u32,
}
const ION_WORDS: u32 = 5u;

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
/// Currents are added up.
const SUMMED: u32 = 8u;

/// An ion of this group.
fn ion_of(index: u32) -> Ion {
    let at = group.ions + index * ION_WORDS;
    return Ion(origin + place(at), place(at + 1u), place(at + 2u), place(at + 3u), origin + place(at + 4u));
}

/// The items of this thread, first and last + 1.
fn items_of(ion: Ion) -> vec2<u32> {
    return vec2<u32>(place(ion.start + thread), place(ion.start + thread + 1u));
}

/// An ion as a block's instances see it. The member is marked as those of Group.
struct IonOfBlock {
    /// Field 0 of row 0, lane 0.
    values: u32,
    /// Distance between fields.
    stride: u32,
    /// (p) For each item of the block the index of lane 0 within a field.
    rows: u32,
}

/// An ion of a block among the places: its index in the group, and `rows` of IonOfBlock.
const ION_REFERENCE_WORDS: u32 = 2u;

/// Index in the group of the block's `which`-th ion.
fn ion_index(block: Block, which: u32) -> u32 {
    return place(block.ions + which * ION_REFERENCE_WORDS);
}

/// The block's `which`-th ion.
fn ion_of_block(block: Block, which: u32) -> IonOfBlock {
    let ion = ion_of(ion_index(block, which));
    return IonOfBlock(ion.values, ion.stride, place(block.ions + which * ION_REFERENCE_WORDS + 1u));
}

/// An ion at an item; `offset` as for `instance_at`.
fn ion_at(ion: IonOfBlock, item: u32, offset: u32) -> IonAt {
    return IonAt(ion.values + place(ion.rows + item) + offset, ion.stride);
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
fn update_reversal(index: u32, when: u32) {
    let ion = ion_of(index);
    let factor = values[ion.constants];
    let items = items_of(ion);
    for (var item = items.x; item < items.y; item++) {
        if (place(ion.items + 2u * item + 1u) & when) != 0u {
            let at = ion.values + place(ion.items + 2u * item) + lane;
            values[at + EREV * ion.stride] =
                nernst(values[at + CONCI * ion.stride], values[at + CONCO * ion.stride], factor);
        }
    }
}

/// INITIAL of all ions.
fn initialise_ions() {
    for (var index = 0u; index < group.ion_count; index++) {
        let ion = ion_of(index);
        let items = items_of(ion);
        for (var item = items.x; item < items.y; item++) {
            if (place(ion.items + 2u * item + 1u) & RESETS) != 0u {
                let at = ion.values + place(ion.items + 2u * item) + lane;
                values[at + CONCI * ion.stride] = values[ion.constants + 1u];
                values[at + CONCO * ion.stride] = values[ion.constants + 2u];
            }
        }
        update_reversal(index, INITIALISES);
    }
}

/// The ions' part of a current evaluation: reversal potentials follow the concentrations where the style
/// says so, total currents and their derivatives are 0 where they are added up.
fn begin_ion_currents() {
    for (var index = 0u; index < group.ion_count; index++) {
        update_reversal(index, ADVANCES);
        let ion = ion_of(index);
        let items = items_of(ion);
        for (var item = items.x; item < items.y; item++) {
            if (place(ion.items + 2u * item + 1u) & SUMMED) != 0u {
                let at = ion.values + place(ion.items + 2u * item) + lane;
                values[at + CURRENT * ion.stride] = real(0.0);
                values[at + DIDV * ion.stride] = real(0.0);
            }
        }
    }
}
