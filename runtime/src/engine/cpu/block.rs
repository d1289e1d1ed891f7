//! The instances of one mechanism in a group, and the calls of its kernels: the only place where the
//! CPU engine hands memory to kernels.

use super::super::Real;
use super::diffusion::Diffusion;
use super::ion::{CpuIon, When};
use super::outbox::Outbox;
use crate::layout::{Block, Group, IonReference, Target};
use crate::mechanisms::{Kernel, KernelLibrary, Kernels, LibraryError, NetKernel};
use codegen::abi::{self, Clock, IonColumns};
use codegen::ir::IonField;
use codegen::manifest::{DiffusingManifest, DiffusionManifest, MechanismManifest};

/// Ions of a mechanism for which no memory is allocated in each call.
const FEW_IONS: usize = 16;

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
    pub(super) v: Vec<R>,
    pub(super) rhs: Vec<R>,
    pub(super) d: Vec<R>,
    area: Vec<R>,
    diam: Vec<R>,
}

impl<R: Real> Nodes<R> {
    pub(super) fn new(group: &Group) -> Self {
        let zeros = || vec![R::new(0.0); group.nodes() * group.lanes];
        let spread = |values: &[f64]| {
            values.iter().flat_map(|&x| std::iter::repeat_n(R::new(x), group.lanes)).collect::<Vec<R>>()
        };
        Self { v: zeros(), rhs: zeros(), d: zeros(), area: spread(&group.area), diam: spread(&group.diam) }
    }

    /// Adds the solution to the potential.
    pub(super) fn update_potential(&mut self) {
        for (v, &change) in self.v.iter_mut().zip(&self.rhs) {
            *v += change;
        }
    }
}

/// The instances of one mechanism.
pub(super) struct CpuBlock<R> {
    pub(super) columns: Vec<R>,
    globals: Vec<R>,
    rows: usize,
    lanes: usize,
    node: Vec<u32>,
    ions: Vec<IonReference>,
    /// Ions (of the group) of which it writes a concentration.
    written: Vec<usize>,
    kernels: Kernels<R>,
    current: Option<Kernel<R>>,
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
    pub(super) fn new(
        block: &Block,
        manifest: &MechanismManifest,
        library: &KernelLibrary<R>,
        targets: &[&Target],
        difference: bool,
    ) -> Result<Self, LibraryError> {
        let kernels = library.kernels(&manifest.name)?;
        let real = |values: &[f64]| values.iter().map(|&x| R::new(x)).collect();
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
        let current = if difference { kernels.current_difference.or(kernels.current) } else { kernels.current };
        Ok(Self {
            columns: real(&block.columns),
            globals: real(&block.globals),
            rows: block.rows,
            lanes: block.lanes,
            node: block.node.clone(),
            ions: block.ions.clone(),
            written,
            kernels,
            current,
            diffusion: block
                .diffusion
                .as_ref()
                .map(|tree| (Diffusion::new(tree, block.lanes), manifest.diffusions.clone())),
            sends: manifest.events.to_itself || manifest.events.to_others,
            instances: block.instances.clone(),
            netcon_first,
            netcon_offsets,
        })
    }

    /// INITIAL.
    pub(super) fn initialise(
        &mut self,
        nodes: &mut Nodes<R>,
        ions: &mut [CpuIon<R>],
        clock: &Clock<R>,
        outbox: &mut Outbox<R>,
    ) {
        self.run(self.kernels.init, nodes, ions, clock, outbox);
        for &ion in &self.written {
            ions[ion].update_reversal(When::Initialise);
        }
    }

    /// Currents and conductances.
    pub(super) fn currents(&mut self, nodes: &mut Nodes<R>, ions: &mut [CpuIon<R>], clock: &Clock<R>) {
        self.run(self.current, nodes, ions, clock, &mut Outbox::default());
    }

    /// One dt of the states.
    pub(super) fn states(&mut self, nodes: &mut Nodes<R>, ions: &mut [CpuIon<R>], clock: &Clock<R>) {
        self.run(self.kernels.state, nodes, ions, clock, &mut Outbox::default());
    }

    /// One dt of diffusion along sections.
    pub(super) fn diffuse(&mut self, nodes: &mut Nodes<R>, ions: &mut [CpuIon<R>], clock: &Clock<R>) {
        let Some((mut tree, diffusions)) = self.diffusion.take() else { return };
        let size = self.rows * self.lanes;
        for diffusion in &diffusions {
            if diffusion.fresh {
                self.run(self.kernels.diffusion, nodes, ions, clock, &mut Outbox::default());
            }
            let column = |at: usize| &self.columns[at * size..(at + 1) * size];
            tree.assemble(column(diffusion.volume), column(diffusion.coefficient), clock.dt);
            match diffusion.state {
                DiffusingManifest::Column(state) => {
                    let (values, lanes) = (&mut self.columns[state * size..], self.lanes);
                    tree.advance(values, |row| row * lanes, clock.dt);
                }
                DiffusingManifest::Ion(ion, field) => {
                    let IonReference { ion, row: rows } = &self.ions[ion];
                    let first = field.index() * ions[*ion].stride();
                    tree.advance(&mut ions[*ion].values[first..], |row| rows[row] as usize, clock.dt);
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
    pub(super) fn watch(
        &mut self,
        nodes: &mut Nodes<R>,
        ions: &mut [CpuIon<R>],
        clock: &Clock<R>,
        outbox: &mut Outbox<R>,
    ) {
        self.run(self.kernels.watch, nodes, ions, clock, outbox);
    }

    /// A BEFORE or AFTER block.
    pub(super) fn hook(&mut self, hook: Hook, nodes: &mut Nodes<R>, ions: &mut [CpuIon<R>], clock: &Clock<R>) {
        let kernel = match hook {
            Hook::BeforeInitial => self.kernels.before_initial,
            Hook::AfterInitial => self.kernels.after_initial,
            Hook::BeforeBreakpoint => self.kernels.before_breakpoint,
            Hook::AfterSolve => self.kernels.after_solve,
            Hook::BeforeStep => self.kernels.before_step,
        };
        self.run(kernel, nodes, ions, clock, &mut Outbox::default());
    }

    /// NET_RECEIVE of one instance.
    pub(super) fn receive(
        &mut self,
        nodes: &mut Nodes<R>,
        ions: &mut [CpuIon<R>],
        clock: &Clock<R>,
        received: Received<'_, R>,
        outbox: &mut Outbox<R>,
    ) {
        self.run_net(self.kernels.net_receive, nodes, ions, clock, received, outbox);
    }

    /// INITIAL inside NET_RECEIVE, for one NetCon.
    pub(super) fn initialise_netcon(
        &mut self,
        nodes: &mut Nodes<R>,
        ions: &mut [CpuIon<R>],
        clock: &Clock<R>,
        received: Received<'_, R>,
        outbox: &mut Outbox<R>,
    ) {
        self.run_net(self.kernels.net_init, nodes, ions, clock, received, outbox);
    }

    fn run(
        &mut self,
        kernel: Option<Kernel<R>>,
        nodes: &mut Nodes<R>,
        ions: &mut [CpuIon<R>],
        clock: &Clock<R>,
        outbox: &mut Outbox<R>,
    ) {
        if let Some(kernel) = kernel {
            self.with_block(nodes, ions, outbox, std::ptr::null_mut(), |block| {
                // SAFETY: `block` describes live, exclusively borrowed arrays of the sizes that the
                // layout gave them, and all its indices are within them (see `layout::build`).
                unsafe { kernel.run(block, clock) }
            });
        }
    }

    fn run_net(
        &mut self,
        kernel: Option<NetKernel<R>>,
        nodes: &mut Nodes<R>,
        ions: &mut [CpuIon<R>],
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
            self.with_block(nodes, ions, outbox, all, |block| {
                // SAFETY: as in `run`; `net` points to the NetCon's arguments, as many as the
                // mechanism's NET_RECEIVE has; `row` is a row of this block.
                unsafe { kernel.run(block, clock, row, 0, net, flag) }
            });
        }
    }

    fn with_block(
        &mut self,
        nodes: &mut Nodes<R>,
        ions: &mut [CpuIon<R>],
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
        for (column, reference) in columns.iter_mut().zip(&self.ions) {
            let ion = &mut ions[reference.ion];
            *column = IonColumns { row: reference.row.as_ptr(), stride: ion.stride(), values: ion.values.as_mut_ptr() };
        }
        call(&abi::Block {
            rows: self.rows,
            lanes: self.lanes,
            columns: self.columns.as_mut_ptr(),
            globals: self.globals.as_ptr(),
            node: self.node.as_ptr(),
            v: nodes.v.as_mut_ptr(),
            rhs: nodes.rhs.as_mut_ptr(),
            d: nodes.d.as_mut_ptr(),
            area: nodes.area.as_ptr(),
            diam: nodes.diam.as_ptr(),
            ions: columns.as_ptr(),
            outbox: outbox.interface(),
            netcons: abi::NetconsOfBlock {
                first: self.netcon_first.as_ptr(),
                offsets: self.netcon_offsets.as_ptr(),
                arguments,
            },
        });
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
