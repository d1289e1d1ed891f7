//! The tree: assembly of the cable equation and its solution.
//!
//! Source: Hines, Int. J. Bio-Med. Comput. 15 (1984) 69; order of operations as in NEURON's
//! `nrn_rhs`, `nrn_lhs` (`treeset.cpp`) and `solve.cpp`. All loops run over lanes innermost, in vectors as wide as the
//! machine's; no operation is fused, so that the width does not change a bit.

use super::super::Real;
use super::block::Nodes;
use crate::layout::Group;

/// The constant part of the equations of one shape.
pub(super) struct Tree<R> {
    lanes: usize,
    parent: Vec<u32>,
    a: Vec<R>,
    b: Vec<R>,
    /// 0.001 cm / dt, mA/cm2/mV.
    capacitance: Vec<R>,
    width: Width,
}

/// Lanes that are handled together.
const WIDE: usize = 8;

/// Calls a method for each vector of lanes, and for each lane that is left, with the first lane as first argument.
macro_rules! in_vectors {
    ($lanes:ident, $state:ident.$method:ident($at:ident $(, $argument:expr)*)) => {{
        let whole = $lanes / WIDE * WIDE;
        let mut $at = 0;
        while $at < whole {
            $state.$method::<WIDE>($at $(, $argument)*);
            $at += WIDE;
        }
        while $at < $lanes {
            $state.$method::<1>($at $(, $argument)*);
            $at += 1;
        }
    }};
}

/// Instructions that the machine has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Width {
    Baseline,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Width {
    fn of_machine() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f") {
                return Self::Avx512;
            }
            if is_x86_feature_detected!("avx2") {
                return Self::Avx2;
            }
        }
        Self::Baseline
    }
}

impl<R: Real> Tree<R> {
    pub(super) fn new(group: &Group, dt: f64) -> Self {
        let real = |values: &[f64]| values.iter().map(|&x| R::new(x)).collect();
        // NEURON: .001 * cj * cm with cj = 1 / dt.
        let capacitance = group.cm.iter().map(|&cm| R::new(0.001 * (1.0 / dt) * cm)).collect();
        let width = Width::of_machine();
        Self {
            lanes: group.lanes,
            parent: group.parent.clone(),
            a: real(&group.a),
            b: real(&group.b),
            capacitance,
            width,
        }
    }

    /// Adds capacitance and axial terms to `rhs` and `d`, solves for the change of potential, which replaces `rhs`, and
    /// adds it to the potential.
    pub(super) fn advance(&self, nodes: &mut Nodes<R>) {
        match self.width {
            Width::Baseline => self.step(nodes),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the machine has these instructions.
            Width::Avx2 => unsafe { self.step_avx2(nodes) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Width::Avx512 => unsafe { self.step_avx512(nodes) },
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn step_avx2(&self, nodes: &mut Nodes<R>) {
        self.step(nodes);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw")]
    fn step_avx512(&self, nodes: &mut Nodes<R>) {
        self.step(nodes);
    }

    #[inline(always)]
    fn step(&self, nodes: &mut Nodes<R>) {
        let (lanes, count) = (self.lanes, self.parent.len());
        let end = count * lanes;
        let Nodes { v, rhs, d, .. } = nodes;
        if count == 0 || [v.len(), rhs.len(), d.len()].iter().any(|&length| length != end) {
            return;
        }
        let mut state = State { v, rhs, d };
        in_vectors!(lanes, state.begin(at, self.capacitance[0]));
        for node in 1..count {
            let row = self.row(node);
            in_vectors!(lanes, state.assemble(at, &row, self.capacitance[node]));
        }
        for node in (1..count).rev() {
            let row = self.row(node);
            in_vectors!(lanes, state.eliminate(at, &row));
        }
        in_vectors!(lanes, state.root(at));
        for node in 1..count {
            let row = self.row(node);
            in_vectors!(lanes, state.substitute(at, &row));
        }
    }

    #[inline(always)]
    fn row(&self, node: usize) -> Row<R> {
        let parent = self.parent[node] as usize;
        Row { a: self.a[node], b: self.b[node], own: node * self.lanes, parent: parent * self.lanes }
    }
}

/// The equations of a node: its coefficients, and where its lanes and those of its parent begin.
struct Row<R> {
    a: R,
    b: R,
    own: usize,
    parent: usize,
}

/// Values of some lanes.
#[derive(Clone, Copy)]
struct Lanes<R, const N: usize>([R; N]);

macro_rules! operator {
    ($trait:ident, $method:ident, $operator:tt) => {
        impl<R: Real, const N: usize> std::ops::$trait for Lanes<R, N> {
            type Output = Self;

            #[inline(always)]
            fn $method(mut self, other: Self) -> Self {
                for lane in 0..N {
                    self.0[lane] $operator other.0[lane];
                }
                self
            }
        }
    };
}

operator!(Add, add, +=);
operator!(Sub, sub, -=);
operator!(Mul, mul, *=);
operator!(Div, div, /=);

#[inline(always)]
fn load<R: Real, const N: usize>(values: &[R], at: usize) -> Lanes<R, N> {
    let mut lanes = [R::new(0.0); N];
    lanes.copy_from_slice(&values[at..at + N]);
    Lanes(lanes)
}

#[inline(always)]
fn store<R: Real, const N: usize>(values: &mut [R], at: usize, lanes: Lanes<R, N>) {
    values[at..at + N].copy_from_slice(&lanes.0);
}

/// The arrays of the equations; all operations are on the lanes from `at` on.
struct State<'a, R> {
    v: &'a mut [R],
    rhs: &'a mut [R],
    d: &'a mut [R],
}

impl<R: Real> State<'_, R> {
    /// Adds the capacitance of the root.
    #[inline(always)]
    fn begin<const N: usize>(&mut self, at: usize, capacitance: R) {
        store(self.d, at, load::<R, N>(self.d, at) + Lanes([capacitance; N]));
    }

    /// Adds a node's capacitance, and the axial current between it and its parent.
    #[inline(always)]
    fn assemble<const N: usize>(&mut self, at: usize, row: &Row<R>, capacitance: R) {
        let (a, b, own, parent) = (Lanes([row.a; N]), Lanes([row.b; N]), row.own + at, row.parent + at);
        let difference = load(self.v, parent) - load(self.v, own);
        let rhs = load(self.rhs, own) - b * difference;
        let d = load(self.d, own) + Lanes([capacitance; N]) - b;
        let rhs_parent = load(self.rhs, parent) + a * difference;
        let d_parent = load(self.d, parent) - a;
        store(self.rhs, own, rhs);
        store(self.d, own, d);
        store(self.rhs, parent, rhs_parent);
        store(self.d, parent, d_parent);
    }

    /// Eliminates a node from its parent's equation.
    #[inline(always)]
    fn eliminate<const N: usize>(&mut self, at: usize, row: &Row<R>) {
        let (a, b, own, parent) = (Lanes([row.a; N]), Lanes([row.b; N]), row.own + at, row.parent + at);
        let p = a / load(self.d, own);
        let d_parent = load(self.d, parent) - p * b;
        let rhs_parent = load(self.rhs, parent) - p * load(self.rhs, own);
        store(self.d, parent, d_parent);
        store(self.rhs, parent, rhs_parent);
    }

    /// Solves for the root's change of potential.
    #[inline(always)]
    fn root<const N: usize>(&mut self, at: usize) {
        let change = load::<R, N>(self.rhs, at) / load(self.d, at);
        store(self.rhs, at, change);
        store(self.v, at, load(self.v, at) + change);
    }

    /// Solves for a node's, once its parent's is known.
    #[inline(always)]
    fn substitute<const N: usize>(&mut self, at: usize, row: &Row<R>) {
        let (b, own, parent) = (Lanes([row.b; N]), row.own + at, row.parent + at);
        let change = (load(self.rhs, own) - b * load(self.rhs, parent)) / load(self.d, own);
        store(self.rhs, own, change);
        store(self.v, own, load(self.v, own) + change);
    }
}
