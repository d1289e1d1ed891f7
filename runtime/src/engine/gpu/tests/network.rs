//! Three groups of branched cells with everything that an engine handles: ions on some nodes,
//! several synapses on one node, NetCons, probes of every kind.

use super::super::super::Event;
use super::mechanisms::{LEAK, POOL, SYNAPSE, manifests};
use crate::layout::{Address, Block, Group, IonBlock, IonReference, IonSpecies, IonStyle, Layout, Target};
use codegen::ir::IonField;

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
}

/// Three groups: more cells than a workgroup has, one cell, a few cells of one node.
pub(super) fn network() -> Layout {
    let mut numbers = Numbers(7);
    let mut layout = Layout {
        mechanisms: manifests(),
        species: vec![IonSpecies::new("ca", 2.0)],
        groups: vec![],
        targets: vec![],
        probes: vec![],
        dt: 0.025,
        celsius: 6.3,
        v_init: -65.0,
    };
    for (lanes, nodes) in [(37, 9), (1, 23), (5, 1)] {
        let group = group(&mut numbers, &mut layout, lanes, nodes);
        layout.groups.push(group);
    }
    layout
}

fn group(numbers: &mut Numbers, layout: &mut Layout, lanes: usize, nodes: usize) -> Group {
    let first_cell = layout.groups.iter().map(|group| group.lanes as u32).sum::<u32>();
    let mut random = |low, high, count| (0..count).map(|_| numbers.between(low, high)).collect::<Vec<f64>>();
    let leak = random(1e-4, 5e-4, nodes * lanes);
    let mut group = Group {
        lanes,
        cells: (0..lanes as u32).map(|lane| first_cell + lane).collect(),
        a: random(-0.5, -0.01, nodes),
        b: random(-0.5, -0.01, nodes),
        area: random(100.0, 900.0, nodes),
        diam: random(1.0, 9.0, nodes),
        cm: random(0.7, 1.3, nodes),
        thresholds: random(-62.0, -50.0, lanes),
        ..Group::default()
    };
    group.parent =
        (0..nodes as u32).map(|node| if node == 0 { 0 } else { numbers.below(node as usize) as u32 }).collect();
    group.detectors = (0..lanes).map(|lane| (numbers.below(nodes) * lanes + lane) as u32).collect();
    let style = |written: bool| {
        let mut style = IonStyle::default();
        style.promote(&[IonField::Erev], &[IonField::Current]);
        if written {
            style.promote(&[IonField::Conci], &[IonField::Conci]);
        }
        style
    };
    // Leak with calcium everywhere, pool on every other node.
    let pool_nodes: Vec<u32> = (0..nodes as u32).step_by(2).collect();
    let species = &layout.species[0];
    let mut values = vec![0.0; 5 * nodes * lanes];
    for (field, value) in [species.erev, species.conci, species.conco].into_iter().enumerate() {
        values[field * nodes * lanes..(field + 1) * nodes * lanes].fill(value);
    }
    group.ions = vec![IonBlock {
        species: 0,
        rows: nodes,
        node: (0..nodes as u32).collect(),
        style: (0..nodes).map(|node| style(node % 2 == 0)).collect(),
        values,
    }];
    let flat = |nodes: &[u32]| nodes.iter().map(|&node| node * lanes as u32).collect::<Vec<u32>>();
    let all: Vec<u32> = (0..nodes as u32).collect();
    let mut columns = leak;
    columns.extend(std::iter::repeat_n(-65.0, nodes * lanes));
    columns.extend((0..nodes * lanes).map(|i| 1e-6 * (i % 7) as f64));
    columns.extend(vec![0.0; nodes * lanes]);
    group.blocks.push(Block {
        mechanism: LEAK,
        rows: nodes,
        lanes,
        columns,
        node: flat(&all),
        ions: vec![IonReference { ion: 0, row: flat(&all) }],
        ..Block::default()
    });
    let count = pool_nodes.len() * lanes;
    let mut columns: Vec<f64> = (0..count).map(|_| numbers.between(5.0, 50.0)).collect();
    columns.extend(vec![0.0; count]);
    group.blocks.push(Block {
        mechanism: POOL,
        rows: pool_nodes.len(),
        lanes,
        columns,
        globals: vec![5e-5],
        node: flat(&pool_nodes),
        ions: vec![IonReference { ion: 0, row: flat(&pool_nodes) }],
        ..Block::default()
    });
    add_synapses(numbers, layout, &mut group);
    group.probes = (0..60)
        .map(|i| match i % 3 {
            0 => Address::Voltage(numbers.below(nodes * lanes) as u32),
            1 => {
                let block = numbers.below(3) as u32;
                let length = group.blocks[block as usize].columns.len();
                Address::Column { block, index: numbers.below(length) as u32 }
            }
            _ => Address::Ion { ion: 0, index: numbers.below(5 * nodes * lanes) as u32 },
        })
        .collect();
    group
}

/// Synapses in rows sorted by lane, a different count on each cell, often several on a node.
fn add_synapses(numbers: &mut Numbers, layout: &mut Layout, group: &mut Group) {
    let (lanes, nodes) = (group.lanes, group.nodes());
    let mut lane_start = vec![0];
    let mut node = Vec::new();
    let mut lane_of = Vec::new();
    for lane in 0..lanes {
        for _ in 0..1 + (lane * 3) % 5 {
            node.push((numbers.below(nodes) * lanes + lane) as u32);
            lane_of.push(lane as u32);
        }
        lane_start.push(node.len() as u32);
    }
    let rows = node.len();
    let mut columns = vec![0.0; rows];
    columns.extend((0..rows).map(|row| if row % 4 == 0 { -80.0 } else { 0.0 }));
    columns.extend((0..rows).map(|_| numbers.between(0.5, 5.0)));
    columns.extend(vec![0.0; rows]);
    for netcon in 0..2 * rows {
        let row = netcon * 7 % rows;
        layout.targets.push(Target {
            group: layout.groups.len() as u32,
            block: 2,
            row: row as u32,
            lane: lane_of[row],
            argument: group.arguments.len() as u32,
        });
        group.arguments.extend([numbers.between(0.002, 0.03), 0.0]);
    }
    group.blocks.push(Block { mechanism: SYNAPSE, rows, lanes: 1, columns, node, lane_start, ..Block::default() });
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

    /// The events of some steps: about one NetCon in thirty at every step.
    pub(super) fn window(&mut self, first: u64, steps: u32) -> Vec<Vec<Event>> {
        let mut events = vec![Vec::new(); self.layout.groups.len()];
        for step in first..first + u64::from(steps) {
            for target in &self.layout.targets {
                if self.numbers.below(30) == 0 {
                    let time = (step as f64 + self.numbers.between(-0.5, 0.5)) * self.layout.dt;
                    events[target.group as usize].push(Event {
                        step,
                        time,
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
