//! Three mechanisms, each written in Rust and in WGSL with the same operations: a leak that reads
//! and carries calcium, a calcium pool, and an exponential synapse.

use super::super::super::Real;
use super::super::super::real::{CONCI, CURRENT, DIDV, EREV};
use crate::mechanisms::{KernelLibrary, Kernels};
use codegen::abi::{Block, Clock};
use codegen::ir::{IonField, Kind, Role};
use codegen::manifest::{ColumnManifest, GlobalManifest, IonManifest, MechanismManifest};

/// Index in the layout.
pub(super) const LEAK: usize = 0;
pub(super) const POOL: usize = 1;
pub(super) const SYNAPSE: usize = 2;

/// What the layout says of them.
pub(super) fn manifests() -> Vec<MechanismManifest> {
    let ion = |read: &[IonField], write: &[IonField]| IonManifest {
        name: "ca".into(),
        valence: None,
        read: read.to_vec(),
        write: write.to_vec(),
    };
    let mut leak = manifest("leak", Kind::Density, &["g", "e", "gca", "i"], &["init", "current"]);
    leak.ions = vec![ion(&[IonField::Erev], &[IonField::Current])];
    let mut pool = manifest("pool", Kind::Density, &["tau", "c"], &["init", "state"]);
    pool.ions = vec![ion(&[IonField::Current, IonField::Conci], &[IonField::Conci])];
    pool.globals = vec![GlobalManifest { name: "rest".into(), unit: "mM".into(), default: 5e-5 }];
    let kernels = ["init", "current", "state", "net_receive", "net_init"];
    let mut synapse = manifest("synapse", Kind::PointProcess, &["g", "e", "tau", "last"], &kernels);
    synapse.net_arguments = vec!["weight".into(), "count".into()];
    vec![leak, pool, synapse]
}

fn manifest(name: &str, kind: Kind, columns: &[&str], kernels: &[&str]) -> MechanismManifest {
    let column = |name: &&str| ColumnManifest {
        name: (*name).into(),
        unit: String::new(),
        role: Role::Parameter,
        range: true,
        default: 0.0,
        limits: None,
    };
    MechanismManifest {
        name: name.into(),
        kind,
        source: String::new(),
        hash: String::new(),
        columns: columns.iter().map(column).collect(),
        globals: vec![],
        ions: vec![],
        net_arguments: vec![],
        kernels: kernels.iter().map(|&name| name.into()).collect(),
    }
}

/// Their functions for the GPU.
pub(super) fn wgsl() -> Vec<String> {
    let leak = "
        fn leak_init(at: Instance, ca: IonAt, clock: Clock) {
            values[at.column + 3u * at.stride] = clock.celsius;
        }
        fn leak_current(at: Instance, ca: IonAt, clock: Clock) {
            let v = values[nodes.v + at.node];
            let g = values[at.column];
            let gca = values[at.column + 2u * at.stride];
            let i = g * (v - values[at.column + at.stride]);
            let ica = gca * (v - values[ca.at]);
            values[at.column + 3u * at.stride] = i;
            values[nodes.rhs + at.node] -= i + ica;
            values[nodes.d + at.node] += g + gca;
            values[ca.at + 3u * ca.stride] += ica;
            values[ca.at + 4u * ca.stride] += gca;
        }";
    let pool = "
        fn pool_init(at: Instance, ca: IonAt, clock: Clock) {
            values[at.column + at.stride] = values[at.globals];
            values[ca.at + ca.stride] = values[at.globals];
        }
        fn pool_state(at: Instance, ca: IonAt, clock: Clock) {
            let c = values[at.column + at.stride];
            let change = -values[ca.at + 3u * ca.stride] * real(0.01) - (c - values[at.globals]) / values[at.column];
            let next = math_abs(c + clock.dt * change);
            values[at.column + at.stride] = next;
            values[ca.at + ca.stride] = next;
        }";
    let synapse = "
        fn synapse_init(at: Instance, clock: Clock) {
            values[at.column] = real(0.0);
        }
        fn synapse_current(at: Instance, clock: Clock) {
            let g = values[at.column] * (real(100.0) / values[nodes.area + at.node]);
            values[nodes.rhs + at.node] -= g * (values[nodes.v + at.node] - values[at.column + at.stride]);
            values[nodes.d + at.node] += g;
        }
        fn synapse_state(at: Instance, clock: Clock) {
            values[at.column] *= math_exp(-clock.dt / values[at.column + 2u * at.stride]);
        }
        fn synapse_net_receive(at: Instance, clock: Clock, net: u32, flag: real) {
            let interval = clock.t - values[at.column + 3u * at.stride];
            values[at.column + 3u * at.stride] = clock.t;
            values[at.column] += values[net] * (real(1.0) + interval * real(0.01));
            values[net + 1u] += real(1.0) + flag;
        }
        fn synapse_net_init(at: Instance, clock: Clock, net: u32, flag: real) {
            values[net + 1u] = values[at.column + at.stride];
        }";
    [leak, pool, synapse].map(String::from).to_vec()
}

/// Their kernels for the CPU.
pub(super) fn library<R: Functions>() -> KernelLibrary<R> {
    let none =
        Kernels { init: None, current: None, current_difference: None, state: None, net_receive: None, net_init: None };
    KernelLibrary::in_process(vec![
        ("leak".into(), Kernels { init: Some(leak_init), current: Some(leak_current), ..none }),
        ("pool".into(), Kernels { init: Some(pool_init), state: Some(pool_state), ..none }),
        (
            "synapse".into(),
            Kernels {
                init: Some(synapse_init),
                current: Some(synapse_current),
                state: Some(synapse_state),
                net_receive: Some(synapse_net_receive),
                net_init: Some(synapse_net_init),
                ..none
            },
        ),
    ])
}

/// What these mechanisms need besides arithmetic.
pub(super) trait Functions: Real {
    fn exp(self) -> Self;
    fn abs(self) -> Self;
}

impl Functions for f64 {
    fn exp(self) -> Self {
        codegen::elementary::f64::exp(self)
    }
    fn abs(self) -> Self {
        self.abs()
    }
}

impl Functions for f32 {
    fn exp(self) -> Self {
        codegen::elementary::f32::exp(self)
    }
    fn abs(self) -> Self {
        self.abs()
    }
}

/// An instance of a block: safe access to what the engine handed over.
struct At<'a, R> {
    block: &'a Block<R>,
    row: usize,
    lane: usize,
}

impl<R: Functions> At<'_, R> {
    fn node(&self) -> usize {
        // SAFETY: the engine gives a node for every row.
        unsafe { *self.block.node.add(self.row) as usize + self.lane }
    }

    fn column(&mut self, column: usize) -> &mut R {
        // SAFETY: as the block's layout says.
        unsafe { &mut *self.block.columns.add((column * self.block.rows + self.row) * self.block.lanes + self.lane) }
    }

    fn ion(&mut self, field: usize) -> &mut R {
        // SAFETY: called only for mechanisms with one ion.
        unsafe {
            let ion = &*self.block.ions;
            &mut *ion.values.add(field * ion.stride + *ion.row.add(self.row) as usize + self.lane)
        }
    }

    fn v(&self) -> R {
        // SAFETY: nodes are within the arrays.
        unsafe { *self.block.v.add(self.node()) }
    }

    fn area(&self) -> R {
        // SAFETY: nodes are within the arrays.
        unsafe { *self.block.area.add(self.node()) }
    }

    fn rhs(&mut self) -> &mut R {
        // SAFETY: nodes are within the arrays.
        unsafe { &mut *self.block.rhs.add(self.node()) }
    }

    fn d(&mut self) -> &mut R {
        // SAFETY: nodes are within the arrays.
        unsafe { &mut *self.block.d.add(self.node()) }
    }

    fn global(&self) -> R {
        // SAFETY: called only for mechanisms with a global.
        unsafe { *self.block.globals }
    }
}

/// Runs over all instances, rows outermost.
unsafe fn each<R: Functions>(block: *const Block<R>, clock: *const Clock<R>, work: impl Fn(At<'_, R>, &Clock<R>)) {
    // SAFETY: the engine gives valid pointers.
    let (block, clock) = unsafe { (&*block, &*clock) };
    for row in 0..block.rows {
        for lane in 0..block.lanes {
            work(At { block, row, lane }, clock);
        }
    }
}

macro_rules! kernel {
    ($name:ident, $at:ident, $clock:ident, $body:block) => {
        unsafe extern "C" fn $name<R: Functions>(block: *const Block<R>, clock: *const Clock<R>) {
            // SAFETY: called by the engine only.
            unsafe { each(block, clock, |mut $at, $clock| $body) }
        }
    };
}

kernel!(leak_init, at, clock, {
    *at.column(3) = clock.celsius;
});

kernel!(leak_current, at, _clock, {
    let (v, g, gca) = (at.v(), *at.column(0), *at.column(2));
    let i = g * (v - *at.column(1));
    let ica = gca * (v - *at.ion(EREV));
    *at.column(3) = i;
    *at.rhs() -= i + ica;
    *at.d() += g + gca;
    *at.ion(CURRENT) += ica;
    *at.ion(DIDV) += gca;
});

kernel!(pool_init, at, _clock, {
    *at.column(1) = at.global();
    *at.ion(CONCI) = at.global();
});

kernel!(pool_state, at, clock, {
    let c = *at.column(1);
    let change = -*at.ion(CURRENT) * R::new(0.01) - (c - at.global()) / *at.column(0);
    let next = (c + clock.dt * change).abs();
    *at.column(1) = next;
    *at.ion(CONCI) = next;
});

kernel!(synapse_init, at, _clock, {
    *at.column(0) = R::new(0.0);
});

kernel!(synapse_current, at, _clock, {
    let g = *at.column(0) * (R::new(100.0) / at.area());
    let i = g * (at.v() - *at.column(1));
    *at.rhs() -= i;
    *at.d() += g;
});

kernel!(synapse_state, at, clock, {
    let decay = (-clock.dt / *at.column(2)).exp();
    *at.column(0) *= decay;
});

unsafe extern "C" fn synapse_net_receive<R: Functions>(
    block: *const Block<R>,
    clock: *const Clock<R>,
    row: usize,
    lane: usize,
    net: *mut R,
    flag: R,
) {
    // SAFETY: the engine gives valid pointers; `net` points to two values.
    unsafe {
        let mut at = At { block: &*block, row, lane };
        let interval = (*clock).t - *at.column(3);
        *at.column(3) = (*clock).t;
        *at.column(0) += *net * (R::new(1.0) + interval * R::new(0.01));
        *net.add(1) += R::new(1.0) + flag;
    }
}

unsafe extern "C" fn synapse_net_init<R: Functions>(
    block: *const Block<R>,
    _clock: *const Clock<R>,
    row: usize,
    lane: usize,
    net: *mut R,
    _flag: R,
) {
    // SAFETY: as above.
    unsafe { *net.add(1) = *At { block: &*block, row, lane }.column(1) }
}
