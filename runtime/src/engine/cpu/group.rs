//! One cell group: its arrays and its step.

use super::super::profile::{KernelTime, Phase};
use super::super::uses::uses_of_ion;
use super::super::{Emission, EngineError, Event, EventError, Real, Spike, TimeAxis};
use super::CpuOptions;
use super::block::{Conditions, CpuBlock, Hook, Nodes, Received, Surroundings};
use super::common::Common;
use super::driven::Driven;
use super::gathered::Scratch;
use super::hines::Tree;
use super::ion::CpuIon;
use super::outbox::Outbox;
use super::pending::{Handle, Pending, SelfEvent};
use super::stopwatch::{Laps, Stopwatch, Unwatched};
use crate::allocation::counted;
use crate::layout::{Address, Group, Layout, Target};
use crate::mechanisms::{KernelLibrary, LibraryError};
use codegen::abi::{Clock, post};
use codegen::ir::IonField;
use std::collections::BTreeSet;
use std::time::Duration;

/// What kernels of a group work on.
macro_rules! around {
    ($group:ident) => {
        Surroundings { nodes: &mut $group.nodes, ions: &mut $group.ions, scratch: &mut $group.scratch }
    };
}

/// The arrays of one cell group.
pub(super) struct CpuGroup<R> {
    cells: Vec<u32>,
    tree: Tree<R>,
    nodes: Nodes<R>,
    ions: Vec<CpuIon<R>>,
    /// Values of a field of each ion in the layout.
    ion_fields: Vec<usize>,
    scratch: Scratch<R>,
    blocks: Vec<CpuBlock<R>>,
    /// Names of the mechanisms of the blocks.
    names: Vec<String>,
    /// Arguments of all NetCons, then as many as any mechanism has, for events without a NetCon.
    arguments: Vec<R>,
    /// Where the arguments of no NetCon begin.
    no_netcon: usize,
    /// NetCons whose arguments a kernel initialises.
    targets: Vec<Target>,
    outbox: Outbox<R>,
    pending: Pending,
    /// For each block and row the event that `net_move` moves.
    movable: Vec<Vec<Option<Handle>>>,
    /// Whether a block has a WATCH.
    watches: bool,
    /// The first step at whose beginning WATCH has not been looked at.
    watched: u64,
    /// What instances have sent to others since the last [`CpuGroup::take_emissions`].
    emissions: Vec<Emission>,
    detectors: Vec<u32>,
    thresholds: Vec<R>,
    above: Vec<bool>,
    probes: Vec<Address>,
    /// Columns that are set from outside.
    driven: Driven,
    v_init: R,
    dt: R,
    celsius: R,
    /// Bytes that point processes and NetCons take, if that is counted.
    pub(super) synapse_bytes: usize,
    /// If somebody looks at it.
    pub(super) laps: Option<Box<Laps>>,
    /// Compartments with a membrane.
    pub(super) compartments: usize,
}

impl<R: Real> CpuGroup<R> {
    /// `targets` are those of the NetCons that end in the group.
    pub(super) fn new(
        layout: &Layout,
        index: usize,
        mut targets: Vec<Target>,
        kernels: &KernelLibrary<R>,
        common: &mut Common<R>,
        options: CpuOptions,
    ) -> Result<Self, LibraryError> {
        let group = &layout.groups[index];
        let driven = Driven::new(layout, index as u32);
        let mut of_block: Vec<Vec<&Target>> = vec![Vec::new(); group.blocks.len()];
        for target in &targets {
            of_block[target.block as usize].push(target);
        }
        let celsius = layout.celsius;
        let manifests = || group.blocks.iter().map(|block| &layout.mechanisms[block.mechanism]);
        let nodes = Nodes::new(group, manifests().any(|manifest| manifest.geometry), common);
        let ions: Vec<CpuIon<R>> = group
            .ions
            .iter()
            .enumerate()
            .map(|(index, ion)| {
                let (summed, changes) = uses_of_ion(layout, group, index);
                let summed = options.complete || summed;
                CpuIon::new(ion, &layout.species[ion.species], group.lanes, celsius, summed, changes)
            })
            .collect();
        let CpuOptions { complete, difference, .. } = options;
        let mut synapse_bytes = size_of_val(group.arguments.as_slice()) / size_of::<f64>() * size_of::<R>();
        let conditions = Conditions { nodes: &nodes, ions: &ions, complete, difference };
        let blocks = group
            .blocks
            .iter()
            .zip(&of_block)
            .enumerate()
            .map(|(at, (block, targets))| {
                let seen = seen_columns(group, at as u32);
                let manifest = &layout.mechanisms[block.mechanism];
                let globals = common.spread(&block.globals, 1);
                let set = driven.columns(at as u32);
                let is_seen = |index| seen.contains(&index);
                let is_driven = |index| set.contains(&index);
                let make =
                    || CpuBlock::new(block, manifest, kernels, globals, targets, &conditions, is_seen, is_driven);
                let (made, bytes) = counted(make);
                synapse_bytes += if block.is_point() { bytes + size_of::<CpuBlock<R>>() } else { 0 };
                made
            })
            .collect::<Result<Vec<_>, _>>()?;
        // The others' arguments are as the layout has them.
        targets.retain(|target| blocks[target.block as usize].initialises_netcons());
        targets.shrink_to_fit();
        let most_arguments = manifests().map(|manifest| manifest.net_arguments.len()).max().unwrap_or(0);
        let arguments = group.arguments.iter().copied().chain(std::iter::repeat_n(0.0, most_arguments));
        Ok(Self {
            cells: group.cells.clone(),
            tree: Tree::new(group, layout.dt, difference),
            nodes,
            scratch: Scratch::default(),
            ion_fields: group.ions.iter().map(|ion| ion.rows * group.lanes).collect(),
            ions,
            movable: blocks
                .iter()
                .map(|block| vec![None; if block.sends { block.instances.len() } else { 0 }])
                .collect(),
            watches: blocks.iter().any(CpuBlock::watches),
            watched: 0,
            blocks,
            names: manifests().map(|manifest| manifest.name.clone()).collect(),
            arguments: arguments.map(R::new).collect(),
            no_netcon: group.arguments.len(),
            targets,
            outbox: Outbox::default(),
            pending: Pending::default(),
            emissions: Vec::new(),
            detectors: group.detectors.clone(),
            thresholds: group.thresholds.iter().map(|&x| R::new(x)).collect(),
            above: vec![false; group.detectors.len()],
            probes: group.probes.clone(),
            driven,
            v_init: R::new(layout.v_init),
            dt: R::new(layout.dt),
            celsius: R::new(celsius),
            synapse_bytes,
            laps: None,
            compartments: group.cm.iter().filter(|&&cm| cm > 0.0).count() * group.lanes,
        })
    }

    fn clock(&self, t: f64) -> Clock<R> {
        Clock { t: R::new(t), dt: self.dt, celsius: self.celsius }
    }

    /// The state at t = 0: NEURON's `finitialize`.
    pub(super) fn initialise(&mut self, time: &TimeAxis) -> Result<(), EngineError> {
        let now = time.begin(0);
        let clock = self.clock(now);
        self.nodes.v.fill(self.v_init);
        self.pending.clear();
        self.movable.iter_mut().for_each(|movable| movable.fill(None));
        self.watched = 0;
        self.hooks(Hook::BeforeInitial, &clock);
        for ion in &mut self.ions {
            ion.initialise();
        }
        for block in 0..self.blocks.len() {
            self.blocks[block].initialise(&mut around!(self), &clock, &mut self.outbox);
            self.send(block, now, None, true)?;
        }
        for index in 0..self.targets.len() {
            let Target { block, row, argument, .. } = self.targets[index];
            let received = Received {
                row: row as usize,
                arguments: &mut self.arguments,
                offset: argument as usize,
                flag: R::new(0.0),
            };
            let block = block as usize;
            self.blocks[block].initialise_netcon(&mut around!(self), &clock, received, &mut self.outbox);
            self.send(block, now, Some(argument), true)?;
        }
        self.hooks(Hook::AfterInitial, &clock);
        self.deliver(now, &mut [].as_slice())?;
        self.currents(&clock, &mut Unwatched);
        self.hooks(Hook::BeforeStep, &clock);
        Ok(())
    }

    /// The first half of a step, as described in [`crate::engine`]: up to the new potentials. Takes the events due in it
    /// from the front of `events`.
    pub(super) fn step_potentials(
        &mut self,
        step: u64,
        time: &TimeAxis,
        events: &mut &[Event],
        watch: &mut impl Stopwatch,
    ) -> Result<(), EngineError> {
        self.driven.play(step, &mut self.blocks);
        if self.watches && self.watched <= step {
            self.deliver(time.begin(step), events)?;
            self.watch(step, time)?;
        }
        let due = time.middle(step);
        self.deliver(due, events)?;
        watch.phase(Phase::Events);
        let middle = self.clock(due);
        self.currents(&middle, watch);
        self.tree.advance(&mut self.nodes);
        watch.phase(Phase::Solve);
        Ok(())
    }

    /// Its second half, with all that is done after it.
    pub(super) fn step_states(
        &mut self,
        step: u64,
        time: &TimeAxis,
        (spikes, samples): (&mut Vec<Spike>, &mut Vec<f64>),
        watch: &mut impl Stopwatch,
    ) {
        let end = self.clock(time.begin(step + 1));
        self.states(&end, watch);
        self.hooks(Hook::AfterSolve, &end);
        self.hooks(Hook::BeforeStep, &end);
        watch.phase(Phase::Hooks);
        self.sample(samples);
        watch.phase(Phase::Samples);
        self.detect(step + 1, spikes);
        watch.phase(Phase::Detection);
    }

    /// Hands out the potentials that others follow.
    pub(super) fn export(&self, potentials: &mut [R]) {
        self.driven.export(&self.nodes.v, potentials);
    }

    /// Takes over the potentials that its columns follow.
    pub(super) fn import(&mut self, potentials: &[R]) {
        self.driven.import(potentials, &mut self.blocks);
    }

    fn hooks(&mut self, hook: Hook, clock: &Clock<R>) {
        for block in &mut self.blocks {
            block.hook(hook, &mut around!(self), clock);
        }
    }

    /// Looks at the conditions of WATCH at the beginning of a step.
    pub(super) fn watch(&mut self, step: u64, time: &TimeAxis) -> Result<(), EngineError> {
        self.watched = step + 1;
        let now = time.begin(step);
        let clock = self.clock(now);
        for block in 0..self.blocks.len() {
            self.blocks[block].watch(&mut around!(self), &clock, &mut self.outbox);
            self.send(block, now, None, false)?;
        }
        Ok(())
    }

    /// Time of the next event of an instance to itself.
    pub(super) fn next_event(&self) -> Option<f64> {
        self.pending.first().map(|event| event.time)
    }

    /// Delivers the events that are due by a time, in order: those from the front of `events`, which NetCons bring, and
    /// those of instances to themselves. Of two that are due at once the one sent first comes first.
    pub(super) fn deliver(&mut self, until: f64, events: &mut &[Event]) -> Result<(), EngineError> {
        loop {
            let own = self.pending.first().filter(|event| event.time <= until);
            let outer = events.first().filter(|event| event.time <= until);
            match (own, outer) {
                (None, None) => return Ok(()),
                (Some(own), Some(outer)) if (own.time, own.sent) < (outer.time, outer.sent) => self.deliver_own()?,
                (Some(_), None) => self.deliver_own()?,
                (_, Some(&outer)) => {
                    *events = &events[1..];
                    self.receive(outer.block, outer.row, outer.time, Some(outer.argument), 0.0)?;
                }
            }
        }
    }

    /// Delivers the next event of an instance to itself.
    fn deliver_own(&mut self) -> Result<(), EngineError> {
        let Some(event) = self.pending.pop() else { return Ok(()) };
        if event.flag == 1.0 {
            self.movable[event.block as usize][event.row as usize] = None;
        }
        self.receive(event.block, event.row, event.time, event.argument, event.flag)
    }

    /// NET_RECEIVE of one instance, then what it has sent.
    fn receive(
        &mut self,
        block: u32,
        row: u32,
        time: f64,
        argument: Option<u32>,
        flag: f64,
    ) -> Result<(), EngineError> {
        let clock = self.clock(time);
        if argument.is_none() {
            self.arguments[self.no_netcon..].fill(R::new(0.0));
        }
        let received = Received {
            row: row as usize,
            arguments: &mut self.arguments,
            offset: argument.map_or(self.no_netcon, |argument| argument as usize),
            flag: R::new(flag),
        };
        let block = block as usize;
        self.blocks[block].receive(&mut around!(self), &clock, received, &mut self.outbox);
        self.send(block, time, argument, true)
    }

    /// Queues what the kernels of a block have sent at a time; `movable` if events of flag 1 can be moved.
    fn send(&mut self, block: usize, now: f64, argument: Option<u32>, movable: bool) -> Result<(), EngineError> {
        if !self.blocks[block].sends {
            return Ok(());
        }
        let mut posts = std::mem::take(&mut self.outbox.posts);
        for sent in posts.drain(..) {
            let row = sent.row as usize;
            let fail = |error| EngineError::Event { mechanism: self.names[block].clone(), t: now, error };
            // A kernel's `t` may have been rounded to its real type.
            let time = if sent.value == R::new(now) { now } else { sent.value.get() };
            match sent.kind {
                post::SEND => {
                    let delay = sent.value.get();
                    if delay.is_nan() || delay < 0.0 {
                        return Err(fail(EventError::NegativeDelay { delay }));
                    }
                    let handle = self.pending.push(SelfEvent {
                        time: now + delay,
                        sent: now,
                        sequence: 0,
                        block: block as u32,
                        row: sent.row,
                        argument,
                        flag: sent.flag.get(),
                    });
                    if movable && sent.flag == R::new(1.0) {
                        self.movable[block][row] = Some(handle);
                    }
                }
                post::MOVE => {
                    let Some(handle) = self.movable[block][row] else { return Err(fail(EventError::NothingToMove)) };
                    if time.is_nan() || time < now {
                        return Err(fail(EventError::IntoThePast { function: "net_move", time }));
                    }
                    self.pending.move_to(handle, time, now);
                }
                _ => {
                    if time.is_nan() || time < now {
                        return Err(fail(EventError::IntoThePast { function: "net_event", time }));
                    }
                    let instance = self.blocks[block].instances[row];
                    self.emissions.push(Emission { sent: now, time, instance });
                }
            }
        }
        self.outbox.posts = posts;
        Ok(())
    }

    /// What instances have sent to others.
    pub(super) fn take_emissions(&mut self) -> Vec<Emission> {
        std::mem::take(&mut self.emissions)
    }

    fn currents(&mut self, clock: &Clock<R>, watch: &mut impl Stopwatch) {
        let zero = R::new(0.0);
        self.nodes.rhs.fill(zero);
        self.nodes.d.fill(zero);
        self.hooks(Hook::BeforeBreakpoint, clock);
        for ion in &mut self.ions {
            ion.begin_currents();
        }
        watch.phase(Phase::Currents);
        for (index, block) in self.blocks.iter_mut().enumerate() {
            block.currents(&mut around!(self), clock);
            watch.current(index);
        }
    }

    fn states(&mut self, clock: &Clock<R>, watch: &mut impl Stopwatch) {
        for (index, block) in self.blocks.iter_mut().enumerate() {
            block.states(&mut around!(self), clock);
            watch.state(index);
        }
        for block in &mut self.blocks {
            block.diffuse(&mut around!(self), clock);
        }
        watch.phase(Phase::Diffusion);
    }

    /// Steps from `first` on, with all that is done after each.
    pub(super) fn advance(
        &mut self,
        (first, steps): (u64, u64),
        time: &TimeAxis,
        mut events: &[Event],
        (spikes, samples): (&mut Vec<Spike>, &mut Vec<f64>),
        watch: &mut impl Stopwatch,
    ) -> Result<(), EngineError> {
        for step in first..first + steps {
            self.step_potentials(step, time, &mut events, watch)?;
            self.step_states(step, time, (spikes, samples), watch);
        }
        Ok(())
    }

    /// Looks at how long everything takes from now on.
    pub(super) fn watch_time(&mut self) {
        self.laps = Some(Box::new(Laps::new(self.blocks.len())));
    }

    /// How long the kernels of its blocks took, `(currents, states)`: kernels that there are.
    pub(super) fn kernel_times(&self) -> (Vec<KernelTime>, Vec<KernelTime>) {
        let Some(laps) = &self.laps else { return Default::default() };
        let each = |times: &[Duration], is_state: bool| {
            let blocks = self.blocks.iter().zip(&self.names).zip(times);
            blocks
                .filter_map(|((block, name), &time)| {
                    let cost = block.cost(is_state)?;
                    let instances = block.count() as u64 * laps.steps;
                    Some(KernelTime {
                        mechanism: name.clone(),
                        seconds: time.as_secs_f64(),
                        instances,
                        bytes: instances * block.values_moved(&cost, &self.ions) * size_of::<R>() as u64,
                        cost,
                    })
                })
                .collect()
        };
        (each(&laps.currents, false), each(&laps.states, true))
    }

    /// Nodes with those of all lanes.
    pub(super) fn node_count(&self) -> usize {
        self.nodes.v.len()
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
            Address::Column { block, index } => self.blocks[block as usize].columns.get(index as usize),
            Address::Ion { ion, index } => self.ions[ion as usize].get(index as usize, self.ion_fields[ion as usize]),
        }
    }

    /// A cell whose potential is not finite. One NaN spreads through a tree within a step.
    pub(super) fn not_finite(&self) -> Option<u32> {
        let lane = self.detectors.iter().position(|&node| !self.nodes.v[node as usize].is_finite())?;
        Some(self.cells[lane])
    }

    pub(super) fn snapshot(&self) -> Vec<f64> {
        let blocks = self.blocks.iter().flat_map(|block| block.columns.iter());
        let ions = self
            .ions
            .iter()
            .zip(&self.ion_fields)
            .flat_map(|(ion, &field)| (0..IonField::ALL.len() * field).map(move |index| ion.get(index, field)));
        let arguments = self.arguments[..self.no_netcon].iter().copied();
        self.nodes.v.iter().copied().chain(blocks).chain(ions).chain(arguments).map(Real::get).collect()
    }
}

/// The positions in the columns of a block that probes read.
fn seen_columns(group: &Group, block: u32) -> BTreeSet<usize> {
    let of_block = |probe: &Address| match probe {
        Address::Column { block: of, index } if *of == block => Some(*index as usize),
        _ => None,
    };
    group.probes.iter().filter_map(of_block).collect()
}
