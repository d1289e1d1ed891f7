//! A batch of cell groups as the device sees it: all reals in one array, all indices in another, and
//! a header for each group that says where its data lie.

use super::super::MILLIVOLT_PER_KELVIN;
use super::compose::{SLOTS, most_arguments};
use super::partition::{self, bucket};
use super::split::Targets;
use crate::layout::{Address, Block, Group, IonReference, IonStyle, Layout, PlayedColumn, Target};
use crate::model::Course;
use bytemuck::{Pod, Zeroable};
use codegen::manifest::DiffusingManifest;
use std::ops::Range;
use std::sync::Arc;

/// Invocations of a workgroup: as many as run in lock step on most GPUs.
pub(super) const WORKGROUP: u32 = 32;

/// Members of the structure `Block` of `shaders/group.wgsl`.
const BLOCK_WORDS: usize = 11;
/// Reals of a waiting event: `PENDING_REALS` of `shaders/events.wgsl`.
const PENDING_REALS: usize = 5;

/// The structure `Group` of `shaders/group.wgsl`, member by member.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, Pod, Zeroable)]
pub(super) struct GroupHeader {
    lanes: u32,
    first_cell: u32,
    node_count: u32,
    v: u32,
    rhs: u32,
    d: u32,
    area: u32,
    diam: u32,
    node_start: u32,
    node_list: u32,
    parent: u32,
    child_start: u32,
    children: u32,
    depth: u32,
    level_start: u32,
    level_list: u32,
    a: u32,
    b: u32,
    diagonal: u32,
    capacitance: u32,
    ions: u32,
    ion_count: u32,
    blocks: u32,
    diffusions: u32,
    arguments: u32,
    no_netcon: u32,
    next_own: u32,
    sent_count: u32,
    next_event: u32,
    target_start: u32,
    targets: u32,
    detectors: u32,
    thresholds: u32,
    above: u32,
    probe_start: u32,
    probes: u32,
    probe_count: u32,
    first_probe: u32,
    played_start: u32,
    played: u32,
}

/// What the host must know of a group later.
#[derive(Clone, Debug)]
pub(super) struct GroupInfo {
    /// Index in the layout.
    pub(super) index: usize,
    /// Number of its first cell in the batch.
    pub(super) first_cell: usize,
    /// Count of cells.
    pub(super) lanes: usize,
    /// Count of probes.
    pub(super) probes: usize,
    /// Mechanism of each block.
    pub(super) mechanisms: Vec<u32>,
    /// For each block, the item of each row if it is of point processes, else nothing.
    pub(super) items: Vec<Vec<u32>>,
    /// Count of NetCon arguments.
    pub(super) arguments: usize,
    /// What a snapshot holds, in order, as ranges of the reals.
    pub(super) snapshot: Vec<Range<usize>>,
    /// Where potentials begin.
    v: u32,
    /// Where the columns of each block begin.
    columns: Vec<usize>,
}

/// The arrays of a batch.
#[derive(Debug, Default)]
pub(super) struct Arena {
    threads: u32,
    /// Whether equations are assembled before they are solved; see [`super::GpuOptions::difference`].
    assembled: bool,
    pub(super) values: Vec<f64>,
    pub(super) tables: Vec<u32>,
    pub(super) headers: Vec<GroupHeader>,
    pub(super) groups: Vec<GroupInfo>,
    /// Network cell of each cell of the batch.
    pub(super) cells: Vec<u32>,
    /// Count of workgroups.
    pub(super) workgroups: usize,
    /// Count of probes of all groups.
    pub(super) probes: usize,
    /// Count of instances that can send events to others.
    pub(super) senders: usize,
    /// What the played columns of all groups follow.
    pub(super) played: Vec<Arc<[(f64, u32)]>>,
    /// The courses.
    pub(super) courses: Vec<Course>,
    /// Count of transfers of potentials, and where in the tables they stand.
    pub(super) transfers: usize,
    pub(super) transfers_at: u32,
}

impl Arena {
    /// The arrays of some groups of a layout, whose cells are run by `threads` invocations each.
    /// `assembled`: see [`super::GpuOptions::difference`].
    pub(super) fn new(
        layout: &Layout,
        targets: &Targets<'_>,
        groups: Range<usize>,
        threads: u32,
        assembled: bool,
    ) -> Self {
        let mut arena = Self { threads, assembled, ..Self::default() };
        arena.add_workgroups(&layout.groups[groups.clone()]);
        for index in groups {
            arena.add_group(layout, targets, index);
        }
        arena.add_transfers(layout);
        if !arena.played.is_empty() {
            arena.courses.clone_from(&layout.courses);
        }
        arena
    }

    /// The transfers within the batch: their count, then where in the reals each begins and ends.
    fn add_transfers(&mut self, layout: &Layout) {
        let group = |index: u32| self.groups.iter().find(|group| group.index == index as usize);
        let places = layout.transfers.iter().filter_map(|transfer| {
            let (from, to) = (group(transfer.from.0)?, group(transfer.to.0)?);
            Some([from.v + transfer.from.1, to.columns[transfer.to.1 as usize] as u32 + transfer.to.2])
        });
        let places: Vec<[u32; 2]> = places.collect();
        self.transfers = places.len();
        self.transfers_at = self.table(&[places.len() as u32]);
        self.table(places.as_flattened());
    }

    /// The tables begin with the count of workgroups, then group and first lane of each.
    fn add_workgroups(&mut self, groups: &[Group]) {
        self.tables.push(0);
        for (index, group) in groups.iter().enumerate() {
            for lane in (0..group.lanes).step_by((WORKGROUP / self.threads) as usize) {
                self.tables.extend([index as u32, lane as u32]);
                self.workgroups += 1;
            }
        }
        self.tables[0] = self.workgroups as u32;
    }

    fn add_group(&mut self, layout: &Layout, targets: &Targets<'_>, index: usize) {
        let group = &layout.groups[index];
        let (nodes, lanes) = (group.nodes(), group.lanes);
        let start = self.values.len();
        let v = self.zeros(nodes * lanes);
        let mut snapshot = Vec::with_capacity(group.blocks.len() + group.ions.len() + 2);
        snapshot.push(start..self.values.len());
        let mut header = GroupHeader {
            lanes: lanes as u32,
            first_cell: self.cells.len() as u32,
            node_count: nodes as u32,
            v,
            rhs: self.zeros(nodes * lanes),
            d: self.zeros(nodes * lanes),
            area: self.spread(&group.area, lanes),
            diam: self.spread(&group.diam, lanes),
            a: self.reals(&group.a),
            b: self.reals(&group.b),
            diagonal: self.reals(&if self.assembled { vec![0.0; nodes] } else { group.diagonal(layout.dt) }),
            capacitance: self.reals(&group.capacitance(layout.dt)),
            ion_count: group.ions.len() as u32,
            detectors: self.table(&group.detectors),
            thresholds: self.reals(&group.thresholds),
            above: self.zeros(lanes),
            probe_count: group.probes.len() as u32,
            first_probe: self.probes as u32,
            ..GroupHeader::default()
        };
        let owners = partition::owners(group, self.threads);
        self.add_tree(&mut header, group, &owners);
        let targets: Vec<&Target> = targets.of(index).collect();
        let (columns, items) = self.add_blocks(&mut header, layout, group, &owners, &targets);
        let ions = self.add_ions(&mut header, layout, group, &owners);
        self.add_diffusions(&mut header, layout, group, &columns, &ions);
        header.arguments = self.reals(&group.arguments);
        header.no_netcon = self.zeros(most_arguments(&layout.mechanisms) * lanes);
        header.next_own = self.spread(&[f64::INFINITY], lanes);
        header.sent_count = self.zeros(lanes);
        header.next_event = self.zeros(lanes);
        let places = columns.iter().zip(group.blocks.iter().map(|block| block.columns.len()));
        snapshot.extend(places.map(|(&at, length)| at..at + length));
        let places = ions.iter().zip(group.ions.iter().map(|ion| ion.values.len()));
        snapshot.extend(places.map(|(&at, length)| at..at + length));
        let arguments = header.arguments as usize;
        snapshot.push(arguments..arguments + group.arguments.len());
        self.add_targets(&mut header, group, &targets, &items);
        self.add_probes(&mut header, group, &columns, &ions);
        self.add_played(&mut header, layout, index, &columns);
        self.groups.push(GroupInfo {
            index,
            first_cell: self.cells.len(),
            lanes,
            probes: group.probes.len(),
            mechanisms: group.blocks.iter().map(|block| block.mechanism as u32).collect(),
            items,
            arguments: group.arguments.len(),
            snapshot,
            v,
            columns,
        });
        self.headers.push(header);
        self.cells.extend(&group.cells);
        self.probes += group.probes.len();
    }

    /// The nodes by owner, by parent and by distance from the root.
    fn add_tree(&mut self, header: &mut GroupHeader, group: &Group, owners: &[u32]) {
        header.parent = self.table(&group.parent);
        (header.node_start, header.node_list) = self.buckets(self.threads as usize, owners);
        // The root is no child: its key lies past the last node.
        let nodes = group.nodes();
        let mut parents = group.parent.clone();
        if let Some(root) = parents.first_mut() {
            *root = nodes as u32;
        }
        (header.child_start, header.children) = self.buckets(nodes + 1, &parents);
        let distances = partition::distances(&group.parent);
        header.depth = distances.iter().copied().max().unwrap_or(0);
        (header.level_start, header.level_list) = self.buckets(header.depth as usize + 1, &distances);
    }

    /// One entry for each mechanism of the layout; gives the place of each block's columns, and the
    /// item of each row of point processes.
    fn add_blocks(
        &mut self,
        header: &mut GroupHeader,
        layout: &Layout,
        group: &Group,
        owners: &[u32],
        targets: &[&Target],
    ) -> (Vec<usize>, Vec<Vec<u32>>) {
        let mut entries = vec![[0; BLOCK_WORDS]; layout.mechanisms.len()];
        let (mut places, mut item_of_row) = (Vec::new(), Vec::new());
        for (number, block) in group.blocks.iter().enumerate() {
            let events = layout.mechanisms[block.mechanism].events;
            let columns = self.reals(&block.columns);
            places.push(columns as usize);
            let (starts, order) = self.items_of(block, group, owners);
            let item = |&row: &u32| [row * block.lanes as u32, block.node[row as usize]];
            let items: Vec<[u32; 2]> = order.iter().map(item).collect();
            entries[block.mechanism] = [
                1,
                columns,
                (block.rows * block.lanes) as u32,
                self.reals(&block.globals),
                self.table(&starts),
                self.table(items.as_flattened()),
                self.add_ion_references(block, &order),
                self.zeros(if events.to_itself { PENDING_REALS * SLOTS * block.rows } else { 0 }),
                self.zeros(if events.to_itself { block.rows } else { 0 }),
                self.table(if events.to_others { &block.instances } else { &[] }),
                if events.visits_netcons { self.add_netcons(block, number, targets) } else { 0 },
            ];
            self.senders += if events.to_others { block.rows } else { 0 };
            item_of_row.push(if block.is_point() { inverse(&order) } else { Vec::new() });
        }
        header.blocks = self.table(entries.as_flattened());
        (places, item_of_row)
    }

    /// The rows of a block by the thread that runs them; for point processes, by lane and thread.
    fn items_of(&self, block: &Block, group: &Group, owners: &[u32]) -> (Vec<u32>, Vec<u32>) {
        // Artificial cells have no nodes.
        let owner = |row: usize| owners.get(block.node[row] as usize / group.lanes).copied().unwrap_or(0);
        if !block.is_point() {
            let keys: Vec<u32> = (0..block.rows).map(owner).collect();
            return bucket(self.threads as usize, &keys);
        }
        let rows_of = |lane: usize| block.lane_start[lane] as usize..block.lane_start[lane + 1] as usize;
        let keys: Vec<u32> = (0..group.lanes)
            .flat_map(|lane| rows_of(lane).map(move |row| (lane, row)))
            .map(|(lane, row)| lane as u32 * self.threads + owner(row))
            .collect();
        bucket(group.lanes * self.threads as usize, &keys)
    }

    /// The NetCons that end in each row of a block, in order of their creation.
    fn add_netcons(&mut self, block: &Block, number: usize, targets: &[&Target]) -> u32 {
        let of_block: Vec<&Target> = targets.iter().filter(|target| target.block as usize == number).copied().collect();
        let rows: Vec<u32> = of_block.iter().map(|target| target.row).collect();
        let (starts, order) = bucket(block.rows, &rows);
        let offsets: Vec<u32> = order.iter().map(|&at| of_block[at as usize].argument).collect();
        let offsets = self.table(&offsets);
        let starts: Vec<u32> = starts.iter().map(|start| offsets + start).collect();
        self.table(&starts)
    }

    fn add_ion_references(&mut self, block: &Block, order: &[u32]) -> u32 {
        let mut entries = Vec::with_capacity(block.ions.len());
        for reference in &block.ions {
            let rows: Vec<u32> = order.iter().map(|&row| reference.row[row as usize]).collect();
            entries.push([reference.ion as u32, self.table(&rows)]);
        }
        self.table(entries.as_flattened())
    }

    /// The trees of mechanisms whose states diffuse: see `shaders/diffusion.wgsl`.
    fn add_diffusions(
        &mut self,
        header: &mut GroupHeader,
        layout: &Layout,
        group: &Group,
        columns: &[usize],
        ions: &[usize],
    ) {
        let lanes = group.lanes;
        let mut trees = vec![0; layout.mechanisms.len()];
        for (block, &columns) in group.blocks.iter().zip(columns) {
            let Some(tree) = &block.diffusion else { continue };
            let size = block.rows * lanes;
            let (a, b) = (self.reals(&tree.a), self.reals(&tree.b));
            let mut entry = vec![block.rows as u32, self.table(&tree.parent), a, b, self.zeros(4 * size)];
            let rows: Vec<u32> = (0..block.rows).map(|row| (row * lanes) as u32).collect();
            let rows = self.table(&rows);
            let column = |at: usize| (columns + at * size) as u32;
            for diffusion in &layout.mechanisms[block.mechanism].diffusions {
                entry.extend(match diffusion.state {
                    DiffusingManifest::Column(state) => [column(state), rows],
                    DiffusingManifest::Ion(ion, field) => {
                        let IonReference { ion, row } = &block.ions[ion];
                        let stride = group.ions[*ion].rows * lanes;
                        [(ions[*ion] + field.index() * stride) as u32, self.table(row)]
                    }
                });
                entry.extend([column(diffusion.volume), column(diffusion.coefficient)]);
            }
            trees[block.mechanism] = self.table(&entry);
        }
        header.diffusions = self.table(&trees);
    }

    /// One entry for each ion of the group; gives the place of each ion's values.
    fn add_ions(&mut self, header: &mut GroupHeader, layout: &Layout, group: &Group, owners: &[u32]) -> Vec<usize> {
        let potential = MILLIVOLT_PER_KELVIN * (layout.celsius + 273.15);
        let mut entries = Vec::with_capacity(group.ions.len());
        for ion in &group.ions {
            let species = &layout.species[ion.species];
            let factor = if species.valence == 0.0 { 0.0 } else { potential / species.valence };
            let values = self.reals(&ion.values);
            let keys: Vec<u32> = ion.node.iter().map(|&node| owners[node as usize]).collect();
            let (starts, order) = bucket(self.threads as usize, &keys);
            let item = |&row: &u32| [row * group.lanes as u32, style_bits(ion.style[row as usize])];
            let items: Vec<[u32; 2]> = order.iter().map(item).collect();
            let (start, items) = (self.table(&starts), self.table(items.as_flattened()));
            let constants = self.reals(&[factor, species.conci, species.conco]);
            entries.push([values, (ion.rows * group.lanes) as u32, start, items, constants]);
        }
        header.ions = self.table(entries.as_flattened());
        entries.iter().map(|entry| entry[0] as usize).collect()
    }

    /// NetCons by lane, in their order within a lane.
    fn add_targets(&mut self, header: &mut GroupHeader, group: &Group, targets: &[&Target], items: &[Vec<u32>]) {
        let lanes: Vec<u32> = targets.iter().map(|target| target.lane).collect();
        let (starts, order) = bucket(group.lanes, &lanes);
        let entry = |&at: &u32| {
            let Target { block, row, argument, .. } = *targets[at as usize];
            let block = block as usize;
            [group.blocks[block].mechanism as u32, items[block][row as usize], argument]
        };
        let entries: Vec<[u32; 3]> = order.iter().map(entry).collect();
        header.target_start = self.table(&starts);
        header.targets = self.table(entries.as_flattened());
    }

    /// Probes by lane.
    fn add_probes(&mut self, header: &mut GroupHeader, group: &Group, columns: &[usize], ions: &[usize]) {
        let lanes: Vec<u32> = group.probes.iter().map(|&address| lane_of(group, address)).collect();
        let (starts, order) = bucket(group.lanes, &lanes);
        let entry = |&place: &u32| {
            let value = match group.probes[place as usize] {
                Address::Voltage(node) => header.v + node,
                Address::Column { block, index } => columns[block as usize] as u32 + index,
                Address::Ion { ion, index } => ions[ion as usize] as u32 + index,
            };
            [value, place]
        };
        let entries: Vec<[u32; 2]> = order.iter().map(entry).collect();
        header.probe_start = self.table(&starts);
        header.probes = self.table(entries.as_flattened());
    }

    /// Played columns by lane.
    fn add_played(&mut self, header: &mut GroupHeader, layout: &Layout, index: usize, columns: &[usize]) {
        let group = &layout.groups[index];
        let of_group: Vec<_> = layout.played.iter().filter(|column| column.to.0 as usize == index).collect();
        let lane = |column: &&PlayedColumn| lane_of(group, Address::Column { block: column.to.1, index: column.to.2 });
        let lanes: Vec<u32> = of_group.iter().map(lane).collect();
        let (starts, order) = bucket(group.lanes, &lanes);
        let first = self.played.len() as u32;
        let entry = |&at: &u32| {
            let (_, block, index) = of_group[at as usize].to;
            [columns[block as usize] as u32 + index, first + at]
        };
        let entries: Vec<[u32; 2]> = order.iter().map(entry).collect();
        header.played_start = self.table(&starts);
        header.played = self.table(entries.as_flattened());
        self.played.extend(of_group.iter().map(|column| column.terms.clone()));
    }

    /// Adds the tables of [`bucket`].
    fn buckets(&mut self, keys: usize, key_of: &[u32]) -> (u32, u32) {
        let (starts, order) = bucket(keys, key_of);
        (self.table(&starts), self.table(&order))
    }

    fn reals(&mut self, values: &[f64]) -> u32 {
        let at = self.values.len();
        self.values.extend_from_slice(values);
        at as u32
    }

    fn zeros(&mut self, count: usize) -> u32 {
        let at = self.values.len();
        self.values.resize(at + count, 0.0);
        at as u32
    }

    /// Each value once for each lane.
    fn spread(&mut self, values: &[f64], lanes: usize) -> u32 {
        let at = self.values.len();
        self.values.extend(values.iter().flat_map(|&value| std::iter::repeat_n(value, lanes)));
        at as u32
    }

    fn table(&mut self, values: &[u32]) -> u32 {
        let at = self.tables.len();
        self.tables.extend_from_slice(values);
        at as u32
    }
}

/// `RESETS`, `INITIALISES`, `ADVANCES` of `shaders/ions.wgsl`.
fn style_bits(style: IonStyle) -> u32 {
    u32::from(style.resets_concentration())
        | u32::from(style.initialises_reversal()) << 1
        | u32::from(style.advances_reversal()) << 2
}

/// The place of each entry in an order.
fn inverse(order: &[u32]) -> Vec<u32> {
    let mut places = vec![0; order.len()];
    for (place, &entry) in (0..).zip(order) {
        places[entry as usize] = place;
    }
    places
}

/// Lane of the cell to which a value belongs.
fn lane_of(group: &Group, address: Address) -> u32 {
    let lanes = group.lanes as u32;
    match address {
        Address::Voltage(node) => node % lanes,
        Address::Ion { index, .. } => index % lanes,
        Address::Column { block, index } => {
            let block = &group.blocks[block as usize];
            if block.is_point() {
                let row = index % block.rows as u32;
                block.lane_start.partition_point(|&start| start <= row) as u32 - 1
            } else {
                index % lanes
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_the_shaders_structure() {
        let text = [
            "const CELLS = 1u;\n",
            include_str!("../../../../shaders/real_f32.wgsl"),
            include_str!("../../../../shaders/prelude.wgsl"),
            include_str!("../../../../shaders/group.wgsl"),
        ]
        .concat();
        let module = naga::front::wgsl::parse_str(&text).unwrap();
        let members = |name: &str| {
            let (_, group) = module.types.iter().find(|(_, t)| t.name.as_deref() == Some(name)).unwrap();
            let naga::TypeInner::Struct { members, span } = &group.inner else { panic!("not a structure") };
            let names: Vec<String> = members.iter().map(|member| member.name.clone().unwrap()).collect();
            (names, *span as usize)
        };
        let (names, span) = members("Group");
        assert_eq!(span, size_of::<GroupHeader>());
        let debug = format!("{:?}", GroupHeader::default());
        let fields: Vec<&str> = debug
            .trim_start_matches("GroupHeader { ")
            .trim_end_matches(" }")
            .split(", ")
            .map(|field| field.split(':').next().unwrap())
            .collect();
        assert_eq!(names, fields);
        assert_eq!(members("Block").0.len(), BLOCK_WORDS);
    }
}
