//! One cell group: its arrays and its step.

use super::super::{Event, Real, Spike, TimeAxis};
use super::block::{CpuBlock, Hook, Nodes};
use super::hines::Tree;
use super::ion::CpuIon;
use crate::layout::{Address, Layout, Target};
use crate::mechanisms::{KernelLibrary, LibraryError};
use codegen::abi::Clock;

/// The arrays of one cell group.
pub(super) struct CpuGroup<R> {
    cells: Vec<u32>,
    tree: Tree<R>,
    nodes: Nodes<R>,
    ions: Vec<CpuIon<R>>,
    blocks: Vec<CpuBlock<R>>,
    arguments: Vec<R>,
    targets: Vec<Target>,
    detectors: Vec<u32>,
    thresholds: Vec<R>,
    above: Vec<bool>,
    probes: Vec<Address>,
    v_init: R,
    dt: R,
    celsius: R,
}

impl<R: Real> CpuGroup<R> {
    pub(super) fn new(
        layout: &Layout,
        index: usize,
        kernels: &KernelLibrary<R>,
        difference: bool,
    ) -> Result<Self, LibraryError> {
        let group = &layout.groups[index];
        let blocks = group
            .blocks
            .iter()
            .map(|block| CpuBlock::new(block, &layout.mechanisms[block.mechanism], kernels, difference))
            .collect::<Result<_, _>>()?;
        let celsius = layout.celsius;
        Ok(Self {
            cells: group.cells.clone(),
            tree: Tree::new(group, layout.dt),
            nodes: Nodes::new(group),
            ions: group
                .ions
                .iter()
                .map(|ion| CpuIon::new(ion, &layout.species[ion.species], group.lanes, celsius))
                .collect(),
            blocks,
            arguments: group.arguments.iter().map(|&x| R::new(x)).collect(),
            targets: layout.targets.iter().filter(|target| target.group as usize == index).copied().collect(),
            detectors: group.detectors.clone(),
            thresholds: group.thresholds.iter().map(|&x| R::new(x)).collect(),
            above: vec![false; group.lanes],
            probes: group.probes.clone(),
            v_init: R::new(layout.v_init),
            dt: R::new(layout.dt),
            celsius: R::new(celsius),
        })
    }

    fn clock(&self, t: f64) -> Clock<R> {
        Clock { t: R::new(t), dt: self.dt, celsius: self.celsius }
    }

    /// The state at t = 0: NEURON's `finitialize`.
    pub(super) fn initialise(&mut self, time: &TimeAxis) {
        let clock = self.clock(time.begin(0));
        self.nodes.v.fill(self.v_init);
        self.hooks(Hook::BeforeInitial, &clock);
        for ion in &mut self.ions {
            ion.initialise();
        }
        for block in &mut self.blocks {
            block.initialise(&mut self.nodes, &mut self.ions, &clock);
        }
        for target in &self.targets {
            let block = &mut self.blocks[target.block as usize];
            let arguments = &mut self.arguments[target.argument as usize..];
            block.initialise_netcon(&mut self.nodes, &mut self.ions, &clock, target.row as usize, arguments);
        }
        self.hooks(Hook::AfterInitial, &clock);
        self.currents(&clock);
        self.hooks(Hook::BeforeStep, &clock);
    }

    /// One step, as described in [`crate::engine`].
    pub(super) fn step(&mut self, step: u64, time: &TimeAxis, events: &[Event]) {
        self.deliver(events);
        let middle = self.clock(time.middle(step));
        self.currents(&middle);
        self.tree.assemble(&mut self.nodes);
        self.tree.solve(&mut self.nodes);
        self.nodes.update_potential();
        let end = self.clock(time.begin(step + 1));
        self.states(&end);
        self.hooks(Hook::AfterSolve, &end);
        self.hooks(Hook::BeforeStep, &end);
    }

    fn hooks(&mut self, hook: Hook, clock: &Clock<R>) {
        for block in &mut self.blocks {
            block.hook(hook, &mut self.nodes, &mut self.ions, clock);
        }
    }

    fn deliver(&mut self, events: &[Event]) {
        for event in events {
            let clock = self.clock(event.time);
            let arguments = &mut self.arguments[event.argument as usize..];
            let block = &mut self.blocks[event.block as usize];
            block.receive(&mut self.nodes, &mut self.ions, &clock, event.row as usize, arguments);
        }
    }

    fn currents(&mut self, clock: &Clock<R>) {
        let zero = R::new(0.0);
        self.nodes.rhs.fill(zero);
        self.nodes.d.fill(zero);
        self.hooks(Hook::BeforeBreakpoint, clock);
        for ion in &mut self.ions {
            ion.begin_currents();
        }
        for block in &mut self.blocks {
            block.currents(&mut self.nodes, &mut self.ions, clock);
        }
    }

    fn states(&mut self, clock: &Clock<R>) {
        for block in &mut self.blocks {
            block.states(&mut self.nodes, &mut self.ions, clock);
        }
    }

    /// Appends the cells whose detector rose above its threshold by the beginning of `step`.
    pub(super) fn detect(&mut self, step: u64, spikes: &mut Vec<Spike>) {
        for (lane, above) in self.above.iter_mut().enumerate() {
            let now = self.nodes.v[self.detectors[lane] as usize] > self.thresholds[lane];
            if now && !*above {
                spikes.push(Spike { step, cell: self.cells[lane] });
            }
            *above = now;
        }
    }

    /// Appends the values of all probes.
    pub(super) fn sample(&self, samples: &mut Vec<f64>) {
        samples.extend(self.probes.iter().map(|&probe| self.value(probe).get()));
    }

    fn value(&self, address: Address) -> R {
        match address {
            Address::Voltage(node) => self.nodes.v[node as usize],
            Address::Column { block, index } => self.blocks[block as usize].columns[index as usize],
            Address::Ion { ion, index } => self.ions[ion as usize].values[index as usize],
        }
    }

    /// A cell whose potential is not finite. One NaN spreads through a tree within a step.
    pub(super) fn not_finite(&self) -> Option<u32> {
        let lane = self.detectors.iter().position(|&node| !self.nodes.v[node as usize].is_finite())?;
        Some(self.cells[lane])
    }

    pub(super) fn snapshot(&self) -> Vec<f64> {
        let blocks = self.blocks.iter().flat_map(|block| &block.columns);
        let ions = self.ions.iter().flat_map(|ion| &ion.values);
        self.nodes.v.iter().chain(blocks).chain(ions).chain(&self.arguments).map(|x| x.get()).collect()
    }
}
