//! The instances of one mechanism in a group, and the calls of its kernels: the only place where the
//! CPU engine hands memory to kernels.

use super::super::Real;
use super::aligned::Aligned;
use super::columns::Columns;
use super::common::Common;
use super::diffusion::Diffusion;
use super::gathered::{Gathered, Scratch, may_gather};
use super::ion::{CpuIon, When};
use super::outbox::Outbox;
use super::spans::{self, Piece, Span};
use crate::layout::{Block, Group, Target};
use crate::mechanisms::{Kernel, KernelLibrary, Kernels, LibraryError, NetKernel};
use codegen::abi::{self, Clock, IonColumns};
use codegen::cost::Cost;
use codegen::ir::IonField;
use codegen::manifest::{DiffusingManifest, DiffusionManifest, MechanismManifest};
use std::sync::Arc;

/// Ions of a mechanism for which no memory is allocated in each call.
const FEW_IONS: usize = 4;

/// When a BEFORE or AFTER block runs.
#[derive(Clone, Copy)]
pub(super) enum Hook {
    BeforeInitial,
    AfterInitial,
    BeforeBreakpoint,
    AfterSolve,
    BeforeStep,
}

/// Node values of a group, by flat node index.
pub(super) struct Nodes<R> {
    pub(super) v: Aligned<R>,
    pub(super) rhs: Aligned<R>,
    pub(super) d: Aligned<R>,
    pub(super) area: Arc<[R]>,
    pub(super) diam: Arc<[R]>,
}

impl<R: Real> Nodes<R> {
    /// Areas and diameters are there only if a kernel looks at them.
    pub(super) fn new(group: &Group, geometry: bool, common: &mut Common<R>) -> Self {
        let zeros = || Aligned::zeros(group.nodes() * group.lanes);
        let mut spread = |values| if geometry { common.spread(values, group.lanes) } else { Arc::default() };
        Self { v: zeros(), rhs: zeros(), d: zeros(), area: spread(&group.area), diam: spread(&group.diam) }
    }
}

/// What a block's kernels work on besides the block.
pub(super) struct Surroundings<'a, R> {
    pub(super) nodes: &'a mut Nodes<R>,
    pub(super) ions: &'a mut [CpuIon<R>],
    pub(super) scratch: &'a mut Scratch<R>,
}

/// What is known of the group when a block is made.
pub(super) struct Conditions<'a, R> {
    pub(super) nodes: &'a Nodes<R>,
    pub(super) ions: &'a [CpuIon<R>],
    /// Keep all values.
    pub(super) complete: bool,
    /// NEURON's difference quotient.
    pub(super) difference: bool,
}

/// What a kernel does with nodes and ions.
#[derive(Clone, Copy, PartialEq)]
enum Touches {
    Nothing,
    Reads,
    /// Adds to right-hand side and diagonal.
    Adds,
}

/// Some instances of a mechanism.
struct Part<R> {
    spans: Vec<Span<R>>,
    /// If the spans are not on the nodes themselves.
    gathered: Option<Gathered<R>>,
}

/// The instances of one mechanism.
pub(super) struct CpuBlock<R> {
    pub(super) columns: Columns<R>,
    /// All of them, in the rows of the layout.
    whole: Span<R>,
    /// The same in longer rows, where nothing tells rows apart; none if those of the layout are best.
    parts: Vec<Part<R>>,
    /// Whether kernels store what only users look at.
    observed: bool,
    /// Whether anybody needs the currents of its ions.
    summed: bool,
    globals: Arc<[R]>,
    lanes: usize,
    /// Indices in the group.
    ions: Vec<usize>,
    /// Ions (of the group) of which it writes a concentration.
    written: Vec<usize>,
    kernels: Kernels<R>,
    current: Option<Kernel<R>>,
    /// What `current` and the state kernel cost.
    costs: [Option<Cost>; 2],
    /// Whether the state kernel looks at nodes or ions, so that these are to be gathered.
    states_look_around: bool,
    /// The tree over which states diffuse, and those that do.
    diffusion: Option<(Diffusion<R>, Vec<DiffusionManifest>)>,
    /// Whether its kernels send events.
    pub(super) sends: bool,
    /// Point processes: the number of each row's instance among those of the network.
    pub(super) instances: Vec<u32>,
    /// The NetCons of each row, where a kernel visits them: see [`abi::NetconsOfBlock`].
    netcon_first: Vec<u32>,
    netcon_offsets: Vec<u32>,
}

/// The NetCon whose event a kernel handles.
pub(super) struct Received<'a, R> {
    /// Row of the instance.
    pub(super) row: usize,
    /// Arguments of all NetCons of the group.
    pub(super) arguments: &'a mut [R],
    /// Offset in them.
    pub(super) offset: usize,
    /// The event's flag.
    pub(super) flag: R,
}

impl<R: Real> CpuBlock<R> {
    /// `is_seen`: whether a probe reads the value at a position of the block's columns; `is_driven`: whether it is set from
    /// outside.
    #[expect(clippy::too_many_arguments, reason = "all that a block is made of")]
    pub(super) fn new(
        block: &Block,
        manifest: &MechanismManifest,
        library: &KernelLibrary<R>,
        globals: Arc<[R]>,
        targets: &[&Target],
        conditions: &Conditions<'_, R>,
        is_seen: impl Fn(usize) -> bool,
        is_driven: impl Fn(usize) -> bool,
    ) -> Result<Self, LibraryError> {
        let kernels = library.kernels(&manifest.name)?;
        let concentration = |field: &IonField| matches!(field, IonField::Conci | IonField::Conco);
        let written = manifest
            .ions
            .iter()
            .zip(&block.ions)
            .filter(|(ion, _)| ion.write.iter().any(concentration))
            .map(|(_, reference)| reference.ion)
            .collect();
        let (netcon_first, netcon_offsets) =
            if manifest.events.visits_netcons { netcons_by_row(block.rows, targets) } else { Default::default() };
        let current =
            if conditions.difference { kernels.current_difference.or(kernels.current) } else { kernels.current };
        let name = if conditions.difference { "current_difference" } else { "current" };
        let costs = [manifest.costs.get(name), manifest.costs.get("state")].map(Option::<&Cost>::cloned);
        let is_seen = |index: usize| conditions.complete || is_seen(index);
        let observed = (0..block.columns.len()).any(&is_seen);
        // Costs are those of what nobody observes.
        let looks_around = |cost: &Cost| cost.node_values > 0 || !cost.ion_values.is_empty();
        let states_look_around = observed || costs[1].as_ref().is_none_or(looks_around);
        let mut columns = Columns::new(block, manifest, |index| is_seen(index) || is_driven(index));
        let sends = manifest.events.sends();
        let whole = Span::rows(block, conditions.ions, &mut columns);
        // Artificial cells have no nodes.
        let pieces = match sends || conditions.nodes.v.is_empty() {
            true => Vec::new(),
            false => spans::pieces(block, conditions.ions, may_gather(block, manifest), &mut columns),
        };
        let part = |Piece { instances, spans, gathered }| {
            let gather = || Gathered::new(block, instances, manifest, conditions.nodes, conditions.ions);
            Part { spans, gathered: gathered.then(gather) }
        };
        let parts = pieces.into_iter().map(part).collect();
        Ok(Self {
            columns,
            whole,
            parts,
            observed,
            summed: block.ions.iter().any(|reference| conditions.ions[reference.ion].summed),
            globals,
            lanes: block.lanes,
            ions: block.ions.iter().map(|reference| reference.ion).collect(),
            written,
            kernels,
            current,
            costs,
            states_look_around,
            diffusion: block
                .diffusion
                .as_ref()
                .map(|tree| (Diffusion::new(tree, block.lanes), manifest.diffusions.clone())),
            sends,
            instances: block.instances.clone(),
            netcon_first,
            netcon_offsets,
        })
    }

    /// Count of instances.
    pub(super) fn count(&self) -> usize {
        self.whole.rows * self.whole.lanes
    }

    /// What the kernel of states or that of currents costs an instance, if there is one.
    pub(super) fn cost(&self, of_states: bool) -> Option<Cost> {
        let mut cost = self.costs[usize::from(of_states)].clone()?;
        if self.summed {
            cost.simple += cost.currents;
        }
        Some(cost)
    }

    /// Values that such a kernel loads and stores for an instance: those that all instances share stay in registers or in
    /// the first cache.
    pub(super) fn values_moved(&self, cost: &Cost, ions: &[CpuIon<R>]) -> u64 {
        let columns = cost.loads.iter().chain(&cost.stores).filter(|&&column| !self.columns.is_shared(column as usize));
        let of_ion = |ion: &u32| self.ions.get(*ion as usize).is_some_and(|&ion| !ions[ion].is_shared());
        let sums = if self.summed { 2 * cost.currents } else { 0 };
        (columns.count() + cost.ion_values.iter().filter(|ion| of_ion(ion)).count()) as u64
            + u64::from(cost.node_values + sums)
    }

    /// Whether a kernel initialises the arguments of NetCons.
    pub(super) fn initialises_netcons(&self) -> bool {
        self.kernels.net_init.is_some()
    }

    /// INITIAL.
    pub(super) fn initialise(&mut self, around: &mut Surroundings<'_, R>, clock: &Clock<R>, outbox: &mut Outbox<R>) {
        // Instances that send are told apart by their rows.
        self.run(self.kernels.init, around, clock, outbox, Touches::Reads);
        for &ion in &self.written {
            around.ions[ion].update_reversal(When::Initialise);
        }
    }

    /// Currents and conductances.
    pub(super) fn currents(&mut self, around: &mut Surroundings<'_, R>, clock: &Clock<R>) {
        self.run(self.current, around, clock, &mut Outbox::default(), Touches::Adds);
    }

    /// One dt of the states.
    pub(super) fn states(&mut self, around: &mut Surroundings<'_, R>, clock: &Clock<R>) {
        let touches = if self.states_look_around { Touches::Reads } else { Touches::Nothing };
        self.run(self.kernels.state, around, clock, &mut Outbox::default(), touches);
    }

    /// One dt of diffusion along sections.
    pub(super) fn diffuse(&mut self, around: &mut Surroundings<'_, R>, clock: &Clock<R>) {
        let Some((mut tree, diffusions)) = self.diffusion.take() else { return };
        for diffusion in &diffusions {
            if diffusion.fresh {
                self.run(self.kernels.diffusion, around, clock, &mut Outbox::default(), Touches::Reads);
            }
            let columns = &self.columns;
            tree.assemble(columns.of(diffusion.volume), columns.of(diffusion.coefficient), clock.dt);
            match diffusion.state {
                DiffusingManifest::Column(state) => {
                    let lanes = self.lanes;
                    tree.advance(self.columns.of_mut(state), |row| row * lanes, clock.dt);
                }
                DiffusingManifest::Ion(ion, field) => {
                    let (rows, ion) = (&self.whole.ions[ion], &mut around.ions[self.ions[ion]]);
                    let first = field.index() * ion.stride();
                    tree.advance(&mut ion.values[first..], |row| rows[row] as usize, clock.dt);
                }
            }
        }
        self.diffusion = Some((tree, diffusions));
    }

    /// Whether it has a WATCH.
    pub(super) fn watches(&self) -> bool {
        self.kernels.watch.is_some()
    }

    /// The conditions of WATCH.
    pub(super) fn watch(&mut self, around: &mut Surroundings<'_, R>, clock: &Clock<R>, outbox: &mut Outbox<R>) {
        self.run(self.kernels.watch, around, clock, outbox, Touches::Reads);
    }

    /// A BEFORE or AFTER block.
    pub(super) fn hook(&mut self, hook: Hook, around: &mut Surroundings<'_, R>, clock: &Clock<R>) {
        let kernel = match hook {
            Hook::BeforeInitial => self.kernels.before_initial,
            Hook::AfterInitial => self.kernels.after_initial,
            Hook::BeforeBreakpoint => self.kernels.before_breakpoint,
            Hook::AfterSolve => self.kernels.after_solve,
            Hook::BeforeStep => self.kernels.before_step,
        };
        self.run(kernel, around, clock, &mut Outbox::default(), Touches::Reads);
    }

    /// NET_RECEIVE of one instance.
    pub(super) fn receive(
        &mut self,
        around: &mut Surroundings<'_, R>,
        clock: &Clock<R>,
        received: Received<'_, R>,
        outbox: &mut Outbox<R>,
    ) {
        self.run_net(self.kernels.net_receive, around, clock, received, outbox);
    }

    /// INITIAL inside NET_RECEIVE, for one NetCon.
    pub(super) fn initialise_netcon(
        &mut self,
        around: &mut Surroundings<'_, R>,
        clock: &Clock<R>,
        received: Received<'_, R>,
        outbox: &mut Outbox<R>,
    ) {
        self.run_net(self.kernels.net_init, around, clock, received, outbox);
    }

    /// Runs a kernel over all instances.
    fn run(
        &mut self,
        kernel: Option<Kernel<R>>,
        around: &mut Surroundings<'_, R>,
        clock: &Clock<R>,
        outbox: &mut Outbox<R>,
        touches: Touches,
    ) {
        let Some(kernel) = kernel else { return };
        // SAFETY (of the calls): `block` describes live, exclusively borrowed arrays of the sizes that the layout gave
        // them, and all its indices are within them (see `layout::build`).
        let none = std::ptr::null_mut();
        if self.parts.is_empty() {
            self.with_block(&self.whole, None, around, outbox, none, |block| unsafe { kernel.run(block, clock) });
        }
        let adds = touches == Touches::Adds;
        for Part { spans, gathered } in &self.parts {
            let gathered = gathered.as_ref().filter(|_| touches != Touches::Nothing);
            if let Some(gathered) = gathered {
                gathered.gather(around.scratch, around.nodes, around.ions, adds);
            }
            for span in spans {
                self.with_block(span, gathered, around, outbox, none, |block| unsafe { kernel.run(block, clock) });
            }
            if let Some(gathered) = gathered {
                gathered.scatter(around.scratch, around.nodes, around.ions, adds, self.summed);
            }
        }
    }

    fn run_net(
        &mut self,
        kernel: Option<NetKernel<R>>,
        around: &mut Surroundings<'_, R>,
        clock: &Clock<R>,
        received: Received<'_, R>,
        outbox: &mut Outbox<R>,
    ) {
        if let Some(kernel) = kernel {
            let Received { row, arguments, offset, flag } = received;
            assert!(offset <= arguments.len(), "an offset within the arguments");
            let all = arguments.as_mut_ptr();
            // From the whole array, so that FOR_NETCONS may reach the others.
            let net = all.wrapping_add(offset);
            self.with_block(&self.whole, None, around, outbox, all, |block| {
                // SAFETY: as in `run`; `net` points to the NetCon's arguments, as many as the
                // mechanism's NET_RECEIVE has; `row` is a row of this block.
                unsafe { kernel.run(block, clock, row, 0, net, flag) }
            });
        }
    }

    /// Calls with the instances of a span, whose node values are in the scratch if they have been gathered.
    fn with_block(
        &self,
        span: &Span<R>,
        gathered: Option<&Gathered<R>>,
        around: &mut Surroundings<'_, R>,
        outbox: &mut Outbox<R>,
        arguments: *mut R,
        call: impl FnOnce(&abi::Block<R>),
    ) {
        let absent = IonColumns { row: std::ptr::null(), stride: 0, values: std::ptr::null_mut() };
        let (mut few, mut many);
        let columns: &mut [IonColumns<R>] = if self.ions.len() <= FEW_IONS {
            few = [absent; FEW_IONS];
            &mut few
        } else {
            many = vec![absent; self.ions.len()];
            &mut many
        };
        for (at, ((column, &ion), row)) in columns.iter_mut().zip(&self.ions).zip(&span.ions).enumerate() {
            let ion = &mut around.ions[ion];
            let (stride, values) = match gathered.is_some() && !ion.is_shared() {
                true => (around.scratch.v.len(), around.scratch.ions[at].as_mut_ptr()),
                false => (ion.stride(), ion.values.as_mut_ptr()),
            };
            *column = IonColumns { row: row.as_ptr(), stride, values };
        }
        let block = abi::Block {
            rows: span.rows,
            lanes: span.lanes,
            columns: span.columns.as_ptr(),
            observed: u32::from(self.observed),
            currents: u32::from(self.summed),
            globals: self.globals.as_ptr(),
            node: span.node.as_ptr(),
            v: around.nodes.v.as_mut_ptr(),
            rhs: around.nodes.rhs.as_mut_ptr(),
            d: around.nodes.d.as_mut_ptr(),
            area: around.nodes.area.as_ptr(),
            diam: around.nodes.diam.as_ptr(),
            ions: columns.as_ptr(),
            outbox: outbox.interface(),
            netcons: abi::NetconsOfBlock {
                first: self.netcon_first.as_ptr(),
                offsets: self.netcon_offsets.as_ptr(),
                arguments,
            },
        };
        match gathered {
            Some(of) => call(&abi::Block {
                v: around.scratch.v.as_mut_ptr(),
                rhs: around.scratch.rhs.as_mut_ptr(),
                d: around.scratch.d.as_mut_ptr(),
                area: of.area.as_ptr(),
                diam: of.diam.as_ptr(),
                ..block
            }),
            None => call(&block),
        }
    }
}

/// The NetCons that end in each row, in order of their creation: first of each row and one more, and offsets of their
/// arguments.
fn netcons_by_row(rows: usize, targets: &[&Target]) -> (Vec<u32>, Vec<u32>) {
    let mut sorted = targets.to_vec();
    sorted.sort_by_key(|target| target.row);
    let first = (0..=rows as u32).map(|row| sorted.partition_point(|target| target.row < row) as u32).collect();
    (first, sorted.iter().map(|target| target.argument).collect())
}
