// Cell groups: where their data lie, and which invocation runs which cell.
//
// An invocation runs one cell, called its lane. A workgroup runs up to WORKGROUP cells of one group.
// The structures are those of `runtime/src/engine/gpu/arena.rs`, member by member.

const WORKGROUP: u32 = 32u;

/// One cell group. Members marked (t) are indices in `tables`, the others in `values`.
struct Group {
    /// Count of cells.
    lanes: u32,
    /// Number of the first cell among all cells of the batch.
    first_cell: u32,
    /// Count of nodes of one cell.
    node_count: u32,
    /// Membrane potential, mV.
    v: u32,
    /// Right-hand side, mA/cm2.
    rhs: u32,
    /// Diagonal, mA/cm2/mV.
    d: u32,
    /// Compartment area, um2.
    area: u32,
    /// Compartment diameter, um.
    diam: u32,
    /// (t) Parent of each node.
    parent: u32,
    /// Effect of each node on its parent's row.
    a: u32,
    /// Effect of the parent on each node's row.
    b: u32,
    /// 0.001 cm / dt of each node, mA/cm2/mV.
    capacitance: u32,
    /// (t) ION_WORDS for each ion.
    ions: u32,
    /// Count of ions.
    ion_count: u32,
    /// (t) BLOCK_WORDS for each mechanism of the program.
    blocks: u32,
    /// Arguments of all NetCons.
    arguments: u32,
    /// (t) First NetCon of each lane, and one entry more.
    target_start: u32,
    /// (t) TARGET_WORDS for each NetCon.
    targets: u32,
    /// (t) Flat node index of each lane's detector.
    detectors: u32,
    /// Threshold of each lane's detector, mV.
    thresholds: u32,
    /// 1 where the detector was above its threshold, else 0.
    above: u32,
    /// (t) First probe of each lane, and one entry more.
    probe_start: u32,
    /// (t) PROBE_WORDS for each probe.
    probes: u32,
    /// Count of probes.
    probe_count: u32,
    /// Count of probes of the groups before this one.
    first_probe: u32,
}

/// All indices of a batch.
@group(0) @binding(1) var<storage, read> tables: array<u32>;
/// The groups of a batch.
@group(0) @binding(2) var<storage, read> groups: array<Group>;
/// The window: see `window.wgsl`.
@group(0) @binding(3) var<storage, read> window: array<u32>;

/// The group of this invocation's cell.
var<private> group: Group;

/// A mechanism in a group. Members marked (t) are indices in `tables`, the others in `values`.
struct Block {
    /// 0 if the group lacks the mechanism.
    present: u32,
    /// Count of rows.
    rows: u32,
    /// Column 0 of instance 0.
    columns: u32,
    /// Distance between columns.
    stride: u32,
    /// First global.
    globals: u32,
    /// (t) Flat node index of lane 0 of each row.
    node: u32,
    /// (t) Point processes: first row of each lane, and one entry more.
    lane_start: u32,
    /// (t) ION_REFERENCE_WORDS for each ion of the mechanism.
    ions: u32,
}
const BLOCK_WORDS: u32 = 8u;

/// The block of a mechanism in this group.
fn block_of(mechanism: u32) -> Block {
    let at = group.blocks + mechanism * BLOCK_WORDS;
    return Block(tables[at], tables[at + 1u], tables[at + 2u], tables[at + 3u],
                 tables[at + 4u], tables[at + 5u], tables[at + 6u], tables[at + 7u]);
}

/// The instance in a row of a density mechanism.
fn density_instance(block: Block, row: u32, lane: u32) -> Instance {
    return Instance(block.columns + row * group.lanes + lane, block.stride, block.globals,
                    tables[block.node + row] + lane);
}

/// The instance in a row of a point process.
fn point_instance(block: Block, row: u32) -> Instance {
    return Instance(block.columns + row, block.stride, block.globals, tables[block.node + row]);
}

/// No cell.
const NO_LANE: u32 = 0xffffffffu;

/// Sets `group` and `nodes` for this invocation, and gives its lane, or NO_LANE if it has no cell.
/// `tables` begins with the count of workgroups, then group and first lane of each.
fn enter(workgroup: vec3<u32>, workgroups: vec3<u32>, invocation: u32) -> u32 {
    let index = workgroup.x + workgroup.y * workgroups.x;
    if index >= tables[0] {
        return NO_LANE;
    }
    group = groups[tables[1u + 2u * index]];
    nodes = Nodes(group.v, group.rhs, group.d, group.area, group.diam);
    let lane = tables[2u + 2u * index] + invocation;
    return select(NO_LANE, lane, lane < group.lanes);
}
