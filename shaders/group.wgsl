// Cell groups: where their data lie, and which invocations run which cell.
//
// A workgroup has WORKGROUP invocations. THREADS of them, a power of two, run one cell together; the cells
// of a workgroup are of one group. Cell `c` of a workgroup is run by invocations c, c + CELLS, ...: so
// neighbours in a workgroup touch neighbouring lanes. Each thread of a cell owns some of its nodes, and
// runs whatever happens on them; between phases in which threads touch each other's nodes, they `meet`.
// The structures are those of `runtime/src/engine/gpu/arena.rs`, member by member. THREADS, CELLS and
// WORKGROUP are defined when the kernel is composed.

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
    /// (t) First entry of each thread in `node_list`, and one entry more.
    node_start: u32,
    /// (t) The nodes of each thread.
    node_list: u32,
    /// (t) Parent of each node.
    parent: u32,
    /// (t) First entry of each node in `children`, and one entry more.
    child_start: u32,
    /// (t) The children of each node, ascending.
    children: u32,
    /// Distance from the root of the farthest node.
    depth: u32,
    /// (t) First entry of each distance in `level_list`, and one entry more.
    level_start: u32,
    /// (t) The nodes by distance from the root.
    level_list: u32,
    /// Effect of each node on its parent's row.
    a: u32,
    /// Effect of the parent on each node's row.
    b: u32,
    /// What capacitance and axial resistance add to the diagonal of each node, mA/cm2/mV.
    diagonal: u32,
    /// What capacitance adds to the diagonal of each node, mA/cm2/mV.
    capacitance: u32,
    /// (t) ION_WORDS for each ion.
    ions: u32,
    /// Count of ions.
    ion_count: u32,
    /// (t) BLOCK_WORDS for each mechanism of the program.
    blocks: u32,
    /// (t) For each mechanism of the program, where its tree of diffusion stands, or 0; see `diffusion.wgsl`.
    diffusions: u32,
    /// Arguments of all NetCons.
    arguments: u32,
    /// Room for the arguments of an event without a NetCon, MOST_ARGUMENTS for each lane.
    no_netcon: u32,
    /// Of each lane, a time before which no event to one of its instances is due, ms.
    next_own: u32,
    /// Of each lane, count of events that instances have sent to themselves.
    sent_count: u32,
    /// Where steps are done by halves: of each lane, number of its next event.
    next_event: u32,
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
    /// (t) First played column of each lane, and one entry more.
    played_start: u32,
    /// (t) PLAYED_WORDS for each played column.
    played: u32,
}

/// The groups of a batch.
@group(0) @binding(2) var<storage, read> groups: array<Group>;
/// The window: see `window.wgsl`.
@group(0) @binding(3) var<storage, read> window: array<u32>;

/// Whether this invocation has a cell.
var<private> occupied: bool;
/// The group of its cell.
var<private> group: Group;
/// The lane of its cell.
var<private> lane: u32;
/// Its number among the threads of its cell.
var<private> thread: u32;

/// A mechanism in a group. Members marked (t) are indices in `tables`, the others in `values`.
struct Block {
    /// 0 if the group lacks the mechanism.
    present: u32,
    /// Column 0 of instance 0.
    columns: u32,
    /// Distance between columns.
    stride: u32,
    /// First global.
    globals: u32,
    /// (t) First item of each thread, and one entry more; for point processes, of each thread of each lane.
    start: u32,
    /// (t) Items of rows: index in a column, flat node index; of lane 0 for density mechanisms.
    items: u32,
    /// (t) ION_REFERENCE_WORDS for each ion of the mechanism.
    ions: u32,
    /// Room for SLOTS waiting events of each row.
    pending: u32,
    /// Of each row, which of them net_move moves: number of the slot and 1, or 0.
    movable: u32,
    /// (t) Number of each row's instance in the network.
    instances: u32,
    /// (t) Where in `tables` the offsets of the arguments of each row's NetCons begin, and one entry more.
    netcons: u32,
}
const BLOCK_WORDS: u32 = 11u;

/// The block of a mechanism in this group.
fn block_of(mechanism: u32) -> Block {
    let at = group.blocks + mechanism * BLOCK_WORDS;
    return Block(tables[at], tables[at + 1u], tables[at + 2u], tables[at + 3u],
                 tables[at + 4u], tables[at + 5u], tables[at + 6u], tables[at + 7u], tables[at + 8u],
                 tables[at + 9u], tables[at + 10u]);
}

/// The instance of an item. `offset` is the lane for density mechanisms, 0 for point processes.
fn instance_at(block: Block, item: u32, offset: u32) -> Instance {
    let at = block.items + 2u * item;
    return Instance(block.columns + tables[at] + offset, block.stride, block.globals, tables[at + 1u] + offset);
}

/// Finds the cell of this invocation.
/// `tables` begins with the count of workgroups, then group and first lane of each.
fn enter(workgroup: vec3<u32>, workgroups: vec3<u32>, invocation: u32) {
    let index = workgroup.x + workgroup.y * workgroups.x;
    if index < tables[0] {
        group = groups[tables[1u + 2u * index]];
        nodes = Nodes(group.v, group.rhs, group.d, group.area, group.diam);
        lane = tables[2u + 2u * index] + invocation % CELLS;
        thread = invocation / CELLS;
        occupied = lane < group.lanes;
    }
}
