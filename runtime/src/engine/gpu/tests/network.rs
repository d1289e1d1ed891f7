//! Three groups of branched cells with everything that an engine handles: all mechanisms, each on
//! some of the nodes, ions where they are used, several synapses on a node, NetCons, probes of
//! every kind.

use super::super::super::Event;
use super::mechanisms::manifests;
use crate::layout::{
    Address, Block, DiffusionTree, Group, IonBlock, IonReference, IonSpecies, IonStyle, Layout, NO_PARENT,
    PlayedColumn, Target, TransferredColumn,
};
use crate::model::Course;
use codegen::ir::Kind;
use codegen::manifest::MechanismManifest;

/// Numbers that look random, the same in every run.
pub(super) struct Numbers(u64);

impl Numbers {
    /// Between 0 and 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f64 / (1u64 << 24) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.next()
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() * limit as f64) as usize
    }

    fn list(&mut self, low: f64, high: f64, count: usize) -> Vec<f64> {
        (0..count).map(|_| self.between(low, high)).collect()
    }
}

/// Three groups: more cells than a workgroup has, one cell, a few cells of one node.
pub(in super::super) fn network() -> Layout {
    network_with(manifests())
}

/// The same with two mechanisms, which the driver compiles sooner.
pub(super) fn simple_network() -> Layout {
    let simple = |mechanism: &MechanismManifest| ["pas", "plastic"].contains(&mechanism.name.as_str());
    network_with(manifests().into_iter().filter(simple).collect())
}

/// Groups of few cells, with all mechanisms.
pub(super) fn few_cells() -> Layout {
    network_of(manifests(), &[(4, 5), (1, 9), (3, 1), (4, 4)])
}

/// Few mechanisms, some of whose columns follow potentials of any cell, or courses.
pub(super) fn coupled_network() -> Layout {
    let few = |mechanism: &MechanismManifest| {
        ["pas", "na", "iclamp", "inhsyn"].contains(&mechanism.name.to_lowercase().as_str())
    };
    let mut layout = network_with(manifests().into_iter().filter(few).collect());
    let mut numbers = Numbers(13);
    layout.courses = (0..3).map(|_| Course::from_iter(numbers.list(0.0, 0.03, 90))).collect();
    let nodes: Vec<usize> = layout.groups.iter().map(|group| group.nodes() * group.lanes).collect();
    for (group, of) in layout.groups.iter().enumerate() {
        for (index, block) in of.blocks.iter().enumerate() {
            let mechanism = &layout.mechanisms[block.mechanism];
            let to = |name: &str, row: usize| {
                let column = mechanism.column(name)?;
                Some((group as u32, index as u32, (column * block.rows + row) as u32))
            };
            for row in 0..block.rows {
                if let Some(to) = to("esyn", row) {
                    let from = numbers.below(nodes.len());
                    layout
                        .transfers
                        .push(TransferredColumn { from: (from as u32, numbers.below(nodes[from]) as u32), to });
                }
                if let Some(to) = to("amp", row) {
                    let terms = [(1.0, numbers.below(3) as u32), (numbers.next(), numbers.below(3) as u32)];
                    layout.played.push(PlayedColumn { to, terms: terms.into() });
                }
            }
        }
    }
    layout
}

/// Cells of different shapes, each a group, and all their probes.
pub(in super::super) fn different_shapes() -> Layout {
    let stays = |mechanism: &MechanismManifest| mechanism.diffusions.is_empty();
    let mechanisms = manifests().into_iter().filter(stays).collect();
    let mut layout = network_of(mechanisms, &[(1, 9), (1, 23), (1, 1), (1, 14)]);
    let probes = |(group, of): (usize, &Group)| (0..of.probes.len() as u32).map(move |probe| (group as u32, probe));
    layout.probes = layout.groups.iter().enumerate().flat_map(probes).collect();
    layout
}

fn network_with(mechanisms: Vec<MechanismManifest>) -> Layout {
    network_of(mechanisms, &[(37, 9), (1, 23), (5, 1)])
}

/// Groups of so many lanes and nodes.
fn network_of(mechanisms: Vec<MechanismManifest>, groups: &[(usize, usize)]) -> Layout {
    let mut numbers = Numbers(7);
    let mut layout = Layout {
        species: species(&mechanisms),
        mechanisms,
        groups: vec![],
        targets: vec![],
        probes: vec![],
        transfers: vec![],
        played: vec![],
        courses: vec![],
        dt: 0.025,
        celsius: 6.3,
        v_init: -65.0,
    };
    for &(lanes, nodes) in groups {
        let group = group(&mut numbers, &mut layout, lanes, nodes);
        layout.groups.push(group);
    }
    layout
}

/// The ions that are used.
fn species(mechanisms: &[MechanismManifest]) -> Vec<IonSpecies> {
    let used = |name: &str| mechanisms.iter().any(|mechanism| mechanism.ions.iter().any(|ion| ion.name == name));
    let all = [("na", 1.0), ("k", 1.0), ("ca", 2.0)];
    all.into_iter().filter(|(name, _)| used(name)).map(|(name, valence)| IonSpecies::new(name, valence)).collect()
}

fn group(numbers: &mut Numbers, layout: &mut Layout, lanes: usize, nodes: usize) -> Group {
    let first_cell = layout.groups.iter().map(|group| group.lanes as u32).sum::<u32>();
    let mut group = Group {
        lanes,
        cells: (0..lanes as u32).map(|lane| first_cell + lane).collect(),
        order: (0..nodes as u32).collect(),
        a: numbers.list(-0.5, -0.01, nodes),
        b: numbers.list(-0.5, -0.01, nodes),
        area: numbers.list(300.0, 900.0, nodes).into(),
        diam: numbers.list(1.0, 9.0, nodes).into(),
        cm: numbers.list(0.7, 1.3, nodes),
        thresholds: numbers.list(-60.0, -20.0, lanes),
        ..Group::default()
    };
    group.parent = (0..nodes).map(|node| if node == 0 { 0 } else { numbers.below(node) as u32 }).collect();
    group.detectors = (0..lanes).map(|lane| (numbers.below(nodes) * lanes + lane) as u32).collect();
    for (index, mechanism) in layout.mechanisms.iter().enumerate() {
        let mut block = Block { mechanism: index, lanes: 1, ..Block::default() };
        match mechanism.kind {
            Kind::Density => {
                block.lanes = lanes;
                let present = |node: usize| node == 0 || !(node + index).is_multiple_of(3);
                block.node = (0..nodes).filter(|&node| present(node)).map(|node| (node * lanes) as u32).collect();
            }
            Kind::PointProcess => {
                for lane in 0..lanes {
                    // As many as come out, often several on a node.
                    let count = ((lane + index) % 5).max(usize::from(lane == 0));
                    block.node.extend((0..count).map(|_| (numbers.below(nodes) * lanes + lane) as u32));
                    block.cell_of.resize(block.node.len(), lane as u32);
                }
            }
            Kind::ArtificialCell => unreachable!("there is none among them"),
        }
        block.rows = block.node.len();
        if !mechanism.diffusions.is_empty() {
            block.diffusion = Some(diffusion_tree(numbers, block.rows));
        }
        if mechanism.kind != Kind::Density {
            block.instances = (0..block.rows as u32).collect();
        }
        block.columns = columns(numbers, mechanism, block.rows * block.lanes).into();
        block.globals = match &mechanism.tabulated {
            Some(mechanism) => codegen::ir::evaluate::Instance::new(mechanism).globals.into(),
            None => mechanism.globals.iter().map(|global| global.default).collect(),
        };
        group.blocks.push(block);
    }
    add_ions(layout, &mut group);
    add_netcons(numbers, layout, &mut group);
    add_probes(numbers, &mut group);
    group
}

/// Several trees of rows.
fn diffusion_tree(numbers: &mut Numbers, rows: usize) -> DiffusionTree {
    let mut parent = |row: usize| if row.is_multiple_of(5) { NO_PARENT } else { numbers.below(row) as u32 };
    DiffusionTree {
        parent: (0..rows).map(&mut parent).collect(),
        a: numbers.list(0.01, 0.1, rows),
        b: numbers.list(0.01, 0.1, rows),
    }
}

/// Defaults, but every parameter a little different on every instance.
fn columns(numbers: &mut Numbers, mechanism: &MechanismManifest, count: usize) -> Vec<f64> {
    let mut columns = Vec::new();
    for column in &mechanism.columns {
        let default = match column.name.as_str() {
            "gbar" => 1e-3,
            "gmax" => 5e-3,
            "amp" => 0.02,
            "dur" => 2.0,
            _ => column.default,
        };
        columns.extend(numbers.list(0.9, 1.1, count).into_iter().map(|factor| factor * default));
    }
    columns
}

/// Ions on the nodes whose mechanisms use them.
fn add_ions(layout: &Layout, group: &mut Group) {
    let lanes = group.lanes;
    for (species_index, species) in layout.species.iter().enumerate() {
        let mut style: Vec<Option<IonStyle>> = vec![None; group.nodes()];
        for block in &group.blocks {
            for ion in layout.mechanisms[block.mechanism].ions.iter().filter(|ion| ion.name == species.name) {
                for &node in &block.node {
                    style[node as usize / lanes].get_or_insert_default().promote(&ion.read, &ion.write);
                }
            }
        }
        let node: Vec<u32> = (0..group.nodes() as u32).filter(|&node| style[node as usize].is_some()).collect();
        let mut values = Vec::new();
        for value in [species.erev, species.conci, species.conco, 0.0, 0.0] {
            values.extend(vec![value; node.len() * lanes]);
        }
        for block in &mut group.blocks {
            for ion in layout.mechanisms[block.mechanism].ions.iter().filter(|ion| ion.name == species.name) {
                let row_of = |flat: &u32| {
                    let (at, lane) = (*flat as usize / lanes, *flat as usize % lanes);
                    let row = node.iter().position(|&node| node as usize == at).unwrap();
                    (row * lanes + lane) as u32
                };
                let row = block.node.iter().map(row_of).collect();
                let place = layout.mechanisms[block.mechanism].ions.iter().position(|i| i.name == ion.name).unwrap();
                block.ions.resize_with(block.ions.len().max(place + 1), IonReference::default);
                block.ions[place] = IonReference { ion: species_index, row };
            }
        }
        let style = style.into_iter().flatten().collect();
        group.ions.push(IonBlock { species: species_index, rows: node.len(), node, style, values: values.into() });
    }
}

/// Two NetCons for every synapse, in mixed order.
fn add_netcons(numbers: &mut Numbers, layout: &mut Layout, group: &mut Group) {
    for (index, block) in group.blocks.iter().enumerate() {
        let mechanism = &layout.mechanisms[block.mechanism];
        if !mechanism.has("net_receive") {
            continue;
        }
        for netcon in 0..2 * block.rows {
            let row = netcon * 7 % block.rows;
            let lane = block.cell_of[row];
            layout.targets.push(Target {
                group: layout.groups.len() as u32,
                block: index as u32,
                row: row as u32,
                lane,
                argument: group.arguments.len() as u32,
            });
            group.arguments.push(numbers.between(1e-4, 1e-3));
            group.arguments.extend(vec![0.0; mechanism.net_arguments.len() - 1]);
        }
    }
}

fn add_probes(numbers: &mut Numbers, group: &mut Group) {
    for i in 0..90 {
        group.probes.push(match i % 3 {
            0 => Address::Voltage(numbers.below(group.nodes() * group.lanes) as u32),
            1 => {
                let block = numbers.below(group.blocks.len());
                match group.blocks[block].columns.len() {
                    0 => continue,
                    length => Address::Column { block: block as u32, index: numbers.below(length) as u32 },
                }
            }
            _ => {
                let ion = numbers.below(group.ions.len());
                let index = numbers.below(group.ions[ion].values.len()) as u32;
                Address::Ion { ion: ion as u32, index }
            }
        });
    }
}

/// Random events, the same for every engine.
pub(super) struct EventMaker<'a> {
    layout: &'a Layout,
    numbers: Numbers,
    sequence: u64,
}

impl<'a> EventMaker<'a> {
    pub(super) fn new(layout: &'a Layout) -> Self {
        Self { layout, numbers: Numbers(11), sequence: 0 }
    }

    /// The events of some steps: about one NetCon in sixty at every step.
    pub(super) fn window(&mut self, first: u64, steps: u32) -> Vec<Vec<Event>> {
        let mut events = vec![Vec::new(); self.layout.groups.len()];
        for step in first..first + u64::from(steps) {
            for target in &self.layout.targets {
                if self.numbers.below(60) == 0 {
                    let time = (step as f64 + self.numbers.between(-0.5, 0.5)) * self.layout.dt;
                    events[target.group as usize].push(Event {
                        step,
                        time,
                        sent: step as f64 * self.layout.dt,
                        sequence: self.sequence,
                        lane: target.lane,
                        block: target.block,
                        row: target.row,
                        argument: target.argument,
                    });
                    self.sequence += 1;
                }
            }
        }
        for events in &mut events {
            events
                .sort_by(|a, b| a.step.cmp(&b.step).then(a.time.total_cmp(&b.time)).then(a.sequence.cmp(&b.sequence)));
        }
        events
    }
}
