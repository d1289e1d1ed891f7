// Cell groups: where their data lie, and which invocations run which cell.
//
// A workgroup has WORKGROUP invocations. THREADS of them, a power of two, run one cell together; the cells
// of a workgroup are of one group. Cell `c` of a workgroup is run by invocations c, c + CELLS, ...: so
// neighbours in a workgroup touch neighbouring lanes. Each thread of a cell owns some of its nodes, and
// runs whatever happens on them; between phases in which threads touch each other's nodes, they `meet`.
// The structures are those of `runtime/src/engine/gpu/arena.rs`, member by member. THREADS, CELLS and
// WORKGROUP are defined when the kernel is composed.
//
// All reals of a group are its image, all indices that steps need its places. `streamed.wgsl` leaves them in the device's
// memory, `resident.wgsl` brings them into that of the workgroup for as long as a window takes. What lies where is told
// relative to the beginning of the image and of the places.

/// One cell group. Members marked (p) are to be looked up by `place`, those marked (t) are indices in `tables`, the
/// others in `values`.
struct Group {
    /// Count of cells.
    lanes: u32,
    /// Number of the first cell among all cells of the batch.
    first_cell: u32,
    /// Count of nodes of one cell.
    node_count: u32,
    /// Where the image begins in the device's memory.
    image: u32,
    /// (t) Where the places begin.
    places: u32,
    /// Count of the places.
    place_count: u32,
    /// (t) Count of the ranges of the image; then of each its beginning, its length and its use.
    ranges: u32,
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
    /// (p) First entry of each thread in `node_list`, and one entry more.
    node_start: u32,
    /// (p) The nodes of each thread.
    node_list: u32,
    /// (p) Parent of each node.
    parent: u32,
    /// (p) First entry of each node in `children`, and one entry more.
    child_start: u32,
    /// (p) The children of each node, ascending.
    children: u32,
    /// Distance from the root of the farthest node.
    depth: u32,
    /// (p) First entry of each distance in `level_list`, and one entry more.
    level_start: u32,
    /// (p) The nodes by distance from the root.
    level_list: u32,
    /// Effect of each node on its parent's row.
    a: u32,
    /// Effect of the parent on each node's row.
    b: u32,
    /// What capacitance and axial resistance add to the diagonal of each node, mA/cm2/mV.
    diagonal: u32,
    /// What capacitance adds to the diagonal of each node, mA/cm2/mV.
    capacitance: u32,
    /// (p) ION_WORDS for each ion.
    ions: u32,
    /// Count of ions.
    ion_count: u32,
    /// (p) BLOCK_WORDS for each mechanism of the program.
    blocks: u32,
    /// (p) For each mechanism of the program, where its tree of diffusion stands, or 0; see `diffusion.wgsl`.
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
    /// (p) Flat node index of each lane's detector.
    detectors: u32,
    /// Threshold of each lane's detector, mV.
    thresholds: u32,
    /// 1 where the detector was above its threshold, else 0.
    above: u32,
    /// (p) First probe of each lane, and one entry more.
    probe_start: u32,
    /// (p) PROBE_WORDS for each probe.
    probes: u32,
    /// Count of probes.
    probe_count: u32,
    /// Count of probes of the groups before this one.
    first_probe: u32,
    /// (p) First played column of each lane, and one entry more.
    played_start: u32,
    /// (p) PLAYED_WORDS for each played column.
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
/// Its number in the workgroup.
var<private> member: u32;
/// Where the image begins in `values`.
var<private> origin: u32;

/// A mechanism in a group. Members are marked as those of Group.
struct Block {
    /// 0 if the group lacks the mechanism.
    present: u32,
    /// Column 0 of instance 0.
    columns: u32,
    /// Distance between columns.
    stride: u32,
    /// First global.
    globals: u32,
    /// The mechanism's tables, in `constants`.
    tables: u32,
    /// (p) First item of each thread, and one entry more; for point processes, of each thread of each lane.
    start: u32,
    /// (p) Items of rows: index in a column, flat node index; of lane 0 for density mechanisms.
    items: u32,
    /// (p) ION_REFERENCE_WORDS for each ion of the mechanism.
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
const BLOCK_WORDS: u32 = 12u;

/// The block of a mechanism in this group.
fn block_of(mechanism: u32) -> Block {
    let at = group.blocks + mechanism * BLOCK_WORDS;
    return Block(place(at), origin + place(at + 1u), place(at + 2u), origin + place(at + 3u), place(at + 4u),
                 place(at + 5u), place(at + 6u), place(at + 7u), origin + place(at + 8u), origin + place(at + 9u),
                 place(at + 10u), place(at + 11u));
}

/// The instance of an item. `offset` is the lane for density mechanisms, 0 for point processes.
fn instance_at(block: Block, item: u32, offset: u32) -> Instance {
    let at = block.items + 2u * item;
    return Instance(block.columns + place(at) + offset, block.stride, block.globals, block.tables,
                    place(at + 1u) + offset);
}

/// Uses of a range of an image: steps change it; nothing in it outlasts a step.
const CHANGING: u32 = 1u;
const SCRATCH: u32 = 2u;

/// Finds the cell of this invocation, and its data.
/// `tables` begins with the count of workgroups, then group and first lane of each.
fn enter(workgroup: vec3<u32>, workgroups: vec3<u32>, invocation: u32) {
    let index = workgroup.x + workgroup.y * workgroups.x;
    member = invocation;
    if index < tables[0] {
        group = groups[tables[1u + 2u * index]];
        lane = tables[2u + 2u * index] + invocation % CELLS;
        thread = invocation / CELLS;
        occupied = lane < group.lanes;
    }
    fetch();
    nodes = Nodes(origin + group.v, origin + group.rhs, origin + group.d, origin + group.area, origin + group.diam);
    group.a += origin;
    group.b += origin;
    group.diagonal += origin;
    group.capacitance += origin;
    group.arguments += origin;
    group.no_netcon += origin;
    group.next_own += origin;
    group.sent_count += origin;
    group.next_event += origin;
    group.thresholds += origin;
    group.above += origin;
}
