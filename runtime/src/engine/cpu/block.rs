//! The instances of one mechanism in a group, and the calls of its kernels: the only place where the
//! CPU engine hands memory to generated code.

use super::super::Real;
use super::ion::{CpuIon, When};
use crate::layout::{Block, Group, IonReference};
use crate::mechanisms::{KernelLibrary, Kernels, LibraryError};
use codegen::abi::{self, Clock, IonColumns, Kernel, NetKernel};
use codegen::ir::IonField;
use codegen::manifest::MechanismManifest;

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
}

impl<R: Real> CpuBlock<R> {
    pub(super) fn new(
        block: &Block,
        manifest: &MechanismManifest,
        library: &KernelLibrary<R>,
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
        })
    }

    /// INITIAL.
    pub(super) fn initialise(&mut self, nodes: &mut Nodes<R>, ions: &mut [CpuIon<R>], clock: &Clock<R>) {
        self.run(self.kernels.init, nodes, ions, clock);
        for &ion in &self.written {
            ions[ion].update_reversal(When::Initialise);
        }
    }

    /// Currents and conductances.
    pub(super) fn currents(&mut self, nodes: &mut Nodes<R>, ions: &mut [CpuIon<R>], clock: &Clock<R>) {
        self.run(self.current, nodes, ions, clock);
    }

    /// One dt of the states.
    pub(super) fn states(&mut self, nodes: &mut Nodes<R>, ions: &mut [CpuIon<R>], clock: &Clock<R>) {
        self.run(self.kernels.state, nodes, ions, clock);
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
        self.run(kernel, nodes, ions, clock);
    }

    /// NET_RECEIVE of one instance.
    pub(super) fn receive(
        &mut self,
        nodes: &mut Nodes<R>,
        ions: &mut [CpuIon<R>],
        clock: &Clock<R>,
        row: usize,
        arguments: &mut [R],
    ) {
        self.run_net(self.kernels.net_receive, nodes, ions, clock, row, arguments);
    }

    /// INITIAL inside NET_RECEIVE, for one NetCon.
    pub(super) fn initialise_netcon(
        &mut self,
        nodes: &mut Nodes<R>,
        ions: &mut [CpuIon<R>],
        clock: &Clock<R>,
        row: usize,
        arguments: &mut [R],
    ) {
        self.run_net(self.kernels.net_init, nodes, ions, clock, row, arguments);
    }

    fn run(&mut self, kernel: Option<Kernel<R>>, nodes: &mut Nodes<R>, ions: &mut [CpuIon<R>], clock: &Clock<R>) {
        if let Some(kernel) = kernel {
            self.with_block(nodes, ions, |block| {
                // SAFETY: `block` describes live, exclusively borrowed arrays of the sizes that the
                // layout gave them, and all its indices are within them (see `layout::build`).
                unsafe { kernel(block, clock) }
            });
        }
    }

    fn run_net(
        &mut self,
        kernel: Option<NetKernel<R>>,
        nodes: &mut Nodes<R>,
        ions: &mut [CpuIon<R>],
        clock: &Clock<R>,
        row: usize,
        arguments: &mut [R],
    ) {
        if let Some(kernel) = kernel {
            let net = arguments.as_mut_ptr();
            self.with_block(nodes, ions, |block| {
                // SAFETY: as in `run`; `net` points to the NetCon's arguments, as many as the
                // mechanism's NET_RECEIVE has; `row` is a row of this block.
                unsafe { kernel(block, clock, row, 0, net, R::new(0.0)) }
            });
        }
    }

    fn with_block(&mut self, nodes: &mut Nodes<R>, ions: &mut [CpuIon<R>], call: impl FnOnce(&abi::Block<R>)) {
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
            outbox: abi::Outbox { context: std::ptr::null_mut(), post: nowhere::<R> },
            netcons: abi::NetconsOfBlock {
                first: std::ptr::null(),
                offsets: std::ptr::null(),
                arguments: std::ptr::null_mut(),
            },
        });
    }
}

/// Mechanisms that send events are refused by the layout.
unsafe extern "C" fn nowhere<R>(_: *mut std::ffi::c_void, _: u32, _: usize, _: R, _: R) {}
