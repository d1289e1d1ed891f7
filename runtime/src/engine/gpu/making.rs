//! One cell group under construction: its image, and the indices that its steps need.

use super::super::MILLIVOLT_PER_KELVIN;
use super::arena::{GroupHeader, Plan};
use super::image::{Image, Piece, Use};
use super::kept;
use super::partition::{self, bucket};
use crate::layout::{Address, Block, Group, IonReference, IonStyle, PlayedColumn};
use codegen::back::wgsl::ColumnPlace;
use codegen::ir::IonField;
use codegen::manifest::DiffusingManifest;
use std::sync::Arc;

/// One group under construction.
pub(super) struct Making<'a> {
    pub(super) plan: Plan<'a>,
    pub(super) group: &'a Group,
    pub(super) image: Image,
    /// The thread that owns each node.
    owners: Vec<u32>,
}

/// Where a block lies.
pub(super) struct PlaceOfBlock {
    /// Its first column in the image.
    pub(super) columns: usize,
    /// Its first global.
    pub(super) globals: usize,
    /// The item of each row if it is of point processes, else nothing.
    pub(super) items: Vec<u32>,
}

impl<'a> Making<'a> {
    pub(super) fn new(plan: Plan<'a>, group: &'a Group) -> Self {
        Self { plan, group, image: Image::default(), owners: partition::owners(group, plan.mapping.threads) }
    }

    /// The header with the values of nodes.
    pub(super) fn header(&mut self, first_cell: usize, first_probe: usize) -> GroupHeader {
        let Self { plan: Plan { layout, assembled, geometry, .. }, group, image, .. } = self;
        let (nodes, lanes) = (group.nodes(), group.lanes);
        let only = |needed: bool, values: &[f64]| if needed { values.to_vec() } else { Vec::new() };
        let diagonal = if *assembled { vec![0.0; nodes] } else { group.diagonal(layout.dt) };
        GroupHeader {
            lanes: lanes as u32,
            first_cell: first_cell as u32,
            node_count: nodes as u32,
            v: image.zeros(nodes * lanes, Use::Changing),
            above: image.zeros(lanes, Use::Changing),
            rhs: image.zeros(nodes * lanes, Use::Scratch),
            d: image.zeros(nodes * lanes, Use::Scratch),
            area: image.spread(&only(geometry[0], &group.area), lanes, Use::Fixed),
            diam: image.spread(&only(geometry[1], &group.diam), lanes, Use::Fixed),
            a: image.reals(group.a.iter().copied(), Use::Fixed),
            b: image.reals(group.b.iter().copied(), Use::Fixed),
            diagonal: image.reals(diagonal, Use::Fixed),
            capacitance: image.reals(only(*assembled, &group.capacitance(layout.dt)), Use::Fixed),
            thresholds: image.reals(group.thresholds.iter().copied(), Use::Fixed),
            ion_count: group.ions.len() as u32,
            detectors: image.table(&group.detectors),
            probe_count: group.probes.len() as u32,
            first_probe: first_probe as u32,
            ..GroupHeader::default()
        }
    }

    /// The nodes by owner, by parent and by distance from the root, as far as the kernel looks at them.
    pub(super) fn add_tree(&mut self, header: &mut GroupHeader) {
        let (group, threads) = (self.group, self.plan.mapping.threads);
        header.parent = self.image.table(&group.parent);
        let owners = std::mem::take(&mut self.owners);
        (header.node_start, header.node_list) = self.buckets(threads as usize, &owners);
        self.owners = owners;
        let distances = partition::distances(&group.parent);
        header.depth = distances.iter().copied().max().unwrap_or(0);
        if threads > 1 || self.plan.assembled {
            // The root is no child: its key lies past the last node.
            let nodes = group.nodes();
            let mut parents = group.parent.clone();
            if let Some(root) = parents.first_mut() {
                *root = nodes as u32;
            }
            (header.child_start, header.children) = self.buckets(nodes + 1, &parents);
        }
        if threads > 1 {
            (header.level_start, header.level_list) = self.buckets(header.depth as usize + 1, &distances);
        }
    }

    /// The rows of a block by the thread that runs them; for point processes, by lane and thread.
    pub(super) fn items_of(&self, block: &Block) -> (Vec<u32>, Vec<u32>) {
        let (group, threads) = (self.group, self.plan.mapping.threads);
        // Artificial cells have no nodes.
        let owner = |row: usize| self.owners.get(block.node[row] as usize / group.lanes).copied().unwrap_or(0);
        if !block.is_point() {
            let keys: Vec<u32> = (0..block.rows).map(owner).collect();
            return bucket(threads as usize, &keys);
        }
        let keys: Vec<u32> = (0..).zip(&block.cell_of).map(|(row, &lane)| lane * threads + owner(row)).collect();
        bucket(group.lanes * threads as usize, &keys)
    }

    fn is_shared(&self, ion: usize) -> bool {
        self.plan.kept.ion(self.group.ions[ion].species).shared
    }

    pub(super) fn add_ion_references(&mut self, block: &Block, order: &[u32]) -> u32 {
        let lanes = self.group.lanes as u32;
        let mut entries = Vec::with_capacity(block.ions.len());
        for reference in &block.ions {
            let row = |&row: &u32| {
                let at = reference.row[row as usize];
                match (self.is_shared(reference.ion), block.is_point()) {
                    (false, _) => at,
                    (true, true) => at % lanes,
                    (true, false) => 0,
                }
            };
            let rows: Vec<u32> = order.iter().map(row).collect();
            entries.push([reference.ion as u32, self.table_once(&rows)]);
        }
        self.image.table(entries.as_flattened())
    }

    /// Appends places unless they are there.
    fn table_once(&mut self, places: &[u32]) -> u32 {
        let there = &self.image.places;
        match there.windows(places.len().max(1)).position(|window| window == places) {
            Some(at) => at as u32,
            None => self.image.table(places),
        }
    }

    /// The trees of mechanisms whose states diffuse: see `shaders/diffusion.wgsl`.
    pub(super) fn add_diffusions(&mut self, header: &mut GroupHeader, blocks: &[PlaceOfBlock], ions: &[Vec<Piece>]) {
        let Plan { layout, kept, .. } = self.plan;
        let (group, lanes) = (self.group, self.group.lanes);
        if layout.mechanisms.iter().all(|mechanism| mechanism.diffusions.is_empty()) {
            return;
        }
        let mut trees = vec![0; layout.mechanisms.len()];
        for (block, place) in group.blocks.iter().zip(blocks) {
            let Some(tree) = &block.diffusion else { continue };
            let size = block.rows * lanes;
            let image = &mut self.image;
            let a = image.reals(tree.a.iter().copied(), Use::Fixed);
            let b = image.reals(tree.b.iter().copied(), Use::Fixed);
            let scratch = image.zeros(4 * size, Use::Scratch);
            let mut entry = vec![block.rows as u32, image.table(&tree.parent), a, b, scratch];
            let rows: Vec<u32> = (0..block.rows).map(|row| (row * lanes) as u32).collect();
            let rows = image.table(&rows);
            let column = |at: usize| match kept.mechanism(block.mechanism).columns[at] {
                ColumnPlace::Own(own) => (place.columns + own as usize * size) as u32,
                ColumnPlace::Shared(_) | ColumnPlace::Nowhere => unreachable!("what diffuses is each instance's own"),
            };
            for diffusion in &layout.mechanisms[block.mechanism].diffusions {
                entry.extend(match diffusion.state {
                    DiffusingManifest::Column(state) => [column(state), rows],
                    DiffusingManifest::Ion(ion, field) => {
                        let IonReference { ion, row } = &block.ions[ion];
                        [ions[*ion][field.index()].range.start as u32, self.image.table(row)]
                    }
                });
                entry.extend([column(diffusion.volume), column(diffusion.coefficient)]);
            }
            trees[block.mechanism] = self.image.table(&entry);
        }
        header.diffusions = self.image.table(&trees);
    }

    /// One entry for each ion of the group; gives the places of each ion's fields.
    pub(super) fn add_ions(&mut self, header: &mut GroupHeader) -> Vec<Vec<Piece>> {
        let Plan { layout, kept, mapping, .. } = self.plan;
        let group = self.group;
        let potential = MILLIVOLT_PER_KELVIN * (layout.celsius + 273.15);
        let (mut entries, mut places) = (Vec::with_capacity(group.ions.len()), Vec::with_capacity(group.ions.len()));
        for ion in &group.ions {
            let (species, of) = (&layout.species[ion.species], kept.ion(ion.species));
            let factor = if species.valence == 0.0 { 0.0 } else { potential / species.valence };
            let whole = ion.rows * group.lanes;
            let field = if of.shared { group.lanes } else { whole };
            let values = self.image.values.len() as u32;
            let mut fields = Vec::new();
            for (index, name) in IonField::ALL.iter().enumerate() {
                let what = match name {
                    IonField::Current | IonField::Didv if of.summed => Use::Changing,
                    IonField::Current | IonField::Didv => Use::Scratch,
                    _ if of.changes => Use::Changing,
                    _ => Use::Fixed,
                };
                let own = &ion.values[index * whole..index * whole + field.min(whole)];
                let at = self.image.reals(own.iter().copied(), what) as usize;
                let times = if of.shared { ion.rows } else { 1 };
                fields.push(Piece::values(at..at + own.len(), times));
            }
            let rows = if of.shared { 0..1.min(ion.rows) } else { 0..ion.rows };
            let owner = |row: usize| if of.shared { 0 } else { self.owners[ion.node[row] as usize] };
            let keys: Vec<u32> = rows.map(owner).collect();
            let (starts, order) = bucket(mapping.threads as usize, &keys);
            let bits = |row: u32| style_bits(ion.style[row as usize]) | u32::from(of.summed) << 3;
            let items: Vec<[u32; 2]> = order.iter().map(|&row| [row * group.lanes as u32, bits(row)]).collect();
            let (start, items) = (self.image.table(&starts), self.image.table(items.as_flattened()));
            let constants = self.image.reals([factor, species.conci, species.conco], Use::Fixed);
            entries.push([values, field as u32, start, items, constants]);
            places.push(fields);
        }
        header.ions = self.image.table(entries.as_flattened());
        places
    }

    /// The columns of a block as a snapshot shows them.
    pub(super) fn pieces_of_block(&self, block: &Block, place: &PlaceOfBlock) -> Vec<Piece> {
        let size = kept::size(block);
        let piece = |column: &ColumnPlace| match *column {
            ColumnPlace::Own(own) => {
                let at = place.columns + own as usize * size;
                Piece::values(at..at + size, 1)
            }
            ColumnPlace::Shared(at) => {
                let at = place.globals + at as usize;
                Piece::values(at..at + 1, size)
            }
            ColumnPlace::Nowhere => Piece::zeros(size),
        };
        self.plan.kept.mechanism(block.mechanism).columns.iter().map(piece).collect()
    }

    /// Probes by lane.
    pub(super) fn add_probes(&mut self, header: &mut GroupHeader, blocks: &[PlaceOfBlock], ions: &[Vec<Piece>]) {
        let (group, kept) = (self.group, self.plan.kept);
        let lanes: Vec<u32> = group.probes.iter().map(|&address| lane_of(group, address)).collect();
        let (starts, order) = bucket(group.lanes, &lanes);
        let entry = |&place: &u32| {
            let value = match group.probes[place as usize] {
                Address::Voltage(node) => (header.v + node) as usize,
                Address::Column { block, index } => {
                    let (of, at) = (&group.blocks[block as usize], &blocks[block as usize]);
                    let (column, instance) = (index as usize / kept::size(of), index as usize % kept::size(of));
                    match kept.mechanism(of.mechanism).columns[column] {
                        ColumnPlace::Own(own) => at.columns + own as usize * kept::size(of) + instance,
                        ColumnPlace::Shared(shared) => at.globals + shared as usize,
                        ColumnPlace::Nowhere => unreachable!("what a probe sees is kept"),
                    }
                }
                Address::Ion { ion, index } => {
                    let whole = group.ions[ion as usize].rows * group.lanes;
                    let (field, at) = (index as usize / whole, index as usize % whole);
                    let piece = &ions[ion as usize][field];
                    piece.range.start + if piece.times == 1 { at } else { at % group.lanes }
                }
            };
            [value as u32, place]
        };
        let entries: Vec<[u32; 2]> = order.iter().map(entry).collect();
        header.probe_start = self.image.table(&starts);
        header.probes = self.image.table(entries.as_flattened());
    }

    /// Played columns by lane; gives what they follow, of which `first` stand before.
    pub(super) fn add_played(
        &mut self,
        header: &mut GroupHeader,
        index: usize,
        blocks: &[PlaceOfBlock],
        first: usize,
    ) -> Vec<Arc<[(f64, u32)]>> {
        let Plan { layout, kept, .. } = self.plan;
        let group = self.group;
        let of_group: Vec<&PlayedColumn> =
            layout.played.iter().filter(|column| column.to.0 as usize == index).collect();
        let lane = |column: &&PlayedColumn| lane_of(group, Address::Column { block: column.to.1, index: column.to.2 });
        let lanes: Vec<u32> = of_group.iter().map(lane).collect();
        let (starts, order) = bucket(group.lanes, &lanes);
        let entry = |&at: &u32| {
            let (_, block, index) = of_group[at as usize].to;
            let of = &group.blocks[block as usize];
            let place = kept.mechanism(of.mechanism).own_place(of, index as usize);
            [(blocks[block as usize].columns + place) as u32, first as u32 + at]
        };
        let entries: Vec<[u32; 2]> = order.iter().map(entry).collect();
        header.played_start = self.image.table(&starts);
        header.played = self.image.table(entries.as_flattened());
        of_group.iter().map(|column| column.terms.clone()).collect()
    }

    /// Adds the tables of [`bucket`].
    fn buckets(&mut self, keys: usize, key_of: &[u32]) -> (u32, u32) {
        let (starts, order) = bucket(keys, key_of);
        (self.image.table(&starts), self.image.table(&order))
    }
}

/// `RESETS`, `INITIALISES`, `ADVANCES` of `shaders/ions.wgsl`.
fn style_bits(style: IonStyle) -> u32 {
    u32::from(style.resets_concentration())
        | u32::from(style.initialises_reversal()) << 1
        | u32::from(style.advances_reversal()) << 2
}

/// Lane of the cell to which a value belongs.
fn lane_of(group: &Group, address: Address) -> u32 {
    let lanes = group.lanes as u32;
    match address {
        Address::Voltage(node) => node % lanes,
        Address::Ion { index, .. } => index % lanes,
        Address::Column { block, index } => {
            let block = &group.blocks[block as usize];
            if block.is_point() { block.cell_of[index as usize % block.rows] } else { index % lanes }
        }
    }
}
