//! A batch of cell groups as the device sees it: all reals in one array, all indices in another, and
//! a header for each group that says where its data lie.

use super::super::MILLIVOLT_PER_KELVIN;
use crate::layout::{Address, Block, Group, IonBlock, Layout, Target};
use bytemuck::{Pod, Zeroable};
use std::ops::Range;

/// Cells of one workgroup; `WORKGROUP` of `shaders/group.wgsl`.
pub(super) const WORKGROUP: usize = 32;

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
    parent: u32,
    a: u32,
    b: u32,
    capacitance: u32,
    ions: u32,
    ion_count: u32,
    blocks: u32,
    arguments: u32,
    target_start: u32,
    targets: u32,
    detectors: u32,
    thresholds: u32,
    above: u32,
    probe_start: u32,
    probes: u32,
    probe_count: u32,
    first_probe: u32,
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
    /// Rows of each block.
    pub(super) rows: Vec<u32>,
    /// Count of NetCon arguments.
    pub(super) arguments: usize,
    /// What a snapshot holds, in order, as ranges of the reals.
    pub(super) snapshot: Vec<Range<usize>>,
}

/// The arrays of a batch.
#[derive(Debug, Default)]
pub(super) struct Arena {
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
}

impl Arena {
    /// The arrays of some groups of a layout.
    pub(super) fn new(layout: &Layout, groups: Range<usize>) -> Self {
        let mut arena = Self::default();
        arena.add_workgroups(&layout.groups[groups.clone()]);
        for index in groups {
            arena.add_group(layout, index);
        }
        arena
    }

    /// Count of reals that a group takes.
    pub(super) fn size_of(group: &Group) -> usize {
        let nodes = group.nodes();
        let blocks: usize = group.blocks.iter().map(|block| block.columns.len() + block.globals.len()).sum();
        let ions: usize = group.ions.iter().map(|ion| ion.values.len() + 3).sum();
        (5 * nodes + 2) * group.lanes + 3 * nodes + blocks + ions + group.arguments.len()
    }

    /// The tables begin with the count of workgroups, then group and first lane of each.
    fn add_workgroups(&mut self, groups: &[Group]) {
        self.tables.push(0);
        for (index, group) in groups.iter().enumerate() {
            for lane in (0..group.lanes).step_by(WORKGROUP) {
                self.tables.extend([index as u32, lane as u32]);
                self.workgroups += 1;
            }
        }
        self.tables[0] = self.workgroups as u32;
    }

    fn add_group(&mut self, layout: &Layout, index: usize) {
        let group = &layout.groups[index];
        let (nodes, lanes) = (group.nodes(), group.lanes);
        // NEURON: .001 * cj * cm with cj = 1 / dt.
        let capacitance: Vec<f64> = group.cm.iter().map(|&cm| 0.001 * (1.0 / layout.dt) * cm).collect();
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
            parent: self.table(&group.parent),
            a: self.reals(&group.a),
            b: self.reals(&group.b),
            capacitance: self.reals(&capacitance),
            ion_count: group.ions.len() as u32,
            detectors: self.table(&group.detectors),
            thresholds: self.reals(&group.thresholds),
            above: self.zeros(lanes),
            probe_count: group.probes.len() as u32,
            first_probe: self.probes as u32,
            ..GroupHeader::default()
        };
        let columns = self.add_blocks(&mut header, layout, group);
        let ions = self.add_ions(&mut header, layout, group);
        header.arguments = self.reals(&group.arguments);
        let places = columns.iter().zip(group.blocks.iter().map(|block| block.columns.len()));
        snapshot.extend(places.map(|(&at, length)| at..at + length));
        let places = ions.iter().zip(group.ions.iter().map(|ion| ion.values.len()));
        snapshot.extend(places.map(|(&at, length)| at..at + length));
        let arguments = header.arguments as usize;
        snapshot.push(arguments..arguments + group.arguments.len());
        self.add_targets(&mut header, layout, index);
        self.add_probes(&mut header, group, &columns, &ions);
        self.groups.push(GroupInfo {
            index,
            first_cell: self.cells.len(),
            lanes,
            probes: group.probes.len(),
            mechanisms: group.blocks.iter().map(|block| block.mechanism as u32).collect(),
            rows: group.blocks.iter().map(|block| block.rows as u32).collect(),
            arguments: group.arguments.len(),
            snapshot,
        });
        self.headers.push(header);
        self.cells.extend(&group.cells);
        self.probes += group.probes.len();
    }

    /// One entry for each mechanism of the layout; gives the place of each block's columns.
    fn add_blocks(&mut self, header: &mut GroupHeader, layout: &Layout, group: &Group) -> Vec<usize> {
        let mut entries = vec![[0; 8]; layout.mechanisms.len()];
        let mut places = Vec::with_capacity(group.blocks.len());
        for block in &group.blocks {
            let columns = self.reals(&block.columns);
            places.push(columns as usize);
            entries[block.mechanism] = [
                1,
                block.rows as u32,
                columns,
                (block.rows * block.lanes) as u32,
                self.reals(&block.globals),
                self.table(&block.node),
                self.table(&block.lane_start),
                self.add_ion_references(block),
            ];
        }
        header.blocks = self.table(entries.as_flattened());
        places
    }

    fn add_ion_references(&mut self, block: &Block) -> u32 {
        let entries: Vec<[u32; 2]> =
            block.ions.iter().map(|reference| [reference.ion as u32, self.table(&reference.row)]).collect();
        self.table(entries.as_flattened())
    }

    /// One entry for each ion of the group; gives the place of each ion's values.
    fn add_ions(&mut self, header: &mut GroupHeader, layout: &Layout, group: &Group) -> Vec<usize> {
        let potential = MILLIVOLT_PER_KELVIN * (layout.celsius + 273.15);
        let mut entries = Vec::with_capacity(group.ions.len());
        for ion in &group.ions {
            let species = &layout.species[ion.species];
            let factor = if species.valence == 0.0 { 0.0 } else { potential / species.valence };
            let values = self.reals(&ion.values);
            let style = self.table(&styles(ion));
            let constants = self.reals(&[factor, species.conci, species.conco]);
            entries.push([values, ion.rows as u32, style, constants]);
        }
        header.ions = self.table(entries.as_flattened());
        entries.iter().map(|entry| entry[0] as usize).collect()
    }

    /// NetCons by lane, in their order within a lane.
    fn add_targets(&mut self, header: &mut GroupHeader, layout: &Layout, index: usize) {
        let group = &layout.groups[index];
        let mut targets: Vec<&Target> = layout.targets.iter().filter(|target| target.group as usize == index).collect();
        targets.sort_by_key(|target| target.lane);
        header.target_start = self.starts(group.lanes, targets.iter().map(|target| target.lane));
        let entries: Vec<[u32; 3]> = targets
            .iter()
            .map(|target| [group.blocks[target.block as usize].mechanism as u32, target.row, target.argument])
            .collect();
        header.targets = self.table(entries.as_flattened());
    }

    /// Probes by lane.
    fn add_probes(&mut self, header: &mut GroupHeader, group: &Group, columns: &[usize], ions: &[usize]) {
        let mut probes: Vec<(u32, [u32; 2])> = group
            .probes
            .iter()
            .enumerate()
            .map(|(place, &address)| {
                let value = match address {
                    Address::Voltage(node) => header.v + node,
                    Address::Column { block, index } => columns[block as usize] as u32 + index,
                    Address::Ion { ion, index } => ions[ion as usize] as u32 + index,
                };
                (lane_of(group, address), [value, place as u32])
            })
            .collect();
        probes.sort_by_key(|&(lane, _)| lane);
        header.probe_start = self.starts(group.lanes, probes.iter().map(|&(lane, _)| lane));
        let entries: Vec<[u32; 2]> = probes.iter().map(|&(_, entry)| entry).collect();
        header.probes = self.table(entries.as_flattened());
    }

    /// The table of first entries of each lane, for entries sorted by lane.
    fn starts(&mut self, lanes: usize, sorted: impl Iterator<Item = u32>) -> u32 {
        let mut starts = vec![0; lanes + 1];
        for lane in sorted {
            starts[lane as usize + 1] += 1;
        }
        for lane in 0..lanes {
            starts[lane + 1] += starts[lane];
        }
        self.table(&starts)
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

/// `RESETS`, `INITIALISES`, `ADVANCES` of `shaders/ions.wgsl` for each row.
fn styles(ion: &IonBlock) -> Vec<u32> {
    let bits = |style: &crate::layout::IonStyle| {
        u32::from(style.resets_concentration())
            | u32::from(style.initialises_reversal()) << 1
            | u32::from(style.advances_reversal()) << 2
    };
    ion.style.iter().map(bits).collect()
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
        assert_eq!(members("Block").0.len(), 8);
    }
}
