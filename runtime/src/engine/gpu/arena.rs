//! A batch of cell groups as the device sees it: all reals in one array, all indices in another, and
//! a header for each group that says where its data lie.

use super::compose::{SLOTS, most_arguments};
use super::image::{Image, Piece, Use};
use super::kept::{self, Kept};
use super::making::{Making, PlaceOfBlock};
use super::mapping::Mapping;
use super::partition::bucket;
use super::split::Targets;
use crate::layout::{Block, Group, Layout, Target};
use crate::model::Course;
use bytemuck::{Pod, Zeroable};
use codegen::manifest::EventsManifest;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// Members of the structure `Block` of `shaders/group.wgsl`.
const BLOCK_WORDS: usize = 12;
/// Reals of a waiting event: `PENDING_REALS` of `shaders/events.wgsl`.
const PENDING_REALS: usize = 5;

/// The structure `Group` of `shaders/group.wgsl`, member by member.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, Pod, Zeroable)]
pub(super) struct GroupHeader {
    pub(super) lanes: u32,
    pub(super) first_cell: u32,
    pub(super) node_count: u32,
    pub(super) image: u32,
    pub(super) places: u32,
    pub(super) place_count: u32,
    pub(super) ranges: u32,
    pub(super) v: u32,
    pub(super) rhs: u32,
    pub(super) d: u32,
    pub(super) area: u32,
    pub(super) diam: u32,
    pub(super) node_start: u32,
    pub(super) node_list: u32,
    pub(super) parent: u32,
    pub(super) child_start: u32,
    pub(super) children: u32,
    pub(super) depth: u32,
    pub(super) level_start: u32,
    pub(super) level_list: u32,
    pub(super) a: u32,
    pub(super) b: u32,
    pub(super) diagonal: u32,
    pub(super) capacitance: u32,
    pub(super) ions: u32,
    pub(super) ion_count: u32,
    pub(super) blocks: u32,
    pub(super) diffusions: u32,
    pub(super) arguments: u32,
    pub(super) no_netcon: u32,
    pub(super) next_own: u32,
    pub(super) sent_count: u32,
    pub(super) next_event: u32,
    pub(super) target_start: u32,
    pub(super) targets: u32,
    pub(super) detectors: u32,
    pub(super) thresholds: u32,
    pub(super) above: u32,
    pub(super) probe_start: u32,
    pub(super) probes: u32,
    pub(super) probe_count: u32,
    pub(super) first_probe: u32,
    pub(super) played_start: u32,
    pub(super) played: u32,
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
    /// Count of instances that can send events to others.
    pub(super) senders: usize,
    /// Count of the played columns of the groups before this one.
    first_played: usize,
    /// Where potentials begin in the reals.
    v: u32,
    /// Where the columns of each block begin in the image.
    columns: Vec<usize>,
    /// What a snapshot holds, in order.
    pub(super) snapshot: Vec<Piece>,
    /// Where its image begins in the reals.
    pub(super) image: usize,
    /// Counts of reals and indices.
    pub(super) size: GroupSize,
}

/// Counts of the data of a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct GroupSize {
    /// Reals of the image.
    pub(super) reals: usize,
    /// Of these, those that steps change.
    pub(super) changing: usize,
    /// Of these, those that steps only read.
    pub(super) fixed: usize,
    /// Indices that steps need.
    pub(super) places: usize,
    /// Words that describe the image.
    pub(super) ranges: usize,
}

/// What the largest groups need of a workgroup's memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Largest {
    /// Reals.
    pub(super) image: usize,
    /// Indices.
    pub(super) places: usize,
}

impl Largest {
    fn of_group(size: &GroupSize) -> Self {
        Self { image: size.reals, places: size.places }
    }

    pub(super) fn of(batches: &[Arena]) -> Self {
        let sizes = || batches.iter().flat_map(|arena| &arena.groups).map(|group| group.size);
        let most = |of: fn(GroupSize) -> usize| sizes().map(of).max().unwrap_or(0);
        Self { image: most(|size| size.reals), places: most(|size| size.places) }
    }

    /// With what the kernel has there besides.
    pub(super) fn bytes(&self, real: usize) -> u64 {
        (self.image * real + 4 * self.places + 16) as u64
    }
}

/// What all batches of a network have in common.
#[derive(Clone, Copy)]
pub(super) struct Plan<'a> {
    pub(super) layout: &'a Layout,
    pub(super) targets: &'a Targets<'a>,
    pub(super) kept: &'a Kept,
    pub(super) mapping: Mapping,
    /// Whether equations are assembled before they are solved; see [`super::GpuOptions::difference`].
    pub(super) assembled: bool,
    /// Whether kernels look at areas, and at diameters.
    pub(super) geometry: [bool; 2],
    /// Bytes of a real.
    pub(super) real: usize,
    /// Most bytes that a workgroup's memory takes, where data are to be resident.
    pub(super) memory: u64,
}

/// The arrays of a batch.
#[derive(Debug, Default)]
pub(super) struct Arena {
    pub(super) values: Vec<f64>,
    pub(super) tables: Vec<u32>,
    /// The tables of mechanisms.
    pub(super) constants: Vec<f64>,
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
    /// Where tables with the same contents begin.
    known: HashMap<Vec<u32>, u32>,
    /// Where the tables of each mechanism begin.
    constants_of: Vec<Option<u32>>,
}

impl Arena {
    /// The arrays of all groups of a layout, in as few batches as fit into bindings of `limit` bytes; none if they are to
    /// be resident and do not fit into a workgroup's memory.
    pub(super) fn all(plan: Plan<'_>, limit: u64) -> Option<Vec<Self>> {
        let mut batches: Vec<Self> = Vec::new();
        let mut first = 0;
        while first < plan.layout.groups.len() {
            let mut arena = Self::default();
            let end = arena.fill(plan, first, limit)?;
            arena.begin_tables(plan, first..end);
            arena.add_transfers(plan);
            if !arena.played.is_empty() {
                arena.courses.clone_from(&plan.layout.courses);
            }
            batches.push(arena);
            first = end;
        }
        let largest = Largest::of(&batches);
        (!plan.mapping.resident || largest.bytes(plan.real) <= plan.memory).then_some(batches)
    }

    /// Adds groups from `first` on, as many as fit, but at least one; gives the one after the last.
    fn fill(&mut self, plan: Plan<'_>, first: usize, limit: u64) -> Option<usize> {
        // The first of the tables are those of workgroups, which are known at last.
        let count = |group: &Group| group.lanes.div_ceil(plan.mapping.cells() as usize);
        let workgroups: usize = plan.layout.groups[first..].iter().map(count).sum();
        self.tables.resize(1 + 2 * workgroups, 0);
        for index in first..plan.layout.groups.len() {
            let before = (self.values.len(), self.tables.len());
            self.add_group(plan, index);
            let last = self.groups.last().map_or(Largest::default(), |group| Largest::of_group(&group.size));
            if plan.mapping.resident && last.bytes(plan.real) > plan.memory {
                return None;
            }
            let bytes = (plan.real * self.values.len()).max(4 * self.tables.len()) as u64;
            if bytes > limit && index > first {
                self.remove_group(before);
                return Some(index);
            }
        }
        Some(plan.layout.groups.len())
    }

    /// Takes the last group back.
    fn remove_group(&mut self, (values, tables): (usize, usize)) {
        self.values.truncate(values);
        self.tables.truncate(tables);
        self.headers.pop();
        if let Some(group) = self.groups.pop() {
            self.cells.truncate(group.first_cell);
            self.probes -= group.probes;
            self.senders -= group.senders;
            self.played.truncate(group.first_played);
        }
    }

    /// The tables begin with the count of workgroups, then group and first lane of each.
    fn begin_tables(&mut self, plan: Plan<'_>, groups: Range<usize>) {
        let mut words = Vec::new();
        for (index, group) in plan.layout.groups[groups].iter().enumerate() {
            for lane in (0..group.lanes).step_by(plan.mapping.cells() as usize) {
                words.extend([index as u32, lane as u32]);
                self.workgroups += 1;
            }
        }
        self.tables[0] = self.workgroups as u32;
        self.tables[1..1 + words.len()].copy_from_slice(&words);
    }

    /// Appends a table that steps do not need in the workgroup's memory.
    fn table(&mut self, words: &[u32]) -> u32 {
        let at = self.tables.len();
        self.tables.extend_from_slice(words);
        at as u32
    }

    /// The same, but only once for equal contents.
    fn common_table(&mut self, words: Vec<u32>) -> u32 {
        if let Some(&at) = self.known.get(&words) {
            return at;
        }
        let at = self.table(&words);
        self.known.insert(words, at);
        at
    }

    /// Where the tables of a mechanism are, which are the same in all groups.
    fn constants(&mut self, plan: Plan<'_>, block: &Block) -> u32 {
        self.constants_of.resize(plan.layout.mechanisms.len(), None);
        let at = self.constants.len() as u32;
        *self.constants_of[block.mechanism].get_or_insert_with(|| {
            self.constants.extend(&block.globals[plan.layout.mechanisms[block.mechanism].globals.len()..]);
            at
        })
    }

    fn add_group(&mut self, plan: Plan<'_>, index: usize) {
        let Plan { layout, .. } = plan;
        let group = &layout.groups[index];
        let (nodes, lanes) = (group.nodes(), group.lanes);
        let mut making = Making::new(plan, group);
        let mut header = making.header(self.cells.len(), self.probes);
        let mut snapshot = vec![Piece::values(header.v as usize..header.v as usize + nodes * lanes, 1)];
        making.add_tree(&mut header);
        let targets: Vec<&Target> = plan.targets.of(index).collect();
        let senders = self.senders;
        let blocks = self.add_blocks(&mut making, &mut header, &targets);
        let ions = making.add_ions(&mut header);
        making.add_diffusions(&mut header, &blocks, &ions);
        let image = &mut making.image;
        header.arguments = image.reals(group.arguments.iter().copied(), Use::Changing);
        header.no_netcon = image.zeros(most_arguments(&layout.mechanisms) * lanes, Use::Scratch);
        if layout.mechanisms.iter().any(|mechanism| mechanism.events != EventsManifest::default()) {
            header.next_own = image.spread(&[f64::INFINITY], lanes, Use::Changing);
            header.sent_count = image.zeros(lanes, Use::Changing);
        }
        if !layout.transfers.is_empty() {
            header.next_event = image.zeros(lanes, Use::Changing);
        }
        for (block, place) in group.blocks.iter().zip(&blocks) {
            snapshot.extend(making.pieces_of_block(block, place));
        }
        snapshot.extend(ions.iter().flatten().cloned());
        let arguments = header.arguments as usize;
        snapshot.push(Piece::values(arguments..arguments + group.arguments.len(), 1));
        let items: Vec<Vec<u32>> = blocks.iter().map(|block| block.items.clone()).collect();
        self.add_targets(&mut header, group, &targets, &items);
        making.add_probes(&mut header, &blocks, &ions);
        let first_played = self.played.len();
        self.played.extend(making.add_played(&mut header, index, &blocks, first_played));
        let Image { values, places, .. } = &making.image;
        let ranges = making.image.ranges();
        let size = GroupSize {
            reals: values.len(),
            changing: making.image.count(Use::Changing),
            fixed: making.image.count(Use::Fixed),
            places: places.len(),
            ranges: ranges.len(),
        };
        header.image = self.values.len() as u32;
        header.place_count = places.len() as u32;
        header.places = self.common_table(places.clone());
        header.ranges = self.common_table(ranges);
        self.groups.push(GroupInfo {
            index,
            first_cell: self.cells.len(),
            lanes,
            probes: group.probes.len(),
            mechanisms: group.blocks.iter().map(|block| block.mechanism as u32).collect(),
            items,
            arguments: group.arguments.len(),
            senders: self.senders - senders,
            first_played,
            v: self.values.len() as u32 + header.v,
            columns: blocks.iter().map(|block| block.columns).collect(),
            snapshot,
            image: self.values.len(),
            size,
        });
        self.headers.push(header);
        self.values.extend(&making.image.values);
        self.cells.extend(&group.cells);
        self.probes += group.probes.len();
    }

    /// The transfers within the batch: their count, then where in the reals each begins and ends.
    fn add_transfers(&mut self, Plan { layout, kept, .. }: Plan<'_>) {
        let group = |index: u32| self.groups.iter().find(|group| group.index == index as usize);
        let places = layout.transfers.iter().filter_map(|transfer| {
            let (from, to) = (group(transfer.from.0)?, group(transfer.to.0)?);
            let block = &layout.groups[to.index].blocks[transfer.to.1 as usize];
            let at = kept.mechanism(block.mechanism).own_place(block, transfer.to.2 as usize);
            Some([from.v + transfer.from.1, (to.image + to.columns[transfer.to.1 as usize] + at) as u32])
        });
        let places: Vec<[u32; 2]> = places.collect();
        self.transfers = places.len();
        self.transfers_at = self.table(&[places.len() as u32]);
        self.table(places.as_flattened());
    }

    /// One entry for each mechanism of the layout; gives where each block of the group has come to lie.
    fn add_blocks(
        &mut self,
        making: &mut Making<'_>,
        header: &mut GroupHeader,
        targets: &[&Target],
    ) -> Vec<PlaceOfBlock> {
        let Plan { layout, kept, .. } = making.plan;
        let mut entries = vec![[0; BLOCK_WORDS]; layout.mechanisms.len()];
        let mut places = Vec::new();
        for (number, block) in making.group.blocks.iter().enumerate() {
            let (manifest, of) = (&layout.mechanisms[block.mechanism], kept.mechanism(block.mechanism));
            let events = manifest.events;
            let image = &mut making.image;
            let (changing, fixed) = of.own.split_at(of.changing);
            let values = |columns: &[usize]| -> Vec<f64> {
                columns.iter().flat_map(|&column| kept::values(block, column)).copied().collect()
            };
            let columns = image.reals(values(changing), Use::Changing);
            image.reals(values(fixed), Use::Fixed);
            let shared = of.shared.iter().map(|&column| kept::values(block, column).first().copied().unwrap_or(0.0));
            let globals =
                image.reals(block.globals[..manifest.globals.len()].iter().copied().chain(shared), Use::Fixed);
            // What nobody keeps has an index, too.
            image.zeros(1, Use::Fixed);
            let pending =
                image.zeros(if events.to_itself { PENDING_REALS * SLOTS * block.rows } else { 0 }, Use::Changing);
            let movable = image.zeros(if events.to_itself { block.rows } else { 0 }, Use::Changing);
            let (starts, order) = making.items_of(block);
            let item = |&row: &u32| [row * block.lanes as u32, block.node[row as usize]];
            let items: Vec<[u32; 2]> = order.iter().map(item).collect();
            entries[block.mechanism] = [
                1,
                columns,
                kept::size(block) as u32,
                globals,
                self.constants(making.plan, block),
                making.image.table(&starts),
                making.image.table(items.as_flattened()),
                making.add_ion_references(block, &order),
                pending,
                movable,
                self.table(if events.to_others { &block.instances } else { &[] }),
                if events.visits_netcons { self.add_netcons(block, number, targets) } else { 0 },
            ];
            self.senders += if events.to_others { block.rows } else { 0 };
            let items = if block.is_point() { inverse(&order) } else { Vec::new() };
            places.push(PlaceOfBlock { columns: columns as usize, globals: globals as usize, items });
        }
        header.blocks = making.image.table(entries.as_flattened());
        places
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
}

/// The place of each entry in an order.
fn inverse(order: &[u32]) -> Vec<u32> {
    let mut places = vec![0; order.len()];
    for (place, &entry) in (0..).zip(order) {
        places[entry as usize] = place;
    }
    places
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
            "const THREADS = 1u;\n",
            include_str!("../../../../shaders/group.wgsl"),
            include_str!("../../../../shaders/streamed.wgsl"),
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
