//! The C interface between generated kernels and the simulator.
//!
//! This very file is compiled twice: as part of the generated crate and as part of the simulator.
//! `R` is the real type, `f64` or `f32`.
//!
//! # Layout
//! A *block* holds the instances of one mechanism in one cell group. Its instances form `rows` of
//! `lanes` each; instance `(row, lane)` lives on the node with flat index `node[row] + lane`. Each column says where its
//! rows begin: one that holds the same for all instances may have a single row. A density mechanism has one row per compartment of
//! the cell's shape and one lane per cell; a point process has one row per instance and one lane.
//! Node values (`v`, `rhs`, `d`, `area`, `diam`) are indexed by flat node index; an artificial cell has none, and no
//! kernel of its mechanism touches them.
//!
//! # Events
//! `init`, `net_receive`, `net_init` and `watch` may send events: they call [`Outbox::post`], which must not touch the
//! arrays of the block, for it is called while the kernel works on them.

/// Version of this interface; a library built for another is refused.
pub const ABI_VERSION: u32 = 4;

/// One column: the value of instance `(row, lane)` is `values[row * stride + lane]`. With a stride of 0 all rows share one,
/// and what a kernel stores there is lost.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Column<R> {
    /// The first row.
    pub values: *mut R,
    /// Distance between rows.
    pub stride: usize,
}

/// One ion as a block sees it. Field `f` (see `IonField`) of row `r`, lane `l` is
/// `values[f * stride + row[r] + l]`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct IonColumns<R> {
    /// Index of lane 0 of each row within a field.
    pub row: *const u32,
    /// Distance between fields.
    pub stride: usize,
    /// Erev, conci, conco, current, didv, one after the other.
    pub values: *mut R,
}

/// All instances of one mechanism in one cell group.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Block<R> {
    /// Count of rows.
    pub rows: usize,
    /// Instances per row.
    pub lanes: usize,
    /// One entry per column of the mechanism.
    pub columns: *const Column<R>,
    /// 1 if the kernels of a step store also what no kernel reads, for a user to see it.
    pub observed: u32,
    /// 1 if the kernels of a step add up the currents of ions and their derivatives.
    pub currents: u32,
    /// The mechanism's shared values.
    pub globals: *const R,
    /// Flat node index of lane 0 of each row.
    pub node: *const u32,
    /// Membrane potential, mV.
    pub v: *mut R,
    /// Right-hand side, mA/cm2.
    pub rhs: *mut R,
    /// Diagonal, mA/cm2/mV.
    pub d: *mut R,
    /// Compartment area, um2.
    pub area: *const R,
    /// Compartment diameter, um.
    pub diam: *const R,
    /// One entry per ion of the mechanism.
    pub ions: *const IonColumns<R>,
    /// Where events go.
    pub outbox: Outbox<R>,
    /// The NetCons that end in the block's instances.
    pub netcons: NetconsOfBlock<R>,
}

/// What a kernel does with an event: [`Outbox::post`].
pub mod post {
    /// `net_send`: `value` is the delay, ms.
    pub const SEND: u32 = 0;
    /// `net_event`: `value` is the time, ms.
    pub const EVENT: u32 = 1;
    /// `net_move`: `value` is the time, ms.
    pub const MOVE: u32 = 2;
}

/// Takes the events that kernels send.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Outbox<R> {
    /// For `post`.
    pub context: *mut core::ffi::c_void,
    /// Called with `context`, one of [`post`], the row of the instance (point processes have one lane), value and flag.
    pub post: unsafe extern "C" fn(context: *mut core::ffi::c_void, kind: u32, row: usize, value: R, flag: R),
}

/// The arguments of the NetCons that end in row `r`: those at `arguments + offsets[i]`, `first[r] <= i < first[r + 1]`.
/// `first` is null where no kernel of the mechanism visits them.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct NetconsOfBlock<R> {
    /// First offset of each row, and one more.
    pub first: *const u32,
    /// Offsets.
    pub offsets: *const u32,
    /// All arguments of the group.
    pub arguments: *mut R,
}

/// Time as a kernel sees it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Clock<R> {
    /// Time, ms.
    pub t: R,
    /// Time step, ms.
    pub dt: R,
    /// Temperature, degC.
    pub celsius: R,
}

/// Runs over all instances of a block.
pub type Kernel<R> = unsafe extern "C" fn(block: *const Block<R>, clock: *const Clock<R>);

/// Runs for one instance: `row`, `lane`, the NetCon's arguments (weight first), and the flag.
pub type NetKernel<R> =
    unsafe extern "C" fn(block: *const Block<R>, clock: *const Clock<R>, row: usize, lane: usize, net: *mut R, flag: R);

/// The kernels of one mechanism.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct KernelTable<R> {
    /// UTF-8 name of the mechanism.
    pub name: *const u8,
    /// Its length in bytes.
    pub name_len: usize,
    /// INITIAL.
    pub init: Option<Kernel<R>>,
    /// Currents, analytic derivative.
    pub current: Option<Kernel<R>>,
    /// Currents, NEURON's difference quotient.
    pub current_difference: Option<Kernel<R>>,
    /// One step of the states.
    pub state: Option<Kernel<R>>,
    /// Volumes and coefficients of LONGITUDINAL_DIFFUSION.
    pub diffusion: Option<Kernel<R>>,
    /// NET_RECEIVE.
    pub net_receive: Option<NetKernel<R>>,
    /// INITIAL of NET_RECEIVE.
    pub net_init: Option<NetKernel<R>>,
    /// The conditions of WATCH.
    pub watch: Option<Kernel<R>>,
    /// BEFORE INITIAL.
    pub before_initial: Option<Kernel<R>>,
    /// AFTER INITIAL.
    pub after_initial: Option<Kernel<R>>,
    /// BEFORE BREAKPOINT.
    pub before_breakpoint: Option<Kernel<R>>,
    /// AFTER SOLVE.
    pub after_solve: Option<Kernel<R>>,
    /// BEFORE STEP.
    pub before_step: Option<Kernel<R>>,
}

/// What a generated library exports as `saltatory_library`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Library<R> {
    /// [`ABI_VERSION`] of the library.
    pub abi_version: u32,
    /// Bytes of its real type: 4 or 8.
    pub real_size: u32,
    /// 1 if its kernels use fused multiply-add.
    pub fused: u32,
    /// Count of mechanisms.
    pub count: u32,
    /// The mechanisms, in the order of the manifest.
    pub tables: *const KernelTable<R>,
}

// SAFETY: the pointers are to static, immutable data of the library.
unsafe impl<R> Sync for KernelTable<R> {}
// SAFETY: as above.
unsafe impl<R> Sync for Library<R> {}
